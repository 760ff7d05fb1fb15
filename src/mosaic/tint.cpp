#include "mosaic/tint.h"

#include <algorithm>
#include <cmath>

#include "color/lab.h"

// Colour adjusting closes a share of the gap between the mean CIELAB colours of a tile and its
// cell. It is a shift, one number a component that is added to all samples of the tile: the picture
// keeps its own contrast and details, nothing but its cast and lightness change, and painting costs
// an addition a sample in the output's own pixel format. The shift is found in CIELAB, where equal
// strengths look equally strong, and converted at the tile's mean colour. No shift is larger than
// 25 in L*, a* or b*, so that a tile stays the picture that it is.

namespace smalti::mosaic {
namespace {

using Lab = std::array<double, 3>;

Lab mean_of(match::Descriptor d) {
  std::array<int, 3> sums{};
  for (std::size_t i = 0; i < match::kDescriptorSize; ++i) sums[i % 3] += d[i];
  return {static_cast<double>(sums[0]) / match::kBlocks,
          static_cast<double>(sums[1]) / match::kBlocks,
          static_cast<double>(sums[2]) / match::kBlocks};
}

}  // namespace

Tinter::Tinter(const match::DescriptorTable& tiles, double strength, const PixelFormat& format,
               const ColorTags& color)
    : encoder_(std::make_unique<const color::LabEncoder>(format, color)), strength_(strength) {
  if (!active()) return;
  means_.reserve(tiles.size());
  components_.reserve(tiles.size());
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    means_.push_back(mean_of(tiles[i]));
    components_.push_back(encoder_->components(means_.back()));
  }
}

Tinter::~Tinter() = default;

Lab Tinter::lab_shift(match::Descriptor cell, match::TileNumber tile) const {
  constexpr double kMost = kMostShift * color::kLabScale;
  const Lab wanted = mean_of(cell);
  const Lab& there = means_[static_cast<std::size_t>(tile)];
  Lab shift{};
  for (std::size_t i = 0; i < 3; ++i)
    shift[i] = std::clamp(strength_ * (wanted[i] - there[i]), -kMost, kMost);
  return shift;
}

std::vector<Shift> Tinter::shifts(const match::DescriptorTable& cells,
                                  const match::Placement& placement) const {
  if (!active()) return {};
  std::vector<Shift> shifts(placement.size());
  for (std::size_t i = 0; i < placement.size(); ++i) {
    if (placement[i].tile < 0) continue;
    const auto tile = static_cast<std::size_t>(placement[i].tile);
    const Lab& from = means_[tile];
    const Lab by = lab_shift(cells[i], placement[i].tile);
    const auto& before = components_[tile];
    const auto after = encoder_->components({from[0] + by[0], from[1] + by[1], from[2] + by[2]});
    for (std::size_t c = 0; c < 3; ++c)
      shifts[i][c] = static_cast<std::int16_t>(std::lround(after[c] - before[c]));
  }
  return shifts;
}

}  // namespace smalti::mosaic

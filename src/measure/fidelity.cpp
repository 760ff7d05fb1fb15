#include "smalti/fidelity.h"

#include <cassert>
#include <cmath>
#include <cstddef>

#include "match/ssim.h"
#include "measure/fidelity.h"

namespace smalti::measure {
namespace {

// The lightness of every block, as a picture: kBlocksPerSide points a field and side, each of the
// block that lies there.
match::LightnessMap blocks_of(const Grid& fields) {
  return {fields.columns() * match::kBlocksPerSide, fields.rows() * match::kBlocksPerSide};
}

void set_cell(match::LightnessMap& map, const Rect& fields, match::Descriptor cell) {
  for (int y = 0; y < fields.height * match::kBlocksPerSide; ++y) {
    for (int x = 0; x < fields.width * match::kBlocksPerSide; ++x) {
      const int block = y / fields.height * match::kBlocksPerSide + x / fields.width;
      map(fields.x * match::kBlocksPerSide + x, fields.y * match::kBlocksPerSide + y) =
          static_cast<float>(cell[static_cast<std::size_t>(block) * 3]) / color::kLabScale;
    }
  }
}

// A tile's descriptor as the tinter shifts it.
void show(match::Descriptor tile, match::Descriptor cell, match::TileNumber number,
          const mosaic::Tinter* tinter, std::int16_t* shown) {
  std::copy_n(tile.begin(), match::kDescriptorSize, shown);
  if (tinter == nullptr || !tinter->active()) return;
  const auto shift = tinter->lab_shift(cell, number);
  for (std::size_t i = 0; i < match::kDescriptorSize; ++i)
    shown[i] = static_cast<std::int16_t>(shown[i] + std::lround(shift[i % 3]));
}

// Each block counts as often as its cell has fields.
void add_delta_e(match::Descriptor a, match::Descriptor b, std::uint64_t fields,
                 Fidelity& fidelity) {
  for (std::size_t i = 0; i < match::kDescriptorSize; i += 3) {
    std::int32_t squared = 0;
    for (std::size_t c = 0; c < 3; ++c) squared += (a[i + c] - b[i + c]) * (a[i + c] - b[i + c]);
    const double delta_e_squared =
        static_cast<double>(squared) / (color::kLabScale * color::kLabScale);
    fidelity.sum_delta_e += std::sqrt(delta_e_squared) * static_cast<double>(fields);
    fidelity.sum_squared_delta_e += delta_e_squared * static_cast<double>(fields);
    fidelity.blocks += fields;
  }
}

double mean(double sum, std::uint64_t count) {
  return count > 0 ? sum / static_cast<double>(count) : 0;
}

}  // namespace

}  // namespace smalti::measure

namespace smalti {

using namespace measure;

double Fidelity::mean_delta_e() const { return mean(sum_delta_e, blocks); }
double Fidelity::rms_delta_e() const { return std::sqrt(mean(sum_squared_delta_e, blocks)); }
double Fidelity::mean_ssim() const { return mean(sum_ssim, windows); }

Fidelity& Fidelity::operator+=(const Fidelity& other) {
  sum_delta_e += other.sum_delta_e;
  sum_squared_delta_e += other.sum_squared_delta_e;
  sum_ssim += other.sum_ssim;
  blocks += other.blocks;
  windows += other.windows;
  return *this;
}

}  // namespace smalti

namespace smalti::measure {

Fidelity measure_fidelity(const Cells& cells, const match::DescriptorTable& target,
                          const match::DescriptorTable& tiles, const match::Placement& placement,
                          const mosaic::Tinter* tinter) {
  assert(target.size() == cells.size() && placement.size() == cells.size());
  Fidelity fidelity;
  match::LightnessMap target_lightness = blocks_of(cells.fields());
  match::LightnessMap mosaic_lightness = blocks_of(cells.fields());
  match::DescriptorTable shown(1);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Rect fields = cells.in_fields(i);
    const bool empty = placement[i].tile < 0;
    if (empty) {
      std::copy_n(target[i].begin(), match::kDescriptorSize, shown.row(0));
    } else {
      show(tiles[static_cast<std::size_t>(placement[i].tile)], target[i], placement[i].tile, tinter,
           shown.row(0));
      add_delta_e(
          target[i], shown[0],
          static_cast<std::uint64_t>(fields.width) * static_cast<std::uint64_t>(fields.height),
          fidelity);
    }
    set_cell(target_lightness, fields, target[i]);
    set_cell(mosaic_lightness, fields, shown[0]);
  }
  const match::SsimSum similarity = match::ssim(target_lightness, mosaic_lightness);
  fidelity.sum_ssim = similarity.sum;
  fidelity.windows = similarity.windows;
  return fidelity;
}

}  // namespace smalti::measure

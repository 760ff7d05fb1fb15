#include "match/main_colors.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "match/lab.h"

namespace smalti {
namespace {

constexpr int kBinBits = 4;
constexpr int kShift = 8 - kBinBits;
constexpr std::uint8_t kHalfOpaque = 128;

// A main colour has at least this share of the pixels: 1 / 20.
constexpr std::int64_t kLeastShare = 20;

// Neighbours of a box hold what is left of its colour: no colours of their own.
constexpr int kApart = 2;

struct Bin {
  std::int64_t count = 0;
  std::array<std::int64_t, 3> sums{};
};

std::array<int, 3> place_of(std::size_t bin) {
  const auto at = static_cast<int>(bin);
  constexpr int kMask = (1 << kBinBits) - 1;
  return {at >> (2 * kBinBits), at >> kBinBits & kMask, at & kMask};
}

bool are_neighbours(std::size_t a, std::size_t b) {
  const std::array<int, 3> p = place_of(a);
  const std::array<int, 3> q = place_of(b);
  for (std::size_t i = 0; i < p.size(); ++i)
    if (std::abs(p[i] - q[i]) >= kApart) return false;
  return true;
}

std::vector<Bin> histogram(const Picture& picture, const Rect& crop, bool opaque_only) {
  std::vector<Bin> bins(std::size_t{1} << (3 * kBinBits));
  for (int y = crop.y; y < crop.y + crop.height; ++y) {
    for (int x = crop.x; x < crop.x + crop.width; ++x) {
      const auto sample = [&](const Plane& plane) {
        return plane.row<const std::uint8_t>(y)[x * plane.step];
      };
      if (opaque_only && sample(picture.alpha()) < kHalfOpaque) continue;
      std::array<std::uint8_t, 3> rgb{};
      std::size_t at = 0;
      for (std::size_t c = 0; c < rgb.size(); ++c) {
        rgb[c] = sample(picture.planes[c]);
        at = at << kBinBits | rgb[c] >> kShift;
      }
      ++bins[at].count;
      for (std::size_t c = 0; c < rgb.size(); ++c) bins[at].sums[c] += rgb[c];
    }
  }
  return bins;
}

std::int64_t pixels_in(const std::vector<Bin>& bins) {
  std::int64_t pixels = 0;
  for (const Bin& bin : bins) pixels += bin.count;
  return pixels;
}

// The fullest boxes, of neighbours only the fullest; of equally full ones the first.
std::vector<std::size_t> fullest(const std::vector<Bin>& bins, std::size_t most) {
  const std::int64_t least = pixels_in(bins) / kLeastShare;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < bins.size(); ++i)
    if (bins[i].count > 0) order.push_back(i);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return bins[a].count > bins[b].count; });
  std::vector<std::size_t> chosen;
  for (const std::size_t bin : order) {
    if (chosen.size() == most || (!chosen.empty() && bins[bin].count < least)) break;
    const bool near = std::any_of(chosen.begin(), chosen.end(),
                                  [&](std::size_t other) { return are_neighbours(bin, other); });
    if (!near) chosen.push_back(bin);
  }
  return chosen;
}

}  // namespace

DescriptorTable describe_main_colors(const Picture& picture, const Rect& crop,
                                     const MatchOptions& match) {
  assert(picture.format.model == ColorModel::kRgb && picture.format.depth == 8);
  std::vector<Bin> bins = histogram(picture, crop, picture.format.alpha);
  if (picture.format.alpha && pixels_in(bins) == 0) bins = histogram(picture, crop, false);
  const std::vector<std::size_t> chosen = fullest(bins, match.alternatives());

  DescriptorTable table(match.alternatives(), match.width());
  const ColorConverter converter(picture.format, picture.color, match.space);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const Bin& bin = bins[chosen[i % chosen.size()]];
    std::array<Mean, 3> means{};
    for (std::size_t c = 0; c < means.size(); ++c)
      means[c] = static_cast<Mean>(bin.sums[c] * kMeanPerCode / bin.count);
    converter.convert({&means[0], &means[1], &means[2]}, 1, table.row(i));
  }
  return table;
}

}  // namespace smalti

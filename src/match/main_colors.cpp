#include "match/main_colors.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <utility>
#include <vector>

#include "color/lab.h"

namespace smalti::match {
namespace {

constexpr int kBinBits = 4;
constexpr int kShift = 8 - kBinBits;
constexpr std::uint8_t kHalfOpaque = 128;

// A main colour is that of at least this share of the pixels: 1 / 5.
constexpr std::int64_t kLeastShare = 5;

struct Bin {
  std::int64_t count = 0;
  std::array<std::int64_t, 3> sums{};

  Bin& operator+=(const Bin& other) {
    count += other.count;
    for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += other.sums[c];
    return *this;
  }
};

std::array<int, 3> place_of(std::size_t bin) {
  const auto at = static_cast<int>(bin);
  constexpr int kMask = (1 << kBinBits) - 1;
  return {at >> (2 * kBinBits), at >> kBinBits & kMask, at & kMask};
}

// Calls with a box and those around it.
template <typename Call>
void for_around(std::size_t bin, const Call& call) {
  constexpr int kLast = (1 << kBinBits) - 1;
  const auto [r, g, b] = place_of(bin);
  for (int x = std::max(0, r - 1); x <= std::min(kLast, r + 1); ++x)
    for (int y = std::max(0, g - 1); y <= std::min(kLast, g + 1); ++y)
      for (int z = std::max(0, b - 1); z <= std::min(kLast, b + 1); ++z)
        call(static_cast<std::size_t>((x << kBinBits | y) << kBinBits | z));
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

// The box that has most pixels in and around it; of several the first.
std::size_t fullest(const std::vector<Bin>& bins) {
  std::vector<std::int64_t> counts(bins.size());
  for (std::size_t i = 0; i < bins.size(); ++i)
    if (bins[i].count > 0) for_around(i, [&](std::size_t near) { counts[near] += bins[i].count; });
  return static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin());
}

// The most common colour, then that of what is left when it is taken away, and so on.
std::vector<Bin> main_colors(std::vector<Bin> bins, std::size_t most) {
  const std::int64_t least = pixels_in(bins) / kLeastShare;
  std::vector<Bin> colors;
  while (colors.size() < most) {
    Bin color;
    for_around(fullest(bins), [&](std::size_t near) {
      color += bins[near];
      bins[near] = {};
    });
    if (color.count == 0 || (!colors.empty() && color.count < least)) break;
    colors.push_back(color);
  }
  return colors;
}

}  // namespace

DescriptorTable describe_main_colors(const Picture& picture, const Rect& crop,
                                     const MatchOptions& match) {
  assert(picture.format.model == ColorModel::kRgb && picture.format.depth == 8);
  std::vector<Bin> bins = histogram(picture, crop, picture.format.alpha);
  if (picture.format.alpha && pixels_in(bins) == 0) bins = histogram(picture, crop, false);
  const std::vector<Bin> colors = main_colors(std::move(bins), match.alternatives());

  DescriptorTable table(match.alternatives(), match.width());
  const color::ColorConverter converter(picture.format, picture.color, match.space);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const Bin& color = colors[i % colors.size()];
    std::array<color::Mean, 3> means{};
    for (std::size_t c = 0; c < means.size(); ++c)
      means[c] = static_cast<color::Mean>(color.sums[c] * color::kMeanPerCode / color.count);
    converter.convert({&means[0], &means[1], &means[2]}, 1, table.row(i));
  }
  return table;
}

}  // namespace smalti::match

#include "color/color_histogram.h"

namespace smalti::color {
namespace {

constexpr unsigned kBits = 6;
constexpr unsigned kRestBits = 8 - kBits;
constexpr std::uint32_t kRest = (1U << kRestBits) - 1;

std::uint32_t bin_of(std::uint32_t r, std::uint32_t g, std::uint32_t b) {
  return (r >> kRestBits) << 2 * kBits | (g >> kRestBits) << kBits | b >> kRestBits;
}

}  // namespace

ColorHistogram::ColorHistogram() : sums_(std::size_t{1} << 3 * kBits) {}

void ColorHistogram::add(const Picture& rgb) {
  const auto& [red, green, blue, alpha] = rgb.planes;
  std::uint32_t before = ~0U;
  for (int y = 0; y < rgb.height; ++y) {
    const auto* reds = red.row<const std::uint8_t>(y);
    const auto* greens = green.row<const std::uint8_t>(y);
    const auto* blues = blue.row<const std::uint8_t>(y);
    for (int x = 0; x < rgb.width; ++x) {
      const std::uint32_t r = reds[x * red.step];
      const std::uint32_t g = greens[x * green.step];
      const std::uint32_t b = blues[x * blue.step];
      Sums& sums = sums_[bin_of(r, g, b)];
      ++sums.pixels;
      sums.rest[0] += r & kRest;
      sums.rest[1] += g & kRest;
      sums.rest[2] += b & kRest;
      const std::uint32_t color = r << 16 | g << 8 | b;
      if (color != before && exact_.size() <= kMostExact) exact_.insert(color);
      before = color;
    }
  }
}

std::vector<ColorHistogram::Bin> ColorHistogram::bins() const {
  std::vector<Bin> bins;
  for (std::uint32_t i = 0; i < sums_.size(); ++i) {
    const Sums& sums = sums_[i];
    if (sums.pixels == 0) continue;
    std::uint32_t color = 0;
    for (unsigned c = 0; c < 3; ++c) {
      const std::uint32_t high = i >> (2 - c) * kBits & ((1U << kBits) - 1);
      const auto rest = static_cast<std::uint32_t>((sums.rest[c] + sums.pixels / 2) / sums.pixels);
      color = color << 8 | high << kRestBits | rest;
    }
    bins.push_back({color, sums.pixels});
  }
  return bins;
}

}  // namespace smalti::color

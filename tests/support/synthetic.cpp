#include "support/synthetic.h"

#include <cstddef>
#include <random>

namespace smalti::test {

Picture make_picture(const PixelFormat& format, Size size, const SampleFunction& sample,
                     const ColorTags& color) {
  Picture picture = Picture::allocate(format, size, color);
  for (int c = 0; c < format.components(); ++c) {
    const Plane& plane = picture.planes[static_cast<std::size_t>(c)];
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        const int value = sample(c, x, y);
        if (format.depth > 8) {
          plane.row<std::uint16_t>(y)[x] = static_cast<std::uint16_t>(value);
        } else {
          plane.row<std::uint8_t>(y)[x] = static_cast<std::uint8_t>(value);
        }
      }
    }
  }
  return picture;
}

Picture solid(const PixelFormat& format, Size size, const std::array<int, 4>& samples,
              const ColorTags& color) {
  return make_picture(
      format, size, [&](int c, int, int) { return samples[static_cast<std::size_t>(c)]; }, color);
}

int sample_at(const Picture& picture, int component, int x, int y) {
  const Plane& plane = picture.planes[static_cast<std::size_t>(component)];
  return picture.format.depth > 8 ? plane.row<const std::uint16_t>(y)[x * plane.step]
                                  : plane.row<const std::uint8_t>(y)[x * plane.step];
}

match::DescriptorTable flat_table(const std::vector<int>& lightness) {
  match::DescriptorTable table(lightness.size());
  for (std::size_t i = 0; i < lightness.size(); ++i)
    for (std::size_t b = 0; b < match::kDescriptorSize; b += 3)
      table.row(i)[b] = static_cast<std::int16_t>(lightness[i]);
  return table;
}

match::DescriptorTable picture_like(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  const auto any = [&](int low, int high) {
    return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
  };
  match::DescriptorTable table(count);
  for (std::size_t i = 0; i < count; ++i) {
    const int base[3] = {any(0, 1600), any(-1000, 1000), any(-1000, 1000)};
    const int slope_x = any(-60, 60);
    const int slope_y = any(-120, 120);
    for (int b = 0; b < match::kBlocks; ++b)
      for (int c = 0; c < 3; ++c)
        table.row(i)[b * 3 + c] = static_cast<std::int16_t>(
            base[c] + (c == 0 ? b % 4 * slope_x + b / 4 * slope_y : 0) + any(-40, 40));
  }
  return table;
}

}  // namespace smalti::test

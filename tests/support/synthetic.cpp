#include "support/synthetic.h"

#include <cstddef>

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

DescriptorTable flat_table(const std::vector<int>& lightness) {
  DescriptorTable table(lightness.size());
  for (std::size_t i = 0; i < lightness.size(); ++i)
    for (std::size_t b = 0; b < kDescriptorSize; b += 3)
      table.row(i)[b] = static_cast<std::int16_t>(lightness[i]);
  return table;
}

}  // namespace smalti::test

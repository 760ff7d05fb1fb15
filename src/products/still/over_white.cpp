#include "products/still/over_white.h"

#include <cstring>

namespace smalti {
namespace {

constexpr PixelFormat kRgb{ColorModel::kRgb, 8, 0, 0, false};
constexpr std::uint8_t kOpaque = 255;
constexpr std::uint8_t kWhite = 255;

// RGB with alpha laid over white: RGB.
void flatten_over_white(const Picture& rgba, Picture& rgb) {
  for (std::size_t c = 0; c < 3; ++c) {
    for (int y = 0; y < rgb.height; ++y) {
      const auto* from = rgba.planes[c].row<const std::uint8_t>(y);
      const auto* alpha = rgba.alpha().row<const std::uint8_t>(y);
      auto* to = rgb.planes[c].row<std::uint8_t>(y);
      for (int x = 0; x < rgb.width; ++x)
        to[x] = static_cast<std::uint8_t>(
            (from[x] * alpha[x] + kWhite * (kOpaque - alpha[x]) + kOpaque / 2) / kOpaque);
    }
  }
}

}  // namespace

Picture white_picture(Size size) {
  Picture picture = Picture::allocate(kRgb, size, {});
  for (std::size_t c = 0; c < 3; ++c)
    for (int y = 0; y < size.height; ++y)
      std::memset(picture.planes[c].row<std::uint8_t>(y), kWhite,
                  static_cast<std::size_t>(size.width));
  return picture;
}

void fill_over_white(const images::Resampler& picture, mosaic::Point origin, Picture& rgb) {
  if (!picture.format().alpha) return picture.fill(origin.x, origin.y, rgb);
  Picture seen = Picture::allocate(picture.format(), rgb.size(), {});
  picture.fill(origin.x, origin.y, seen);
  flatten_over_white(seen, rgb);
}

Picture seen_over_white(const Picture& rgb, Size size) {
  Picture out = Picture::allocate(kRgb, size, {});
  fill_over_white(images::Resampler(rgb, size), {}, out);
  return out;
}

}  // namespace smalti

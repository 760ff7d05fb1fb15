#include "base/packed.h"

#include <cstddef>

namespace smalti {

void pack_row(const Picture& picture, int y, std::uint8_t* to) {
  const auto components = static_cast<std::size_t>(picture.format.components());
  for (std::size_t c = 0; c < components; ++c) {
    const Plane& plane = picture.planes[c];
    const auto* from = plane.row<const std::uint8_t>(y);
    std::uint8_t* sample = to + c;
    for (int x = 0; x < picture.width; ++x, from += plane.step, sample += components)
      *sample = *from;
  }
}

void pack_argb_row(const Picture& rgb, int y, std::uint32_t* to) {
  constexpr std::uint32_t kOpaque = 0xff000000;
  const auto& [red, green, blue, none] = rgb.planes;
  const auto* r = red.row<const std::uint8_t>(y);
  const auto* g = green.row<const std::uint8_t>(y);
  const auto* b = blue.row<const std::uint8_t>(y);
  for (int x = 0; x < rgb.width; ++x)
    to[x] = kOpaque | static_cast<std::uint32_t>(r[x * red.step]) << 16 |
            static_cast<std::uint32_t>(g[x * green.step]) << 8 | b[x * blue.step];
}

}  // namespace smalti

#pragma once

#include <cstdint>

#include "base/picture.h"

namespace smalti {

/// Row `y` of an 8-bit picture, gray or RGB, with alpha or without: the components of each pixel
/// side by side. `to` has room for them.
void pack_row(const Picture& picture, int y, std::uint8_t* to);

/// Row `y` of an 8-bit RGB picture as 0xFFRRGGBB.
void pack_argb_row(const Picture& rgb, int y, std::uint32_t* to);

}  // namespace smalti

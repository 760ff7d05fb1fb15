#pragma once

namespace smalti::color {

/// CIELAB units are stored times this, as integers: L* from 0 to 1600, a* and b* within +-2048.
inline constexpr int kLabScale = 16;

}  // namespace smalti::color

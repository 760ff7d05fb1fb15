#pragma once

#include <cstdint>

namespace smalti {

struct ImageLimits {
  /// Pictures whose header claims more pixels are refused before a pixel is decoded.
  std::int64_t max_pixels = 128'000'000;
};

}  // namespace smalti

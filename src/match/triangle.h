#pragma once

#include <cstdint>

namespace smalti::match {

/// Whether sqrt(a) + sqrt(b) < sqrt(c), in integers: what the triangle inequality asks of squared
/// distances. All from 0 to 2^31 - 1.
inline bool roots_add_up_below(std::int64_t a, std::int64_t b, std::int64_t c) {
  const std::int64_t rest = c - a - b;
  return rest > 0 && rest * rest > 4 * a * b;
}

}  // namespace smalti::match

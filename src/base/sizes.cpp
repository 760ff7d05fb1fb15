#include "smalti/sizes.h"

#include <algorithm>
#include <cstdint>

namespace smalti {

Size fit_long_edge(Size size, int long_edge) {
  return std::max(size.width, size.height) <= long_edge ? size : with_long_edge(size, long_edge);
}

Size with_long_edge(Size size, int long_edge) {
  const std::int64_t edge = std::max(size.width, size.height);
  const auto side = [&](std::int64_t length) {
    return static_cast<int>(
        std::max<std::int64_t>(1, (2 * length * long_edge + edge) / (2 * edge)));
  };
  return {side(size.width), side(size.height)};
}

}  // namespace smalti

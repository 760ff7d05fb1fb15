#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "base/picture.h"

namespace smalti::color {

/// How often pictures have which colours, to 6 bits a component. One thread at a time.
class ColorHistogram {
 public:
  /// The mean of the colours that fell into one bin, and how many pixels there were of it.
  struct Bin {
    std::uint32_t color;  ///< 0xRRGGBB
    std::uint64_t pixels;
  };

  /// As many colours as a palette may have are also known exactly.
  static constexpr std::size_t kMostExact = 256;

  ColorHistogram();

  /// RGB of depth 8; alpha is not looked at.
  void add(const Picture& rgb);

  /// Those that there are, in a fixed order.
  std::vector<Bin> bins() const;
  /// Every single colour, or kMostExact + 1 of them where there are more.
  const std::set<std::uint32_t>& exact() const { return exact_; }

 private:
  struct Sums {
    std::uint64_t pixels = 0;
    std::uint64_t rest[3] = {0, 0, 0};  ///< of what the bin's number does not tell
  };

  std::vector<Sums> sums_;
  std::set<std::uint32_t> exact_;
};

}  // namespace smalti::color

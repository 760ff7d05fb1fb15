#pragma once

#include <cstdint>
#include <vector>

#include "base/picture.h"

namespace smalti::images {

/// The size of a picture of half the width and height, rounded up.
Size halved(Size size);

/// The size itself and its halves, down to the first that is no longer than `edge` on both sides.
std::vector<Size> pyramid_sizes(Size size, int edge);

/// Halves a picture row by row. A sample is the mean of the four beneath it, halves rounded up; at
/// odd edges the last column and row count twice. With alpha, colours are weighted with it, so that
/// what is transparent lends no colour, and nothing but transparent pixels make black.
class Halver {
 public:
  /// Of 3 channels, or 4 with alpha, as they come from above.
  Halver(Size size, int channels);

  /// Takes the next row. The halved row that it completes, valid until the next call, or null.
  const std::uint8_t* push(const std::uint8_t* row);

 private:
  void average(const std::uint8_t* upper, const std::uint8_t* lower);

  Size size_;
  int channels_;
  int rows_ = 0;
  std::vector<std::uint8_t> upper_;
  std::vector<std::uint8_t> halved_;
};

}  // namespace smalti::images

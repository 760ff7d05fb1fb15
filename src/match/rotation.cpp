#include "match/rotation.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "match/principal_axes.h"

namespace smalti::match {
namespace {

constexpr int kRowBits = 12;
constexpr std::size_t kLongest = 48;  // of which coordinates fit with kRowBits

}  // namespace

Rotation::Rotation(const DescriptorTable& table)
    : width_(table.width()),
      shift_(width_ <= kLongest ? kRowBits : kRowBits + 1),
      rows_(kCoordinates * width_) {
  const cv::Mat axes = principal_axes(
      table.size(), static_cast<int>(width_),
      [&](std::size_t i, double* row) { std::copy(table[i].begin(), table[i].end(), row); });
  for (std::size_t i = 0; i < std::min(kCoordinates, width_); ++i) {
    const double* axis = axes.ptr<double>(static_cast<int>(i));
    for (std::size_t k = 0; k < width_; ++k)
      rows_[i * width_ + k] = static_cast<std::int16_t>(std::lround(axis[k] * (1 << kRowBits)));
  }

  for (std::size_t a = 0; a < kCoordinates; ++a) {
    std::int64_t sum = 0;
    for (std::size_t b = 0; b < kCoordinates; ++b) {
      std::int64_t product = 0;
      for (std::size_t k = 0; k < width_; ++k)
        product += std::int64_t{rows_[a * width_ + k]} * rows_[b * width_ + k];
      sum += std::abs(product);
    }
    largest_eigenvalue_ = std::max(largest_eigenvalue_, sum);
  }
}

Coordinates Rotation::project(Descriptor d) const {
  Coordinates coordinates;
  for (std::size_t i = 0; i < kCoordinates; ++i) {
    const std::int16_t* row = &rows_[i * width_];
    std::int32_t product = 0;  // below 2^29: the vectors are shorter than 2^16 and 2^12 and a bit
    for (std::size_t k = 0; k < width_; ++k) product += std::int32_t{row[k]} * d[k];
    coordinates[i] = static_cast<std::int16_t>(product >> shift_);
  }
  return coordinates;
}

// The sum of (r . d / 2^s)^2 is at most g / 2^2s |d|^2, and at least the separation.
std::int32_t Rotation::limit_for(std::int64_t distance) const {
  constexpr std::int64_t kFarthest = std::numeric_limits<std::int32_t>::max();
  return static_cast<std::int32_t>(
      std::min((distance * largest_eigenvalue_ >> (2 * shift_)) + 1, kFarthest));
}

}  // namespace smalti::match

#include "match/rotation.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <opencv2/core.hpp>

namespace smalti {
namespace {

constexpr int kRowBits = 12;

// The covariance of at most this many descriptors, evenly taken, is as good as that of all.
constexpr std::size_t kSamples = 20'000;

cv::Mat covariance(const DescriptorTable& table) {
  const std::size_t step = std::max<std::size_t>(1, table.size() / kSamples);
  const auto count = static_cast<int>((table.size() + step - 1) / step);
  cv::Mat samples(count, kDescriptorSize, CV_64F);
  for (int i = 0; i < count; ++i) {
    const Descriptor d = table[static_cast<std::size_t>(i) * step];
    std::copy(d.begin(), d.end(), samples.ptr<double>(i));
  }
  cv::Mat result;
  cv::Mat mean;
  cv::calcCovarMatrix(samples, result, mean, cv::COVAR_NORMAL | cv::COVAR_ROWS | cv::COVAR_SCALE,
                      CV_64F);
  return result;
}

}  // namespace

Rotation::Rotation(const DescriptorTable& table) {
  cv::Mat eigenvalues;
  cv::Mat eigenvectors;  // one a row, the largest eigenvalue's first
  cv::eigen(covariance(table), eigenvalues, eigenvectors);
  for (std::size_t i = 0; i < kCoordinates; ++i) {
    const double* vector = eigenvectors.ptr<double>(static_cast<int>(i));
    for (std::size_t k = 0; k < kDescriptorSize; ++k)
      rows_[i][k] = static_cast<std::int16_t>(std::lround(vector[k] * (1 << kRowBits)));
  }

  largest_eigenvalue_ = 0;
  for (const auto& a : rows_) {
    std::int64_t sum = 0;
    for (const auto& b : rows_) {
      std::int64_t product = 0;
      for (std::size_t k = 0; k < kDescriptorSize; ++k) product += std::int64_t{a[k]} * b[k];
      sum += std::abs(product);
    }
    largest_eigenvalue_ = std::max(largest_eigenvalue_, sum);
  }
}

Coordinates Rotation::project(Descriptor d) const {
  Coordinates coordinates;
  for (std::size_t i = 0; i < kCoordinates; ++i) {
    std::int32_t product = 0;  // below 2^26: both vectors are shorter than 2^14 and 2^12
    for (std::size_t k = 0; k < kDescriptorSize; ++k) product += std::int32_t{rows_[i][k]} * d[k];
    coordinates[i] = static_cast<std::int16_t>(product >> kRowBits);
  }
  return coordinates;
}

// The sum of (r . d / 2^12)^2 is at most g / 2^24 |d|^2, and at least the separation.
std::int64_t Rotation::limit_for(std::int64_t distance) const {
  return (distance * largest_eigenvalue_ >> (2 * kRowBits)) + 1;
}

// Not inline: on its own, g++ 12 makes wide instructions of this loop; unrolled into the tree's
// search it does not, which makes the search take twice as long.
std::int32_t separation(const Coordinates& a, const CoordinateBox& box) {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < kCoordinates; ++i) {
    const auto below = static_cast<std::int16_t>(box.low[i] - a[i]);
    const auto above = static_cast<std::int16_t>(a[i] - box.high[i]);
    const auto gap = static_cast<std::int16_t>(std::max(below, above) - 1);
    const std::int16_t outside = std::max<std::int16_t>(gap, 0);
    sum += std::int32_t{outside} * outside;
  }
  return sum;
}

std::int32_t separation(const Coordinates& a, const Coordinates& b) {
  return separation(a, CoordinateBox{b, b});
}

}  // namespace smalti

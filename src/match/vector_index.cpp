#include "match/vector_index.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "match/principal_axes.h"

// Distances before and after projecting are compared with every rounding allowed for. A coordinate
// is floor(scale * (a . (x - mean))), so two of them differ by less than 1 more than the numbers
// they come from; and with s(x) the sum of squares of the latter, s(x) - s(y) is at most
// scale^2 * stretch * |x - y|^2. What lies outside the ball that holds all vectors along the axes
// is drawn to its surface, which brings it nearer to each of these.

namespace smalti::match {
namespace {

constexpr double kRadius = (1 << 14) - 4;  // of that ball, in coordinates
constexpr double kUlp = std::numeric_limits<double>::epsilon();

// The sum of squared differences in floats, in whatever order is fast: as all terms are positive,
// its relative error is at most (dimensions + 3) / 2^24.
float about_squared_distance(const float* a, const float* b, std::size_t dimensions) {
  constexpr std::size_t kLanes = 16;
  std::array<float, kLanes> sums{};
  std::size_t i = 0;
  for (; i + kLanes <= dimensions; i += kLanes) {
    for (std::size_t k = 0; k < kLanes; ++k) {
      const float d = a[i + k] - b[i + k];
      sums[k] += d * d;
    }
  }
  float sum = 0;
  for (; i < dimensions; ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  for (std::size_t k = kLanes / 2; k > 0; k /= 2)
    for (std::size_t j = 0; j < k; ++j) sums[j] += sums[j + k];
  return sum + sums[0];
}

double length(const std::array<double, kCoordinates>& vector) {
  double sum = 0;
  for (const double v : vector) sum += v * v;
  return std::sqrt(sum);
}

}  // namespace

double squared_distance(const float* a, const float* b, std::size_t dimensions) {
  double sum = 0;
  for (std::size_t i = 0; i < dimensions; ++i) {
    const double d = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    sum += d * d;
  }
  return sum;
}

VectorIndex::VectorIndex(const float* vectors, std::size_t count, std::size_t dimensions)
    : dimensions_(dimensions), mean_(dimensions), axes_(dimensions) {
  assert(count > 0);
  measure(vectors, count);
  std::vector<Coordinates> points;
  points.reserve(count);
  for (std::size_t i = 0; i < count; ++i) points.push_back(project(vectors + i * dimensions).at);
  tree_ = std::make_unique<const CoordinateTree>(points);

  vectors_.reserve(count * dimensions);
  positions_.resize(count);
  for (const std::int32_t number : tree_->order()) {
    const float* vector = vectors + static_cast<std::size_t>(number) * dimensions;
    positions_[static_cast<std::size_t>(number)] =
        static_cast<std::int32_t>(vectors_.size() / dimensions);
    vectors_.insert(vectors_.end(), vector, vector + dimensions);
  }
}

// Finds mean, axes and scale.
void VectorIndex::measure(const float* vectors, std::size_t count) {
  for (std::size_t i = 0; i < count * dimensions_; ++i)
    mean_[i % dimensions_] += static_cast<double>(vectors[i]) / static_cast<double>(count);
  const cv::Mat found =
      principal_axes(count, static_cast<int>(dimensions_), [&](std::size_t i, double* row) {
        std::copy_n(vectors + i * dimensions_, dimensions_, row);
      });
  const std::size_t rows = std::min(kCoordinates, dimensions_);
  for (std::size_t k = 0; k < dimensions_; ++k)
    for (std::size_t i = 0; i < rows; ++i)
      axes_[k][i] = found.at<double>(static_cast<int>(i), static_cast<int>(k));

  // Gershgorin: no eigenvalue of the axes' products is larger than a row's sum.
  stretch_ = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < rows; ++j) {
      double product = 0;
      for (std::size_t k = 0; k < dimensions_; ++k) product += axes_[k][i] * axes_[k][j];
      sum += std::abs(product);
    }
    stretch_ = std::max(stretch_, sum);
  }
  stretch_ *= 1 + static_cast<double>(dimensions_ * 16) * kUlp;

  for (std::size_t i = 0; i < count; ++i) {
    double norm = 0;
    farthest_ = std::max(farthest_, length(along_axes(vectors + i * dimensions_, norm)));
    largest_norm_ = std::max(largest_norm_, norm);
  }
  if (farthest_ > 0) scale_ = kRadius / farthest_;
}

VectorIndex::Along VectorIndex::along_axes(const float* vector, double& norm) const {
  Along along{};
  double squared = 0;
  for (std::size_t k = 0; k < dimensions_; ++k) {
    const double x = static_cast<double>(vector[k]) - mean_[k];
    squared += x * x;
    for (std::size_t i = 0; i < kCoordinates; ++i) along[i] += axes_[k][i] * x;
  }
  norm = std::sqrt(squared);
  return along;
}

VectorIndex::Projected VectorIndex::project(const float* vector) const {
  Projected projected;
  double norm = 0;
  const Along along = along_axes(vector, norm);
  const double scale = std::min(scale_, kRadius / length(along));
  for (std::size_t i = 0; i < kCoordinates; ++i)
    projected.at[i] = static_cast<std::int16_t>(std::floor(scale * along[i]));
  // Of this vector's coordinates and of any other's: sums of so many products, each at most the
  // product of the vectors' lengths.
  projected.slack =
      2 * scale_ * (norm + largest_norm_) * static_cast<double>(dimensions_ + 8) * kUlp;
  return projected;
}

std::int32_t VectorIndex::limit_for(double distance, double slack) const {
  const double root = scale_ * std::sqrt(stretch_ * distance) * (1 + 8 * kUlp) +
                      std::sqrt(static_cast<double>(kCoordinates)) * slack;
  return static_cast<std::int32_t>(std::min(root * root, 0x1p30)) + 1;
}

VectorIndex::Answer VectorIndex::nearest(const float* query, std::int32_t guess) const {
  const auto vector = [this](std::size_t position) { return &vectors_[position * dimensions_]; };
  const double above = 1 + static_cast<double>(dimensions_ + 8) * 0x1p-23;
  const Projected projected = project(query);
  Answer best{
      guess,
      squared_distance(
          query, vector(static_cast<std::size_t>(positions_[static_cast<std::size_t>(guess)])),
          dimensions_)};
  const auto bound = [&] { return static_cast<float>(best.distance * above) + 1e-30F; };
  float about_bound = bound();
  std::int32_t limit = limit_for(best.distance, projected.slack);
  tree_->search(projected.at, limit, [&](std::size_t position) {
    const float about = about_squared_distance(query, vector(position), dimensions_);
    if (about > about_bound && about <= std::numeric_limits<float>::max()) return limit;
    const double d = squared_distance(query, vector(position), dimensions_);
    const std::int32_t number = tree_->order()[position];
    if (d > best.distance || (d == best.distance && number >= best.number)) return limit;
    best = {number, d};
    about_bound = bound();
    return limit = limit_for(d, projected.slack);
  });
  return best;
}

std::size_t VectorIndex::place_near(const float* query) const {
  return tree_->place_near(project(query).at);
}

}  // namespace smalti::match

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "match/coordinate_tree.h"

namespace smalti::match {

/// The sum of squared differences in doubles, added up in order: the same on every machine.
double squared_distance(const float* a, const float* b, std::size_t dimensions);

/// What TileIndex does, for vectors of any finite floats: finds the nearest by squared_distance,
/// and of equally near ones the first. Immutable; any thread.
class VectorIndex {
 public:
  struct Answer {
    std::int32_t number;
    double distance;
  };

  /// Copies `count` vectors, at least one, that lie one after another.
  VectorIndex(const float* vectors, std::size_t count, std::size_t dimensions);

  /// A vector that is likely to be near may be named: this makes the search faster and never
  /// changes the answer.
  Answer nearest(const float* query, std::int32_t guess = 0) const;

  /// About where the nearest lie, in an order in which neighbours are alike. Queries asked in order
  /// of these numbers go faster: each one's answer is a good guess for the next, and what it looks
  /// at is still in the cache.
  std::size_t place_near(const float* query) const;

 private:
  /// A query's coordinates, and how much rounding may have moved each of them.
  struct Projected {
    Coordinates at;
    double slack;
  };

  using Along = std::array<double, kCoordinates>;  // how far a vector goes along each axis

  void measure(const float* vectors, std::size_t count);
  Along along_axes(const float* vector, double& norm) const;
  Projected project(const float* vector) const;
  std::int32_t limit_for(double distance, double slack) const;

  std::size_t dimensions_;
  std::vector<double> mean_;
  std::vector<Along> axes_;  // one below the other, as columns
  double stretch_ = 1;       // at most so much longer does a vector become by the axes, squared
  double scale_ = 1;         // of coordinates
  double farthest_ = 0;      // of the vectors, along the axes
  double largest_norm_ = 0;
  std::unique_ptr<const CoordinateTree> tree_;
  std::vector<float, HugePages<float>> vectors_;  // in the tree's order
  std::vector<std::int32_t> positions_;           // in that order, by number
};

}  // namespace smalti::match

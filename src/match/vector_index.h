#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "match/coordinate_tree.h"

namespace smalti {

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

  /// Of queries that lie one after another the order in which to ask, so that each is near the one
  /// before: its answer is then a good guess, and what it looks at is still in the cache.
  std::vector<std::uint32_t> visiting_order(const float* queries, std::size_t count) const;

 private:
  /// A query's coordinates, and how much rounding may have moved each of them.
  struct Projected {
    Coordinates at;
    double slack;
  };

  void measure(const float* vectors, std::size_t count);
  std::array<double, kCoordinates> along_axes(const float* vector, double& norm) const;
  Projected project(const float* vector) const;
  std::int32_t limit_for(double distance, double slack) const;

  std::size_t dimensions_;
  std::vector<double> mean_;
  std::vector<double> axes_;  // kCoordinates rows
  double stretch_ = 1;        // at most so much longer does a vector become by the axes, squared
  double scale_ = 1;          // of coordinates
  double largest_norm_ = 0;
  std::unique_ptr<const CoordinateTree> tree_;
  std::vector<float> vectors_;           // in the tree's order
  std::vector<std::int32_t> positions_;  // in that order, by number
};

}  // namespace smalti

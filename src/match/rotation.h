#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "match/coordinates.h"
#include "match/descriptor.h"

namespace smalti::match {

/// Projects descriptors onto the directions along which a set of them differs most (principal
/// components), in integers, such that distances after the projection bound those before it from
/// below, exactly. Immutable; any thread.
///
/// Rows R of integers stand for the directions, scaled by 2^12, and a coordinate is
/// floor(r . x / 2^s), so r . (x - y) / 2^s is more than the difference of two coordinates less 1;
/// s is 12, or 13 for descriptors so long that coordinates would not fit. With g any upper bound of
/// the largest eigenvalue of R R^T (here by Gershgorin's theorem, from the exact integers), the sum
/// of (r . d)^2 is at most g |d|^2 for every d. So however well or badly the directions were chosen
/// or rounded, the bound holds.
class Rotation {
 public:
  /// From the descriptors that it is to serve.
  explicit Rotation(const DescriptorTable& table);

  Coordinates project(Descriptor d) const;

  /// Separations above this belong to distances above `distance`.
  std::int32_t limit_for(std::int64_t distance) const;

 private:
  std::size_t width_;
  int shift_;
  std::vector<std::int16_t> rows_;       // kCoordinates of them, one after another
  std::int64_t largest_eigenvalue_ = 0;  // or a little more
};

}  // namespace smalti::match

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "smalti/descriptor.h"

namespace smalti {

/// Numbers in a descriptor's short form. One 128-bit register of 16-bit integers.
inline constexpr std::size_t kCoordinates = 8;

/// A descriptor seen along a few directions: what is far apart here is far apart in full.
using Coordinates = std::array<std::int16_t, kCoordinates>;

/// A box of coordinates, borders included.
struct CoordinateBox {
  Coordinates low;
  Coordinates high;
};

/// Projects descriptors onto the directions along which a set of them differs most (principal
/// components), in integers, such that distances after the projection bound those before it from
/// below, exactly. Immutable; any thread.
///
/// Rows R of integers stand for the directions, scaled by 2^12, and a coordinate is
/// floor(r . x / 2^12), so r . (x - y) / 2^12 is more than the difference of two coordinates
/// less 1. With g any upper bound of the largest eigenvalue of R R^T (here by Gershgorin's theorem,
/// from the exact integers), the sum of (r . d)^2 is at most g |d|^2 for every d. So however well
/// or badly the directions were chosen or rounded, the bound holds.
class Rotation {
 public:
  /// From the descriptors that it is to serve.
  explicit Rotation(const DescriptorTable& table);

  Coordinates project(Descriptor d) const;

  /// Sums of squared coordinate differences above this belong to distances above `distance`.
  std::int64_t limit_for(std::int64_t distance) const;

 private:
  std::array<std::array<std::int16_t, kDescriptorSize>, kCoordinates> rows_;
  std::int64_t largest_eigenvalue_;  // or a little more
};

/// The sum of squared coordinate differences, each less 1: a lower bound, in the sense of
/// Rotation::limit_for, of the distance of two descriptors with these coordinates, and of one to
/// all in a box. Coordinates stay within 2^14 and the sum within 2^31.
std::int32_t separation(const Coordinates& a, const Coordinates& b);
std::int32_t separation(const Coordinates& a, const CoordinateBox& box);

}  // namespace smalti

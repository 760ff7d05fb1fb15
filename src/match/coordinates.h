#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace smalti {

/// Numbers in the short form of a descriptor, and how many of them stand side by side.
inline constexpr std::size_t kCoordinates = 16;
inline constexpr std::size_t kPart = 8;

/// A descriptor seen along a few directions, those that tell most first: what is far apart here is
/// far apart in full. No two numbers of the same place are more than 2^15 - 3 apart, nor two points
/// more than 2^15.5.
using Coordinates = std::array<std::int16_t, kCoordinates>;

/// The first kPart of a point's coordinates, or the others.
using Part = std::span<const std::int16_t, kPart>;

/// Points or boxes side by side, so that one instruction works on several of them: a bit each in a
/// mask.
inline constexpr std::size_t kSideBySide = 16;

/// Of each two places the numbers of all points.
class alignas(64) Points {
 public:
  std::int16_t& at(std::size_t coordinate, std::size_t point) {
    return numbers_[coordinate / 2][point][coordinate % 2];
  }
  const std::int16_t* pair(std::size_t number) const { return numbers_[number][0].data(); }

 private:
  std::array<std::array<std::array<std::int16_t, 2>, kSideBySide>, kPart / 2> numbers_{};
};

/// Boxes, by the numbers next to their borders on the outside: low - 1 and high + 1.
struct Boxes {
  Points below;
  Points above;
};

/// Of each point or box a lower bound of squared distances: the sum of squared coordinate
/// differences, each less 1.
struct alignas(64) Separations : std::array<std::int32_t, kSideBySide> {};

/// Fills in all separations; returns which of them are at most `limit`, a bit each. Everything
/// stays within 2^31 - 1. With the widest instructions that are written for and that the processor
/// has; SMALTI_CPU_DISABLE=AVX2 in the environment does without.
unsigned separate(Part at, const Points& points, std::int32_t limit, Separations& separations);
unsigned separate(Part at, const Boxes& boxes, std::int32_t limit, Separations& separations);

}  // namespace smalti

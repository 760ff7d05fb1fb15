#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace smalti::match {

/// Numbers in the short form of a descriptor: those that boxes bound, those by which points are
/// compared first, and those that are left.
inline constexpr std::size_t kBoxed = 8;
inline constexpr std::size_t kFirst = 12;
inline constexpr std::size_t kRest = 8;
inline constexpr std::size_t kCoordinates = kFirst + kRest;

/// A descriptor seen along a few directions, those that tell most first: what is far apart here is
/// far apart in full. No two numbers of the same place are more than 2^15 - 3 apart, nor two points
/// more than 2^15.5.
using Coordinates = std::array<std::int16_t, kCoordinates>;

/// Some of a point's coordinates, neighbours.
template <std::size_t N>
using Part = std::span<const std::int16_t, N>;

/// Points or boxes side by side, so that one instruction works on several of them: a bit each in a
/// mask.
inline constexpr std::size_t kSideBySide = 16;

/// Of each two of N places the numbers of all points.
template <std::size_t N>
class alignas(64) Points {
 public:
  std::int16_t& at(std::size_t coordinate, std::size_t point) {
    return numbers_[coordinate / 2][point][coordinate % 2];
  }
  const std::int16_t* pair(std::size_t number) const { return numbers_[number][0].data(); }

 private:
  std::array<std::array<std::array<std::int16_t, 2>, kSideBySide>, N / 2> numbers_{};
};

/// Boxes, by the numbers next to their borders on the outside: low - 1 and high + 1.
struct Boxes {
  Points<kBoxed> below;
  Points<kBoxed> above;
};

/// Of each point or box a lower bound of squared distances: the sum of squared coordinate
/// differences, each less 1.
struct alignas(64) Separations : std::array<std::int32_t, kSideBySide> {};

/// Fills in all separations; returns which of them are at most `limit`, a bit each. Everything
/// stays within 2^31 - 1. With the widest instructions that are written for and that the processor
/// has; SMALTI_CPU_DISABLE=AVX2 in the environment does without.
unsigned separate(Part<kBoxed> at, const Boxes& boxes, std::int32_t limit, Separations& out);
unsigned separate(Part<kFirst> at, const Points<kFirst>& points, std::int32_t limit,
                  Separations& out);
unsigned separate(Part<kRest> at, const Points<kRest>& points, std::int32_t limit,
                  Separations& out);

}  // namespace smalti::match

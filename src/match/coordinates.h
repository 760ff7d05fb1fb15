#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#if defined(__SSE2__)
#include <emmintrin.h>
#else
#include <algorithm>
#endif

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

#if defined(__SSE2__)

// Every x86-64 processor has these instructions. What they do, the loops further below say.

template <typename Gap>
unsigned add_up(Part at, std::int32_t limit, Separations& separations, const Gap& gap) {
  constexpr std::size_t kLanes = 8;
  constexpr std::size_t kRegisters = kSideBySide * 2 / kLanes;
  __m128i sums[kRegisters] = {};
  for (std::size_t pair = 0; pair < kPart / 2; ++pair) {
    const auto low = static_cast<std::uint16_t>(at[pair * 2]);
    const auto high = static_cast<std::uint16_t>(at[pair * 2 + 1]);
    const __m128i here = _mm_set1_epi32(static_cast<int>(std::uint32_t{high} << 16 | low));
    for (std::size_t r = 0; r < kRegisters; ++r) {
      const __m128i outside = gap(here, pair, r * kLanes);
      sums[r] = _mm_add_epi32(sums[r], _mm_madd_epi16(outside, outside));
    }
  }
  const __m128i most = _mm_set1_epi32(limit);
  __m128i beyond[kRegisters];
  for (std::size_t r = 0; r < kRegisters; ++r) {
    _mm_store_si128(reinterpret_cast<__m128i*>(separations.data()) + r, sums[r]);
    beyond[r] = _mm_cmpgt_epi32(sums[r], most);
  }
  const __m128i bytes =
      _mm_packs_epi16(_mm_packs_epi32(beyond[0], beyond[1]), _mm_packs_epi32(beyond[2], beyond[3]));
  return ~static_cast<unsigned>(_mm_movemask_epi8(bytes)) & 0xffffU;
}

inline __m128i load(const Points& points, std::size_t pair, std::size_t from) {
  return _mm_load_si128(reinterpret_cast<const __m128i*>(points.pair(pair) + from));
}

/// Fills in all separations; returns which of them are at most `limit`.
inline unsigned separate(Part at, const Points& points, std::int32_t limit,
                         Separations& separations) {
  return add_up(at, limit, separations, [&](__m128i here, std::size_t pair, std::size_t from) {
    const __m128i apart = _mm_sub_epi16(load(points, pair, from), here);
    const __m128i far = _mm_max_epi16(apart, _mm_sub_epi16(_mm_setzero_si128(), apart));
    return _mm_subs_epu16(far, _mm_set1_epi16(1));
  });
}
inline unsigned separate(Part at, const Boxes& boxes, std::int32_t limit,
                         Separations& separations) {
  return add_up(at, limit, separations, [&](__m128i here, std::size_t pair, std::size_t from) {
    const __m128i below = _mm_sub_epi16(load(boxes.below, pair, from), here);
    const __m128i above = _mm_sub_epi16(here, load(boxes.above, pair, from));
    return _mm_max_epi16(_mm_max_epi16(below, above), _mm_setzero_si128());
  });
}

#else

template <typename Gap>
unsigned add_up(std::int32_t limit, Separations& separations, const Gap& gap) {
  unsigned within = 0;
  for (std::size_t p = 0; p < kSideBySide; ++p) {
    separations[p] = 0;
    for (std::size_t i = 0; i < kPart; ++i) {
      const std::int32_t outside = std::max(gap(i / 2, p * 2 + i % 2, i), 0);
      separations[p] += outside * outside;
    }
    within |= static_cast<unsigned>(separations[p] <= limit) << p;
  }
  return within;
}

/// Fills in all separations; returns which of them are at most `limit`.
inline unsigned separate(Part at, const Points& points, std::int32_t limit,
                         Separations& separations) {
  return add_up(limit, separations, [&](std::size_t pair, std::size_t from, std::size_t i) {
    const int apart = points.pair(pair)[from] - at[i];
    return std::max(apart, -apart) - 1;
  });
}
inline unsigned separate(Part at, const Boxes& boxes, std::int32_t limit,
                         Separations& separations) {
  return add_up(limit, separations, [&](std::size_t pair, std::size_t from, std::size_t i) {
    return std::max(boxes.below.pair(pair)[from] - at[i], at[i] - boxes.above.pair(pair)[from]);
  });
}

#endif

}  // namespace smalti

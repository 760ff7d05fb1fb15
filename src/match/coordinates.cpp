#include "match/coordinates.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace smalti::match {
namespace {

using Numbers = std::array<std::int16_t, kSideBySide * 2>;  // a pair of places of all points

// What the other functions do with wider instructions, in loops that compilers make what they can
// of. `outside(pair, here, sides)` says how far each number of a pair of places is outside.
template <std::size_t N, typename Outside>
unsigned add_up(Part<N> at, std::int32_t limit, Separations& separations, const Outside& outside) {
  separations = {};
  for (std::size_t pair = 0; pair < N / 2; ++pair) {
    Numbers here;
    for (std::size_t k = 0; k < here.size(); k += 2) {
      here[k] = at[pair * 2];
      here[k + 1] = at[pair * 2 + 1];
    }
    Numbers sides;
    outside(pair, here, sides);
    std::array<std::int32_t, kSideBySide * 2> squares;
    for (std::size_t k = 0; k < squares.size(); ++k) squares[k] = std::int32_t{sides[k]} * sides[k];
    for (std::size_t p = 0; p < kSideBySide; ++p)
      separations[p] += squares[p * 2] + squares[p * 2 + 1];
  }
  unsigned within = 0;
  for (std::size_t p = 0; p < kSideBySide; ++p)
    within |= static_cast<unsigned>(separations[p] <= limit) << p;
  return within;
}

std::int16_t narrowed(int v) { return static_cast<std::int16_t>(v); }

template <std::size_t N>
unsigned plainly(Part<N> at, const Points<N>& points, std::int32_t limit,
                 Separations& separations) {
  return add_up(at, limit, separations, [&](std::size_t pair, const Numbers& here, Numbers& sides) {
    const std::int16_t* numbers = points.pair(pair);
    for (std::size_t k = 0; k < sides.size(); ++k) {
      const std::int16_t apart = narrowed(numbers[k] - here[k]);
      const std::int16_t far = std::max(apart, narrowed(-apart));
      sides[k] = std::max(narrowed(far - 1), std::int16_t{0});
    }
  });
}

unsigned plainly(Part<kBoxed> at, const Boxes& boxes, std::int32_t limit,
                 Separations& separations) {
  return add_up(at, limit, separations, [&](std::size_t pair, const Numbers& here, Numbers& sides) {
    const std::int16_t* below = boxes.below.pair(pair);
    const std::int16_t* above = boxes.above.pair(pair);
    for (std::size_t k = 0; k < sides.size(); ++k) {
      const std::int16_t side =
          std::max(narrowed(below[k] - here[k]), narrowed(here[k] - above[k]));
      sides[k] = std::max(side, std::int16_t{0});
    }
  });
}

#if defined(__x86_64__)

#define SMALTI_AVX2 __attribute__((target("avx2")))

constexpr std::size_t kHalf = kSideBySide;  // numbers in a register: a pair of half of the points

// The same two numbers for all points.
template <std::size_t N>
SMALTI_AVX2 __m256i everywhere(Part<N> at, std::size_t pair) {
  const auto low = static_cast<std::uint16_t>(at[pair * 2]);
  const auto high = static_cast<std::uint16_t>(at[pair * 2 + 1]);
  return _mm256_set1_epi32(static_cast<int>(std::uint32_t{high} << 16 | low));
}

template <std::size_t N>
SMALTI_AVX2 __m256i load(const Points<N>& points, std::size_t pair, std::size_t from) {
  return _mm256_load_si256(reinterpret_cast<const __m256i*>(points.pair(pair) + from));
}

SMALTI_AVX2 unsigned finish(__m256i first, __m256i second, std::int32_t limit,
                            Separations& separations) {
  auto* to = reinterpret_cast<__m256i*>(separations.data());
  _mm256_store_si256(to, first);
  _mm256_store_si256(to + 1, second);
  const __m256i most = _mm256_set1_epi32(limit);
  const auto beyond = [&](__m256i sums) SMALTI_AVX2 {
    return static_cast<unsigned>(
        _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(sums, most))));
  };
  return ~(beyond(first) | beyond(second) << 8) & 0xffffU;
}

template <std::size_t N>
SMALTI_AVX2 __m256i outside(__m256i here, const Points<N>& points, std::size_t pair,
                            std::size_t from) {
  const __m256i apart = _mm256_abs_epi16(_mm256_sub_epi16(load(points, pair, from), here));
  const __m256i side = _mm256_subs_epu16(apart, _mm256_set1_epi16(1));
  return _mm256_madd_epi16(side, side);
}

SMALTI_AVX2 __m256i outside(__m256i here, const Boxes& boxes, std::size_t pair, std::size_t from) {
  const __m256i below = _mm256_sub_epi16(load(boxes.below, pair, from), here);
  const __m256i above = _mm256_sub_epi16(here, load(boxes.above, pair, from));
  const __m256i side = _mm256_max_epi16(_mm256_max_epi16(below, above), _mm256_setzero_si256());
  return _mm256_madd_epi16(side, side);
}

template <std::size_t N, typename Many>
SMALTI_AVX2 unsigned by_avx2(Part<N> at, const Many& many, std::int32_t limit,
                             Separations& separations) {
  __m256i first = _mm256_setzero_si256();
  __m256i second = first;
  for (std::size_t pair = 0; pair < N / 2; ++pair) {
    const __m256i here = everywhere(at, pair);
    first = _mm256_add_epi32(first, outside(here, many, pair, 0));
    second = _mm256_add_epi32(second, outside(here, many, pair, kHalf));
  }
  return finish(first, second, limit, separations);
}

#endif

struct Path {
  decltype(&plainly<kFirst>) first = plainly<kFirst>;
  decltype(&plainly<kRest>) rest = plainly<kRest>;
  unsigned (*boxes)(Part<kBoxed>, const Boxes&, std::int32_t, Separations&) = plainly;
};

Path choose() {
#if defined(__x86_64__)
  const char* disabled = std::getenv("SMALTI_CPU_DISABLE");
  const bool allowed = disabled == nullptr || std::string_view(disabled) != "AVX2";
  if (allowed && __builtin_cpu_supports("avx2")) return {by_avx2, by_avx2, by_avx2};
#endif
  return {};
}

const Path kPath = choose();

}  // namespace

unsigned separate(Part<kBoxed> at, const Boxes& boxes, std::int32_t limit, Separations& out) {
  return kPath.boxes(at, boxes, limit, out);
}

unsigned separate(Part<kFirst> at, const Points<kFirst>& points, std::int32_t limit,
                  Separations& out) {
  return kPath.first(at, points, limit, out);
}

unsigned separate(Part<kRest> at, const Points<kRest>& points, std::int32_t limit,
                  Separations& out) {
  return kPath.rest(at, points, limit, out);
}

}  // namespace smalti::match

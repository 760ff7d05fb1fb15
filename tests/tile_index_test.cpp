#include "match/tile_index.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

#include "support/synthetic.h"

namespace smalti {
namespace {

using test::flat_table;
using test::picture_like;

TEST_CASE("the nearest tile, and of equally near ones the first") {
  const DescriptorTable tiles = flat_table({100, 300, 100, 500});
  const TileIndex index(tiles);
  const DescriptorTable cells = flat_table({90, 210, 200, 600});
  CHECK(index.nearest(cells[0]) == Candidate{0, 16 * 100});
  CHECK(index.nearest(cells[1]).tile == 1);
  CHECK(index.nearest(cells[2]).tile == 0);  // 100 away from 0, 1 and 2
  CHECK(index.nearest(cells[3]).tile == 3);
}

TEST_CASE("bound, accept and penalty narrow the search") {
  const DescriptorTable tiles = flat_table({100, 110, 500});
  const TileIndex index(tiles);
  const DescriptorTable cell = flat_table({100});
  const std::int64_t second = 16 * 100;

  CHECK(index.nearest(cell[0], {}) == Candidate{0, 0});
  CHECK(index.nearest(cell[0], {.bound = 0}) == Candidate{0, 0});
  CHECK(index.nearest(cell[0], {.accept = [](TileNumber t) { return t != 0; }}) ==
        Candidate{1, static_cast<std::int32_t>(second)});
  CHECK_FALSE(
      index.nearest(cell[0], {.bound = second - 1, .accept = [](TileNumber t) { return t != 0; }}));
  const auto penalty = [&](TileNumber t) { return t == 0 ? second + 1 : 0; };
  CHECK(index.nearest(cell[0], {.penalty = penalty}) ==
        Candidate{1, static_cast<std::int32_t>(second)});
  const auto equal = [&](TileNumber t) { return t == 0 ? second : 0; };
  CHECK(index.nearest(cell[0], {.penalty = equal}) == Candidate{0, 0});
  CHECK_FALSE(index.nearest(cell[0], {.accept = [](TileNumber) { return false; }}));
}

void check_against_scan(const DescriptorTable& tiles, const DescriptorTable& queries) {
  const TileIndex index(tiles);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < queries.size(); ++i)
    wrong += nearest_by_scan(tiles, queries[i], {}) != index.nearest(queries[i]) ? 1 : 0;
  CHECK(wrong == 0);
}

TEST_CASE("the tree finds what a scan finds, in sets of every size") {
  const DescriptorTable queries = picture_like(500, 1);
  for (const std::size_t count : {1, 2, 15, 16, 17, 33, 100, 1000, 5000}) {
    CAPTURE(count);
    check_against_scan(picture_like(count, 2), queries);
  }
}

TEST_CASE("the tree finds what a scan finds among duplicates, constant and extreme tiles") {
  DescriptorTable tiles = picture_like(3000, 3);
  for (std::size_t i = 0; i < 3000; i += 3)
    std::copy_n(tiles[i / 2].begin(), kDescriptorSize, tiles.row(i));
  check_against_scan(tiles, picture_like(500, 4));
  check_against_scan(tiles, tiles);

  check_against_scan(flat_table(std::vector<int>(200, 700)), picture_like(50, 5));

  std::mt19937 random(6);
  DescriptorTable extreme(500);
  for (std::size_t i = 0; i < extreme.size(); ++i)
    for (std::size_t k = 0; k < kDescriptorSize; ++k)
      extreme.row(i)[k] = static_cast<std::int16_t>(
          k % 3 == 0 ? (random() % 2) * 1600 : (random() % 2 != 0 ? 2047 : -2048));
  check_against_scan(extreme, extreme);
  check_against_scan(extreme, picture_like(200, 7));
  check_against_scan(picture_like(2000, 8), extreme);
}

TEST_CASE("bounds, penalties and acceptance give what a scan gives") {
  const DescriptorTable tiles = picture_like(2000, 9);
  const DescriptorTable queries = picture_like(300, 10);
  const TileIndex index(tiles);
  std::mt19937 random(11);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const auto salt = static_cast<std::int64_t>(random() % 1000);
    const std::int64_t typical = index.nearest(queries[i]).distance;
    const SearchLimits limits{
        .bound = i % 3 == 0 ? std::numeric_limits<std::int64_t>::max() : typical + salt * 50,
        .accept = [&](TileNumber t) { return (t + salt) % 4 != 0; },
        .penalty = [&](TileNumber t) { return (t * 7 + salt) % 5 * typical / 8; }};
    CHECK(index.nearest(queries[i], limits) == nearest_by_scan(tiles, queries[i], limits));
  }
}

TEST_CASE("the k nearest are a scan's, with and without limits, when there are fewer too") {
  DescriptorTable tiles = picture_like(1500, 14);
  for (std::size_t i = 0; i < 1500; i += 5)  // duplicates: ties go by number
    std::copy_n(tiles[i / 3].begin(), kDescriptorSize, tiles.row(i));
  const DescriptorTable queries = picture_like(150, 15);
  const TileIndex index(tiles);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const std::int64_t typical = index.nearest(queries[i]).distance;
    const SearchLimits narrow{.bound = 4 * typical,
                              .accept = [&](TileNumber t) { return t % 3 != 0; },
                              .penalty = [&](TileNumber t) { return t % 7 * typical / 4; }};
    for (const std::size_t k : {0, 1, 5, 40}) {
      CHECK(index.nearest_k(queries[i], k, {}) == nearest_k_by_scan(tiles, queries[i], k, {}));
      CHECK(index.nearest_k(queries[i], k, narrow) ==
            nearest_k_by_scan(tiles, queries[i], k, narrow));
    }
  }
  const DescriptorTable few = picture_like(3, 16);
  CHECK(TileIndex(few).nearest_k(queries[0], 5, {}).size() == 3);
  CHECK(TileIndex(DescriptorTable()).nearest_k(queries[0], 5, {}).empty());
}

TEST_CASE("the two nearest, whatever is guessed") {
  const DescriptorTable tiles = picture_like(700, 12);
  const DescriptorTable queries = picture_like(200, 13);
  const TileIndex index(tiles);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const auto first = nearest_by_scan(tiles, queries[i], {});
    const auto second = nearest_by_scan(tiles, queries[i],
                                        {.accept = [&](TileNumber t) { return t != first->tile; }});
    const auto guess = static_cast<TileNumber>(i);
    for (const TileIndex::Two two :
         {index.nearest_two(queries[i]), index.nearest_two(queries[i], guess, guess + 300)}) {
      CHECK(two.first == first);
      CHECK(two.second == second);
    }
  }
  const DescriptorTable one = flat_table({5});
  CHECK(TileIndex(one).nearest_two(one[0]).second.distance ==
        std::numeric_limits<std::int32_t>::max());
}

TEST_CASE("an index of nothing finds nothing") {
  const DescriptorTable none;
  const DescriptorTable query = flat_table({5});
  CHECK_FALSE(TileIndex(none).nearest(query[0], {}));
}

}  // namespace
}  // namespace smalti

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
  const match::DescriptorTable tiles = flat_table({100, 300, 100, 500});
  const match::TileIndex index(tiles);
  const match::DescriptorTable cells = flat_table({90, 210, 200, 600});
  CHECK(index.nearest(cells[0]) == match::Candidate{0, 16 * 100});
  CHECK(index.nearest(cells[1]).tile == 1);
  CHECK(index.nearest(cells[2]).tile == 0);  // 100 away from 0, 1 and 2
  CHECK(index.nearest(cells[3]).tile == 3);
}

TEST_CASE("bound, accept and penalty narrow the search") {
  const match::DescriptorTable tiles = flat_table({100, 110, 500});
  const match::TileIndex index(tiles);
  const match::DescriptorTable cell = flat_table({100});
  const std::int64_t second = 16 * 100;

  CHECK(index.nearest(cell[0], {}) == match::Candidate{0, 0});
  CHECK(index.nearest(cell[0], {.bound = 0}) == match::Candidate{0, 0});
  CHECK(index.nearest(cell[0], {.accept = [](match::TileNumber t) { return t != 0; }}) ==
        match::Candidate{1, static_cast<std::int32_t>(second)});
  CHECK_FALSE(index.nearest(
      cell[0], {.bound = second - 1, .accept = [](match::TileNumber t) { return t != 0; }}));
  const auto penalty = [&](match::TileNumber t) { return t == 0 ? second + 1 : 0; };
  CHECK(index.nearest(cell[0], {.penalty = penalty}) ==
        match::Candidate{1, static_cast<std::int32_t>(second)});
  const auto equal = [&](match::TileNumber t) { return t == 0 ? second : 0; };
  CHECK(index.nearest(cell[0], {.penalty = equal}) == match::Candidate{0, 0});
  CHECK_FALSE(index.nearest(cell[0], {.accept = [](match::TileNumber) { return false; }}));
}

void check_against_scan(const match::DescriptorTable& tiles,
                        const match::DescriptorTable& queries) {
  const match::TileIndex index(tiles);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < queries.size(); ++i)
    wrong += match::nearest_by_scan(tiles, queries[i], {}) != index.nearest(queries[i]) ? 1 : 0;
  CHECK(wrong == 0);
}

TEST_CASE("the tree finds what a scan finds, in sets of every size") {
  const match::DescriptorTable queries = picture_like(500, 1);
  for (const std::size_t count : {1, 2, 15, 16, 17, 33, 100, 1000, 5000}) {
    CAPTURE(count);
    check_against_scan(picture_like(count, 2), queries);
  }
}

TEST_CASE("the tree finds what a scan finds among duplicates, constant and extreme tiles") {
  match::DescriptorTable tiles = picture_like(3000, 3);
  for (std::size_t i = 0; i < 3000; i += 3)
    std::copy_n(tiles[i / 2].begin(), match::kDescriptorSize, tiles.row(i));
  check_against_scan(tiles, picture_like(500, 4));
  check_against_scan(tiles, tiles);

  check_against_scan(flat_table(std::vector<int>(200, 700)), picture_like(50, 5));

  std::mt19937 random(6);
  match::DescriptorTable extreme(500);
  for (std::size_t i = 0; i < extreme.size(); ++i)
    for (std::size_t k = 0; k < match::kDescriptorSize; ++k)
      extreme.row(i)[k] = static_cast<std::int16_t>(
          k % 3 == 0 ? (random() % 2) * 1600 : (random() % 2 != 0 ? 2047 : -2048));
  check_against_scan(extreme, extreme);
  check_against_scan(extreme, picture_like(200, 7));
  check_against_scan(picture_like(2000, 8), extreme);
}

TEST_CASE("bounds, penalties and acceptance give what a scan gives") {
  const match::DescriptorTable tiles = picture_like(2000, 9);
  const match::DescriptorTable queries = picture_like(300, 10);
  const match::TileIndex index(tiles);
  std::mt19937 random(11);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const auto salt = static_cast<std::int64_t>(random() % 1000);
    const std::int64_t typical = index.nearest(queries[i]).distance;
    const match::SearchLimits limits{
        .bound = i % 3 == 0 ? std::numeric_limits<std::int64_t>::max() : typical + salt * 50,
        .accept = [&](match::TileNumber t) { return (t + salt) % 4 != 0; },
        .penalty = [&](match::TileNumber t) { return (t * 7 + salt) % 5 * typical / 8; }};
    CHECK(index.nearest(queries[i], limits) == match::nearest_by_scan(tiles, queries[i], limits));
  }
}

TEST_CASE("the k nearest are a scan's, with and without limits, when there are fewer too") {
  match::DescriptorTable tiles = picture_like(1500, 14);
  for (std::size_t i = 0; i < 1500; i += 5)  // duplicates: ties go by number
    std::copy_n(tiles[i / 3].begin(), match::kDescriptorSize, tiles.row(i));
  const match::DescriptorTable queries = picture_like(150, 15);
  const match::TileIndex index(tiles);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const std::int64_t typical = index.nearest(queries[i]).distance;
    const match::SearchLimits narrow{
        .bound = 4 * typical,
        .accept = [&](match::TileNumber t) { return t % 3 != 0; },
        .penalty = [&](match::TileNumber t) { return t % 7 * typical / 4; }};
    for (const std::size_t k : {0, 1, 5, 40}) {
      CHECK(index.nearest_k(queries[i], k, {}) ==
            match::nearest_k_by_scan(tiles, queries[i], k, {}));
      CHECK(index.nearest_k(queries[i], k, narrow) ==
            match::nearest_k_by_scan(tiles, queries[i], k, narrow));
    }
  }
  const match::DescriptorTable few = picture_like(3, 16);
  CHECK(match::TileIndex(few).nearest_k(queries[0], 5, {}).size() == 3);
  CHECK(match::TileIndex(match::DescriptorTable()).nearest_k(queries[0], 5, {}).empty());
}

TEST_CASE("the two nearest, whatever is guessed") {
  const match::DescriptorTable tiles = picture_like(700, 12);
  const match::DescriptorTable queries = picture_like(200, 13);
  const match::TileIndex index(tiles);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const auto first = match::nearest_by_scan(tiles, queries[i], {});
    const auto second = match::nearest_by_scan(
        tiles, queries[i], {.accept = [&](match::TileNumber t) { return t != first->tile; }});
    const auto guess = static_cast<match::TileNumber>(i);
    for (const match::TileIndex::Two two :
         {index.nearest_two(queries[i]), index.nearest_two(queries[i], guess, guess + 300)}) {
      CHECK(two.first == first);
      CHECK(two.second == second);
    }
  }
  const match::DescriptorTable one = flat_table({5});
  CHECK(match::TileIndex(one).nearest_two(one[0]).second.distance ==
        std::numeric_limits<std::int32_t>::max());
}

TEST_CASE("an index of nothing finds nothing") {
  const match::DescriptorTable none;
  const match::DescriptorTable query = flat_table({5});
  CHECK_FALSE(match::TileIndex(none).nearest(query[0], {}));
}

}  // namespace
}  // namespace smalti

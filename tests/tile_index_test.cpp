#include "smalti/tile_index.h"

#include <doctest/doctest.h>

#include <random>

#include "support/synthetic.h"

namespace smalti {
namespace {

using test::flat_table;

TEST_CASE("the nearest tile, and of equally near ones the first") {
  const DescriptorTable tiles = flat_table({100, 300, 100, 500});
  const TileIndex index(tiles);
  const DescriptorTable cells = flat_table({90, 210, 200, 600});
  CHECK(index.nearest(cells[0]) == Candidate{0, 16 * 100});
  CHECK(index.nearest(cells[1]).tile == 1);
  CHECK(index.nearest(cells[2]).tile == 0);  // 100 away from 0, 1 and 2
  CHECK(index.nearest(cells) == Placement{index.nearest(cells[0]), index.nearest(cells[1]),
                                          index.nearest(cells[2]), index.nearest(cells[3])});
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

}  // namespace
}  // namespace smalti

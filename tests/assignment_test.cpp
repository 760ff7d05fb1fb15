#include "match/assignment.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>
#include <set>
#include <tuple>

namespace smalti {
namespace {

match::DescriptorTable some(std::size_t count, int spread, unsigned seed) {
  std::mt19937 random(seed);
  match::DescriptorTable table(count);
  for (std::size_t i = 0; i < count; ++i) {
    const int base = static_cast<int>(random() % static_cast<unsigned>(spread));
    for (std::size_t k = 0; k < match::kDescriptorSize; ++k)
      table.row(i)[k] = static_cast<std::int16_t>(base + static_cast<int>(random() % 20));
  }
  return table;
}

std::int64_t cost(const std::vector<match::Candidate>& assigned,
                  const match::DescriptorTable& tiles, const match::DescriptorTable& queries) {
  std::set<match::TileNumber> used;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < assigned.size(); ++i) {
    CHECK(used.insert(assigned[i].tile).second);
    CHECK(assigned[i].distance ==
          match::distance(queries[i], tiles[static_cast<std::size_t>(assigned[i].tile)]));
    sum += assigned[i].distance;
  }
  return sum;
}

// The Hungarian method on the whole matrix, as textbooks have it.
std::int64_t least_cost(const match::DescriptorTable& tiles,
                        const match::DescriptorTable& queries) {
  const std::size_t n = queries.size(), m = tiles.size();
  std::vector<std::int64_t> u(n + 1), v(m + 1);
  std::vector<std::size_t> row(m + 1), way(m + 1);
  for (std::size_t i = 1; i <= n; ++i) {
    row[0] = i;
    std::size_t at = 0;
    std::vector<std::int64_t> least(m + 1, std::numeric_limits<std::int64_t>::max());
    std::vector<bool> used(m + 1);
    do {
      used[at] = true;
      std::int64_t delta = std::numeric_limits<std::int64_t>::max();
      std::size_t next = 0;
      for (std::size_t j = 1; j <= m; ++j) {
        if (used[j]) continue;
        const std::int64_t c =
            match::distance(queries[row[at] - 1], tiles[j - 1]) - u[row[at]] - v[j];
        if (c < least[j]) least[j] = c, way[j] = at;
        if (least[j] < delta) delta = least[j], next = j;
      }
      for (std::size_t j = 0; j <= m; ++j) {
        if (used[j]) {
          u[row[j]] += delta, v[j] -= delta;
        } else {
          least[j] -= delta;
        }
      }
      at = next;
    } while (row[at] != 0);
    for (; at != 0; at = way[at]) row[at] = row[way[at]];
  }
  return -v[0];
}

TEST_CASE("no assignment costs less") {
  for (const auto& [queries, tiles, spread] : {std::tuple<std::size_t, std::size_t, int>{1, 1, 9},
                                               {1, 5, 500},
                                               {5, 5, 500},
                                               {20, 21, 40},
                                               {60, 60, 10},
                                               {100, 150, 1000},
                                               {150, 700, 30},
                                               {200, 200, 1500}}) {
    CAPTURE(queries);
    CAPTURE(tiles);
    const match::DescriptorTable t = some(tiles, spread, 1);
    const match::DescriptorTable q = some(queries, spread, 2);
    CHECK(cost(match::assign_distinct(match::TileIndex(t), q), t, q) == least_cost(t, q));
  }
}

TEST_CASE("many queries want the same few tiles") {
  const match::DescriptorTable tiles = some(400, 1200, 3);
  match::DescriptorTable queries(300);
  for (std::size_t i = 0; i < queries.size(); ++i)
    std::copy(tiles[i % 3].begin(), tiles[i % 3].end(), queries.row(i));
  CHECK(cost(match::assign_distinct(match::TileIndex(tiles), queries), tiles, queries) ==
        least_cost(tiles, queries));
}

TEST_CASE("nothing to assign") {
  const match::DescriptorTable tiles = some(3, 10, 1);
  CHECK(match::assign_distinct(match::TileIndex(tiles), match::DescriptorTable()).empty());
}

}  // namespace
}  // namespace smalti

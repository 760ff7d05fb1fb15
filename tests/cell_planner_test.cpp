#include "mosaic/cell_planner.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>
#include <vector>

#include "match/descriptor.h"
#include "smalti/sizes.h"

namespace smalti {
namespace {

using mosaic::CellPlanner;

// Fields of random blocks: some even, some not.
match::DescriptorTable random_fields(Size fields, unsigned seed) {
  match::DescriptorTable table(static_cast<std::size_t>(fields.width * fields.height));
  std::mt19937 random(seed);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const int spread = random() % 3 == 0 ? 600 : 20;
    const int base = static_cast<int>(random() % 1000);
    for (std::size_t k = 0; k < table.width(); ++k)
      table.row(i)[k] = static_cast<std::int16_t>(base + static_cast<int>(random() % spread));
  }
  return table;
}

match::DescriptorTable even_fields(Size fields, std::int16_t value) {
  match::DescriptorTable table(static_cast<std::size_t>(fields.width * fields.height));
  for (std::size_t i = 0; i < table.size(); ++i) std::fill_n(table.row(i), table.width(), value);
  return table;
}

int fields_covered(const std::vector<Rect>& cells) {
  int sum = 0;
  for (const Rect& c : cells) sum += c.width * c.height;
  return sum;
}

bool each_field_once(const std::vector<Rect>& cells, Size fields) {
  std::set<std::pair<int, int>> covered;
  for (const Rect& c : cells)
    for (int y = c.y; y < c.y + c.height; ++y)
      for (int x = c.x; x < c.x + c.width; ++x) covered.insert({x, y});
  return fields_covered(cells) == fields.width * fields.height &&
         covered.size() == static_cast<std::size_t>(fields.width * fields.height);
}

// What cells cost by the definition: area times the root mean square deviation from the mean, times
// the mean importance.
double cost_of(const std::vector<Rect>& cells, const match::DescriptorTable& seen, Size fields,
               const std::vector<std::uint16_t>& importance) {
  double sum = 0;
  for (const Rect& c : cells) {
    double mean[3] = {}, squares = 0, weight = 0, blocks = 0;
    const auto for_blocks = [&](const auto& call) {
      for (int y = c.y; y < c.y + c.height; ++y)
        for (int x = c.x; x < c.x + c.width; ++x) {
          const match::Descriptor d = seen[static_cast<std::size_t>(y * fields.width + x)];
          for (std::size_t k = 0; k < d.size(); ++k) call(d[k], k % 3);
        }
    };
    for_blocks([&](int v, std::size_t channel) {
      mean[channel] += v;
      blocks += channel == 0 ? 1 : 0;
    });
    for (double& m : mean) m /= blocks;
    for_blocks(
        [&](int v, std::size_t channel) { squares += (v - mean[channel]) * (v - mean[channel]); });
    for (int y = c.y; y < c.y + c.height; ++y)
      for (int x = c.x; x < c.x + c.width; ++x)
        weight += importance.empty()
                      ? 1
                      : importance[static_cast<std::size_t>(y * fields.width + x)] / 16.0;
    sum += blocks * std::sqrt(squares / blocks) * weight / (c.width * c.height);
  }
  return sum;
}

// All ways to lay a square of cells.
std::vector<std::vector<Rect>> all_layouts(int x, int y, int side) {
  std::vector<std::vector<Rect>> all = {{{x, y, side, side}}};
  if (side == 1) return all;
  const int half = side / 2;
  std::vector<std::vector<Rect>> split = {{}};
  for (const int part : {0, 1, 2, 3}) {
    std::vector<std::vector<Rect>> longer;
    for (const auto& quarter : all_layouts(x + part % 2 * half, y + part / 2 * half, half))
      for (std::vector<Rect> cells : split) {
        cells.insert(cells.end(), quarter.begin(), quarter.end());
        longer.push_back(std::move(cells));
      }
    split = std::move(longer);
  }
  all.insert(all.end(), split.begin(), split.end());
  return all;
}

TEST_CASE("no other cells of as many are cheaper: against all ways to lay them") {
  const std::vector<std::vector<Rect>> all = all_layouts(0, 0, 4);
  REQUIRE(all.size() == 17);
  const Size wide{8, 4};  // two squares of them
  for (const unsigned seed : {1U, 2U, 3U, 4U, 5U}) {
    const match::DescriptorTable seen = random_fields(wide, seed);
    std::vector<std::uint16_t> importance;
    if (seed > 2)
      for (int i = 0; i < 32; ++i) importance.push_back(static_cast<std::uint16_t>(16 + 4 * i));
    CellPlanner planner(wide);
    planner.add(seen);
    for (std::size_t wanted = 2; wanted <= 32; ++wanted) {
      const std::vector<Rect> cells = planner.plan(wanted, importance);
      CHECK(cells.size() <= wanted);
      CHECK(each_field_once(cells, wide));
      double least = std::numeric_limits<double>::max();
      for (const auto& left : all)
        for (const auto& right : all) {
          if (left.size() + right.size() != cells.size()) continue;
          std::vector<Rect> both = left;
          for (Rect r : right) both.push_back({r.x + 4, r.y, r.width, r.height});
          least = std::min(least, cost_of(both, seen, wide, importance));
        }
      CHECK(cost_of(cells, seen, wide, importance) <= least * 1.001 + 1);
    }
  }
}

TEST_CASE("the wanted number of cells is met within one in a hundred") {
  const Size fields{160, 96};
  CellPlanner planner(fields);
  planner.add(random_fields(fields, 7));
  for (const std::size_t wanted : {500U, 1200U, 2700U, 6000U, 12'000U}) {
    const std::vector<Rect> cells = planner.plan(wanted);
    CHECK(cells.size() <= wanted);
    CHECK(cells.size() >= wanted * 99 / 100);
    CHECK(each_field_once(cells, fields));
  }
  CHECK(planner.plan(1'000'000).size() == 160 * 96);
  CHECK(planner.plan(1).size() == 20 * 12);  // none is larger
}

TEST_CASE("fields that make no whole cell stay small") {
  for (const Size fields : {Size{1, 1}, Size{1, 9}, Size{7, 5}, Size{8, 8}, Size{13, 17}}) {
    CellPlanner planner(fields);
    planner.add(random_fields(fields, 3));
    for (const std::size_t wanted : {1U, 4U, 30U, 1000U})
      CHECK(each_field_once(planner.plan(wanted), fields));
  }
}

TEST_CASE("small cells stand where there is something to be seen") {
  const Size fields{32, 32};
  match::DescriptorTable seen = even_fields(fields, 500);
  const match::DescriptorTable noise = random_fields(fields, 1);
  const auto is_busy = [](int x, int y) { return x >= 8 && x < 16 && y >= 16 && y < 24; };
  for (int y = 0; y < 32; ++y)
    for (int x = 0; x < 32; ++x)
      if (is_busy(x, y))
        std::copy_n(noise[static_cast<std::size_t>(y * 32 + x)].begin(), seen.width(),
                    seen.row(static_cast<std::size_t>(y * 32 + x)));
  CellPlanner planner(fields);
  planner.add(seen);
  for (const Rect& c : planner.plan(80)) CHECK(c.width == (is_busy(c.x, c.y) ? 1 : 8));
  // An even target has nothing to be seen: there are fewer than wanted.
  CellPlanner even(fields);
  even.add(even_fields(fields, 0));
  CHECK(even.plan(500).size() == 16);
}

TEST_CASE("what counts more has smaller cells") {
  const Size fields{64, 32};
  CellPlanner planner(fields);
  planner.add(random_fields(fields, 5));
  std::vector<std::uint16_t> importance(64 * 32, CellPlanner::kOrdinary);
  for (std::size_t i = 0; i < importance.size(); ++i)
    if (i % 64 < 16) importance[i] = 8 * CellPlanner::kOrdinary;
  const auto on_the_left = [](const std::vector<Rect>& cells) {
    return std::count_if(cells.begin(), cells.end(), [](const Rect& c) { return c.x < 16; });
  };
  CHECK(on_the_left(planner.plan(600, importance)) > 2 * on_the_left(planner.plan(600)));
}

TEST_CASE("where something moves through a shot cells stay small") {
  const Size fields{32, 32};
  CellPlanner planner(fields);
  // A bright bar of a field's width crosses the upper half; each frame by itself is otherwise even.
  for (int frame = 0; frame < 8; ++frame) {
    match::DescriptorTable seen = even_fields(fields, 300);
    for (int y = 0; y < 16; ++y)
      std::fill_n(seen.row(static_cast<std::size_t>(y * 32 + 4 * frame)), seen.width(), 1400);
    planner.add(seen);
  }
  const std::vector<Rect> cells = planner.plan(200);
  std::size_t above = 0;
  for (const Rect& c : cells) above += c.y < 16 ? 1 : 0;
  CHECK(above > cells.size() * 9 / 10);
  CHECK(planner.frames() == 8);
}

}  // namespace
}  // namespace smalti

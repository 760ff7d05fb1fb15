// Cells of any shape: a grid that is written down cell by cell gives what the grid gives, and cells
// of several sizes what each gives by itself.

#include "base/cells.h"

#include <doctest/doctest.h>

#include <cstring>
#include <random>
#include <set>

#include "images/pixels.h"
#include "measure/fidelity.h"
#include "mosaic/compositor.h"
#include "mosaic/layout.h"
#include "mosaic/selector.h"
#include "mosaic/shots.h"
#include "products/placements/placements_file.h"
#include "support/pictures.h"
#include "support/synthetic.h"
#include "support/temp_folder.h"

namespace smalti {
namespace {

constexpr PixelFormat kRgb{ColorModel::kRgb, 8, 0, 0, false};

Picture picture_of(const cv::Mat& pixels) { return images::to_picture(pixels); }

std::vector<Rect> each_field(const Grid& grid) {
  std::vector<Rect> cells;
  for (int y = 0; y < grid.rows(); ++y)
    for (int x = 0; x < grid.columns(); ++x) cells.push_back({x, y, 1, 1});
  return cells;
}

// Rows shifted by half a cell, which end in half cells.
std::vector<Rect> bricks(const Grid& fields) {
  std::vector<Rect> cells;
  for (int y = 0; y < fields.rows(); ++y) {
    for (int x = -(y % 2); x < fields.columns(); x += 2) {
      const int begin = std::max(x, 0);
      cells.push_back({begin, y, std::min(x + 2, fields.columns()) - begin, 1});
    }
  }
  return cells;
}

// Squares of 1, 2 and 4 fields, as they come.
std::vector<Rect> of_three_sizes(const Grid& fields, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<Rect> cells;
  const auto add = [&](const auto& self, int x, int y, int side) -> void {
    if (x >= fields.columns() || y >= fields.rows()) return;
    const bool fits = x + side <= fields.columns() && y + side <= fields.rows();
    if (side == 1 || (fits && random() % 2 == 0)) return cells.push_back({x, y, side, side});
    for (const int i : {0, 1, 2, 3})
      self(self, x + i % 2 * side / 2, y + i / 2 * side / 2, side / 2);
  };
  for (int y = 0; y < fields.rows(); y += 4)
    for (int x = 0; x < fields.columns(); x += 4) add(add, x, y, 4);
  return cells;
}

std::set<std::size_t> neighbours(const Cells& cells, std::size_t cell, int distance) {
  std::set<std::size_t> all;
  cells.for_neighbours(cell, distance, [&](std::size_t other) { CHECK(all.insert(other).second); });
  return all;
}

const Grid kFields = Grid::even({321, 240}, 23, 17, {1, 1});

TEST_CASE("every field of a grid, written down, is that grid") {
  const Cells grid = kFields;
  const Cells listed(kFields, each_field(kFields));
  REQUIRE(grid.is_grid());
  REQUIRE_FALSE(listed.is_grid());
  CHECK(listed.size() == grid.size());
  CHECK(listed.mean_counts() == grid.mean_counts());
  for (std::size_t i = 0; i < grid.size(); ++i) {
    CHECK(listed[i] == grid[i]);
    CHECK(listed.in_fields(i) == grid.in_fields(i));
    for (const int distance : {0, 1, 4})
      CHECK(neighbours(listed, i, distance) == neighbours(grid, i, distance));
  }

  const Picture picture = picture_of(test::photo({640, 480}));
  const match::DescriptorTable seen = match::describe(picture, grid);
  CHECK(match::describe(picture, listed) == seen);
  MatchOptions match;
  match.size = 6;
  CHECK(match::describe(picture, listed, match) == match::describe(picture, grid, match));

  const match::DescriptorTable tiles = match::describe(
      picture_of(test::photo({900, 700})), Cells(Grid::even({900, 700}, 25, 20, {1, 1})));
  const match::TileIndex index(tiles);
  match::Placement nearest;
  for (std::size_t i = 0; i < grid.size(); ++i) nearest.push_back(index.nearest(seen[i]));
  SelectOptions options;
  options.spacing = 3;
  const match::Placement chosen =
      mosaic::Selector(index, grid, options).select(seen, nearest, {}, {});
  CHECK(mosaic::Selector(index, listed, options).select(seen, nearest, {}, {}) == chosen);

  const Fidelity by_grid = measure::measure_fidelity(grid, seen, tiles, chosen);
  const Fidelity by_list = measure::measure_fidelity(listed, seen, tiles, chosen);
  CHECK(by_list.sum_delta_e == by_grid.sum_delta_e);
  CHECK(by_list.sum_ssim == by_grid.sum_ssim);
  CHECK(by_list.blocks == by_grid.blocks);

  const match::DescriptorTable other =
      match::describe(picture_of(cv::Scalar::all(255) - test::photo({321, 240})), grid);
  CHECK(mosaic::is_cut(listed, seen, other) == mosaic::is_cut(grid, seen, other));
}

TEST_CASE("cells of several sizes: each is described as if it were alone") {
  for (const auto& list : {bricks(kFields), of_three_sizes(kFields, 3)}) {
    const Cells cells(kFields, list);
    for (const cv::Mat& pixels : {test::photo({640, 480}), test::photo({200, 333})}) {
      const Picture picture = picture_of(pixels);
      const match::DescriptorTable seen = match::describe(picture, cells);
      for (std::size_t i = 0; i < cells.size(); ++i) {
        const Rect r = cells[i];
        const Cells alone = Grid(cells.canvas(), {r.x, r.x + r.width}, {r.y, r.y + r.height});
        const match::DescriptorTable one = match::describe(picture, alone);
        CHECK(std::equal(one[0].begin(), one[0].end(), seen[i].begin()));
      }
    }
  }
}

TEST_CASE("neighbours of cells of several sizes, against looking at all") {
  for (const unsigned seed : {1U, 2U, 3U}) {
    const Cells cells(kFields, of_three_sizes(kFields, seed));
    const auto gap = [](int a, int a_length, int b, int b_length) {
      return std::max({0, b - a - a_length, a - b - b_length});
    };
    for (const int distance : {1, 2, 5}) {
      for (std::size_t i = 0; i < cells.size(); ++i) {
        const Rect a = cells.in_fields(i);
        std::set<std::size_t> wanted;
        for (std::size_t j = 0; j < cells.size(); ++j) {
          const Rect b = cells.in_fields(j);
          const int smaller = std::min(a.width, b.width);
          const int farther = smaller >= 8 ? 3 : smaller >= 4 ? 2 : 1;
          const double across = distance * farther * (a.width + b.width) / 2.0;
          const double down = distance * farther * (a.height + b.height) / 2.0;
          if (gap(a.x, a.width, b.x, b.width) < across && gap(a.y, a.height, b.y, b.height) < down)
            wanted.insert(j);
        }
        CHECK(neighbours(cells, i, distance) == wanted);
      }
    }
  }
}

TEST_CASE("the cell at a field is the one that is painted last there") {
  const Cells cells(Grid::even({60, 40}, 6, 4, {1, 1}), {{0, 0, 4, 4}, {2, 1, 2, 2}, {5, 3, 1, 1}});
  CHECK(cells.at(0, 0) == std::size_t{0});
  CHECK(cells.at(3, 2) == std::size_t{1});
  CHECK(cells.at(5, 3) == std::size_t{2});
  CHECK_FALSE(cells.at(4, 0));

  // Each tile is one grey, ten times its number.
  const mosaic::TileSource greys = [](match::TileNumber tile, Size size) {
    return std::make_shared<const Picture>(
        test::solid(kRgb, size, {10 * (tile + 1), 10 * (tile + 1), 10 * (tile + 1), 0}));
  };
  Picture picture = Picture::allocate(kRgb, cells.canvas(), {});
  for (int y = 0; y < 40; ++y) std::memset(picture.planes[0].row<std::uint8_t>(y), 0, 60);
  mosaic::compose({{0, 0}, {1, 0}, {2, 0}}, cells, greys, picture);
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x < 60; ++x) {
      const auto cell = cells.at(x / 10, y / 10);
      const int grey = cell ? 10 * (static_cast<int>(*cell) + 1) : 0;
      CHECK(picture.planes[0].row<std::uint8_t>(y)[x] == grey);
    }
  }
  // A part of it shows the same.
  Picture part = Picture::allocate(kRgb, {25, 13}, {});
  for (int y = 0; y < 13; ++y) std::memset(part.planes[0].row<std::uint8_t>(y), 0, 25);
  mosaic::compose({{0, 0}, {1, 0}, {2, 0}}, cells, greys, part, {17, 9});
  for (int y = 0; y < 13; ++y)
    CHECK(std::equal(part.planes[0].row<std::uint8_t>(y), part.planes[0].row<std::uint8_t>(y) + 25,
                     picture.planes[0].row<std::uint8_t>(y + 9) + 17));
}

TEST_CASE("equal tiles keep their distance among cells of several sizes") {
  const Cells cells(kFields, of_three_sizes(kFields, 5));
  const match::DescriptorTable seen = match::describe(picture_of(test::photo({640, 480})), cells);
  const match::DescriptorTable tiles = match::describe(
      picture_of(test::photo({900, 700})), Cells(Grid::even({900, 700}, 30, 20, {1, 1})));
  const match::TileIndex index(tiles);
  match::Placement nearest;
  for (std::size_t i = 0; i < cells.size(); ++i) nearest.push_back(index.nearest(seen[i]));
  SelectOptions options;
  options.spacing = 2;
  const match::Placement chosen =
      mosaic::Selector(index, cells, options).select(seen, nearest, {}, {});
  std::size_t near_before = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    for (const std::size_t other : neighbours(cells, i, options.spacing)) {
      if (other == i) continue;
      CHECK(chosen[other].tile != chosen[i].tile);
      near_before += nearest[other].tile == nearest[i].tile ? 1 : 0;
    }
  }
  CHECK(near_before > 0);
}

TEST_CASE("on another canvas they are the same cells") {
  const Cells cells(kFields, bricks(kFields));
  const Cells large = cells.on(Grid::even({642, 480}, 23, 17, {1, 1}));
  CHECK(large.same_layout(cells));
  CHECK_FALSE(large.same_layout(kFields));
  CHECK(large.canvas() == Size{642, 480});
  CHECK(large.in_fields(30) == cells.in_fields(30));
}

TEST_CASE("placements of cells of several sizes are saved and found again") {
  const test::TempFolder folder;
  LayoutOptions wish;
  wish.columns = 8;
  wish.rows = 6;
  const mosaic::Layout layout = mosaic::plan_layout(wish, {160, 120}, {2, 2});
  const Grid& fields = layout.cells.fields();
  const Cells first(fields, {{0, 0, 4, 4}, {4, 0, 4, 4}, {0, 4, 2, 2}, {2, 4, 6, 2}});
  const Cells second(fields, {{0, 0, 8, 2}, {0, 2, 8, 4}});
  MosaicOptions options;
  options.save_placements = folder / "saved.jsonl";
  tiles::TileSet tiles;
  tiles.tiles.resize(2);
  tiles.tiles[1].id.hash_low = 1;
  {
    const auto writer = save_placements(options, layout, {1, 25}, {}, tiles, {});
    writer->write(0, 0, first, {{0, 1}, {1, 1}, {1, 1}, {0, 1}});
    writer->write(1, 0, first, {{0, 1}, {1, 1}, {0, 1}, {0, 1}});
    writer->write(2, 0, second, {{1, 1}, {0, 1}});  // laid anew within the shot
    writer->write(3, 3, second, {{1, 1}, {1, 1}});
    writer->finish();
  }
  PlacementsReader reader(folder / "saved.jsonl");
  reader.use(tiles);
  MosaicOptions adopted;
  adopt(reader.header(), adopted);
  adopted.layout.size = Size{320, 240};
  const mosaic::Layout again = mosaic::plan_layout(adopted.layout, {160, 120}, {2, 2});
  CHECK(again.cells.is_grid());
  const PlacementsReader::Frame frame = reader.at(0);
  const Cells large = cells_of(frame, again.cells.fields());
  CHECK(large.same_layout(first));
  CHECK(large[3] == Rect{80, 160, 240, 80});
  CHECK(frame.placement.at(2).tile == 1);
  pipeline::FrameJob job;
  job.pts = 1;
  reader.place(job, fields);
  CHECK(job.cells->same_layout(first));
  CHECK(job.placement.at(2).tile == 0);
  const std::shared_ptr<const Cells> before = job.cells;
  job.index = 2;
  job.pts = 2;
  reader.place(job, fields);
  CHECK_FALSE(job.starts_shot);
  CHECK(job.cells->same_layout(second));
  CHECK(job.placement.at(1).tile == 0);
  job.index = 3;
  job.pts = 3;
  reader.place(job, fields);
  CHECK(job.starts_shot);
  CHECK(job.cells->same_layout(second));
  CHECK(job.placement.at(1).tile == 1);
}

}  // namespace
}  // namespace smalti

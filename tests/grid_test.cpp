#include "base/grid.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "mosaic/layout.h"
#include "smalti/error.h"
#include "smalti/layout_options.h"
#include "smalti/sizes.h"

namespace smalti {
namespace {

Size smallest_cell(const Grid& grid) {
  Size size{1 << 30, 1 << 30};
  for (int r = 0; r < grid.rows(); ++r)
    for (int c = 0; c < grid.columns(); ++c)
      size = {std::min(size.width, grid.cell(c, r).width),
              std::min(size.height, grid.cell(c, r).height)};
  return size;
}

Size largest_cell(const Grid& grid) {
  Size size;
  for (int r = 0; r < grid.rows(); ++r)
    for (int c = 0; c < grid.columns(); ++c)
      size = {std::max(size.width, grid.cell(c, r).width),
              std::max(size.height, grid.cell(c, r).height)};
  return size;
}

TEST_CASE(
    "an even grid gives every pixel to one cell, on whole chroma samples, sizes a step apart") {
  for (const Size canvas : {Size{2, 2}, Size{1280, 720}, Size{854, 480}, Size{1918, 1078}}) {
    for (int columns : {1, 3, 80, 119}) {
      for (int rows : {1, 7, 34}) {
        if (columns > canvas.width / 2 || rows > canvas.height / 2) continue;
        const Grid grid = Grid::even(canvas, columns, rows, {2, 2});
        long long area = 0;
        for (int r = 0; r < rows; ++r) {
          for (int c = 0; c < columns; ++c) {
            const Rect cell = grid.cell(c, r);
            CHECK(cell.x % 2 == 0);
            CHECK(cell.y % 2 == 0);
            area += static_cast<long long>(cell.width) * cell.height;
          }
        }
        CHECK(area == static_cast<long long>(canvas.width) * canvas.height);
        CHECK(grid.x_lines().front() == 0);
        CHECK(grid.x_lines().back() == canvas.width);
        CHECK(largest_cell(grid).width - smallest_cell(grid).width <= 2);
        CHECK(largest_cell(grid).height - smallest_cell(grid).height <= 2);
      }
    }
  }
}

LayoutOptions columns(int n) {
  LayoutOptions options;
  options.columns = n;
  return options;
}

LayoutOptions grid() {
  LayoutOptions options;
  options.layout = CellLayout::kGrid;
  return options;
}

LayoutOptions so_many(int cells) {
  LayoutOptions options;
  options.cells = cells;
  return options;
}

// How much wider or higher its fields are than tiles.
double distortion(const mosaic::Layout& layout) {
  const Grid& fields = layout.cells.fields();
  const double shape = static_cast<double>(fields.canvas().width) / fields.columns() /
                       (static_cast<double>(fields.canvas().height) / fields.rows());
  return std::max(shape / layout.aspect.ratio(), layout.aspect.ratio() / shape);
}

TEST_CASE("an adaptive layout has four fields a cell, of a tile's shape, in whole largest cells") {
  for (const Size target : {Size{1920, 1080}, Size{1080, 1920}, Size{4000, 3000}, Size{512, 512},
                            Size{4608, 512}, Size{427, 239}}) {
    for (const int cells : {300, 1200, 2700, 20'000}) {
      CAPTURE(target.width);
      CAPTURE(cells);
      const mosaic::Layout layout = mosaic::plan_layout(so_many(cells), target, {2, 2});
      CHECK(layout.merge_to == static_cast<std::size_t>(cells));
      const Grid& fields = layout.cells.fields();
      CHECK(static_cast<double>(fields.cells()) == doctest::Approx(4.0 * cells).epsilon(0.35));
      if (target.width < 9 * target.height) CHECK(distortion(layout) < 1.09);
      if (cells >= 1200 && target.width < 9 * target.height) {
        CHECK(fields.columns() % 8 == 0);
        CHECK(fields.rows() % 8 == 0);
      }
    }
  }
}

TEST_CASE("by default as many cells as target and canvas bear, whatever the target's shape") {
  const auto cells = [](Size target, LayoutOptions options = {}) {
    return mosaic::plan_layout(options, target, {2, 2}).merge_to;
  };
  CHECK(cells({3840, 2160}) == 2700);
  CHECK(cells({1920, 1080}) == cells({1080, 1920}));
  CHECK(cells({1920, 1080}) > 1200);
  CHECK(cells({640, 360}) == 1200);
  LayoutOptions large;
  large.enlarge = 8;
  CHECK(cells({512, 512}, large) == 2700);
  LayoutOptions tiny;
  tiny.size = Size{64, 64};
  CHECK(cells({512, 512}, tiny) < 100);

  // Enlarged by no more than it takes for the smallest to be comfortable.
  const auto enlarge = [](Size target) {
    const mosaic::Layout layout = mosaic::plan_layout({}, target, {2, 2});
    const Grid& fields = layout.cells.fields();
    CHECK(fields.canvas().width >= 15 * fields.columns());
    return layout.enlarge;
  };
  CHECK(enlarge({1920, 1080}) == 1);
  CHECK(enlarge({1080, 1920}) == 1);
  CHECK(enlarge({1280, 720}) == 1.25);
  CHECK(enlarge({640, 360}) == 3);
}

TEST_CASE("so many cells in a grid") {
  LayoutOptions options = so_many(2700);
  options.layout = CellLayout::kGrid;
  const mosaic::Layout layout = mosaic::plan_layout(options, {1920, 1080}, {2, 2});
  CHECK(layout.merge_to == 0);
  CHECK(static_cast<double>(layout.cells.size()) == doctest::Approx(2700).epsilon(0.02));
}

TEST_CASE("a grid has 80 columns of 3:4 tiles, enlarged until cells are 16 pixels wide") {
  const mosaic::Layout hd = mosaic::plan_layout(grid(), {1920, 1080}, {2, 2});
  CHECK(hd.cells.fields().columns() == 80);
  CHECK(hd.cells.fields().rows() == 34);  // 1080 / 32 = 33.75
  CHECK(hd.cells.canvas() == Size{1920, 1080});
  CHECK_FALSE(hd.enlarged_by_itself);

  const mosaic::Layout small = mosaic::plan_layout(grid(), {426, 240}, {2, 2});
  CHECK(small.enlarge == 4);  // 426 * 3 is two pixels short of 80 * 16
  CHECK(small.cells.canvas() == Size{1704, 960});
  CHECK(small.enlarged_by_itself);
  CHECK(smallest_cell(small.cells.fields()).width >= 16);
}

TEST_CASE("enlarging multiplies the size of cells, never their number") {
  LayoutOptions options = columns(40);
  const mosaic::Layout plain = mosaic::plan_layout(options, {1280, 720}, {2, 2});
  options.enlarge = 3;
  const mosaic::Layout large = mosaic::plan_layout(options, {1280, 720}, {2, 2});
  CHECK(large.cells.canvas() == Size{3840, 2160});
  CHECK(large.cells.fields().columns() == plain.cells.fields().columns());
  CHECK(large.cells.fields().rows() == plain.cells.fields().rows());
}

TEST_CASE("scale and tile size choose cells in target pixels") {
  LayoutOptions options;
  options.scale = 10;
  const mosaic::Layout by_scale = mosaic::plan_layout(options, {1280, 720}, {2, 2});
  CHECK(by_scale.cells.fields().columns() == 43);  // 1280 / 30
  CHECK(by_scale.cells.fields().rows() == 18);     // 720 / 40

  options.scale.reset();
  options.tile_size = Size{32, 18};
  const mosaic::Layout by_size = mosaic::plan_layout(options, {1280, 720}, {2, 2});
  CHECK(by_size.cells.fields().columns() == 40);
  CHECK(by_size.cells.fields().rows() == 40);
  CHECK(by_size.aspect == Aspect{32, 18});
}

TEST_CASE("odd canvases are rounded up to whole chroma samples only where the format has them") {
  LayoutOptions options = columns(5);
  options.enlarge = 1;
  CHECK(mosaic::plan_layout(options, {427, 239}, {2, 2}).cells.canvas() == Size{428, 240});
  CHECK(mosaic::plan_layout(options, {427, 239}, {1, 1}).cells.canvas() == Size{427, 239});
}

TEST_CASE("the smallest targets still make a mosaic") {
  for (const Size target : {Size{1, 1}, Size{2, 2}, Size{1, 2}, Size{3, 1}}) {
    const mosaic::Layout layout = mosaic::plan_layout(grid(), target, {2, 2});
    CHECK(layout.cells.fields().columns() == 80);
    CHECK(layout.cells.canvas().width >= 1280);
  }
}

ErrorKind kind_of_failure(const LayoutOptions& options, Size target) {
  try {
    mosaic::plan_layout(options, target, {2, 2});
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind{0};
}

TEST_CASE("layouts without meaning are usage errors") {
  const Size target{1280, 720};
  CHECK(kind_of_failure(columns(80), target) == ErrorKind{0});
  for (const int n : {0, -1, 100'000, 2'000'000'000})
    CHECK(kind_of_failure(columns(n), target) == ErrorKind::kUsage);

  LayoutOptions both = columns(80);
  both.layout = CellLayout::kAdaptive;
  CHECK(kind_of_failure(both, target) == ErrorKind::kUsage);
  both = columns(80);
  both.cells = 1000;
  CHECK(kind_of_failure(both, target) == ErrorKind::kUsage);
  CHECK(kind_of_failure(so_many(0), target) == ErrorKind::kUsage);

  LayoutOptions small = columns(80);
  small.size = Size{64, 64};
  CHECK(kind_of_failure(small, target) == ErrorKind::kUsage);  // more cells than chroma samples
  LayoutOptions huge = columns(80);
  huge.enlarge = 1e9;
  CHECK(kind_of_failure(huge, target) == ErrorKind::kUsage);
  huge.enlarge = -2;
  CHECK(kind_of_failure(huge, target) == ErrorKind::kUsage);
  LayoutOptions two = columns(80);
  two.scale = 4;
  CHECK(kind_of_failure(two, target) == ErrorKind::kUsage);
}

}  // namespace
}  // namespace smalti

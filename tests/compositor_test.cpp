#include "mosaic/compositor.h"

#include <doctest/doctest.h>

#include "support/synthetic.h"

namespace smalti {
namespace {

using test::kYuv420;
using test::sample_at;

// Tile n is a picture whose samples are all n, in every component.
std::shared_ptr<const Picture> numbered(const PixelFormat& format, match::TileNumber tile,
                                        Size size) {
  return std::make_shared<Picture>(test::solid(format, size, {tile, tile, tile, tile}));
}

match::Placement numbering(std::size_t cells) {
  match::Placement placement(cells);
  for (std::size_t i = 0; i < cells; ++i) placement[i].tile = static_cast<match::TileNumber>(i);
  return placement;
}

TEST_CASE("every sample of every component belongs to the cell that covers it") {
  const PixelFormat formats[] = {kYuv420,
                                 {ColorModel::kYuv, 8, 1, 0, false},
                                 {ColorModel::kYuv, 10, 0, 0, false},
                                 {ColorModel::kRgb, 8, 0, 0, false},
                                 {ColorModel::kGray, 8, 0, 0, false}};
  for (const PixelFormat& format : formats) {
    const Size step = format.chroma_step();
    const Grid grid = Grid::even({54, 38}, 11, 7, step);
    Picture canvas = test::solid(format, {54, 38}, {255, 255, 255, 255});
    mosaic::compose(
        numbering(grid.cells()), grid,
        [&](match::TileNumber tile, Size size) { return numbered(format, tile, size); }, canvas);

    std::size_t cell = 0;
    for (int r = 0; r < grid.rows(); ++r) {
      for (int c = 0; c < grid.columns(); ++c, ++cell) {
        const Rect rect = grid.cell(c, r);
        for (int y = rect.y; y < rect.y + rect.height; ++y) {
          for (int x = rect.x; x < rect.x + rect.width; ++x) {
            REQUIRE(sample_at(canvas, 0, x, y) == static_cast<int>(cell));
            if (format.model == ColorModel::kYuv) {
              REQUIRE(sample_at(canvas, 2, x / step.width, y / step.height) ==
                      static_cast<int>(cell));
            }
          }
        }
      }
    }
  }
}

TEST_CASE("cells that reach beyond the canvas are cut off there") {
  const Grid grid({40, 40}, {-10, 10, 30, 50}, {-20, 20, 60});
  Picture canvas = test::solid(kYuv420, {40, 40}, {255, 255, 255, 0});
  const auto ramp = [](match::TileNumber tile, Size size) {
    return std::make_shared<Picture>(test::make_picture(
        kYuv420, size, [&](int, int x, int) { return static_cast<int>(tile) * 40 + x; }));
  };
  mosaic::compose(numbering(grid.cells()), grid, ramp, canvas);
  CHECK(sample_at(canvas, 0, 0, 0) == 10);    // tile 0 from its 11th column on
  CHECK(sample_at(canvas, 0, 10, 0) == 40);   // tile 1 whole
  CHECK(sample_at(canvas, 0, 39, 0) == 89);   // tile 2 up to its 10th column
  CHECK(sample_at(canvas, 0, 0, 39) == 130);  // tile 3
  CHECK(sample_at(canvas, 1, 0, 0) == 5);
}

TEST_CASE("parts painted by themselves make the whole picture") {
  const PixelFormat format = kYuv420;
  const Grid grid = Grid::even({54, 38}, 11, 7, format.chroma_step());
  const auto tiles = [&](match::TileNumber tile, Size size) {
    return numbered(format, tile, size);
  };
  Picture whole = test::solid(format, {54, 38}, {255, 255, 255, 255});
  mosaic::compose(numbering(grid.cells()), grid, tiles, whole);
  Picture parts = test::solid(format, {54, 38}, {255, 255, 255, 255});
  for (const Rect& part :
       {Rect{0, 0, 20, 38}, Rect{20, 0, 34, 6}, Rect{20, 6, 2, 32}, Rect{22, 6, 32, 32}}) {
    Picture view = part_of(parts, part);
    mosaic::compose(numbering(grid.cells()), grid, tiles, view, {part.x, part.y});
  }
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < whole.planes[static_cast<std::size_t>(c)].height; ++y)
      for (int x = 0; x < whole.planes[static_cast<std::size_t>(c)].width; ++x)
        CHECK(sample_at(parts, c, x, y) == sample_at(whole, c, x, y));
}

TEST_CASE("cells without a tile stay as they are, the others become opaque") {
  const PixelFormat rgba{ColorModel::kRgb, 8, 0, 0, true};
  const PixelFormat rgb{ColorModel::kRgb, 8, 0, 0, false};
  const Grid grid = Grid::even({20, 10}, 2, 1, {1, 1});
  Picture canvas = test::solid(rgba, {20, 10}, {9, 9, 9, 0});
  match::Placement placement(2);
  placement[1].tile = 77;
  mosaic::compose(
      placement, grid, [&](match::TileNumber tile, Size size) { return numbered(rgb, tile, size); },
      canvas);
  CHECK(sample_at(canvas, 0, 3, 3) == 9);
  CHECK(sample_at(canvas, 3, 3, 3) == 0);
  CHECK(sample_at(canvas, 0, 13, 3) == 77);
  CHECK(sample_at(canvas, 3, 13, 3) == 255);
}

TEST_CASE("a target laid over the mosaic counts by what is not opaque, and by its alpha") {
  const PixelFormat rgb{ColorModel::kRgb, 8, 0, 0, false};
  Picture mosaic = test::solid(rgb, {4, 4}, {200, 100, 0, 0});
  mosaic::blend(test::solid(rgb, {4, 4}, {100, 100, 100, 0}), 0.75, mosaic);
  CHECK(sample_at(mosaic, 0, 1, 1) == 175);
  CHECK(sample_at(mosaic, 1, 1, 1) == 100);
  CHECK(sample_at(mosaic, 2, 1, 1) == 25);

  const PixelFormat rgba{ColorModel::kRgb, 8, 0, 0, true};
  Picture over = test::solid(rgba, {4, 4}, {200, 200, 200, 255});
  mosaic::blend(test::solid(rgba, {4, 4}, {0, 0, 0, 0}), 0.5, over);
  CHECK(sample_at(over, 0, 1, 1) == 200);
}

}  // namespace
}  // namespace smalti

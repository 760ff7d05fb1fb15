#include "mosaic/tint.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "measure/fidelity.h"
#include "mosaic/compositor.h"
#include "support/synthetic.h"

namespace smalti {
namespace {

using test::kRgb8;
using test::kYuv420;
using test::solid;

constexpr ColorTags kBt709{1, 1, 1, false};

match::DescriptorTable described(const Picture& picture) {
  return match::describe(picture, Grid(picture.size(), {0, picture.width}, {0, picture.height}));
}

// A tile of one colour in a cell of another, painted.
Picture painted(const PixelFormat& format, const ColorTags& tags, std::array<int, 4> tile,
                std::array<int, 4> cell, double strength) {
  Picture tile_picture = solid(format, {16, 16}, tile);
  Picture cell_picture = solid(format, {16, 16}, cell);
  tile_picture.color = cell_picture.color = tags;
  const match::DescriptorTable tiles = described(tile_picture);
  const match::DescriptorTable cells = described(cell_picture);
  const match::Placement placement{{0, match::distance(tiles[0], cells[0])}};
  const mosaic::Tinter tinter(tiles, strength, format, tags);
  Picture out = Picture::allocate(format, {16, 16}, tags);
  mosaic::compose(
      placement, Grid({16, 16}, {0, 16}, {0, 16}),
      [&](match::TileNumber, Size) { return std::make_shared<const Picture>(tile_picture); }, out,
      {}, tinter.shifts(cells, placement));
  return out;
}

TEST_CASE("a tile takes on its cell's colour as far as it is told to") {
  const std::array<int, 4> tile{120, 130, 110, 0};
  const std::array<int, 4> cell{140, 120, 125, 0};
  for (const auto& [format, tags] : {std::pair{kRgb8, ColorTags{}}, std::pair{kYuv420, kBt709}}) {
    for (int c = 0; c < 3; ++c) {
      const auto at = [&](double strength) {
        return test::sample_at(painted(format, tags, tile, cell, strength), c, 3, 3);
      };
      const auto i = static_cast<std::size_t>(c);
      CAPTURE(c);
      CHECK(at(0) == tile[i]);
      CHECK(std::abs(at(1) - cell[i]) <= 1);
      CHECK(std::abs(at(0.5) - (tile[i] + cell[i]) / 2) <= 2);
    }
  }
}

TEST_CASE("shifts are bounded, and samples stay in their range") {
  // Black to white lacks 100 L*: 25 of them are given, which is about 59 of 255.
  const Picture bounded = painted(kRgb8, {}, {0, 0, 0, 0}, {255, 255, 255, 0}, 1);
  CHECK(std::abs(test::sample_at(bounded, 0, 3, 3) - 59) <= 2);
  for (const int shift : {300, -300, 7, -7}) {
    Picture canvas = solid(kRgb8, {4, 4}, {0, 0, 0, 0});
    mosaic::compose(
        {{0, 0}}, Grid({4, 4}, {0, 4}, {0, 4}),
        [&](match::TileNumber, Size size) {
          return std::make_shared<const Picture>(solid(kRgb8, size, {250, 128, 5, 0}));
        },
        canvas, {},
        {mosaic::Shift{static_cast<std::int16_t>(shift), static_cast<std::int16_t>(shift),
                       static_cast<std::int16_t>(shift)}});
    CHECK(test::sample_at(canvas, 0, 1, 1) == std::clamp(250 + shift, 0, 255));
    CHECK(test::sample_at(canvas, 1, 1, 1) == std::clamp(128 + shift, 0, 255));
    CHECK(test::sample_at(canvas, 2, 1, 1) == std::clamp(5 + shift, 0, 255));
  }
}

TEST_CASE("fidelity counts tiles as they are shown") {
  const match::DescriptorTable target = test::flat_table({800, 900});
  const match::DescriptorTable tiles = test::flat_table({720, 700});  // 5 and 12.5 L* too dark
  const Grid grid = Grid::even({32, 16}, 2, 1, {1, 1});
  const match::Placement placement{{0, 0}, {1, 0}};
  const mosaic::Tinter half(tiles, 0.5, kRgb8, {});
  CHECK(measure::measure_fidelity(grid, target, tiles, placement).mean_delta_e() ==
        doctest::Approx(8.75));
  CHECK(measure::measure_fidelity(grid, target, tiles, placement, &half).mean_delta_e() ==
        doctest::Approx(4.375));
}

}  // namespace
}  // namespace smalti

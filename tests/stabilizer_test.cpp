#include "mosaic/stabilizer.h"

#include <doctest/doctest.h>

#include "mosaic/shots.h"
#include "smalti/error.h"
#include "smalti/stabilizer_options.h"
#include "support/synthetic.h"

namespace smalti {
namespace {

using test::flat_table;

// One cell over time: lightness in, tile out. Tiles are flat greys.
class OneCell {
 public:
  OneCell(StabilizerKind kind, double threshold, const std::vector<int>& tiles)
      : tiles_(flat_table(tiles)),
        index_(tiles_),
        stabilizer_(mosaic::make_stabilizer(kind, threshold, index_)) {}

  match::TileNumber show(int lightness, bool starts_shot = false) {
    auto frame = std::make_shared<mosaic::SeenFrame>();
    frame->cells = std::make_shared<const Cells>(Grid::even({1, 1}, 1, 1, {1, 1}));
    frame->descriptors = flat_table({lightness});
    frame->nearest = {index_.nearest(frame->descriptors[0])};
    frame->starts_shot = starts_shot || first_;
    first_ = false;
    const std::vector<match::Placement> out = stabilizer_->push(frame);
    REQUIRE(out.size() == 1);
    const match::Candidate shown = out[0].at(0);
    CHECK(shown.distance ==
          match::distance(frame->descriptors[0], tiles_[static_cast<std::size_t>(shown.tile)]));
    return shown.tile;
  }

 private:
  match::DescriptorTable tiles_;
  match::TileIndex index_;
  std::unique_ptr<mosaic::Stabilizer> stabilizer_;
  bool first_ = true;
};

const std::vector<int> kTiles = {0, 100, 200};

TEST_CASE("hysteresis replaces a tile when another is clearly nearer now") {
  OneCell cell(StabilizerKind::kHysteresis, 0.5, kTiles);
  CHECK(cell.show(100) == 1);
  CHECK(cell.show(155) == 1);  // 45^2 = 2025 against 0.5 * 55^2 = 1512: kept
  CHECK(cell.show(165) == 2);  // 35^2 = 1225 against 0.5 * 65^2 = 2112: replaced
  CHECK(cell.show(145) == 2);  // 45^2 = 2025 against 0.5 * 55^2 = 1512: kept on the way back
  CHECK(cell.show(140) == 1);  // 40^2 = 1600 against 0.5 * 60^2 = 1800: replaced
}

TEST_CASE("a threshold of 1 replaces whenever another is nearer, 0 never within a shot") {
  OneCell eager(StabilizerKind::kHysteresis, 1, kTiles);
  CHECK(eager.show(100) == 1);
  CHECK(eager.show(149) == 1);
  CHECK(eager.show(150) == 1);  // as near as tile 2: nothing gained
  CHECK(eager.show(151) == 2);

  OneCell stubborn(StabilizerKind::kHysteresis, 0, kTiles);
  CHECK(stubborn.show(100) == 1);
  CHECK(stubborn.show(200) == 1);
  CHECK(stubborn.show(200, true) == 2);
}

TEST_CASE("state ends at a cut") {
  OneCell cell(StabilizerKind::kHysteresis, 0.5, kTiles);
  CHECK(cell.show(100) == 1);
  CHECK(cell.show(155) == 1);
  CHECK(cell.show(155, true) == 2);
}

TEST_CASE("previous compares with the distance the kept tile had a frame ago") {
  OneCell cell(StabilizerKind::kPrevious, 0.9, kTiles);
  CHECK(cell.show(100) == 1);  // distance 0: nothing is ever below 0.9 * 0
  CHECK(cell.show(200) == 1);  // the freezing that hysteresis does not have
  CHECK(cell.show(200) == 2);  // now the last distance is large
}

TEST_CASE("none takes the nearest tile of every frame") {
  OneCell cell(StabilizerKind::kNone, 1, kTiles);
  CHECK(cell.show(100) == 1);
  CHECK(cell.show(151) == 2);
  CHECK(cell.show(149) == 1);
}

TEST_CASE("thresholds outside 0 to 1 are refused") {
  const match::DescriptorTable tiles = flat_table(kTiles);
  const match::TileIndex index(tiles);
  for (const double threshold : {-0.1, 1.1, std::numeric_limits<double>::quiet_NaN()})
    CHECK_THROWS_AS(mosaic::make_stabilizer(StabilizerKind::kHysteresis, threshold, index), Error);
}

// Frames of a horizontal ramp of lightness, moved sideways by so many cells' widths.
match::DescriptorTable stripes(int columns, int rows, int period, double shift, int offset = 0) {
  std::vector<int> lightness;
  for (int r = 0; r < rows; ++r) {
    for (int c = 0; c < columns; ++c) {
      const int at = static_cast<int>(c + columns * 4 + shift) / period;
      lightness.push_back(offset + (at % 2 == 0 ? 300 : 1300));
    }
  }
  return flat_table(lightness);
}

TEST_CASE("motion and slow changes are no cuts, another picture is one") {
  const Grid grid = Grid::even({640, 480}, 40, 30, {2, 2});
  const auto frame = stripes(40, 30, 5, 0);
  CHECK_FALSE(mosaic::is_cut(grid, frame, frame));
  CHECK_FALSE(mosaic::is_cut(grid, frame, stripes(40, 30, 5, 1)));       // a pan by a cell
  CHECK_FALSE(mosaic::is_cut(grid, frame, stripes(40, 30, 5, 0, 100)));  // a fade's step
  CHECK(mosaic::is_cut(grid, frame, flat_table(std::vector<int>(1200, 800))));
  CHECK(
      mosaic::is_cut(grid, frame, stripes(40, 30, 5, 5)));  // inverted: no cell finds itself nearby
}

TEST_CASE("the first frame and the frame after a cut start shots, named by their pts") {
  const auto cells = std::make_shared<const Cells>(Grid::even({640, 480}, 40, 30, {2, 2}));
  mosaic::ShotMarker marker;
  const auto mark = [&](int lightness, std::int64_t pts) {
    mosaic::SeenFrame frame;
    frame.cells = cells;
    frame.descriptors = flat_table(std::vector<int>(1200, lightness));
    marker.mark(frame, pts);
    return std::pair{frame.starts_shot, frame.shot_pts};
  };
  CHECK(mark(100, 10) == std::pair{true, std::int64_t{10}});
  CHECK(mark(110, 20) == std::pair{false, std::int64_t{10}});
  CHECK(mark(900, 30) == std::pair{true, std::int64_t{30}});
  CHECK(mark(905, 40) == std::pair{false, std::int64_t{30}});
}

}  // namespace
}  // namespace smalti

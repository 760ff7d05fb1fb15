// Where a video's cells lie: each shot's own, known from its first frames, and nothing else.

#include "products/video/shot_layouts.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

#include "images/image_writer.h"
#include "match/descriptor.h"
#include "mosaic/stabilizer.h"
#include "products/run/importance.h"
#include "smalti/error.h"
#include "support/synthetic.h"
#include "support/temp_folder.h"

namespace smalti {
namespace {

const Grid kFields = Grid::even({256, 192}, 32, 24, {1, 1});

const mosaic::Layout kLayout = [] {
  mosaic::Layout layout{kFields};
  layout.merge_to = 120;
  layout.target = layout.shown = kFields.canvas();
  return layout;
}();

// A wall with a square of 48 pixels on it that goes from black to white.
Picture wall(int wall_lightness, int left, int top) {
  return test::make_picture(test::kRgb8, {256, 192}, [=](int, int x, int y) {
    const bool inside = x >= left && x < left + 48 && y >= top && y < top + 48;
    return inside ? (x - left + y - top) * 255 / 96 : wall_lightness;
  });
}

// Takes pictures through a ShotLayouts; gives the jobs in the order in which they came out.
std::vector<pipeline::JobPtr> laid(const std::vector<Picture>& frames, std::size_t look_ahead = 8,
                                   const MosaicOptions& options = {}) {
  ImportanceFinder importance(options, kLayout);
  ShotLayouts layouts(kFields, 120, look_ahead, importance);
  std::vector<pipeline::JobPtr> out;
  const auto take = [&](const std::vector<pipeline::JobPtr>& jobs) {
    out.insert(out.end(), jobs.begin(), jobs.end());
  };
  for (std::size_t i = 0; i < frames.size(); ++i) {
    auto job = std::make_shared<pipeline::FrameJob>();
    job->index = i;
    job->pts = static_cast<std::int64_t>(i) * 10;
    job->picture = frames[i];
    job->overview = layouts.overview(job->picture);
    take(layouts.push(job));
    CHECK(i + 1 - out.size() < look_ahead);
  }
  take(layouts.flush());
  REQUIRE(out.size() == frames.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    CHECK(out[i]->index == i);
    REQUIRE(out[i]->cells != nullptr);
    CHECK(out[i]->cells->size() <= 120);
  }
  return out;
}

// The smallest cell at a place.
int width_at(const Cells& cells, int x, int y) {
  return cells.in_fields(*cells.at(x / 8, y / 8)).width;
}

TEST_CASE("each shot has cells of its own, small where its subject is") {
  std::vector<Picture> frames;
  for (int i = 0; i < 20; ++i) frames.push_back(wall(60, 32, 32));
  for (int i = 0; i < 20; ++i) frames.push_back(wall(200, 160, 96));
  const auto jobs = laid(frames);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    CHECK(jobs[i]->starts_shot == (i == 0 || i == 20));
    CHECK(jobs[i]->shot_pts == (i < 20 ? 0 : 200));
    CHECK(jobs[i]->cells == jobs[i < 20 ? 0 : 20]->cells);
  }
  const Cells& first = *jobs[0]->cells;
  const Cells& second = *jobs[20]->cells;
  CHECK(width_at(first, 56, 56) <= 2);
  CHECK(width_at(first, 200, 130) == 8);
  CHECK(width_at(second, 184, 120) <= 2);
  CHECK(width_at(second, 56, 56) == 8);
}

TEST_CASE("where a subject moves through a shot's first frames cells are small, on its whole way") {
  std::vector<Picture> frames;
  for (int i = 0; i < 30; ++i) frames.push_back(wall(100, std::min(8 + 6 * i, 200), 64));
  const auto jobs = laid(frames, 48);
  for (const int x : {16, 64, 112, 160}) CHECK(width_at(*jobs[0]->cells, x, 88) <= 4);
  CHECK(width_at(*jobs[0]->cells, 120, 168) == 8);
}

TEST_CASE("a run that begins at a cut lays the same cells") {
  std::vector<Picture> frames;
  for (int i = 0; i < 13; ++i) frames.push_back(wall(60, 32, 32));
  for (int i = 0; i < 30; ++i) frames.push_back(wall(200, 40 + 3 * i, 96));
  const auto all = laid(frames);
  const auto rest = laid({frames.begin() + 13, frames.end()});
  for (std::size_t i = 0; i < rest.size(); ++i)
    CHECK(rest[i]->cells->same_layout(*all[13 + i]->cells));
}

TEST_CASE("in a long shot cells are laid anew, at a distance that its content has no part in") {
  std::vector<Picture> frames;
  const std::size_t lasts = ShotLayouts::kLasts;
  for (std::size_t i = 0; i < lasts + 40; ++i)
    frames.push_back(wall(100, i < lasts / 2 ? 32 : 160, 64));
  // Its subject jumps in the middle, which is no cut: most of what is seen stays.
  const auto jobs = laid(frames);
  for (std::size_t i = 1; i < jobs.size(); ++i) {
    CHECK_FALSE(jobs[i]->starts_shot);
    CHECK(jobs[i]->shot_pts == 0);
    CHECK((jobs[i]->cells == jobs[i - 1]->cells) == (i != lasts));
  }
  CHECK(width_at(*jobs[0]->cells, 56, 88) <= 2);
  CHECK(width_at(*jobs[0]->cells, 184, 88) == 8);
  CHECK(width_at(*jobs[lasts]->cells, 184, 88) <= 2);
  CHECK(width_at(*jobs[lasts]->cells, 56, 88) == 8);
}

TEST_CASE("clips shorter than what is looked at, and of one frame") {
  for (const std::size_t count : {1U, 3U, 7U, 8U, 9U})
    CHECK(laid(std::vector<Picture>(count, wall(90, 32, 32))).size() == count);
}

TEST_CASE("where cells are laid anew within a shot, those that stay as they are keep their tiles") {
  const match::DescriptorTable tiles = test::flat_table({0, 100, 200});
  const match::TileIndex index(tiles);
  const Grid fields = Grid::even({40, 10}, 4, 1, {1, 1});
  const auto stabilizer =
      mosaic::make_stabilizer(StabilizerKind::kHysteresis, 0.5, index, SelectOptions{});
  const auto show = [&](const std::vector<Rect>& cells, const std::vector<int>& lightness,
                        bool starts) {
    auto frame = std::make_shared<mosaic::SeenFrame>();
    frame->cells = std::make_shared<const Cells>(fields, cells);
    frame->descriptors = test::flat_table(lightness);
    for (std::size_t i = 0; i < cells.size(); ++i)
      frame->nearest.push_back(index.nearest(frame->descriptors[i]));
    frame->starts_shot = starts;
    std::vector<int> shown;
    const std::vector<match::Placement> decided = stabilizer->push(frame);
    for (const match::Candidate& c : decided.at(0)) shown.push_back(c.tile);
    return shown;
  };
  const std::vector<Rect> before = {{0, 0, 2, 1}, {2, 0, 1, 1}, {3, 0, 1, 1}};
  const std::vector<Rect> after = {{0, 0, 1, 1}, {1, 0, 1, 1}, {2, 0, 1, 1}, {3, 0, 1, 1}};
  CHECK(show(before, {100, 100, 100}, true) == std::vector<int>{1, 1, 1});
  // 155 is nearer to 200, but not by so much that a tile that stands there would go.
  CHECK(show(after, {155, 155, 155, 190}, false) == std::vector<int>{2, 2, 1, 2});
  CHECK(show(after, {155, 155, 155, 190}, true) == std::vector<int>{2, 2, 2, 2});
}

TEST_CASE("a mask says what counts, whatever its size") {
  const test::TempFolder folder;
  const Picture mask =
      test::make_picture(test::kRgb8, {64, 48}, [](int, int x, int) { return x < 32 ? 255 : 0; });
  images::write_image(mask, folder / "mask.png", {});
  MosaicOptions options;
  options.mask = folder / "mask.png";
  const std::vector<std::uint16_t> weights =
      ImportanceFinder(options, kLayout).of(wall(100, 0, 0), kFields);
  REQUIRE(weights.size() == 32 * 24);
  CHECK(weights.front() == 8 * mosaic::CellPlanner::kOrdinary);
  CHECK(weights[31] == mosaic::CellPlanner::kOrdinary);

  // Two equal subjects, of which the mask knows one.
  std::vector<Picture> frames(3, test::make_picture(test::kRgb8, {256, 192}, [](int, int x, int y) {
                                return std::abs((x + y) % 64 - 32) * 7;
                              }));
  const auto small_on_the_left = [&](const MosaicOptions& wish) {
    const Cells cells = *laid(frames, 8, wish)[0]->cells;
    std::size_t left = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) left += cells.in_fields(i).x < 16 ? 1 : 0;
    return static_cast<double>(left) / static_cast<double>(cells.size());
  };
  CHECK(small_on_the_left(options) > 0.7);

  images::write_image(part_of(mask, {0, 0, 48, 48}), folder / "square.png", {});
  options.mask = folder / "square.png";
  CHECK_THROWS_WITH_AS((ImportanceFinder{options, kLayout}), doctest::Contains("another shape"),
                       Error);
  options.importance = Importance::kFaces;
  CHECK_THROWS_AS((ImportanceFinder{options, kLayout}), Error);
  MosaicOptions none;
  none.importance = Importance::kMask;
  CHECK_THROWS_AS((ImportanceFinder{none, kLayout}), Error);
  none.importance = Importance::kNone;
  CHECK(ImportanceFinder(none, kLayout).of(wall(100, 0, 0), kFields).empty());
}

}  // namespace
}  // namespace smalti

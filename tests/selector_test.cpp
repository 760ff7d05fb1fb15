#include "mosaic/selector.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <random>
#include <set>

#include "match/ssim.h"
#include "mosaic/seen_frame.h"
#include "mosaic/stabilizer.h"
#include "smalti/error.h"
#include "smalti/select_options.h"
#include "smalti/stabilizer_options.h"

namespace smalti {
namespace {

constexpr int kColumns = 30;
constexpr int kRows = 20;
constexpr std::size_t kCells = kColumns * kRows;
const Cells kPlaces = Grid::even({kColumns, kRows}, kColumns, kRows, {1, 1});
const mosaic::Hysteresis kKeep(0.9);

// Descriptors around few colours, so that plain matching repeats tiles.
match::DescriptorTable like_pictures(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  const auto any = [&](int low, int high) {
    return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
  };
  match::DescriptorTable table(count);
  for (std::size_t i = 0; i < count; ++i) {
    const int l = any(2, 5) * 250;
    const int a = any(-1, 1) * 200;
    for (std::size_t k = 0; k < match::kDescriptorSize; k += 3) {
      table.row(i)[k] = static_cast<std::int16_t>(l + any(-60, 60));
      table.row(i)[k + 1] = static_cast<std::int16_t>(a + any(-40, 40));
      table.row(i)[k + 2] = static_cast<std::int16_t>(any(-40, 40));
    }
  }
  return table;
}

class Wall {
 public:
  explicit Wall(std::size_t tiles = 300)
      : tiles_(like_pictures(tiles, 1)), index_(tiles_), cells_(like_pictures(kCells, 2)) {}

  const match::TileIndex& index() const { return index_; }
  match::DescriptorTable& cells() { return cells_; }
  const match::DescriptorTable& cells() const { return cells_; }

  match::Placement nearest() const {
    match::Placement placement;
    for (std::size_t i = 0; i < cells_.size(); ++i) placement.push_back(index_.nearest(cells_[i]));
    return placement;
  }

  match::Placement select(const SelectOptions& options, const match::Placement& before = {},
                          double threshold = 0.9, std::int64_t shot = 7) const {
    return mosaic::Selector(index_, kPlaces, options)
        .select(cells_, nearest(), before, {shot, mosaic::Hysteresis(threshold), {}, nullptr});
  }

  double cost(const match::Placement& placement) const {
    double sum = 0;
    for (std::size_t i = 0; i < placement.size(); ++i) {
      CHECK(placement[i].distance == index_.distance(cells_[i], placement[i].tile));
      sum += placement[i].distance;
    }
    return sum;
  }

 private:
  match::DescriptorTable tiles_;
  match::TileIndex index_;
  match::DescriptorTable cells_;
};

std::map<match::TileNumber, int> uses(const match::Placement& placement) {
  std::map<match::TileNumber, int> counts;
  for (const match::Candidate& c : placement) ++counts[c.tile];
  return counts;
}

int most_uses(const match::Placement& placement) {
  int most = 0;
  for (const auto& [tile, count] : uses(placement)) most = std::max(most, count);
  return most;
}

// Of equal tiles, the fewest cells apart: the larger of columns and rows.
int closest_equals(const match::Placement& placement) {
  int closest = kColumns + kRows;
  for (std::size_t i = 0; i < kCells; ++i) {
    for (std::size_t k = i + 1; k < kCells; ++k) {
      if (placement[i].tile != placement[k].tile) continue;
      const auto apart = [](std::size_t a, std::size_t b) {
        return std::abs(static_cast<int>(a) - static_cast<int>(b));
      };
      closest = std::min(
          closest, std::max(apart(i % kColumns, k % kColumns), apart(i / kColumns, k / kColumns)));
    }
  }
  return closest;
}

TEST_CASE("without controls every cell has its nearest tile") {
  const Wall wall;
  CHECK(wall.select({}) == wall.nearest());
}

TEST_CASE("spacing keeps equal tiles apart, at the least cost that its order allows") {
  const Wall wall;
  CHECK(closest_equals(wall.nearest()) == 1);
  for (const int spacing : {1, 4, 7}) {
    SelectOptions options;
    options.spacing = spacing;
    const match::Placement placement = wall.select(options);
    CHECK(closest_equals(placement) > spacing);
    CHECK(wall.cost(placement) > wall.cost(wall.nearest()));
    CHECK(wall.cost(placement) < 3 * wall.cost(wall.nearest()));
  }
}

TEST_CASE("a spacing is affordable when the cells around cannot use up all tiles") {
  CHECK(mosaic::affordable_spacing(4, 81) == 4);
  CHECK(mosaic::affordable_spacing(4, 80) == 3);
  CHECK(mosaic::affordable_spacing(4, 12) == 1);
  CHECK(mosaic::affordable_spacing(4, 8) == 0);
  CHECK(mosaic::affordable_spacing(2, 1000) == 2);
}

TEST_CASE("uses are capped, alone and with spacing") {
  const Wall wall;
  CHECK(most_uses(wall.nearest()) > 5);
  SelectOptions options;
  options.max_uses = 2;
  CHECK(most_uses(wall.select(options)) == 2);
  CHECK(uses(wall.select(options)).size() == 300);
  options.spacing = 4;
  CHECK(most_uses(wall.select(options)) == 2);
}

// Some tiles of a wall that are clearly different, each twice, the second a little lighter.
match::DescriptorTable pairs(const match::DescriptorTable& tiles, std::size_t count) {
  constexpr double kDifferent = 3.6 * color::kLabScale;
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < tiles.size() && chosen.size() < count; ++i)
    if (std::none_of(chosen.begin(), chosen.end(), [&](std::size_t c) {
          return match::distance(tiles[i], tiles[c]) < kDifferent * kDifferent * match::kBlocks;
        }))
      chosen.push_back(i);
  REQUIRE(chosen.size() == count);
  match::DescriptorTable both(count * 2);
  for (std::size_t i = 0; i < both.size(); ++i)
    for (std::size_t k = 0; k < match::kDescriptorSize; ++k)
      both.row(i)[k] =
          static_cast<std::int16_t>(tiles[chosen[i / 2]][k] + (k % 3 == 0 ? i % 2 * 8 : 0));
  return both;
}

TEST_CASE("near-duplicates are found, each with the first that it is like") {
  const Wall wall;
  const match::DescriptorTable tiles = pairs(wall.index().descriptors(), 200);
  const match::NearDuplicates near(tiles);
  CHECK(near.groups(tiles.size()) == 200);
  for (match::TileNumber tile = 0; tile < 400; ++tile)
    CHECK(near.group_of(tile) == static_cast<std::size_t>(tile / 2));

  // A row of tiles each 2 Delta E lighter than the one before: not all of them are alike.
  match::DescriptorTable row(7);
  for (std::size_t i = 0; i < row.size(); ++i)
    for (std::size_t k = 0; k < match::kDescriptorSize; k += 3)
      row.row(i)[k] = static_cast<std::int16_t>(500 + static_cast<int>(i) * 2 * color::kLabScale);
  const match::NearDuplicates chain(row);
  CHECK(chain.firsts() == std::vector<std::size_t>{0, 2, 4, 6});
  CHECK(chain.group_of(1) == 0);
  CHECK(chain.group_of(5) == 2);
}

TEST_CASE("near-duplicates count as one for spacing, caps and penalties") {
  const Wall wall(600);
  const match::DescriptorTable tiles = pairs(wall.index().descriptors(), 300);
  const match::TileIndex index(tiles);
  const match::NearDuplicates near(tiles);
  match::Placement nearest;
  for (std::size_t i = 0; i < kCells; ++i) nearest.push_back(index.nearest(wall.cells()[i]));
  const auto groups = [&](const SelectOptions& options, const match::NearDuplicates& alike) {
    match::Placement placement = mosaic::Selector(index, kPlaces, options, alike)
                                     .select(wall.cells(), nearest, {}, {7, kKeep, {}, nullptr});
    for (match::Candidate& c : placement) c.tile /= 2;
    return placement;
  };
  SelectOptions options;
  options.spacing = 4;
  CHECK(closest_equals(groups(options, {})) <= 4);
  CHECK(closest_equals(groups(options, near)) > 4);
  options = {};
  options.max_uses = 2;
  CHECK(most_uses(groups(options, {})) == 4);
  CHECK(most_uses(groups(options, near)) == 2);
  options.max_uses = 1;  // for 600 cells there are 300 that differ
  CHECK_THROWS_AS(groups(options, near), Error);
  options = {};
  options.repeat_penalty = 0.2;
  CHECK(uses(groups(options, near)).size() > uses(groups(options, {})).size());

  options = {};
  options.unique = true;  // each counts by itself, in later frames too
  const match::DescriptorTable moved = like_pictures(kCells, 3);
  match::Placement nearest_then;
  for (std::size_t i = 0; i < kCells; ++i) nearest_then.push_back(index.nearest(moved[i]));
  const auto two_frames = [&](const match::NearDuplicates& alike) {
    const mosaic::Selector selector(index, kPlaces, options, alike);
    const match::Placement first =
        selector.select(wall.cells(), nearest, {}, {7, kKeep, {}, nullptr});
    return selector.select(moved, nearest_then, first, {7, kKeep, {}, nullptr});
  };
  CHECK(two_frames(near) == two_frames({}));
}

// The picture of each tile, where each picture gave so many in a row.
match::PictureNumbers pictures_of(std::size_t tiles, std::uint32_t each) {
  match::PictureNumbers numbers;
  for (std::uint32_t i = 0; i < tiles; ++i) numbers.push_back(i / each);
  return numbers;
}

TEST_CASE(
    "pictures are groups whatever their tiles look like, and join the nearest they are like") {
  match::DescriptorTable table(8);
  const int lightness[] = {0, 20, 40, 60, 41, 80, 22, 39};
  for (std::size_t i = 0; i < table.size(); ++i)
    for (std::size_t k = 0; k < match::kDescriptorSize; k += 3)
      table.row(i)[k] = static_cast<std::int16_t>(lightness[i] * color::kLabScale);
  // The third picture is like the second, the fourth like the first and still more the second.
  const match::PictureNumbers pictures = {0, 0, 1, 1, 2, 2, 3, 3};
  const match::NearDuplicates near(table, pictures);
  CHECK(near.firsts() == std::vector<std::size_t>{0, 2});
  for (match::TileNumber tile = 0; tile < 8; ++tile)
    CHECK(near.group_of(tile) == (tile < 2 ? 0 : 1));
  const match::NearDuplicates alone = near.pictures_alone();
  CHECK(alone.groups(8) == 4);
  for (match::TileNumber tile = 0; tile < 8; ++tile)
    CHECK(alone.group_of(tile) == static_cast<std::size_t>(tile / 2));
}

TEST_CASE("tiles of one picture count as one for every control") {
  const Wall wall(1800);
  const auto pictures = match::NearDuplicates::of_pictures(pictures_of(1800, 3));
  const auto chosen = [&](const SelectOptions& options, const match::NearDuplicates& near) {
    match::Placement placement =
        mosaic::Selector(wall.index(), kPlaces, options, near)
            .select(wall.cells(), wall.nearest(), {}, {7, kKeep, {}, nullptr});
    wall.cost(placement);  // the distances are the tiles' own
    for (match::Candidate& c : placement) c.tile /= 3;
    return placement;
  };
  SelectOptions options;
  options.spacing = 4;
  CHECK(closest_equals(chosen(options, {})) <= 4);
  CHECK(closest_equals(chosen(options, pictures)) > 4);
  options = {};
  options.max_uses = 1;
  CHECK(most_uses(chosen(options, {})) > 1);
  CHECK(most_uses(chosen(options, pictures)) == 1);
  options = {};
  options.unique = true;
  CHECK(most_uses(chosen(options, {})) > 1);
  CHECK(most_uses(chosen(options, pictures)) == 1);
  options = {};
  options.use_all = true;  // 600 cells, 600 pictures of 1800 tiles
  CHECK_THROWS_AS(chosen(options, {}), Error);
  CHECK(uses(chosen(options, pictures)).size() == 600);

  const Wall fewer(1797);
  options = {};
  options.unique = true;
  CHECK_THROWS_WITH_AS(
      mosaic::Selector(fewer.index(), kPlaces, options,
                       match::NearDuplicates::of_pictures(pictures_of(1797, 3))),
      "600 cells cannot each have a tile of their own: there are 599 different tiles", Error);
}

TEST_CASE("each picture once is as cheap as can be, with the tile that suits the cell") {
  // Few enough to try every assignment: the first picture gave three tiles, the others two and one.
  constexpr std::size_t kFew = 3;
  const Cells places = Grid::even({static_cast<int>(kFew), 1}, static_cast<int>(kFew), 1, {1, 1});
  const match::PictureNumbers pictures = {0, 0, 0, 1, 1, 2};
  const std::vector<std::vector<match::TileNumber>> members = {{0, 1, 2}, {3, 4}, {5}};
  for (unsigned seed = 10; seed < 40; ++seed) {
    const match::DescriptorTable tiles = like_pictures(pictures.size(), seed);
    const match::DescriptorTable cells = like_pictures(kFew, seed + 100);
    const match::TileIndex index(tiles);
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    std::vector<std::size_t> order = {0, 1, 2};
    do {
      std::int64_t sum = 0;
      for (std::size_t cell = 0; cell < kFew; ++cell) {
        std::int32_t best = std::numeric_limits<std::int32_t>::max();
        for (const match::TileNumber tile : members[order[cell]])
          best = std::min(best, index.distance(cells[cell], tile));
        sum += best;
      }
      least = std::min(least, sum);
    } while (std::next_permutation(order.begin(), order.end()));

    for (const bool unique : {true, false}) {
      SelectOptions options;
      (unique ? options.unique : options.use_all) = true;
      match::Placement nearest;
      for (std::size_t i = 0; i < kFew; ++i) nearest.push_back(index.nearest(cells[i]));
      const match::Placement placement =
          mosaic::Selector(index, places, options, match::NearDuplicates::of_pictures(pictures))
              .select(cells, nearest, {}, {7, kKeep, {}, nullptr});
      std::int64_t sum = 0;
      for (const match::Candidate& c : placement) sum += c.distance;
      CHECK(sum == least);
    }
  }
}

TEST_CASE("spacing, caps and lots that leave nothing together leave no cell empty") {
  const Wall wall(30);
  SelectOptions options;
  options.spacing = 2;
  options.max_uses = static_cast<int>(kCells) / 30;
  options.randomness = 0.9;
  const match::Placement placement = wall.select(options);
  for (const match::Candidate& c : placement) CHECK(c.tile >= 0);
  CHECK(most_uses(placement) == *options.max_uses);
}

TEST_CASE("cells that are not to be filled need no tiles") {
  const Wall wall;
  std::vector<bool> filled(kCells);
  for (std::size_t i = 0; i < kCells; i += 3) filled[i] = true;
  match::Placement nearest = wall.nearest();
  for (std::size_t i = 0; i < kCells; ++i)
    if (!filled[i]) nearest[i] = {};
  std::vector<SelectOptions> kinds(4);
  kinds[0].unique = true;
  kinds[1].max_uses = 1;
  kinds[2].spacing = 4;
  kinds[3].repeat_penalty = 2;
  for (const SelectOptions& options : kinds) {
    const mosaic::Selector selector(wall.index(), kPlaces, options, {}, filled);
    match::Placement placement =
        selector.select(wall.cells(), nearest, {}, {7, kKeep, {}, nullptr});
    CHECK(selector.select(wall.cells(), nearest, placement, {7, kKeep, {}, nullptr}) == placement);
    for (std::size_t i = 0; i < kCells; ++i) CHECK((placement[i].tile >= 0) == filled[i]);
    std::erase_if(placement, [](const match::Candidate& c) { return c.tile < 0; });
    if (options.unique || options.max_uses) CHECK(most_uses(placement) == 1);
  }
  SelectOptions all;
  all.use_all = true;
  CHECK_THROWS_AS(mosaic::Selector(wall.index(), kPlaces, all, {}, filled), Error);  // 200 cells
  const Wall fewer(150);
  match::Placement placement =
      mosaic::Selector(fewer.index(), kPlaces, all, {}, filled)
          .select(wall.cells(), fewer.nearest(), {}, {7, kKeep, {}, nullptr});
  for (std::size_t i = 0; i < kCells; ++i) CHECK((placement[i].tile >= 0) == filled[i]);
  std::erase_if(placement, [](const match::Candidate& c) { return c.tile < 0; });
  CHECK(uses(placement).size() == 150);
}

TEST_CASE("a penalty spreads the uses, more the larger it is") {
  const Wall wall;
  std::size_t before = uses(wall.nearest()).size();
  for (const double penalty : {0.1, 0.2, 0.4}) {
    SelectOptions options;
    options.repeat_penalty = penalty;
    const std::size_t used = uses(wall.select(options)).size();
    CHECK(used > before);
    before = used;
  }
}

TEST_CASE("one of the best k, by lot") {
  const Wall wall;
  SelectOptions options;
  options.best_k = 5;
  options.weigh_by_distance = false;
  const match::Placement placement = wall.select(options);
  std::map<std::size_t, int> ranks;
  for (std::size_t i = 0; i < kCells; ++i) {
    const auto best = wall.index().nearest_k(wall.cells()[i], 5, {});
    const auto at = std::find_if(best.begin(), best.end(), [&](const match::Candidate& c) {
      return c.tile == placement[i].tile;
    });
    REQUIRE(at != best.end());
    ++ranks[static_cast<std::size_t>(at - best.begin())];
  }
  for (std::size_t rank = 0; rank < 5; ++rank) CHECK(ranks[rank] > 60);  // 120 expected
}

TEST_CASE("lots follow the seed and the shot, and nothing else") {
  const Wall wall;
  SelectOptions options;
  options.best_k = 5;
  options.randomness = 0.2;
  const match::Placement first = wall.select(options);
  CHECK(wall.select(options) == first);
  CHECK(wall.select(options, {}, 0.9, 8) != first);
  options.seed = 1;
  CHECK(wall.select(options) != first);
}

TEST_CASE("a share of the cells takes any tile") {
  const Wall wall;
  SelectOptions options;
  options.randomness = 0.25;
  const match::Placement placement = wall.select(options);
  const match::Placement nearest = wall.nearest();
  int others = 0;
  for (std::size_t i = 0; i < kCells; ++i) others += placement[i] == nearest[i] ? 0 : 1;
  CHECK(others > 0.2 * kCells);
  CHECK(others < 0.3 * kCells);
}

std::vector<SelectOptions> all_kinds() {
  std::vector<SelectOptions> kinds(7);
  kinds[0].spacing = 4;
  kinds[1].max_uses = 3;
  kinds[2].repeat_penalty = 3;
  kinds[3].best_k = 6;
  kinds[4].randomness = 0.3;
  kinds[5].spacing = 3;
  kinds[5].repeat_penalty = 5;
  kinds[5].max_uses = 4;
  kinds[6].spacing = 2;
  kinds[6].best_k = 3;
  kinds[6].randomness = 0.1;
  kinds[6].repeat_penalty = 2;
  return kinds;
}

TEST_CASE("a still clip does not flicker under any control") {
  const Wall wall;
  for (const SelectOptions& options : all_kinds()) {
    for (const double threshold : {0.9, 1.0}) {
      CAPTURE(options.spacing);
      CAPTURE(options.best_k);
      CAPTURE(options.repeat_penalty);
      const match::Placement first = wall.select(options, {}, threshold);
      CHECK(wall.select(options, first, threshold) == first);
    }
  }
}

TEST_CASE("controls hold in moving clips, frame after frame") {
  for (const SelectOptions& options : all_kinds()) {
    Wall wall;
    std::mt19937 random(5);
    match::Placement placement;
    int switches = 0;
    for (int frame = 0; frame < 6; ++frame) {
      const match::Placement before = placement;
      placement = wall.select(options, before);
      wall.cost(placement);  // checks the distances
      if (options.spacing > 0) CHECK(closest_equals(placement) > options.spacing);
      if (options.max_uses) CHECK(most_uses(placement) <= *options.max_uses);
      for (std::size_t i = 0; i < before.size(); ++i)
        switches += before[i].tile != placement[i].tile ? 1 : 0;
      for (std::size_t i = 0; i < kCells; ++i)
        for (std::size_t k = 0; k < match::kDescriptorSize; k += 3)
          wall.cells().row(i)[k] =
              static_cast<std::int16_t>(wall.cells()[i][k] + static_cast<int>(random() % 81) - 40);
    }
    CHECK(switches > 0);
  }
}

TEST_CASE("each tile at most once, at less cost than one by one, and held in time") {
  const Wall wall(900);
  SelectOptions unique;
  unique.unique = true;
  const match::Placement placement = wall.select(unique);
  CHECK(most_uses(placement) == 1);
  SelectOptions capped;
  capped.max_uses = 1;
  CHECK(wall.cost(placement) < wall.cost(wall.select(capped)));
  CHECK(wall.select(unique, placement, 1.0) == placement);
  CHECK_THROWS_AS(Wall(599).select(unique), Error);
}

TEST_CASE("each tile at least once, in every frame") {
  Wall wall(300);
  SelectOptions options;
  options.use_all = true;
  options.spacing = 2;
  match::Placement placement = wall.select(options);
  CHECK(uses(placement).size() == 300);
  CHECK(uses(wall.nearest()).size() < 300);
  CHECK(wall.select(options, placement) == placement);
  for (std::size_t i = 0; i < kCells; ++i) wall.cells().row(i)[0] = 0;
  placement = wall.select(options, placement);
  CHECK(uses(placement).size() == 300);
  CHECK_THROWS_AS(Wall(601).select(options), Error);
}

TEST_CASE("of the K nearest tiles the one most alike in structure is taken") {
  Wall wall;
  for (const int k : {2, 7, 300}) {
    SelectOptions options;
    options.ssim_k = k;
    const match::Placement placement = wall.select(options);
    for (std::size_t cell = 0; cell < kCells; ++cell) {
      const auto nearest =
          wall.index().nearest_k(wall.cells()[cell], static_cast<std::size_t>(k), {});
      double best = -1;
      for (const match::Candidate& c : nearest)
        best = std::max(best,
                        match::ssim(wall.cells()[cell],
                                    wall.index().descriptors()[static_cast<std::size_t>(c.tile)]));
      const auto tile = static_cast<std::size_t>(placement[cell].tile);
      CHECK(match::ssim(wall.cells()[cell], wall.index().descriptors()[tile]) == best);
    }
    CHECK(wall.select(options, placement) == placement);
  }
  // Each use takes something off, so more tiles are used.
  std::size_t before = 0;
  for (const double penalty : {0.0, 0.03, 0.05, 0.15}) {
    SelectOptions options;
    options.ssim_k = 40;
    options.repeat_penalty = penalty;
    const match::Placement placement = wall.select(options);
    const std::size_t used = uses(placement).size();
    CHECK(used > before);
    before = used;
    CHECK(wall.select(options, placement) == placement);
  }
  for (const auto& wrong :
       {SelectOptions{.repeat_penalty = 2, .ssim_k = 5}, SelectOptions{.best_k = 2, .ssim_k = 5},
        SelectOptions{.unique = true, .ssim_k = 5}, SelectOptions{.ssim_k = 301},
        SelectOptions{.ssim_k = 0}})
    CHECK_THROWS_AS(wall.select(wrong), Error);
}

TEST_CASE("the SSIM of two descriptors is that of two pictures of their lightness") {
  const match::DescriptorTable cells = like_pictures(40, 5);
  for (std::size_t i = 0; i + 1 < cells.size(); ++i) {
    match::LightnessMap a(match::kBlocksPerSide, match::kBlocksPerSide);
    match::LightnessMap b(match::kBlocksPerSide, match::kBlocksPerSide);
    for (int k = 0; k < match::kBlocks; ++k) {
      a(k % match::kBlocksPerSide, k / match::kBlocksPerSide) =
          static_cast<float>(cells[i][static_cast<std::size_t>(k) * 3]) / color::kLabScale;
      b(k % match::kBlocksPerSide, k / match::kBlocksPerSide) =
          static_cast<float>(cells[i + 1][static_cast<std::size_t>(k) * 3]) / color::kLabScale;
    }
    CHECK(match::ssim(cells[i], cells[i + 1]) ==
          doctest::Approx(match::ssim(a, b).sum).epsilon(1e-4));
    CHECK(match::ssim(cells[i], cells[i]) == 1);
  }
}

TEST_CASE("what is remembered changes nothing") {
  for (const int spacing : {1, 4}) {
    for (const double randomness : {0.0, 0.1}) {
      Wall wall;
      SelectOptions options;
      options.spacing = spacing;
      options.randomness = randomness;
      const mosaic::Selector selector(wall.index(), kPlaces, options);
      mosaic::Selector::Memory memory;
      std::mt19937 random(9);
      match::Placement with, without;
      for (int frame = 0; frame < 40; ++frame) {
        if (frame == 25) with = without = {};  // a cut
        with =
            selector.select(wall.cells(), wall.nearest(), with, {frame / 25, kKeep, {}, &memory});
        without = selector.select(wall.cells(), wall.nearest(), without,
                                  {frame / 25, kKeep, {}, nullptr});
        REQUIRE(with == without);
        // Most cells move a little, some a lot.
        for (std::size_t i = 0; i < kCells; ++i) {
          const unsigned step = random() % 20 == 0 ? 150 : 4;
          for (std::size_t k = 0; k < match::kDescriptorSize; k += 3)
            wall.cells().row(i)[k] = static_cast<std::int16_t>(
                wall.cells()[i][k] + static_cast<int>(random() % (2 * step + 1)) -
                static_cast<int>(step));
        }
      }
    }
  }
}

TEST_CASE("numbers without meaning are refused") {
  const Wall wall;
  const auto refused = [&](const auto& change) {
    SelectOptions options;
    change(options);
    CHECK_THROWS_AS(wall.select(options), Error);
  };
  refused([](SelectOptions& o) { o.best_k = 301; });
  refused([](SelectOptions& o) { o.best_k = 0; });
  refused([](SelectOptions& o) { o.randomness = 1; });
  refused([](SelectOptions& o) { o.max_uses = 1; });  // 600 cells, 300 tiles
  refused([](SelectOptions& o) { o.repeat_penalty = -1; });
  refused([](SelectOptions& o) { o.unique = o.use_all = true; });
  refused([](SelectOptions& o) { o.use_all = true, o.max_uses = 5; });
}

// Frames of the wall: as it is, then with every cell much darker or lighter.
std::vector<match::DescriptorTable> restless(const Wall& wall) {
  std::vector<match::DescriptorTable> frames = {wall.cells(), wall.cells(), wall.cells()};
  std::mt19937 random(4);
  for (std::size_t f = 1; f < frames.size(); ++f)
    for (std::size_t i = 0; i < kCells; ++i)
      for (std::size_t d = 0; d < match::kDescriptorSize; d += 3)
        frames[f].row(i)[d] = static_cast<std::int16_t>(random() % 1600);
  return frames;
}

// Which tiles a stabilizer with that rule shows under the controls.
std::vector<match::Placement> shown(const Wall& wall, const SelectOptions& options,
                                    std::unique_ptr<mosaic::KeepingRule> rule) {
  const auto stabilizer = mosaic::make_stabilizer(std::move(rule), wall.index(), options);
  std::vector<match::Placement> all;
  for (const match::DescriptorTable& cells : restless(wall)) {
    auto frame = std::make_shared<mosaic::SeenFrame>();
    frame->cells = std::make_shared<const Cells>(kPlaces);
    frame->descriptors = cells;
    for (std::size_t i = 0; i < kCells; ++i)
      frame->nearest.push_back(wall.index().nearest(cells[i]));
    frame->starts_shot = all.empty();
    all.push_back(stabilizer->push(frame).at(0));
  }
  return all;
}

// Every second cell keeps its tile for good, the others never do.
class EverySecond : public mosaic::KeepingRule {
  std::int64_t limit(std::size_t cell, std::int64_t now, std::int64_t /*before*/) const override {
    return cell % 2 == 0 ? 0 : std::numeric_limits<std::int64_t>::max() >> (now >= 0 ? 1 : 2);
  }
};

TEST_CASE("every way to choose obeys the keeping rule, whatever that is") {
  const Wall wall(700);
  std::vector<SelectOptions> kinds(5);
  kinds[1].spacing = 2;
  kinds[2].repeat_penalty = 3;
  kinds[3].max_uses = 2;
  kinds[4].ssim_k = 5;
  for (const SelectOptions& options : kinds) {
    const std::vector<match::Placement> frames =
        shown(wall, options, std::make_unique<EverySecond>());
    std::size_t changed = 0;
    for (std::size_t i = 0; i < kCells; ++i) {
      if (i % 2 == 0) CHECK(frames[2][i].tile == frames[0][i].tile);
      changed += frames[2][i].tile != frames[0][i].tile ? 1 : 0;
    }
    CHECK(changed > kCells / 3);
    // SSIMs are not remembered from frame to frame.
    if (options.ssim_k > 1) continue;
    CHECK(shown(wall, options, mosaic::make_keeping_rule(StabilizerKind::kPrevious, 0.9, true)) !=
          shown(wall, options, mosaic::make_keeping_rule(StabilizerKind::kHysteresis, 0.9, true)));
  }
}

}  // namespace
}  // namespace smalti

// What the matcher may see of tiles and cells: blocks, colour spaces, features.

#include "smalti/match_options.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <vector>

#include "library/ingest.h"
#include "match/descriptor.h"
#include "match/frame_matcher.h"
#include "support/synthetic.h"
#include "support/workshop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::Ended;
using test::says;

std::vector<int> seen(std::array<int, 4> rgb, const MatchOptions& match) {
  const Picture picture = test::solid(test::kRgb8, {16, 16}, rgb);
  const match::DescriptorTable table =
      match::describe(picture, Grid({16, 16}, {0, 16}, {0, 16}), match);
  CHECK(table.width() == match.width());
  const match::Descriptor d = table[0];
  for (std::size_t i = 3; i < d.size(); ++i) CHECK(d[i] == d[i % 3]);
  return {d[0], d[1], d[2]};
}

void check_near(const std::vector<int>& found, const std::vector<double>& expected) {
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(std::abs(found[i] - expected[i]) <= 1.5);
}

TEST_CASE("colour spaces: published values, black and white 1600 apart") {
  const MatchOptions oklab{.space = ColorSpace::kOklab};
  check_near(seen({255, 255, 255, 0}, oklab), {1600, 0, 0});
  check_near(seen({0, 0, 0, 0}, oklab), {0, 0, 0});
  // Ottosson's: red 0.62796, 0.22486, 0.12585; blue 0.45201, -0.03246, -0.31153.
  check_near(seen({255, 0, 0, 0}, oklab), {1004.7, 359.8, 201.4});
  check_near(seen({0, 0, 255, 0}, oklab), {723.2, -51.9, -498.4});
  // Near black, where the root is steep: linear light 2 / 255 / 12.92, and its root.
  check_near(seen({2, 2, 2, 0}, oklab), {1600 * std::cbrt(2.0 / 255 / 12.92), 0, 0});

  const double white = 1600 / std::sqrt(3);
  check_near(seen({255, 128, 0, 0}, {.space = ColorSpace::kRgb}), {white, white * 128 / 255, 0});
  check_near(seen({255, 128, 0, 0}, {.space = ColorSpace::kLinear}), {white, white * 0.21586, 0});
}

TEST_CASE("any number of blocks, and one for features of a colour") {
  for (const int size : {1, 2, 4, 6, 8}) {
    CAPTURE(size);
    seen({200, 100, 50, 0}, {.size = size});
    CHECK(MatchOptions{.size = size}.width() == static_cast<std::size_t>(size * size * 3));
  }
  seen({200, 100, 50, 0}, {.feature = Feature::kMean});
  // Each block is where it is.
  const Picture steps = test::make_picture(
      test::kRgb8, {48, 48}, [](int, int x, int y) { return x / 8 * 20 + y / 8 * 6; });
  const match::DescriptorTable table = match::describe(steps, Grid({48, 48}, {0, 48}, {0, 48}),
                                                       {.size = 6, .space = ColorSpace::kRgb});
  for (int block = 0; block < 36; ++block)
    CHECK(std::abs(table[0][static_cast<std::size_t>(block) * 3] -
                   (block % 6 * 20 + block / 6 * 6) * 923.76 / 255) <= 1.5);
}

// Three fifths a red that fades, a quarter even green, the rest blue; the left half transparent
// grey.
Picture sprite() {
  return test::make_picture(test::kRgba8, {80, 40}, [](int c, int x, int y) {
    if (c == 3) return x < 40 ? 0 : 255;
    if (x < 40) return 128;
    if (x < 64) return c == 0 ? 180 + y : 10;
    if (x < 74) return c == 1 ? 200 : 20;
    return c == 2 ? 250 : 0;
  });
}

TEST_CASE("the most common opaque colour, and the main ones") {
  const Rect whole{0, 0, 80, 40};
  const MatchOptions dominant{.space = ColorSpace::kRgb, .feature = Feature::kDominant};
  const match::DescriptorTable one = match::describe_tile(sprite(), whole, dominant);
  REQUIRE(one.size() == 1);
  CHECK(one[0][0] > one[0][1] + 300);  // red, neither grey nor a mean
  CHECK(one[0][1] < 100);

  const MatchOptions palette{.space = ColorSpace::kRgb, .feature = Feature::kPalette};
  const match::DescriptorTable several = match::describe_tile(sprite(), whole, palette);
  REQUIRE(several.size() == kPaletteColors);
  CHECK(std::equal(one[0].begin(), one[0].end(), several[0].begin()));
  CHECK(several[1][1] == std::lround(200 * 923.76 / 255));  // green; blue is too little
  for (std::size_t i = 0; i < several.size(); ++i) CHECK(several[i][2] < 200);

  // Where nothing is opaque, all counts.
  const Picture nothing = test::solid(test::kRgba8, {8, 8}, {90, 90, 90, 0});
  CHECK(match::describe_tile(nothing, {0, 0, 8, 8}, dominant)[0][0] ==
        std::lround(90 * 923.76 / 255));
}

TEST_CASE("earlier searches prove the same tiles where these have several colours") {
  std::mt19937 random(1);
  const auto table = [&](std::size_t rows) {
    match::DescriptorTable made(rows, 3);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t k = 0; k < 3; ++k)
        made.row(i)[k] = static_cast<std::int16_t>(random() % 900);
    return made;
  };
  const match::DescriptorTable tiles = table(300 * kPaletteColors);
  const match::TileIndex index(tiles, kPaletteColors);
  match::FrameMatcher matcher(index);
  match::DescriptorTable cells = table(200);
  for (int frame = 0; frame < 20; ++frame) {
    const match::Placement placement = matcher.nearest(cells);
    for (std::size_t i = 0; i < cells.size(); ++i) CHECK(placement[i] == index.nearest(cells[i]));
    for (std::size_t i = 0; i < cells.size(); ++i)
      for (std::size_t k = 0; k < 3; ++k)
        cells.row(i)[k] =
            static_cast<std::int16_t>(cells[i][k] + static_cast<int>(random() % 7) - 3);
  }
  CHECK(matcher.skipped() > 0);
}

TEST_CASE("libraries keep what is described for each choice") {
  const test::Workshop shop;
  library::TileOptions cached;
  cached.cache = shop / "cache";
  const std::vector<MatchOptions> choices = {{},
                                             {.size = 2},
                                             {.size = 2, .space = ColorSpace::kOklab},
                                             {.feature = Feature::kMean},
                                             {.feature = Feature::kDominant},
                                             {.feature = Feature::kPalette}};
  for (int round = 0; round < 2; ++round) {
    for (const MatchOptions& match : choices) {
      library::TileOptions direct;
      cached.match = direct.match = match;
      const tiles::TileSet made = library::load_tiles({shop.tiles()}, {3, 4}, {}, direct).tiles;
      const tiles::TileSet kept = library::load_tiles({shop.tiles()}, {3, 4}, {}, cached).tiles;
      CHECK(made.size() == 12);
      CHECK(made.descriptors == kept.descriptors);
      CHECK(made.view() == kept.view());
      CHECK(made.view().width() == match.width());
      CHECK(made.view().size() == made.size() * match.alternatives());
    }
  }
}

TEST_CASE("every command that matches takes them, and the report's fidelity stays what it is") {
  const test::Workshop shop;
  const fs::path still = shop.tiles() / "tile-03.png";
  const auto fidelity = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = {
        "image", still,       "-t", shop.tiles(), "-o",    shop / "out.png", "-y",
        "-q",    "--columns", "8",  "--look",     "exact", "--report",       shop / "report.json"};
    all.insert(all.end(), more.begin(), more.end());
    const Ended ended = test::run_smalti(all);
    INFO(ended.errors);
    REQUIRE(ended.code == 0);
    std::ifstream report(shop / "report.json");
    return nlohmann::json::parse(report)["fidelity"]["rms_delta_e"].get<double>();
  };
  const double best = fidelity({});  // what matching itself goes by
  for (const std::vector<std::string>& more :
       std::vector<std::vector<std::string>>{{"--match-size", "1"},
                                             {"--match-space", "linear"},
                                             {"--feature", "palette"},
                                             {"--feature", "palette", "--use-all"},
                                             {"--vectorization-factor", "2"}})
    CHECK(fidelity(more) >= best);
  CHECK(fidelity({"--vectorization-factor", "4"}) == fidelity({"--match-size", "1"}));

  CHECK(shop.video({"-o", shop / "out.mp4", "--duration", "1", "--match-size", "8", "-q"}).code ==
        0);
  CHECK(test::run_smalti({"sweep", still, "-t", shop.tiles(), "-o", shop / "out.gif", "-q",
                          "--min-scale", "5", "--max-scale", "6", "--feature", "dominant"})
            .code == 0);
}

TEST_CASE("what has no meaning or no effect is refused") {
  const test::Workshop shop;
  const auto refused = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"-o", shop / "out.mp4"});
    const Ended ended = shop.video(more);
    CHECK(ended.code == 2);
    CHECK_FALSE(fs::exists(shop / "out.mp4"));
    return ended.errors;
  };
  CHECK(says(refused({"--match-size", "3"}), "--match-size"));
  CHECK(says(refused({"--match-space", "cmyk"}), "--match-space"));
  CHECK(says(refused({"--feature", "hue"}), "--feature"));
  CHECK(says(refused({"--match-size", "2", "--feature", "mean"}), "no effect"));
  CHECK(says(refused({"--vectorization-factor", "2", "--feature", "mean"}), "no effect"));
  refused({"--vectorization-factor", "2", "--match-size", "2"});
  refused({"--vectorization-factor", "0.5"});
}

}  // namespace
}  // namespace smalti

// `--exclude-near`: a film made of its own frames does not show those taken near by.

#include "products/run/own_frames.h"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "support/workshop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using test::Ended;
using test::says;

// The smallest time between a frame and a frame of the target that it shows; `when` tells a tile's
// time from its line in the file of placements.
template <typename When>
double nearest_shown_s(const fs::path& placements, When when) {
  std::ifstream in(placements);
  std::string line;
  std::getline(in, line);
  const Json base = Json::parse(line)["time_base"];
  std::map<int, std::optional<double>> times;
  std::vector<int> cells;
  double nearest = 1e9;
  while (std::getline(in, line)) {
    const Json json = Json::parse(line);
    if (json.contains("tile")) times[json["tile"]] = when(json);
    if (!json.contains("pts")) continue;
    if (json.contains("cells")) cells = json["cells"].get<std::vector<int>>();
    if (json.contains("changed"))
      for (std::size_t i = 0; i < json["changed"].size(); i += 2)
        cells[json["changed"][i].get<std::size_t>()] = json["changed"][i + 1];
    const double now = json["pts"].get<double>() * base[0].get<double>() / base[1].get<double>();
    for (const int cell : cells)
      if (times[cell]) nearest = std::min(nearest, std::abs(*times[cell] - now));
  }
  return nearest;
}

std::optional<double> frame_time(const Json& tile) { return tile["time_us"].get<double>() / 1e6; }

TEST_CASE("frames of the target near the one shown are left out under every look") {
  const test::Workshop shop;
  for (const std::vector<std::string>& look :
       std::vector<std::vector<std::string>>{{"--look", "exact"},
                                             {"--look", "exact", "--stabilizer", "previous"},
                                             {"--look", "exact", "--stabilizer", "none"},
                                             {},
                                             {"--spacing", "0", "--repeat-penalty", "2"},
                                             {"--spacing", "0", "--best-k", "2"},
                                             {"--spacing", "0", "--randomness", "0.5"},
                                             {"--spacing", "0", "--max-uses", "100"}}) {
    for (const bool near : {true, false}) {
      CAPTURE(look);
      std::vector<std::string> words = {
          "video", shop.clip(), "-t",        shop.clip(),         "--no-cache",
          "-q",    "-y",        "-o",        shop / "m.mp4",      "--columns",
          "12",    "--preset",  "ultrafast", "--save-placements", shop / "p.ndjson"};
      words.insert(words.end(), look.begin(), look.end());
      if (!near) words.insert(words.end(), {"--exclude-near", "1.2"});
      const Ended ended = test::run_smalti(words);
      INFO(ended.errors);
      REQUIRE(ended.code == 0);
      const double nearest = nearest_shown_s(shop / "p.ndjson", frame_time);
      CHECK((nearest > 1.2) == !near);
    }
  }
}

TEST_CASE("pictures that splice made of the target count as its frames") {
  const test::Workshop shop;
  const fs::path pictures = shop / "spliced";
  REQUIRE(test::run_smalti({"splice", shop.clip(), "-o", pictures, "--every", "0.5", "-q"}).code ==
          0);
  const Ended ended = test::run_smalti(
      {"video", shop.clip(), "-t", pictures, "-q", "-o", shop / "m.mp4", "--columns", "12",
       "--preset", "ultrafast", "--save-placements", shop / "p.ndjson", "--exclude-near", "0:01"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  const auto time = [&](const Json& tile) {
    return spliced_time_s(tile["path"].get<std::string>(), shop.clip());
  };
  CHECK(nearest_shown_s(shop / "p.ndjson", time) > 1);
  CHECK(nearest_shown_s(shop / "p.ndjson", time) < 2);

  CHECK(spliced_time_s("d/film-01-02-03.250.jpg", "film.mp4") == doctest::Approx(3723.25));
  CHECK(spliced_time_s("film-00-00-03.250-2.jpg", "film.mp4") == doctest::Approx(3.25));
  CHECK(spliced_time_s("film-0123abcd-100-00-00.000.jpg", "x/film.mkv") == doctest::Approx(360000));
  CHECK_FALSE(spliced_time_s("film-00-00-03.jpg", "film.mp4"));
  CHECK_FALSE(spliced_time_s("other-00-00-03.250.jpg", "film.mp4"));
  CHECK_FALSE(spliced_time_s("film-2-00-00-03.250.jpg", "film.mp4"));
}

TEST_CASE("stills of a film leave its near frames out too") {
  const test::Workshop shop;
  const Ended ended = test::run_smalti(
      {"image", shop.clip(), "--at", "2.5", "-t", shop.clip(), "-q", "-o", shop / "m.png",
       "--columns", "12", "--save-placements", shop / "p.ndjson", "--exclude-near", "1"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  // A still's frame has no time of its own, so from the tiles' alone: 0, 1, 4 of 0 to 4 seconds.
  std::ifstream in(shop / "p.ndjson");
  for (std::string line; std::getline(in, line);)
    if (const Json json = Json::parse(line); json.contains("tile")) {
      CHECK(std::abs(json["time_us"].get<double>() / 1e6 - 2.5) > 1);
    }
}

TEST_CASE("excluding without an effect, or everything, is a wrong usage") {
  const test::Workshop shop;
  const auto complaint = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"video", shop.clip(), "-q", "-o", shop / "m.mp4", "--duration", "1",
                               "--columns", "12"});
    const Ended ended = test::run_smalti(more);
    CHECK(ended.code == 2);
    CHECK_FALSE(fs::exists(shop / "m.mp4"));
    return ended.errors;
  };
  const std::string tiles = shop.tiles();
  const std::string clip = shop.clip();
  CHECK(says(complaint({"-t", tiles, "--exclude-near", "5"}), "no tile is a frame of the target"));
  CHECK(says(complaint({"-t", clip, "--exclude-near", "5"}), "leaves no tile"));
  CHECK(says(complaint({"-t", clip, "--exclude-near", "0"}), "--exclude-near"));
  CHECK(says(complaint({"-t", clip, "--exclude-near", "1", "--unique"}), "contradicts"));
  CHECK(says(complaint({"-t", clip, "--exclude-near", "1", "--use-all"}), "contradicts"));
  CHECK(
      says(complaint({"-t", clip, "--exclude-near", "1", "--best-k", "4"}), "at times there are"));
  CHECK(
      says(complaint({"-t", clip, "--exclude-near", "1", "--max-uses", "15"}), "cannot be filled"));
}

TEST_CASE("caps count how many different frames are left, not how many") {
  const test::Workshop shop;
  const fs::path still = shop / "still.mkv";
  const Ended made = test::run_program(
      {"ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=160x96:rate=10", "-vf",
       "trim=end_frame=1,loop=loop=99:size=1", "-c:v", "ffv1", still});
  REQUIRE(made.code == 0);
  const fs::path colors = shop / "colors";
  fs::create_directory(colors);
  for (const std::string color : {"red", "green", "blue", "yellow", "cyan", "magenta", "black",
                                  "white", "orange", "purple", "brown", "gray"}) {
    const Ended drawn = test::run_program({"ffmpeg", "-v", "error", "-f", "lavfi", "-i",
                                           "color=size=96x128:c=" + color, "-frames:v", "1",
                                           colors / (color + ".png")});
    REQUIRE(drawn.code == 0);
  }
  const auto mosaic = [&](const std::string& uses) {
    std::vector<std::string> words = {"video", still, "-t", still, "-t", colors};
    words.insert(words.end(), {"-q", "-y", "-o", shop / "m.mkv", "--columns", "8", "--encoder",
                               "ffv1", "--exclude-near", "2", "--max-uses", uses});
    return test::run_smalti(words);
  };
  // 32 cells, 12 tiles and 10 frames that look the same, of which 5 are left out at a time.
  const Ended ended = mosaic("3");
  CHECK(ended.code == 2);
  CHECK(says(ended.errors, "different tiles and --max-uses 3"));
  CHECK(mosaic("6").code == 0);
}

}  // namespace
}  // namespace smalti

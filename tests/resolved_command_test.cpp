// The commands that smalti prints do what was asked for: read again, they give the same options.

#include "cli/resolved_command.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cli/program.h"

namespace smalti::cli {
namespace {

using Words = std::vector<std::string>;

// Without quotes, which nothing here needs.
Words words_of(const std::string& command) {
  std::istringstream in(command);
  Words words;
  std::string word;
  in >> word;
  REQUIRE(word == "smalti");
  while (in >> word) words.push_back(word);
  return words;
}

std::string text_of(std::optional<double> value) { return value ? fmt::format("{}", *value) : "-"; }
std::string text_of(Size size) { return fmt::format("{}x{}", size.width, size.height); }

// All of a mosaic's options that change what it looks like.
std::string look_of(const MosaicOptions& o) {
  const LayoutOptions& l = o.layout;
  const SelectOptions& s = o.select;
  std::string tiles;
  for (const auto& path : o.tiles) tiles += path.string() + ";";
  return fmt::format(
      "{} {} columns {} scale {} tile {} aspect {}:{} beside {} crop {} {} {} {} frames {} match "
      "{} "
      "{} {} uses {} {} {} {} penalty {} best {} {} {} random {} {} near {} adjust {} opacity {} "
      "spacing {}",
      o.target.string(), tiles, l.columns.value_or(0), l.scale.value_or(0),
      text_of(l.tile_size.value_or(Size{})), l.aspect.width, l.aspect.height, o.side_by_side,
      static_cast<int>(o.crops.kind), o.crops.count, o.crops.flip, o.crops.distinct, o.all_frames,
      o.match.size, static_cast<int>(o.match.space), static_cast<int>(o.match.feature),
      s.max_uses.value_or(0), s.unique, s.use_all, s.counts_uses(), s.repeat_penalty, s.best_k,
      s.weigh_by_distance, s.ssim_k, s.randomness, s.seed, text_of(o.exclude_near_s),
      o.color_adjust, o.opacity, s.unique ? 0 : s.spacing);
}

std::string look_of(const StillOptions& o) {
  return look_of(static_cast<const MosaicOptions&>(o)) +
         fmt::format(" at {} fit {} pixels {}", text_of(o.at_s), o.fit_px.value_or(0),
                     o.max_pixels);
}

std::string look_of(const VideoMosaicOptions& o) {
  std::string text =
      look_of(static_cast<const MosaicOptions&>(o)) +
      fmt::format(" stabilizer {} {} start {} duration {} fps {}/{} encoder {} {} {}",
                  static_cast<int>(o.stabilizer), o.stabilization_threshold, o.start_s,
                  text_of(o.duration_s), o.fps ? o.fps->num : 0, o.fps ? o.fps->den : 0,
                  o.encode.encoder.value_or(""), text_of(o.encode.crf),
                  o.encode.preset.value_or(""));
  for (const auto& [key, value] : o.encode.encoder_options) text += " " + key + "=" + value;
  return text;
}

// One a row: what is given beside a target and tiles.
const std::vector<Words> kLooks = {{},
                                   {"--tile-aspect", "5:7"},
                                   {"--width-aspect", "2", "--height-aspect", "5"},
                                   {"--look", "exact"},
                                   {"--look", "collage"},
                                   {"--spacing", "7", "--color-adjust", "0.123456789"},
                                   {"--opacity", "0.3333333333333333"},
                                   {"--max-uses", "3"},
                                   {"--unique"},
                                   {"--use-all"},
                                   {"--repeat-penalty", "1.23456789"},
                                   {"--best-k", "5", "--seed", "18446744073709551615"},
                                   {"--best-k", "5", "--best-k-weights", "uniform"},
                                   {"--ssim-k", "20"},
                                   {"--randomness", "0.1", "--seed", "7"},
                                   {"--exclude-near", "1:30.123456"},
                                   {"--match-size", "8"},
                                   {"--match-space", "oklab"},
                                   {"--feature", "palette"},
                                   {"--vectorization-factor", "2"},
                                   {"--crop", "attention"},
                                   {"--crop", "fit", "--crops", "3"},
                                   {"--flip"},
                                   {"--distinct"},
                                   {"--frames"}};
const std::vector<Words> kShapes = {{"--side-by-side"}};
const std::vector<Words> kGrids = {{"--columns", "33"}, {"--scale", "9"}, {"--tile-size", "15x21"}};
const std::vector<Words> kStills = {
    {"--at", "0.3333333333333333"}, {"--fit", "700"}, {"--max-megapixels", "300.5"}};
const std::vector<Words> kTimes = {{"--start", "12345.678901"},
                                   {"--duration", "0.123456789"},
                                   {"--fps", "30000/1001"},
                                   {"--stabilizer", "none"},
                                   {"--stabilization-threshold", "0.123456789"},
                                   {"--encoder", "libx265", "--crf", "18.25", "--preset", "slow"},
                                   {"--encoder-option", "tune=film", "--encoder-option", "g=5"}};

// What changes nothing of what is seen, or is not part of these commands.
const std::set<std::string> kOthers = {"help",
                                       "help-all",
                                       "target",
                                       "tiles",
                                       "output",
                                       "savepath",
                                       "enlarge",
                                       "size",
                                       "overwrite",
                                       "quiet",
                                       "threads",
                                       "progress",
                                       "report",
                                       "memory",
                                       "no-cache",
                                       "strict",
                                       "verbose",
                                       "keep-partial",
                                       "dry-run",
                                       "preview",
                                       "pages",
                                       "quality",
                                       "dpi",
                                       "overlap",
                                       "min-scale",
                                       "max-scale",
                                       "max-file-size",
                                       "colors",
                                       "dither",
                                       "order",
                                       "ascending",
                                       "from-placements",
                                       "save-placements",
                                       "html"};

void add(std::vector<Words>& rows, const std::vector<Words>& more) {
  rows.insert(rows.end(), more.begin(), more.end());
}

Words call(const char* command, const Words& more) {
  Words words = {command, "a", "--tiles", "t", "u"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// Each option of a command is in one of its rows, or known not to matter.
void check_complete(const char* command, const std::vector<Words>& rows) {
  std::set<std::string> tried;
  for (const Words& row : rows) tried.insert(row.begin(), row.end());
  const Program program;
  for (const CLI::Option* option : program.app.get_subcommand(command)->get_options()) {
    if (option->get_lnames().empty()) continue;
    const std::string& name = option->get_lnames().front();
    if (!kOthers.contains(name) && !(name == "fps" && std::string(command) == "sweep"))
      CHECK_MESSAGE(tried.contains("--" + name), name);
  }
}

TEST_CASE("the command of a dry run asks for the same") {
  std::vector<Words> rows = kLooks;
  for (const auto& more : {kShapes, kGrids, kTimes}) add(rows, more);
  check_complete("video", rows);
  for (const Words& row : rows) {
    Program asked;
    asked.parse(call("video", row));
    VideoMosaicOptions options = asked.video.resolve();
    if (!options.layout.scale && !options.layout.tile_size && !options.layout.columns)
      options.layout.columns = 80;
    if (!options.encode.encoder) options.encode.encoder = "libx264";
    DryRun run;
    run.output = "b.mp4";
    run.sample.canvas = {640, 480};
    run.sample.columns = options.layout.columns.value_or(0);
    run.sample.encoder = *options.encode.encoder;
    const std::string command = resolved_command(options, run).str();
    CAPTURE(command);
    Program again;
    again.parse(words_of(command));
    const VideoMosaicOptions& read = again.video.resolve();
    CHECK(look_of(read) == look_of(options));
    CHECK(read.layout.size == Size{640, 480});
  }
}

// The same options again from the line that is printed of one scale.
template <typename Scales>
void check_single(const Scales& options) {
  const PhotomosaicOptions still = still_of(options, 9, true);
  const std::string command = image_command(still).str();
  CAPTURE(command);
  Program again;
  again.parse(words_of(command));
  CHECK(look_of(again.image.resolve()) == look_of(still));

  const std::string all = video_command(still).str();
  CAPTURE(all);
  Program video;
  video.parse(words_of(all));
  CHECK(look_of(static_cast<const MosaicOptions&>(video.video.resolve())) ==
        look_of(static_cast<const MosaicOptions&>(still)));
}

TEST_CASE("the command of one scale of a sweep, or of the explorer, asks for the same") {
  std::vector<Words> rows = kLooks;
  add(rows, kStills);
  check_complete("explore", rows);
  for (const Words& row : rows) {
    Program asked;
    asked.parse(call("explore", row));
    check_single(asked.explore.resolve());
  }
  add(rows, kShapes);
  check_complete("sweep", rows);
  for (const Words& row : rows) {
    Program asked;
    asked.parse(call("sweep", row));
    check_single(asked.sweep.resolve());
  }
}

TEST_CASE("different looks are different commands") {
  std::set<std::string> commands;
  for (const Words& row : kLooks) {
    Program asked;
    asked.parse(call("explore", row));
    commands.insert(image_command(still_of(asked.explore.resolve(), 9, true)).str());
  }
  CHECK(commands.size() == kLooks.size());
}

}  // namespace
}  // namespace smalti::cli

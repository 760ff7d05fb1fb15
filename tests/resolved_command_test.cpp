// The commands that smalti prints do what was asked for: read again, they give the same options.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/flags/parser.h"
#include "cli/flags/printed_command.h"
#include "smalti/error.h"

namespace smalti::cli {
namespace {

Call call_of(const Words& words) { return std::get<Call>(parse(words)); }

Words words_of(const std::string& command) {
  REQUIRE(command.find_first_of("'$\\") == std::string::npos);  // no quotes to be read
  std::istringstream in(command);
  Words words;
  std::string word;
  in >> word;
  REQUIRE(word == "smalti");
  while (in >> word) words.push_back(word);
  return words;
}

// What the printed commands of mosaics say nothing of: it changes nothing that is seen of one
// mosaic, or is said by what it set.
const std::set<std::string> kUnsaid = {"--savepath",
                                       "--html",
                                       "--overwrite",
                                       "--quiet",
                                       "--threads",
                                       "--progress",
                                       "--report",
                                       "--memory",
                                       "--no-cache",
                                       "--strict",
                                       "--verbose",
                                       "--keep-partial",
                                       "--dry-run",
                                       "--preview",
                                       "--save-placements",
                                       "--min-scale",
                                       "--max-scale",
                                       "--order",
                                       "--ascending",
                                       "--max-file-size",
                                       "--colors",
                                       "--dither",
                                       "--look",
                                       "--width-aspect",
                                       "--height-aspect",
                                       "--vectorization-factor"};
// Of a sweep, and of a page.
const std::set<std::string> kOfFrames = {"--fps", "--size"};

// Those that a printed command says in its own way, which the tests below look at themselves.
const std::set<std::string> kApart = {"--target",  "--tiles",    "--output",         "--size",
                                      "--enlarge", "--fit-mode", "--from-placements"};

// Words of every form, of which an option takes some.
const Words kSamples = {
    "7",     "0.123456789", "18446744073709551615", "1:30.123456", "12345.678901",
    "15x21", "5:7",         "30000/1001",           "tune=film",   "some"};

// Every way to give an option by itself that it takes, with what it cannot do without.
std::vector<Words> givings(const Option& option) {
  if (option.value.is_flag()) return {{option.name()}};
  std::vector<Words> all;
  for (const std::string& sample : option.value.names.empty() ? kSamples : option.value.names) {
    if (option.value.complaint && !option.value.complaint(sample).empty()) continue;
    Words words = {option.name(), sample};
    if (option.rules.needs != nullptr) words.insert(words.end(), {option.rules.needs, "A4"});
    if (option.name() == "--seed") words.insert(words.end(), {"--randomness", "0.1"});
    if (option.name() == "--best-k-weights") words.insert(words.end(), {"--best-k", "4"});
    all.push_back(words);
  }
  return all;
}

Words call_with(const Command& command, const Words& more) {
  Words words = {command.name, "a", "--tiles", "t", "u"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// All that the structs hold of a command's options, as the table tells it.
std::string all_of(Commands command, const Structs& structs) {
  std::string all;
  for (const Option* option : options_of(command))
    if (!kApart.contains(option->name()))
      all += fmt::format("{} {}\n", option->name(), fmt::join(option->value.get(structs), " "));
  return all;
}

// Calls `check` with a command's request for each way to give each of its options that changes what
// one mosaic looks like; makes sure that every option is given, and changes something.
template <typename Options, typename Check>
void for_each_request(const Command& command, Request<Options> (*request_of)(const Call&),
                      const Check& check) {
  Request<Options> usual = request_of(call_of(call_with(command, {})));
  Request<Options> plain = usual;
  check(plain);
  for (const Option* option : options_of(command.id)) {
    const std::string name = option->name();
    const bool is_said = option->rules.printed > Part::kByOthers;
    const bool is_of_frames =
        command.id != kVideo && command.id != kImage && kOfFrames.contains(name);
    CHECK_MESSAGE(is_said != (kUnsaid.contains(name) || is_of_frames), name);
    if ((!is_said && option->rules.printed != Part::kByOthers) || kApart.contains(name)) continue;
    bool has_effect = false;
    for (const Words& words : givings(*option)) {
      CAPTURE(fmt::format("{}", fmt::join(words, " ")));
      Request<Options> request;
      try {
        request = request_of(call_of(call_with(command, words)));
      } catch (const Error&) {
        continue;  // a sample of another form
      }
      has_effect |= all_of(command.id, request.structs()) != all_of(command.id, usual.structs());
      check(request);
    }
    CHECK_MESSAGE((has_effect || name == "--savepath"), name);
  }
}

TEST_CASE("the command of a dry run asks for the same") {
  for_each_request(kVideoCommand, video_request, [](Request<VideoMosaicOptions>& asked) {
    VideoMosaicOptions& options = asked.options;
    LayoutOptions& layout = options.layout;
    const bool adaptive = layout.adaptive();
    if (adaptive) {
      layout.cells = layout.cells.value_or(2700);
    } else if (!layout.scale && !layout.tile_size) {
      layout = {.columns = layout.columns.value_or(80), .aspect = layout.aspect};
    }
    if (!options.encode.encoder) options.encode.encoder = "libx264";
    DryRun run;
    run.output = "b.mp4";
    run.sample.canvas = {640, 480};
    run.sample.adaptive = adaptive;
    run.sample.cells = static_cast<std::size_t>(options.layout.cells.value_or(2700));
    run.sample.columns = options.layout.columns.value_or(33);
    run.sample.encoder = *options.encode.encoder;
    const std::string command = resolved_command(options, run).str();
    CAPTURE(command);
    Request<VideoMosaicOptions> again = video_request(call_of(words_of(command)));
    CHECK(all_of(kVideo, again.structs()) == all_of(kVideo, asked.structs()));
    CHECK(again.options.target == options.target);
    CHECK(again.options.tiles == options.tiles);
    CHECK(again.options.output == "b.mp4");
    CHECK(again.options.layout.size == Size{640, 480});
    CHECK_FALSE(again.options.layout.enlarge);
  });
}

// The same options again from the lines that are printed of one scale.
template <typename Scales>
void check_single(const Request<Scales>& asked) {
  PhotomosaicOptions still = still_of(asked.options, 9, true);
  const std::string command = image_command(still).str();
  CAPTURE(command);
  Request<PhotomosaicOptions> again = image_request(call_of(words_of(command)));
  CHECK(all_of(kImage, Structs(again.options)) == all_of(kImage, Structs(still)));
  CHECK(again.options.target == still.target);
  CHECK(again.options.tiles == still.tiles);

  MosaicOptions mosaic = still;
  const std::string whole = video_command(still).str();
  CAPTURE(whole);
  Request<VideoMosaicOptions> video = video_request(call_of(words_of(whole)));
  MosaicOptions read = video.options;
  CHECK(all_of(kVideo, Structs(read)) == all_of(kVideo, Structs(mosaic)));
}

TEST_CASE("the command of one scale of a sweep, or of the explorer, asks for the same") {
  for_each_request(kExploreCommand, explore_request, check_single<ScalesOptions>);
  for_each_request(kSweepCommand, sweep_request, check_single<SweepOptions>);
}

TEST_CASE("the line of each mosaic that is tried asks for the same, and names its look") {
  for_each_request(kTryCommand, try_request, [](Request<TryOptions>& asked) {
    for (TriedMosaic& tried : tried_mosaics(asked.options)) {
      const std::string command = image_command(tried.still, tried.look).str();
      CAPTURE(command);
      Request<PhotomosaicOptions> again = image_request(call_of(words_of(command)));
      CHECK(all_of(kImage, Structs(again.options)) == all_of(kImage, Structs(tried.still)));
      CHECK(again.options.target == tried.still.target);
      CHECK(again.options.tiles == tried.still.tiles);
      CHECK(command.ends_with(std::string(" --look ") + tried.look.name));
    }
  });
}

TEST_CASE("a still's command says what is asked of a still alone") {
  for_each_request(kImageCommand, image_request, [](Request<PhotomosaicOptions>& asked) {
    const std::string command = image_command(asked.options).str();
    CAPTURE(command);
    Request<PhotomosaicOptions> again = image_request(call_of(words_of(command)));
    CHECK(all_of(kImage, again.structs()) == all_of(kImage, asked.structs()));
  });
}

TEST_CASE("what was written down is not chosen anew") {
  VideoMosaicOptions options;
  options.target = "a.mp4";
  options.tiles = {"t"};
  options.from_placements = "kept.jsonl";
  options.select.unique = true;
  options.opacity = 0.5;
  DryRun run;
  run.output = "b.mp4";
  run.sample.canvas = {640, 480};
  run.sample.columns = 33;
  run.sample.encoder = "libx264";
  CHECK(resolved_command(options, run).str() ==
        "smalti video a.mp4 --tiles t --output b.mp4 --size 640x480 --from-placements kept.jsonl "
        "--color-adjust 0 --opacity 0.5 --encoder libx264");
}

TEST_CASE("different looks are different commands") {
  std::set<std::string> commands;
  std::size_t looks = 0;
  for_each_request(kExploreCommand, explore_request, [&](Request<ScalesOptions>& asked) {
    commands.insert(image_command(still_of(asked.options, 9, true)).str());
    ++looks;
  });
  CHECK(looks > 50);
  CHECK(commands.size() > looks * 3 / 4);  // some samples are what the command takes by itself
}

}  // namespace
}  // namespace smalti::cli

#include "cli/splice_command.h"

#include <fmt/format.h>

#include <map>

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/run_flags.h"
#include "cli/summary.h"
#include "cli/values.h"
#include "smalti/error.h"

namespace smalti::cli {
namespace {

constexpr const char* kUsage = "smalti splice VIDEO... --output FOLDER [options]";

constexpr const char* kExamples = R"(
Examples:
  smalti splice holiday.mp4 -o tiles/
  smalti splice videos/ -o tiles/ --every 5 --tile-aspect 1:1 --crops 2 --distinct
  smalti splice film.mkv -o tiles/ --scenes --limit 500

Run again with the same options, it goes on where it stopped.
`smalti splice --help-all` lists every option.
)";

}  // namespace

SpliceCommand::SpliceCommand(CLI::App& program)
    : app_(add_command(program, "splice", "Turns frames of videos into pictures for tiles.", kUsage,
                       kExamples)) {
  add_everyday_options();
  add_run_options();
}

void SpliceCommand::add_everyday_options() {
  const auto option = [this](const char* names, auto& value, const char* form, const char* text) {
    return app_->add_option(names, value, text)->type_name(form)->group(kEveryday);
  };
  app_->add_option("VIDEO", videos_, "Videos, and folders of videos");
  option("-o,--output", output_, "FOLDER", "Where the pictures go; made when it is missing");
  auto* every =
      option("--every", every_, "TIME", "Take the frame shown every so many seconds (default: 1)");
  app_->add_flag("--scenes", options_.scenes, "Take the sharpest frame of each shot instead")
      ->group(kEveryday)
      ->excludes(every);
  option("--limit", options_.limit, "N",
         "Take at most N frames of each video, evenly spread over it")
      ->check(in_range(1, kMostCounted));
  option("--tile-aspect", tile_aspect_, "W:H",
         "Crop pictures to this shape, around the middle (default: whole frames)");
  option("--crops", options_.crops, "N",
         "Take N crops of each frame, evenly spread over its longer side (default: 1)")
      ->check(in_range(1, 1000));
  option("--size", size_, "PX|WxH",
         "Longer edge of the pictures, larger ones are reduced to it; or their exact size, which "
         "also decides their shape (default: 640, more than the cells of most mosaics)");
  app_->add_flag("--distinct", options_.distinct,
                 "Leave out what looks nearly the same as a picture taken before, of any video")
      ->group(kEveryday);
  add_quiet(*app_, console_);
}

void SpliceCommand::add_run_options() {
  add_threads(*app_, options_.threads);
  add_progress(*app_, console_);
  app_->add_flag("--strict", options_.strict, "Take an unusable or damaged video for an error")
      ->group(kRunGroup);
  add_verbose(*app_, console_);
}

void SpliceCommand::check_arguments() const {
  constexpr const char* kExample = "smalti splice holiday.mp4 --output tiles/";
  if (videos_.empty())
    throw Error(ErrorKind::kUsage, "there is no video", fmt::format("name one: {}", kExample));
  if (output_.empty())
    throw Error(ErrorKind::kUsage, "there is no folder for the pictures",
                fmt::format("name one: {}", kExample));
  if (given("--tile-aspect") && size_.find('x') != std::string::npos)
    refuse_without_effect("--tile-aspect", "--size WxH");
  check_console(*app_);
}

SpliceOptions SpliceCommand::resolve() const {
  check_extras(*app_);
  check_arguments();
  SpliceOptions options = options_;
  options.videos.assign(videos_.begin(), videos_.end());
  options.output = output_;
  if (given("--every")) options.every_s = parse_time("--every", every_, kShortest_s);
  if (given("--tile-aspect")) options.aspect = parse_aspect("--tile-aspect", tile_aspect_);
  if (given("--size")) {
    if (size_.find('x') != std::string::npos) {
      options.size = parse_size("--size", size_);
    } else {
      options.long_edge = parse_pixels("--size", size_);
    }
  }
  return options;
}

int SpliceCommand::tell(const SpliceSummary& summary, const Events& events) const {
  for (const SkippedFile& file : summary.unusable) {
    const std::string line = fmt::format("left out: '{}': {}", file.path.string(), file.reason);
    if (summary.failed) {
      print_error(shown("{}", line));
    } else {
      events.warning(line);
    }
  }
  if (summary.stopped)
    return say_stopped(shown("stopped after {} pictures: run it again to go on", summary.written));
  cli::tell(console_, summary_json(summary), summary_text(summary));
  if (!summary.failed) return 0;
  if (summary.unusable.empty() && summary.written + summary.there == 0)
    print_error(shown("there is no video to take pictures of"),
                shown("name videos, or folders that hold some"));
  return static_cast<int>(ErrorKind::kBadInput);
}

int SpliceCommand::run(const std::atomic<bool>& stop) {
  const SpliceOptions wanted = resolve();
  Console console(console_, stop);
  const SpliceSummary summary = splice(wanted, console.events());
  console.finish();
  return tell(summary, console.events());
}

}  // namespace smalti::cli

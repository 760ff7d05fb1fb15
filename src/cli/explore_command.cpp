#include "cli/explore_command.h"

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/resolved_command.h"
#include "cli/run_job.h"
#include "cli/summary.h"
#include "smalti/error.h"

namespace smalti::cli {
namespace {

constexpr const char* kUsage = "smalti explore TARGET --tiles PHOTOS [--html FILE] [options]";

constexpr const char* kExamples = R"(
Examples:
  smalti explore beach.jpg -t photos/                      a window
  smalti explore beach.jpg -t photos/ --html beach.html    a page for any browser
  smalti explore beach.mp4 -t photos/ --at 1:30 --max-scale 20

`smalti explore --help-all` lists every option.
)";

ScalesOptions default_options() {
  ScalesOptions options;
  options.min_scale = kDefaultExploreMinScale;
  options.max_scale = kDefaultExploreMaxScale;
  return options;
}

}  // namespace

ExploreCommand::ExploreCommand(CLI::App& program)
    : app_(add_command(program, "explore", "Shows a picture's mosaics to look around in.", kUsage,
                       kExamples)),
      options_(default_options()),
      flags_(*app_, options_),
      scales_(*app_, options_),
      still_(*app_, options_) {
  flags_.add_inputs("The picture to recreate, or a video of which to take a frame");
  app_->add_option("--html", html_, "Write one page that shows it all in any browser")
      ->type_name("FILE")
      ->group(kEveryday);
  scales_.add_scales();
  scales_.add_size(
      "Of a page's mosaics, in pixels (default: 1600 on the longer edge, less for many scales)");
  still_.add_time();
  flags_.add_ending();
  flags_.add_tile_shape();
  flags_.add_crops();
  flags_.add_look();
  still_.add_target();
  flags_.add_running();
}

const ScalesOptions& ExploreCommand::resolve() {
  flags_.resolve();
  scales_.resolve();
  still_.resolve();
  if (flags_.given("--html")) options_.output = html_;
  return options_;
}

int ExploreCommand::run(const std::vector<std::string>& command, const std::atomic<bool>& stop) {
  resolve();
  return options_.output ? make_page(command, stop) : open_window(stop);
}

int ExploreCommand::open_window(const std::atomic<bool>& stop) {
  for (const char* option : {"--size", "--report", "--progress"})
    if (flags_.given(option)) refuse_without_effect(option, "a window, without --html");
  const bool is_whole_video = !flags_.given("--fit") && !is_still(options_.target);
  if (is_whole_video) options_.fit_px.reset();  // its scales are then those of the video
  Console console(flags_.console(), stop);
  const ExplorerHost host{
      [&](const PhotomosaicOptions& still) {
        print_result(shown("{}\n", is_whole_video ? video_command(still) : image_command(still)));
      },
      [&](const PhotomosaicSummary& saved) {
        if (!flags_.console().quiet) print_message(summary_text(saved));
      },
      [](const Error& error) { print_error(error); }};
  run_explorer(options_, host, console.events());
  return stop ? static_cast<int>(ErrorKind::kFailure) : 0;
}

int ExploreCommand::make_page(const std::vector<std::string>& command,
                              const std::atomic<bool>& stop) {
  return run_job(
      flags_, command, stop,
      [&](const Events& events) { return make_explore_page(options_, events); },
      [&](const auto& summary) { return summary_text(summary, options_); });
}

}  // namespace smalti::cli

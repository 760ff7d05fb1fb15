#include "smalti/explore.h"

#include "cli/commands/commands.h"
#include "cli/commands/mosaic_job.h"
#include "cli/flags/printed_command.h"

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

int open_window(const Request<ScalesOptions>& request, const Call& call, const Run& run) {
  ScalesOptions options = request.options;
  const bool is_whole_video = !call.given("--fit") && !is_still(options.target);
  if (is_whole_video) options.fit_px.reset();  // its scales are then those of the video
  Console console(request.console, run.stop);
  const ExplorerHost host{
      [&](const PhotomosaicOptions& still) {
        print_result(shown("{}\n", is_whole_video ? video_command(still) : image_command(still)));
      },
      [&](const PhotomosaicSummary& saved) {
        if (!request.console.quiet) print_message(summary_text(saved));
      },
      [](const Error& error) { print_error(error); }};
  run_explorer(options, host, console.events());
  return run.stop ? static_cast<int>(ErrorKind::kFailure) : 0;
}

int make_page(const Request<ScalesOptions>& request, const Run& run) {
  const ScalesOptions& options = request.options;
  return run_job(
      request.console, options, run,
      [&](const Events& events) { return make_explore_page(options, events); },
      [&](const auto& summary) { return summary_text(summary, options); });
}

int run_explore(const Call& call, const Run& run) {
  const Request<ScalesOptions> request = explore_request(call);
  return request.wishes.window ? open_window(request, call, run) : make_page(request, run);
}

}  // namespace

const Command kExploreCommand = {.id = kExplore,
                                 .name = "explore",
                                 .about = "Shows a picture's mosaics to look around in.",
                                 .usage = kUsage,
                                 .footer = kExamples,
                                 .run = run_explore};

Request<ScalesOptions> explore_request(const Call& call) {
  Request<ScalesOptions> request;
  request.options.min_scale = kDefaultExploreMinScale;
  request.options.max_scale = kDefaultExploreMaxScale;
  request.wishes.window = !call.given("--html");
  fill_mosaic(call, request.structs());
  return request;
}

}  // namespace smalti::cli

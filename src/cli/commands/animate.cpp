#include "cli/commands/commands.h"
#include "cli/text/summary.h"
#include "smalti/error.h"

namespace smalti::cli {
namespace {

constexpr const char* kUsage = "smalti animate FOLDER|PICTURES [--output OUT.gif] [options]";

constexpr const char* kExamples = R"(
Examples:
  smalti animate holiday/ -o holiday.gif
  smalti animate mosaic-*.png -o mosaics.webp --fps 3 --order descending
  smalti animate holiday/ -o holiday.mp4 --size 1280x720

`smalti animate --help-all` lists every option.
)";

int run_animate(const Call& call, const Run& run) {
  const Request<AnimateOptions> request = animate_request(call);
  Console console(request.console, run.stop);
  if (call.given("--fuzz"))
    console.events().warning(
        "--fuzz is not needed: --colors and --max-file-size make files smaller here");
  const AnimateSummary summary = animate_pictures(request.options, console.events());
  console.finish();
  if (summary.stopped) return say_stopped();
  tell(request.console, summary_json(summary), summary_text(summary));
  return 0;
}

}  // namespace

const Command kAnimateCommand = {.id = kAnimate,
                                 .name = "animate",
                                 .about = "Makes an animation of pictures.",
                                 .usage = kUsage,
                                 .footer = kExamples,
                                 .one_too_many = "name files or a folder",
                                 .run = run_animate};

Request<AnimateOptions> animate_request(const Call& call) {
  Request<AnimateOptions> request;
  call.fill(request.structs());
  AnimateOptions& options = request.options;
  if (options.pictures.empty())
    throw Error(ErrorKind::kUsage, "there are no pictures",
                "name a folder of them: smalti animate holiday/ -o holiday.gif");
  options.animation.threads = options.threads;
  return request;
}

}  // namespace smalti::cli

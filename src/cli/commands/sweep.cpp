#include "cli/commands/commands.h"
#include "cli/commands/mosaic_job.h"

namespace smalti::cli {
namespace {

constexpr const char* kUsage = "smalti sweep TARGET --tiles PHOTOS [--output OUT.gif] [options]";

constexpr const char* kExamples = R"(
Examples:
  smalti sweep beach.jpg -t photos/                    beach-from-5-to-25.gif
  smalti sweep beach.jpg -t photos/ --min-scale 3 --max-scale 60 --order bounce -o beach.webp
  smalti sweep beach.mp4 -t photos/ --at 1:30 --max-file-size 2M

`smalti sweep --help-all` lists every option.
)";

int run_sweep(const Call& call, const Run& run) {
  const Request<SweepOptions> request = sweep_request(call);
  const SweepOptions& options = request.options;
  return run_job(
      request.console, options, run,
      [&](const Events& events) { return make_sweep(options, events); },
      [&](const auto& summary) { return summary_text(summary, options); });
}

}  // namespace

const Command kSweepCommand = {.id = kSweep,
                               .name = "sweep",
                               .about = "Shows a picture's mosaics from scale to scale.",
                               .usage = kUsage,
                               .footer = kExamples,
                               .run = run_sweep};

Request<SweepOptions> sweep_request(const Call& call) {
  Request<SweepOptions> request;
  fill_mosaic(call, request.structs());
  request.options.animation.overwrite = request.options.overwrite;
  request.options.animation.threads = request.options.threads;
  return request;
}

}  // namespace smalti::cli

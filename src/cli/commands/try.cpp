#include "cli/commands/commands.h"
#include "cli/commands/mosaic_job.h"
#include "cli/flags/printed_command.h"

namespace smalti::cli {
namespace {

constexpr const char* kUsage =
    "smalti try TARGET --tiles PHOTOS [--output SHEET.jpg] [--html PAGE.html] [options]";

constexpr const char* kExamples = R"(
Examples:
  smalti try beach.jpg -t photos/                      beach-try.jpg
  smalti try beach.jpg -t photos/ --html beach.html    a page too, with lines to copy
  smalti try beach.mp4 -t photos/ --at 1:30 --size 900 -o sheet.png

Rows are the looks, columns the numbers of cells. The line that makes each mosaic is printed.
`smalti try --help-all` lists every option.
)";

int run_try(const Call& call, const Run& run) {
  const Request<TryOptions> request = try_request(call);
  const TryOptions& options = request.options;
  const auto line_of = [](const TriedMosaic& mosaic) {
    return image_command(mosaic.still, mosaic.look).str();
  };
  return run_job(
      request.console, options, run,
      [&](const Events& events) { return make_try_sheet(options, line_of, events); },
      [&](const auto& summary) { return summary_text(summary, options); });
}

}  // namespace

const Command kTryCommand = {.id = kTry,
                             .name = "try",
                             .about = "Shows a picture's mosaics in every look, to choose from.",
                             .usage = kUsage,
                             .footer = kExamples,
                             .run = run_try};

Request<TryOptions> try_request(const Call& call) {
  Request<TryOptions> request;
  fill_mosaic(call, request.structs());
  return request;
}

}  // namespace smalti::cli

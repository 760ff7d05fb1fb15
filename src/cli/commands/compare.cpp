#include "cli/commands/commands.h"
#include "cli/text/figures.h"
#include "smalti/error.h"

namespace smalti::cli {
namespace {

constexpr const char* kUsage = "smalti compare TARGET MOSAIC [options]";

constexpr const char* kExamples = R"(
Examples:
  smalti compare beach.jpg mosaic.jpg
  smalti compare beach.mp4 beach-mosaic.mp4 --columns 120
  smalti compare beach.mp4 beach-mosaic.mp4 --json > figures.json

The table goes to standard output. Give --columns and --tile-aspect as the mosaic was made with:
they say how far away the viewer stands.
)";

constexpr const char* kForm = "name both: smalti compare beach.jpg mosaic.jpg";

int run_compare(const Call& call, const Run& run) {
  const auto [options, said, wishes] = compare_request(call);
  Console console(said, run.stop);
  const CompareSummary summary = compare_files(options, console.events());
  console.finish();
  if (summary.stopped) return say_stopped(shown("stopped before the end: there are no figures"));
  print_result(wishes.json ? figures_json(summary, options) : figures_text(summary, options));
  return 0;
}

}  // namespace

const Command kCompareCommand = {.id = kCompare,
                                 .name = "compare",
                                 .about = "Measures how close a mosaic is to its target.",
                                 .usage = kUsage,
                                 .footer = kExamples,
                                 .one_too_many = kForm,
                                 .has_groups = false,
                                 .run = run_compare};

Request<CompareOptions> compare_request(const Call& call) {
  Request<CompareOptions> request;
  call.fill(request.structs());
  if (request.options.target.empty()) throw Error(ErrorKind::kUsage, "there is no target", kForm);
  if (request.options.mosaic.empty()) throw Error(ErrorKind::kUsage, "there is no mosaic", kForm);
  return request;
}

}  // namespace smalti::cli

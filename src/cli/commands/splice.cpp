#include <fmt/format.h>

#include "cli/commands/commands.h"
#include "cli/text/summary.h"
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

constexpr const char* kExample = "name one: smalti splice holiday.mp4 --output tiles/";

int tell_of(const SpliceSummary& summary, const ConsoleOptions& said, const Events& events) {
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
  tell(said, summary_json(summary), summary_text(summary));
  if (!summary.failed) return 0;
  if (summary.unusable.empty() && summary.written + summary.there == 0)
    print_error(shown("there is no video to take pictures of"),
                shown("name videos, or folders that hold some"));
  return static_cast<int>(ErrorKind::kBadInput);
}

int run_splice(const Call& call, const Run& run) {
  const Request<SpliceOptions> request = splice_request(call);
  Console console(request.console, run.stop);
  const SpliceSummary summary = splice(request.options, console.events());
  console.finish();
  return tell_of(summary, request.console, console.events());
}

}  // namespace

const Command kSpliceCommand = {.id = kSplice,
                                .name = "splice",
                                .about = "Turns frames of videos into pictures for tiles.",
                                .usage = kUsage,
                                .footer = kExamples,
                                .run = run_splice};

Request<SpliceOptions> splice_request(const Call& call) {
  Request<SpliceOptions> request;
  call.fill(request.structs());
  if (request.options.videos.empty()) throw Error(ErrorKind::kUsage, "there is no video", kExample);
  if (request.options.output.empty())
    throw Error(ErrorKind::kUsage, "there is no folder for the pictures", kExample);
  return request;
}

}  // namespace smalti::cli

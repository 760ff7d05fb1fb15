#include "cli/commands/commands.h"
#include "cli/commands/mosaic_job.h"
#include "cli/flags/printed_command.h"
#include "smalti/rehearsal.h"

namespace smalti::cli {
namespace {

constexpr const char* kUsage = "smalti video TARGET --tiles PHOTOS [--output OUT.mp4] [options]";

constexpr const char* kExamples = R"(
Examples:
  smalti video beach.mp4 -t photos/ -o mosaic.mp4
  smalti video beach.mp4 -t photos/ --cells 4000 --enlarge 2 --crf 18 --preset slow
  smalti video beach.mp4 -t photos/ -t more/ --start 1:30 --duration 10

`smalti video --help-all` lists every option.
)";

int say_stopped_at(const VideoMosaicSummary& summary) {
  if (!summary.partial) return say_stopped();
  return say_stopped(
      shown("stopped: the first {} frames are kept as '{}'", summary.frames, *summary.partial));
}

int make(const Request<VideoMosaicOptions>& request, const Run& run, Console& console) {
  const VideoMosaicSummary summary = make_video_mosaic(request.options, console.events());
  console.finish();
  if (summary.stopped) return say_stopped_at(summary);
  write_report(request.options, summary, run, console.events());
  tell(request.console, summary_json(summary), summary_text(summary));
  return 0;
}

int make_preview_of(const Request<VideoMosaicOptions>& request, Console& console) {
  const Preview preview = make_preview(request.options, console.events());
  console.finish();
  if (preview.summary.stopped) return say_stopped_at(preview.summary);
  if (!request.console.quiet)
    print_message(shown("{}{}: its middle frame\n", summary_text(preview.summary), preview.poster));
  return 0;
}

int dry_run(const VideoMosaicOptions& options, Console& console) {
  const DryRun run = rehearse(options, console.events());
  console.finish();
  if (run.sample.stopped) return say_stopped_at(run.sample);
  print_result(dry_run_text(run, options, resolved_command(options, run)));
  return 0;
}

int run_video(const Call& call, const Run& run) {
  const Request<VideoMosaicOptions> request = video_request(call);
  Console console(request.console, run.stop);
  if (request.wishes.dry_run) return dry_run(request.options, console);
  if (request.wishes.preview) return make_preview_of(request, console);
  return make(request, run, console);
}

}  // namespace

const Command kVideoCommand = {.id = kVideo,
                               .name = "video",
                               .about = "Turns a video into a mosaic video with its sound.",
                               .usage = kUsage,
                               .footer = kExamples,
                               .run = run_video};

Request<VideoMosaicOptions> video_request(const Call& call) {
  Request<VideoMosaicOptions> request;
  fill_mosaic(call, request.structs());
  request.options.encode.threads = request.options.threads;
  return request;
}

}  // namespace smalti::cli

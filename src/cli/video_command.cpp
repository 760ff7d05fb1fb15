#include "cli/video_command.h"

#include <fmt/format.h>

#include <map>

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/resolved_command.h"
#include "cli/summary.h"
#include "cli/values.h"
#include "smalti/error.h"
#include "smalti/rehearsal.h"

namespace smalti::cli {
namespace {

constexpr const char* kUsage = "smalti video TARGET --tiles PHOTOS [--output OUT.mp4] [options]";

constexpr const char* kExamples = R"(
Examples:
  smalti video beach.mp4 -t photos/ -o mosaic.mp4
  smalti video beach.mp4 -t photos/ --columns 120 --enlarge 2 --crf 18 --preset slow
  smalti video beach.mp4 -t photos/ -t more/ --start 1:30 --duration 10

`smalti video --help-all` lists every option.
)";

constexpr const char* kTime = "Time";
constexpr const char* kEncoding = "Encoding";

const std::map<std::string, StabilizerKind> kStabilizers = {
    {"hysteresis", StabilizerKind::kHysteresis},
    {"previous", StabilizerKind::kPrevious},
    {"none", StabilizerKind::kNone}};

std::pair<std::string, std::string> key_and_value(const std::string& text) {
  const std::size_t at = text.find('=');
  if (at == std::string::npos || at == 0)
    throw Error(ErrorKind::kUsage, fmt::format("--encoder-option does not take '{}'", text),
                "write KEY=VALUE, such as tune=film");
  return {text.substr(0, at), text.substr(at + 1)};
}

int say_stopped_at(const VideoMosaicSummary& summary) {
  if (!summary.partial) return say_stopped();
  return say_stopped(
      shown("stopped: the first {} frames are kept as '{}'", summary.frames, *summary.partial));
}

}  // namespace

VideoCommand::VideoCommand(CLI::App& program)
    : app_(add_command(program, "video", "Turns a video into a mosaic video with its sound.",
                       kUsage, kExamples)),
      flags_(*app_, options_) {
  add_everyday_options();
  flags_.add_grid();
  flags_.add_crops();
  flags_.add_look();
  add_time_options();
  add_encoding_options();
  add_run_options();
}

void VideoCommand::add_everyday_options() {
  const auto option = [this](const char* names, auto& value, const char* form, const char* text) {
    return app_->add_option(names, value, text)->type_name(form)->group(kEveryday);
  };
  flags_.add_sources("The video to recreate", "TARGET-mosaic.mp4 or the like");
  flags_.add_cells(
      "Make the mosaic F times as large as the target (default: 1, or as much as gives cells 16 "
      "pixels wide)");
  option("--start", start_, "TIME", "Begin there: seconds, or hours:minutes:seconds");
  option("--duration,--seconds", duration_, "TIME", "Make only that much");
  option("--crf", options_.encode.crf, "N",
         "Quality of the encoder, lower is better and larger (default: the encoder's, 23 for "
         "libx264)")
      ->check(in_range(0.0, 63.0));
  option("--preset", preset_, "NAME", "Effort of the encoder, such as veryfast, medium or slow");
  flags_.add_ending();
}

void VideoCommand::add_time_options() {
  const auto option = [this](const char* names, auto& value, const char* form, const char* text) {
    return app_->add_option(names, value, text)->type_name(form)->group(kTime);
  };
  option(
      "--fps", fps_, "RATE",
      "Constant frames a second, such as 25 or 30000/1001 (default: every frame keeps its time)");
  option(
      "--stabilizer", options_.stabilizer, "NAME",
      "When a cell changes its tile: hysteresis (the best tile must clearly beat the one shown), "
      "previous (beat what the one shown had a frame ago), none (always the best)")
      ->transform(CLI::CheckedTransformer(kStabilizers, CLI::ignore_case).description(""));
  option("--stabilization-threshold", options_.stabilization_threshold, "X",
         "How clearly, from 0 to 1: the new distance must be below X times the old (default: 0.9)")
      ->check(in_range(0.0, 1.0));
}

void VideoCommand::add_encoding_options() {
  const auto option = [this](const char* names, auto& value, const char* form, const char* text) {
    return app_->add_option(names, value, text)->type_name(form)->group(kEncoding);
  };
  option("--encoder", encoder_, "NAME",
         "FFmpeg's video encoder (default: libx264, or what the container needs)");
  option("--encoder-option", encoder_options_, "KEY=VALUE",
         "Passed on to the encoder; may be given several times")
      ->allow_extra_args(false);
}

void VideoCommand::add_run_options() {
  flags_.add_placements();
  flags_.add_running();
  app_->add_flag("--keep-partial", options_.keep_partial,
                 "When stopped by Ctrl-C or a signal, keep the frames made so far as "
                 "OUTPUT.partial.mp4 or the like")
      ->group(kRunGroup);
  app_->add_flag("--dry-run", dry_run_,
                 "Only say what would be made, of what, and what it would take")
      ->group(kRunGroup);
  app_->add_flag("--preview", preview_,
                 "Only make three seconds from the middle, and a poster image of them")
      ->group(kRunGroup);
}

void VideoCommand::refuse_options_without_effect() const {
  if (flags_.given("--stabilization-threshold") && options_.stabilizer == StabilizerKind::kNone)
    refuse_without_effect("--stabilization-threshold", "--stabilizer none");
  for (const char* settled : {"--stabilizer", "--stabilization-threshold"})
    if (flags_.given(settled) && options_.from_placements)
      refuse_without_effect(settled, "--from-placements");
  for (const char* part : {"--dry-run", "--preview"})
    if (flags_.given(part) && options_.save_placements)
      refuse_without_effect("--save-placements", part);
  if (dry_run_ && preview_) refuse_without_effect("--preview", "--dry-run");
  if (flags_.given("--report") && dry_run_) refuse_without_effect("--report", "--dry-run");
  if (flags_.given("--report") && preview_) refuse_without_effect("--report", "--preview");
}

const VideoMosaicOptions& VideoCommand::resolve() {
  flags_.resolve();
  refuse_options_without_effect();
  if (flags_.given("--start")) options_.start_s = parse_time("--start", start_);
  if (flags_.given("--duration"))
    options_.duration_s = parse_time("--duration", duration_, kShortest_s);
  if (flags_.given("--fps")) options_.fps = parse_rate("--fps", fps_);
  if (flags_.given("--encoder")) options_.encode.encoder = encoder_;
  if (flags_.given("--preset")) options_.encode.preset = preset_;
  for (const std::string& option : encoder_options_)
    options_.encode.encoder_options.push_back(key_and_value(option));
  options_.encode.threads = options_.threads;
  return options_;
}

int VideoCommand::make(const std::vector<std::string>& command, Console& console) const {
  const VideoMosaicSummary summary = make_video_mosaic(options_, console.events());
  console.finish();
  if (summary.stopped) return say_stopped_at(summary);
  flags_.write_report(summary, command, console.events());
  tell(flags_.console(), summary_json(summary), summary_text(summary));
  return 0;
}

int VideoCommand::preview(Console& console) const {
  const Preview preview = make_preview(options_, console.events());
  console.finish();
  if (preview.summary.stopped) return say_stopped_at(preview.summary);
  if (!flags_.console().quiet)
    print_message(shown("{}{}: its middle frame\n", summary_text(preview.summary), preview.poster));
  return 0;
}

int VideoCommand::dry_run(Console& console) const {
  const DryRun run = rehearse(options_, console.events());
  console.finish();
  if (run.sample.stopped) return say_stopped_at(run.sample);
  print_result(dry_run_text(run, options_, resolved_command(options_, run)));
  return 0;
}

int VideoCommand::run(const std::vector<std::string>& command, const std::atomic<bool>& stop) {
  resolve();
  Console console(flags_.console(), stop);
  if (dry_run_) return dry_run(console);
  if (preview_) return preview(console);
  return make(command, console);
}

}  // namespace smalti::cli

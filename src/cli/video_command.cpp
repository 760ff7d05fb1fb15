#include "cli/video_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/report.h"
#include "cli/summary.h"
#include "cli/values.h"
#include "smalti/error.h"
#include "smalti/output_file.h"
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

constexpr const char* kGrid = "Grid and canvas";
constexpr const char* kTime = "Time";
constexpr const char* kEncoding = "Encoding";
constexpr const char* kRun = "Running";

const std::map<std::string, StabilizerKind> kStabilizers = {
    {"hysteresis", StabilizerKind::kHysteresis},
    {"previous", StabilizerKind::kPrevious},
    {"none", StabilizerKind::kNone}};

const std::map<std::string, ProgressStyle> kProgressStyles = {{"auto", ProgressStyle::kAuto},
                                                              {"plain", ProgressStyle::kPlain},
                                                              {"json", ProgressStyle::kJson},
                                                              {"off", ProgressStyle::kOff}};

std::pair<std::string, std::string> key_and_value(const std::string& text) {
  const std::size_t at = text.find('=');
  if (at == std::string::npos || at == 0)
    throw Error(ErrorKind::kUsage, fmt::format("--encoder-option does not take '{}'", text),
                "write KEY=VALUE, such as tune=film");
  return {text.substr(0, at), text.substr(at + 1)};
}

int say_stopped(const VideoMosaicSummary& summary) {
  print_error(summary.partial ? fmt::format("stopped: the first {} frames are kept as '{}'",
                                            summary.frames, summary.partial->string())
                              : "stopped: nothing was left at the output's name",
              "");
  return static_cast<int>(ErrorKind::kFailure);
}

const char* name_of(StabilizerKind kind) {
  const auto found = std::find_if(kStabilizers.begin(), kStabilizers.end(),
                                  [&](const auto& entry) { return entry.second == kind; });
  return found->first.c_str();
}

// The call that does the same with every choice written out.
std::string resolved_command(const VideoMosaicOptions& o, const DryRun& run) {
  const VideoMosaicSummary& s = run.sample;
  std::string text = "smalti video " + shell_word(o.target.string()) + " --tiles";
  for (const auto& tiles : o.tiles) text += " " + shell_word(tiles.string());
  text += fmt::format(" --output {} --size {}x{}", shell_word(run.output.string()), s.canvas.width,
                      s.canvas.height);
  if (o.layout.scale) text += fmt::format(" --scale {}", *o.layout.scale);
  if (!o.layout.scale && !o.layout.tile_size) text += fmt::format(" --columns {}", s.columns);
  text +=
      o.layout.tile_size
          ? fmt::format(" --tile-size {}x{}", o.layout.tile_size->width, o.layout.tile_size->height)
          : fmt::format(" --tile-aspect {}:{}", o.layout.aspect.width, o.layout.aspect.height);
  text += fmt::format(" --stabilizer {}", name_of(o.stabilizer));
  if (o.stabilizer != StabilizerKind::kNone)
    text += fmt::format(" --stabilization-threshold {:g}", o.stabilization_threshold);
  if (o.start_s > 0) text += fmt::format(" --start {:g}", o.start_s);
  if (o.duration_s) text += fmt::format(" --duration {:g}", *o.duration_s);
  if (o.fps) text += fmt::format(" --fps {}/{}", o.fps->num, o.fps->den);
  text += fmt::format(" --encoder {}", s.encoder);
  if (o.encode.crf) text += fmt::format(" --crf {:g}", *o.encode.crf);
  if (o.encode.preset) text += fmt::format(" --preset {}", shell_word(*o.encode.preset));
  for (const auto& [key, value] : o.encode.encoder_options)
    text += " --encoder-option " + shell_word(key + "=" + value);
  return text;
}

}  // namespace

VideoCommand::VideoCommand(CLI::App& program)
    : app_(program.add_subcommand("video", "Turns a video into a mosaic video with its sound.")) {
  app_->formatter(std::make_shared<HelpFormatter>(kUsage));
  app_->footer(kExamples);
  prepare(*app_);
  add_everyday_options();
  add_grid_options();
  add_time_options();
  add_encoding_options();
  add_run_options();
}

void VideoCommand::add_everyday_options() {
  app_->add_option("TARGET,--target", target_, "The video to recreate");
  const auto option = [this](const char* names, auto& value, const char* form, const char* text) {
    return app_->add_option(names, value, text)->type_name(form)->group(kEveryday);
  };
  option("-t,--tiles,--codebook-dir", tiles_, "PATH",
         "Pictures to make the mosaic of: folders (with all folders in them) and files");
  auto* output =
      option("-o,--output", output_, "FILE",
             "Where to write; the extension chooses the container, {stem} and {scale} are filled "
             "in (default: TARGET-mosaic.mp4 or the like in the current folder)");
  app_->add_option("--savepath", savepath_)->group("")->excludes(output);
  option("--columns", options_.layout.columns, "N", "Cells across the picture (default: 80)");
  option("--tile-aspect", tile_aspect_, "W:H", "Shape of the tiles (default: 3:4)");
  option("--enlarge", options_.layout.enlarge, "F",
         "Make the mosaic F times as large as the target (default: 1, or as much as gives cells "
         "16 pixels wide)");
  option("--start", start_, "TIME", "Begin there: seconds, or hours:minutes:seconds");
  option("--duration,--seconds", duration_, "TIME", "Make only that much");
  option("--crf", options_.encode.crf, "N",
         "Quality of the encoder, lower is better and larger (default: the encoder's, 23 for "
         "libx264)");
  option("--preset", preset_, "NAME", "Effort of the encoder, such as veryfast, medium or slow");
  app_->add_flag("-y,--overwrite", options_.overwrite, "Replace the output if it is there")
      ->group(kEveryday);
  app_->add_flag("-q,--quiet", console_.quiet, "Print errors only")->group(kEveryday);
}

void VideoCommand::add_grid_options() {
  const auto option = [this](const char* names, auto& value, const char* form, const char* text) {
    return app_->add_option(names, value, text)->type_name(form)->group(kGrid);
  };
  auto* scale = option("--scale", options_.layout.scale, "N",
                       "Cells of N times the tile's shape, in target pixels: 3:4 and 5 give 15x20");
  auto* tile_size =
      option("--tile-size", tile_size_, "WxH", "Cells of this size, in target pixels");
  auto* width_aspect = option("--width-aspect", options_.layout.aspect.width, "N",
                              "The first number of --tile-aspect, by itself");
  auto* height_aspect = option("--height-aspect", options_.layout.aspect.height, "N",
                               "The second number of --tile-aspect, by itself");
  auto* size = option("--size", size_, "WxH", "Size of the mosaic in pixels");

  exclude_each_other({app_->get_option("--columns"), scale, tile_size});
  exclude_each_other({tile_size, app_->get_option("--tile-aspect"), width_aspect});
  exclude_each_other({tile_size, app_->get_option("--tile-aspect"), height_aspect});
  exclude_each_other({size, app_->get_option("--enlarge")});
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
         "How clearly, from 0 to 1: the new distance must be below X times the old (default: 0.9)");
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
  const auto option = [this](const char* names, auto& value, const char* form, const char* text) {
    return app_->add_option(names, value, text)->type_name(form)->group(kRun);
  };
  option("-j,--threads", options_.threads, "N", "Threads to use (default: one a processor)")
      ->check(CLI::Range(1, 1024).description(""));
  option("--progress", console_.progress, "STYLE",
         "auto (a bar on a terminal, otherwise lines), plain, json (one object a line on standard "
         "output) or off")
      ->transform(CLI::CheckedTransformer(kProgressStyles, CLI::ignore_case).description(""));
  option("--report", report_, "FILE.json",
         "Write what was done, how close the mosaic is, and what it cost, as JSON");
  app_->add_flag("--keep-partial", options_.keep_partial,
                 "When stopped by Ctrl-C or a signal, keep the frames made so far as "
                 "OUTPUT.partial.mp4 or the like")
      ->group(kRun);
  option(
      "--memory", memory_, "SIZE",
      "For frames on their way and rendered tiles, such as 500M (default: 800M); the codecs' own "
      "comes on top");
  app_->add_flag("--dry-run", dry_run_,
                 "Only say what would be made, of what, and what it would take")
      ->group(kRun);
  app_->add_flag("--preview", preview_,
                 "Only make three seconds from the middle, and a poster image of them")
      ->group(kRun);
  app_->add_flag("--strict", options_.strict,
                 "Take an unusable tile or a damaged frame for an error")
      ->group(kRun);
  app_->add_flag("-v,--verbose", console_.verbose, "Print details, and what the codecs say")
      ->group(kRun);
}

void VideoCommand::check_arguments() const {
  if (target_.empty())
    throw Error(ErrorKind::kUsage, "there is no target",
                "name a video: smalti video beach.mp4 --tiles photos/");
  if (tiles_.empty())
    throw Error(ErrorKind::kUsage, "there are no tiles",
                "name a folder of pictures: smalti video beach.mp4 --tiles photos/");
}

void VideoCommand::refuse_options_without_effect() const {
  const auto refuse = [](const char* option, const char* beside) {
    throw Error(ErrorKind::kUsage, fmt::format("{} has no effect with {}", option, beside),
                "leave one of them out");
  };
  if (given("--stabilization-threshold") && options_.stabilizer == StabilizerKind::kNone)
    refuse("--stabilization-threshold", "--stabilizer none");
  if (dry_run_ && preview_) refuse("--preview", "--dry-run");
  if (given("--report") && dry_run_) refuse("--report", "--dry-run");
  if (given("--report") && preview_) refuse("--report", "--preview");
  if (given("--verbose") && given("--quiet")) refuse("--verbose", "--quiet");
  if (given("--progress") && given("--quiet")) refuse("--progress", "--quiet");
}

VideoMosaicOptions VideoCommand::options() const {
  VideoMosaicOptions options = options_;
  options.target = target_;
  options.tiles.assign(tiles_.begin(), tiles_.end());
  if (given("--output")) options.output = expand_name(output_, target_, options.layout.scale);
  if (given("--savepath"))
    options.output = expand_name(modern_name(savepath_), target_, options.layout.scale);
  if (given("--tile-size")) options.layout.tile_size = parse_size("--tile-size", tile_size_);
  if (given("--tile-aspect")) options.layout.aspect = parse_aspect("--tile-aspect", tile_aspect_);
  if (given("--size")) options.layout.size = parse_size("--size", size_);
  if (given("--start")) options.start_s = parse_time("--start", start_);
  if (given("--duration")) options.duration_s = parse_time("--duration", duration_);
  if (given("--fps")) options.fps = parse_rate("--fps", fps_);
  if (given("--encoder")) options.encode.encoder = encoder_;
  if (given("--preset")) options.encode.preset = preset_;
  for (const std::string& option : encoder_options_)
    options.encode.encoder_options.push_back(key_and_value(option));
  if (given("--memory")) options.memory_bytes = parse_bytes("--memory", memory_);
  options.encode.threads = options.threads;
  options.measure_fidelity = given("--report");
  return options;
}

int VideoCommand::make(const VideoMosaicOptions& wanted, const std::vector<std::string>& command,
                       Console& console) const {
  if (given("--report")) check_output(report_, wanted.overwrite);
  const VideoMosaicSummary summary = make_video_mosaic(wanted, console.events());
  console.finish();
  if (summary.stopped) return say_stopped(summary);
  if (given("--report"))
    write_file(report_, wanted.overwrite, report_json(summary, wanted, command));
  if (console_.progress == ProgressStyle::kJson) {
    fmt::print("{}\n", summary_json(summary));
  } else if (!console_.quiet) {
    fmt::print(stderr, "{}", summary_text(summary));
  }
  return 0;
}

int VideoCommand::preview(const VideoMosaicOptions& wanted, Console& console) const {
  const Preview preview = make_preview(wanted, console.events());
  console.finish();
  if (preview.summary.stopped) return say_stopped(preview.summary);
  if (!console_.quiet)
    fmt::print(stderr, "{}{}: its middle frame\n", summary_text(preview.summary),
               preview.poster.string());
  return 0;
}

int VideoCommand::dry_run(const VideoMosaicOptions& wanted, Console& console) const {
  const DryRun run = rehearse(wanted, console.events());
  console.finish();
  if (run.sample.stopped) return say_stopped(run.sample);
  fmt::print("{}", dry_run_text(run, wanted, resolved_command(wanted, run)));
  return 0;
}

int VideoCommand::run(const std::vector<std::string>& command, const std::atomic<bool>& stop) {
  take_target_from(tiles_, target_);
  check_extras(*app_);
  check_arguments();
  refuse_options_without_effect();

  const VideoMosaicOptions wanted = options();
  Console console(console_, stop);
  if (dry_run_) return dry_run(wanted, console);
  if (preview_) return preview(wanted, console);
  return make(wanted, command, console);
}

}  // namespace smalti::cli

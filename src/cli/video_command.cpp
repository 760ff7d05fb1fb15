#include "cli/video_command.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "cli/arguments.h"
#include "cli/help.h"
#include "cli/report.h"
#include "cli/summary.h"
#include "cli/values.h"
#include "smalti/error.h"
#include "smalti/output_file.h"

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
  option("-o,--output,--savepath", output_, "FILE",
         "Where to write; the extension chooses the container (default: TARGET-mosaic.mp4 or the "
         "like in the current folder)");
  option("--columns", options_.layout.columns, "N", "Cells across the picture (default: 80)");
  option("--tile-aspect", tile_aspect_, "W:H", "Shape of the tiles (default: 3:4)");
  option("--enlarge", options_.layout.enlarge, "F",
         "Make the mosaic F times as large as the target (default: 1, or as much as gives cells "
         "16 pixels wide)");
  option("--start", start_, "TIME", "Begin there: seconds, or hours:minutes:seconds");
  option("--duration", duration_, "TIME", "Make only that much");
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
  if (given("--verbose") && given("--quiet")) refuse("--verbose", "--quiet");
  if (given("--progress") && given("--quiet")) refuse("--progress", "--quiet");
}

VideoMosaicOptions VideoCommand::options() const {
  VideoMosaicOptions options = options_;
  options.target = target_;
  options.tiles.assign(tiles_.begin(), tiles_.end());
  if (!output_.empty()) options.output = output_;
  if (!tile_size_.empty()) options.layout.tile_size = parse_size("--tile-size", tile_size_);
  if (!tile_aspect_.empty()) options.layout.aspect = parse_aspect("--tile-aspect", tile_aspect_);
  if (!size_.empty()) options.layout.size = parse_size("--size", size_);
  if (!start_.empty()) options.start_s = parse_time("--start", start_);
  if (!duration_.empty()) options.duration_s = parse_time("--duration", duration_);
  if (!fps_.empty()) options.fps = parse_rate("--fps", fps_);
  if (!encoder_.empty()) options.encode.encoder = encoder_;
  if (!preset_.empty()) options.encode.preset = preset_;
  for (const std::string& option : encoder_options_)
    options.encode.encoder_options.push_back(key_and_value(option));
  options.encode.threads = options.threads;
  options.measure_fidelity = !report_.empty();
  return options;
}

int VideoCommand::run(const std::vector<std::string>& command, const std::atomic<bool>& stop) {
  take_target_from(tiles_, target_);
  check_extras(*app_);
  check_arguments();
  refuse_options_without_effect();

  const VideoMosaicOptions wanted = options();
  if (!report_.empty()) check_output(report_, wanted.overwrite);
  Console console(console_, stop);
  const VideoMosaicSummary summary = make_video_mosaic(wanted, console.events());
  console.finish();
  if (!report_.empty() && !summary.stopped)
    write_report(report_, wanted.overwrite, report_json(summary, wanted, command));
  if (summary.stopped) {
    print_error("stopped: nothing was left at the output's name", "");
  } else if (console_.progress == ProgressStyle::kJson) {
    fmt::print("{}\n", summary_json(summary));
  } else if (!console_.quiet) {
    fmt::print(stderr, "{}", summary_text(summary));
  }
  return 0;
}

}  // namespace smalti::cli

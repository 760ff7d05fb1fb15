#include "cli/resolved_command.h"

#include <fmt/format.h>

#include "cli/arguments.h"
#include "cli/match_flags.h"
#include "products/run/crop_names.h"

namespace smalti::cli {
namespace {

const char* name_of(StabilizerKind kind) {
  switch (kind) {
    case StabilizerKind::kPrevious:
      return "previous";
    case StabilizerKind::kNone:
      return "none";
    case StabilizerKind::kHysteresis:
      break;
  }
  return "hysteresis";
}

std::string inputs_text(const MosaicOptions& o) {
  std::string text = " " + shell_word(o.target.string()) + " --tiles";
  for (const auto& tiles : o.tiles) text += " " + shell_word(tiles.string());
  return text;
}

// `columns`: how many there are, where nothing else says so.
std::string grid_text(const LayoutOptions& o, int columns) {
  std::string text;
  if (o.scale) text += fmt::format(" --scale {}", *o.scale);
  if (!o.scale && !o.tile_size) text += fmt::format(" --columns {}", columns);
  if (o.tile_size)
    return text + fmt::format(" --tile-size {}x{}", o.tile_size->width, o.tile_size->height);
  return text + fmt::format(" --tile-aspect {}:{}", o.aspect.width, o.aspect.height);
}

std::string tiles_text(const MosaicOptions& options) {
  const CropOptions& o = options.crops;
  std::string text = options.all_frames ? " --frames" : "";
  if (o.kind != CropKind::kCentre) text += fmt::format(" --crop {}", crop_name(o.kind));
  if (o.count > 1) text += fmt::format(" --crops {}", o.count);
  if (o.flip) text += " --flip";
  if (o.distinct) text += " --distinct";
  return text;
}

std::string select_text(const SelectOptions& o) {
  std::string text = o.unique ? "" : fmt::format(" --spacing {}", o.spacing);
  if (o.max_uses) text += fmt::format(" --max-uses {}", *o.max_uses);
  if (o.unique) text += " --unique";
  if (o.use_all) text += " --use-all";
  if (o.repeat_penalty > 0) text += fmt::format(" --repeat-penalty {}", o.repeat_penalty);
  if (o.best_k > 1)
    text += fmt::format(" --best-k {} --best-k-weights {}", o.best_k,
                        o.weigh_by_distance ? "distance" : "uniform");
  if (o.ssim_k > 1) text += fmt::format(" --ssim-k {}", o.ssim_k);
  if (o.randomness > 0) text += fmt::format(" --randomness {}", o.randomness);
  if (o.best_k > 1 || o.randomness > 0) text += fmt::format(" --seed {}", o.seed);
  return text;
}

std::string near_text(const MosaicOptions& o) {
  return o.exclude_near_s ? fmt::format(" --exclude-near {}", *o.exclude_near_s) : "";
}

std::string stabilizer_text(const VideoMosaicOptions& o) {
  std::string text = fmt::format(" --stabilizer {}", name_of(o.stabilizer));
  if (o.stabilizer != StabilizerKind::kNone)
    text += fmt::format(" --stabilization-threshold {}", o.stabilization_threshold);
  return text;
}

// Which part of the target.
std::string time_text(const VideoMosaicOptions& o) {
  std::string text;
  if (o.start_s > 0) text += fmt::format(" --start {}", o.start_s);
  if (o.duration_s) text += fmt::format(" --duration {}", *o.duration_s);
  if (o.fps) text += fmt::format(" --fps {}/{}", o.fps->num, o.fps->den);
  return text;
}

std::string encoding_text(const EncodeOptions& o, const std::string& encoder) {
  std::string text = fmt::format(" --encoder {}", encoder);
  if (o.crf) text += fmt::format(" --crf {}", *o.crf);
  if (o.preset) text += fmt::format(" --preset {}", shell_word(*o.preset));
  for (const auto& [key, value] : o.encoder_options)
    text += " --encoder-option " + shell_word(key + "=" + value);
  return text;
}

// Which tiles there are to choose from, and which are chosen.
std::string choice_text(const MosaicOptions& o) {
  return tiles_text(o) + match_text(o.match) + select_text(o.select) + near_text(o);
}

std::string colors_text(const MosaicOptions& o) {
  return fmt::format(" --color-adjust {} --opacity {}", o.color_adjust, o.opacity);
}

// Everything but the target and which part of it.
std::string still_text(const PhotomosaicOptions& o) {
  return (o.side_by_side ? " --side-by-side" : "") + grid_text(o.layout, 0) + choice_text(o) +
         colors_text(o);
}

}  // namespace

TerminalText resolved_command(const VideoMosaicOptions& o, const DryRun& run) {
  const Size canvas = run.sample.canvas;
  std::string text = "smalti video" + inputs_text(o);
  text += fmt::format(" --output {} --size {}x{}", shell_word(run.output.string()), canvas.width,
                      canvas.height);
  if (o.side_by_side) text += " --side-by-side";
  text += o.from_placements
              ? " --from-placements " + shell_word(o.from_placements->string())
              : grid_text(o.layout, run.sample.columns) + choice_text(o) + stabilizer_text(o);
  return shown("{}",
               text + colors_text(o) + time_text(o) + encoding_text(o.encode, run.sample.encoder));
}

TerminalText image_command(const PhotomosaicOptions& o) {
  std::string text = "smalti image" + inputs_text(o);
  if (o.at_s) text += fmt::format(" --at {}", *o.at_s);
  if (o.fit_px) text += fmt::format(" --fit {}", *o.fit_px);
  if (o.max_pixels != StillOptions().max_pixels)
    text += fmt::format(" --max-megapixels {}", static_cast<double>(o.max_pixels) / 1e6);
  return shown("{}", text + still_text(o));
}

TerminalText video_command(const PhotomosaicOptions& o) {
  return shown("smalti video{}{}", inputs_text(o), still_text(o));
}

}  // namespace smalti::cli

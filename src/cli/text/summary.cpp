#include "cli/text/summary.h"

#include <algorithm>

#include "cli/flags/notation.h"
#include "cli/flags/printed_command.h"
#include "cli/text/animation_text.h"
#include "smalti/layout_options.h"

namespace smalti::cli {
namespace {

// "1280x720 pixels", of the whole picture.
TerminalText size_text(const MosaicSummary& s) {
  if (!s.side_by_side) return shown("{}x{} pixels", s.canvas.width, s.canvas.height);
  return shown("{}x{} pixels with the target beside the mosaic", 2 * s.canvas.width,
               s.canvas.height);
}

TerminalText enlarged_text(const VideoMosaicSummary& s) {
  if (!s.enlarged_by_itself) return {};
  return shown(" (enlarged {:g} times, for cells at least {} pixels wide)", s.enlarge,
               kSmallestComfortableCell);
}

double frames_per_second(const VideoMosaicSummary& s) {
  const double seconds = s.wall_s - s.seconds(Stage::kTiles);
  return seconds > 0 ? static_cast<double>(s.frames) / seconds : 0;
}

// "80x45 cells of about 24x32 pixels", "2,700 cells of 12x16 pixels to 8 times as much".
TerminalText layout_text(const MosaicSummary& s) {
  const Size cell{(s.tiled.width + s.columns / 2) / s.columns,
                  (s.tiled.height + s.rows / 2) / s.rows};
  if (!s.adaptive)
    return shown("{}x{} cells of about {}x{} pixels", s.columns, s.rows, cell.width, cell.height);
  return shown("{} cells of about {}x{} pixels to eight times that", grouped(s.cells), cell.width,
               cell.height);
}

// The same, "512 of 1,000 tiles used", and what was not.
TerminalText cells_text(const MosaicSummary& s) {
  TerminalText out = layout_text(s) + shown(", {} of {} tiles used", grouped(s.tiles_used),
                                            grouped(s.tiles_available));
  if (!s.tiles_skipped.empty())
    out += shown(", {} left out", counted(s.tiles_skipped.size(), "file", "files"));
  if (s.tile_duplicates > 0)
    out += shown(", {} found twice", counted(s.tile_duplicates, "picture", "pictures"));
  return out;
}

constexpr double kMillimetresPerInch = 25.4;

// "83.8 x 55.9 cm, tiles of 9.4 x 12.6 mm at 300 dpi".
TerminalText paper_text(const PhotomosaicSummary& s) {
  const auto mm = [&](double pixels) { return pixels / s.dpi * kMillimetresPerInch; };
  TerminalText out = shown("printed at {:g} dpi: {:.1f} x {:.1f} cm, {} {:.1f} x {:.1f} mm", s.dpi,
                           mm(s.canvas.width) / 10, mm(s.canvas.height) / 10,
                           s.adaptive ? "the smallest tiles" : "a tile",
                           mm(static_cast<double>(s.tiled.width) / s.columns),
                           mm(static_cast<double>(s.tiled.height) / s.rows));
  if (s.pages)
    out +=
        shown(", on {}", counted(s.pages->pages.size(), "page", "pages")) +
        (s.pages->pages.size() > 1 ? shown(" ({} across, {} down)", s.pages->columns, s.pages->rows)
                                   : TerminalText());
  return out;
}

TerminalText enlarged_text(const PhotomosaicSummary& s) {
  if (!s.enlarged_by_itself) return {};
  if (s.enlarge == kDefaultEnlarge) return shown(" ({} times the target)", kDefaultEnlarge);
  return shown(" ({:g} times the target, not {}, to stay within {} megapixels)", s.enlarge,
               kDefaultEnlarge, kMostPixelsByDefault / 1'000'000);
}

TerminalText scales_text(const ScalesSummary& s) {
  return shown("scales {} to {}: {}x{} to {}x{} cells, {} of {} tiles used\n", s.min_scale,
               s.max_scale, s.columns, s.rows, s.fewest_columns, s.fewest_rows,
               grouped(s.tiles_used), grouped(s.tiles_available));
}

TerminalText single_text(const ScalesSummary& s, const ScalesOptions& options) {
  const int scale = (s.min_scale + s.max_scale) / 2;
  return shown("a mosaic of one scale: {}\n", image_command(still_of(options, scale, s.shrunk)));
}

Json done_json(const MosaicSummary& s) {
  return {{"event", "done"},
          {"output", s.output.string()},
          {"canvas", {{"width", s.canvas.width}, {"height", s.canvas.height}}},
          {"grid", {{"columns", s.columns}, {"rows", s.rows}}},
          {"cells", s.cells},
          {"tiles",
           {{"available", s.tiles_available},
            {"used", s.tiles_used},
            {"skipped", s.tiles_skipped.size()}}}};
}

void put_animation(Json& line, const AnimationSummary& s) {
  line["frames"] = s.frames;
  line["frame"] = {{"width", s.size.width}, {"height", s.size.height}};
  line["colors"] = s.colors ? Json(*s.colors) : Json(nullptr);
  line["duration_s"] = s.duration_s;
  line["bytes"] = s.bytes;
}

}  // namespace

TerminalText summary_text(const VideoMosaicSummary& s) {
  return shown(
      "{}: {}{}, {}, {}, {}\n"
      "{}\n"
      "{}, {:.1f} % of {} a frame; took {:.1f} s ({:.1f} s for tiles, "
      "then {:.1f} frames/s)\n",
      s.output, size_text(s), enlarged_text(s), counted(s.frames, "frame", "frames"),
      clock_text(s.duration_s), bytes_text(s.bytes), cells_text(s), counted(s.cuts, "cut", "cuts"),
      s.switch_rate * 100, s.adaptive ? "the picture changes" : "cells change", s.wall_s,
      s.seconds(Stage::kTiles), frames_per_second(s));
}

TerminalText summary_text(const PhotomosaicSummary& s) {
  TerminalText cells = cells_text(s);
  if (s.empty_cells > 0) cells += shown(", {} left empty", counted(s.empty_cells, "cell", "cells"));
  return shown("{}: {}{}, {}\n{}\n{}\ntook {:.1f} s ({:.1f} s for tiles)\n", s.output, size_text(s),
               enlarged_text(s), bytes_text(s.bytes), cells, paper_text(s), s.wall_s,
               s.seconds(Stage::kTiles));
}

TerminalText summary_text(const SweepSummary& s, const SweepOptions& options) {
  return shown("{}: {}\n{}{}\n{}took {:.1f} s ({:.1f} s for tiles)\n", s.output,
               animation_text(s.animation), scales_text(s), smaller_text(s.animation),
               single_text(s, options), s.wall_s, s.seconds(Stage::kTiles));
}

TerminalText summary_text(const ExplorePageSummary& s, const ScalesOptions& options) {
  TerminalText out = shown("{}: {} of {}x{} pixels, {} ({} of mosaics, {} of tiles' pictures)\n{}",
                           s.output, counted(s.mosaics, "mosaic", "mosaics"), s.picture.width,
                           s.picture.height, bytes_text(s.bytes), bytes_text(s.mosaic_bytes),
                           bytes_text(s.tile_bytes), scales_text(s));
  out += shown("to have it smaller: --size {}, or fewer scales\n",
               std::max(1, std::max(s.picture.width, s.picture.height) * 3 / 4));
  if (s.tiles_without_picture > 0)
    out += shown("{} tiles are shown as the mosaics have them: the page would be too large\n",
                 grouped(s.tiles_without_picture));
  return out + shown("{}took {:.1f} s ({:.1f} s for tiles)\n", single_text(s, options), s.wall_s,
                     s.seconds(Stage::kTiles));
}

TerminalText summary_text(const AnimateSummary& s) {
  TerminalText out = shown("{}: {}", s.output, animation_text(s.animation));
  if (!s.skipped.empty())
    out += shown(", {} left out", counted(s.skipped.size(), "picture", "pictures"));
  return out + shown("\n{}\ntook {:.1f} s\n", smaller_text(s.animation), s.wall_s);
}

TerminalText summary_text(const TrySummary& s, const TryOptions& options) {
  TerminalText out = shown("{}: {} of {}x{} pixels on a sheet of {}x{}, {}\n", s.output,
                           counted(s.mosaics.size(), "mosaic", "mosaics"), s.canvas.width,
                           s.canvas.height, s.sheet.width, s.sheet.height, bytes_text(s.bytes));
  if (options.html)
    out += shown("{}: the same as a page, {}\n", *options.html, bytes_text(s.page_bytes));
  out += shown("{} of {} tiles used; the line that makes a mosaic in full:\n",
               grouped(s.tiles_used), grouped(s.tiles_available));
  std::size_t longest = 0;
  for (const TriedMosaic& mosaic : s.mosaics) longest = std::max(longest, mosaic.name.size());
  for (const TriedMosaic& mosaic : s.mosaics)
    out += shown("  {:<{}}  {}\n", mosaic.name, longest, image_command(mosaic.still, mosaic.look));
  if (s.of_video) out += shown("for all of the video: smalti video with the same cells and look\n");
  return out + shown("took {:.1f} s ({:.1f} s for tiles)\n", s.wall_s, s.seconds(Stage::kTiles));
}

TerminalText dry_run_text(const DryRun& run, const VideoMosaicOptions& options,
                          const TerminalText& command) {
  const VideoMosaicSummary& s = run.sample;
  TerminalText out = shown("{} -> {}\n", options.target, run.output);
  out += shown("  canvas   {}x{} pixels{}\n", s.canvas.width, s.canvas.height, enlarged_text(s));
  out += shown("  cells    ") + layout_text(s) + shown("\n");
  out += shown("  tiles    {} usable, {} left out, {} found twice\n", grouped(s.tiles_available),
               grouped(s.tiles_skipped.size()), grouped(s.tile_duplicates));
  for (const std::string& line : s.streams) out += shown("  stream   {}\n", line);
  out += shown("  encoder  {}\n", s.encoder);
  out += run.frames ? shown("  frames   about {}\n", grouped(*run.frames))
                    : shown("  frames   unknown: the file does not say\n");
  if (run.bytes && run.seconds)
    out += shown("  takes    about {} on disk and {} of time, by a sample from the middle\n",
                 bytes_text(*run.bytes), clock_text(*run.seconds));
  return out + shown("  command  {}\n", command);
}

TerminalText summary_json(const VideoMosaicSummary& s) {
  Json line = done_json(s);
  line["frames"] = {{"written", s.frames}, {"damaged", s.damaged}};
  line["cuts"] = s.cuts;
  line["switch_rate"] = s.switch_rate;
  line["duration_s"] = s.duration_s;
  line["bytes"] = s.bytes;
  line["wall_s"] = s.wall_s;
  return shown_json(line);
}

TerminalText summary_json(const PhotomosaicSummary& s) {
  Json line = done_json(s);
  line["empty_cells"] = s.empty_cells;
  line["dpi"] = s.dpi;
  if (s.pages) line["pages"] = s.pages->pages.size();
  line["bytes"] = s.bytes;
  line["wall_s"] = s.wall_s;
  return shown_json(line);
}

TerminalText summary_text(const SpliceSummary& s) {
  TerminalText out =
      shown("{}: {} of {}", s.output, counted(s.written + s.there, "picture", "pictures"),
            counted(s.videos, "video", "videos"));
  if (s.there > 0) out += shown(", {} of them there already", grouped(s.there));
  if (s.alike > 0) out += shown(", {} left out as nearly the same", grouped(s.alike));
  if (!s.unusable.empty())
    out += shown(", {} unusable", counted(s.unusable.size(), "video", "videos"));
  if (s.other_files > 0)
    out += shown(", {} no videos", counted(s.other_files, "file is", "files are"));
  return out + shown("\ntook {:.1f} s\n", s.wall_s);
}

TerminalText summary_json(const SpliceSummary& s) {
  const Json line = {{"event", "done"},
                     {"output", s.output.string()},
                     {"videos", {{"used", s.videos}, {"unusable", s.unusable.size()}}},
                     {"pictures", {{"written", s.written}, {"there", s.there}, {"alike", s.alike}}},
                     {"frames", {{"taken", s.frames}, {"damaged", s.damaged}}},
                     {"other_files", s.other_files},
                     {"wall_s", s.wall_s}};
  return shown_json(line);
}

TerminalText summary_json(const SweepSummary& s) {
  Json line = done_json(s);
  line["scales"] = {{"min", s.min_scale}, {"max", s.max_scale}};
  put_animation(line, s.animation);
  line["wall_s"] = s.wall_s;
  return shown_json(line);
}

TerminalText summary_json(const ExplorePageSummary& s) {
  Json line = done_json(s);
  line["scales"] = {{"min", s.min_scale}, {"max", s.max_scale}};
  line["bytes"] = s.bytes;
  line["wall_s"] = s.wall_s;
  return shown_json(line);
}

TerminalText summary_json(const AnimateSummary& s) {
  Json line = {{"event", "done"}, {"output", s.output.string()}};
  put_animation(line, s.animation);
  line["skipped"] = s.skipped.size();
  line["wall_s"] = s.wall_s;
  return shown_json(line);
}

TerminalText summary_json(const TrySummary& s) {
  Json line = done_json(s);
  line["sheet"] = {{"width", s.sheet.width}, {"height", s.sheet.height}};
  line["mosaics"] = Json::array();
  for (const TriedMosaic& mosaic : s.mosaics)
    line["mosaics"].push_back(
        {{"name", mosaic.name}, {"command", image_command(mosaic.still, mosaic.look).str()}});
  line["bytes"] = s.bytes;
  line["wall_s"] = s.wall_s;
  return shown_json(line);
}

}  // namespace smalti::cli

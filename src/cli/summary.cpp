#include "cli/summary.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/console.h"
#include "cli/values.h"
#include "smalti/layout.h"

namespace smalti::cli {
namespace {

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return fmt::format("{} {}", grouped(count), count == 1 ? one : many);
}

std::string enlarged_text(const VideoMosaicSummary& s) {
  if (!s.enlarged_by_itself) return "";
  return fmt::format(" (enlarged {:g} times, for cells at least {} pixels wide)", s.enlarge,
                     kSmallestComfortableCell);
}

double frames_per_second(const VideoMosaicSummary& s) {
  const double seconds = s.wall_s - s.seconds(Stage::kTiles);
  return seconds > 0 ? static_cast<double>(s.frames) / seconds : 0;
}

}  // namespace

std::string summary_text(const VideoMosaicSummary& s) {
  std::string out =
      fmt::format("{}: {}x{} pixels{}, {}, {}, {}\n", printable(s.output.string()), s.canvas.width,
                  s.canvas.height, enlarged_text(s), counted(s.frames, "frame", "frames"),
                  clock_text(s.duration_s), bytes_text(s.bytes));
  out += fmt::format("{}x{} cells of about {}x{} pixels, {} of {} tiles used", s.columns, s.rows,
                     (s.canvas.width + s.columns / 2) / s.columns,
                     (s.canvas.height + s.rows / 2) / s.rows, grouped(s.tiles_used),
                     grouped(s.tiles_available));
  if (!s.tiles_skipped.empty())
    out += fmt::format(", {} left out", counted(s.tiles_skipped.size(), "file", "files"));
  if (s.tile_duplicates > 0)
    out += fmt::format(", {} found twice", counted(s.tile_duplicates, "picture", "pictures"));
  out += fmt::format(
      "\n{}, {:.1f} % of cells change a frame; took {:.1f} s ({:.1f} s for tiles, "
      "then {:.1f} frames/s)\n",
      counted(s.cuts, "cut", "cuts"), s.switch_rate * 100, s.wall_s, s.seconds(Stage::kTiles),
      frames_per_second(s));
  return out;
}

std::string dry_run_text(const DryRun& run, const VideoMosaicOptions& options,
                         const std::string& command) {
  const VideoMosaicSummary& s = run.sample;
  std::string out = fmt::format("{} -> {}\n", options.target.string(), run.output.string());
  out +=
      fmt::format("  canvas   {}x{} pixels{}\n", s.canvas.width, s.canvas.height, enlarged_text(s));
  out += fmt::format("  grid     {}x{} cells of about {}x{} pixels\n", s.columns, s.rows,
                     (s.canvas.width + s.columns / 2) / s.columns,
                     (s.canvas.height + s.rows / 2) / s.rows);
  out +=
      fmt::format("  tiles    {} usable, {} left out, {} found twice\n", grouped(s.tiles_available),
                  grouped(s.tiles_skipped.size()), grouped(s.tile_duplicates));
  for (const std::string& line : s.streams) out += fmt::format("  stream   {}\n", line);
  out += fmt::format("  encoder  {}\n", s.encoder);
  out += run.frames ? fmt::format("  frames   about {}\n", grouped(*run.frames))
                    : "  frames   unknown: the file does not say\n";
  if (run.bytes && run.seconds)
    out += fmt::format("  takes    about {} on disk and {} of time, by a sample from the middle\n",
                       bytes_text(*run.bytes), clock_text(*run.seconds));
  return out + fmt::format("  command  {}\n", command);
}

std::string summary_json(const VideoMosaicSummary& s) {
  const nlohmann::ordered_json line = {
      {"event", "done"},
      {"output", s.output.string()},
      {"canvas", {{"width", s.canvas.width}, {"height", s.canvas.height}}},
      {"grid", {{"columns", s.columns}, {"rows", s.rows}}},
      {"tiles",
       {{"available", s.tiles_available},
        {"used", s.tiles_used},
        {"skipped", s.tiles_skipped.size()}}},
      {"frames", {{"written", s.frames}, {"damaged", s.damaged}}},
      {"cuts", s.cuts},
      {"switch_rate", s.switch_rate},
      {"duration_s", s.duration_s},
      {"bytes", s.bytes},
      {"wall_s", s.wall_s}};
  // A file name need not be UTF-8; JSON must be.
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace smalti::cli

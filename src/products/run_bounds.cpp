#include "products/run_bounds.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <thread>

#include "smalti/error.h"
#include "smalti/output_file.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

void check_exists(const fs::path& path, const char* what) {
  std::error_code error;
  if (fs::exists(path, error)) return;
  throw Error(ErrorKind::kMissingInput,
              fmt::format("cannot open the {} '{}': {}", what, path.string(),
                          error ? error.message() : "there is no such file or folder"),
              "check the name");
}

void check_not_input(const fs::path& output, const VideoMosaicOptions& options) {
  const auto refuse = [&](const char* what) {
    throw Error(ErrorKind::kUsage,
                fmt::format("the output '{}' is the {} itself", output.string(), what),
                "choose another name with --output");
  };
  if (same_file(output, options.target)) refuse("target");
  for (const fs::path& tiles : options.tiles)
    if (same_file(output, tiles)) refuse("tile source");
}

void check_output_name(const fs::path& output, const VideoMosaicOptions& options) {
  check_not_input(output, options);
  check_output(output, options.overwrite);
  if (!options.keep_partial) return;
  check_not_input(partial_path(output), options);
  check_output(partial_path(output), options.overwrite);
}

void report_skipped(const std::vector<SkippedFile>& skipped, bool strict, const Events& events) {
  if (skipped.empty()) return;
  const SkippedFile& first = skipped.front();
  if (strict)
    throw Error(ErrorKind::kBadInput,
                fmt::format("'{}' cannot be a tile: {}", first.path.string(), first.reason),
                "mend or remove it, or leave out --strict to go on without it");
  for (const SkippedFile& s : skipped)
    events.warning(fmt::format("tile left out: '{}': {}", s.path.string(), s.reason));
}

}  // namespace

std::size_t thread_count(int wanted) {
  if (wanted > 0) return static_cast<std::size_t>(wanted);
  return std::max(1U, std::thread::hardware_concurrency());
}

void check_names(const VideoMosaicOptions& options) {
  check_exists(options.target, "target");
  for (const fs::path& tiles : options.tiles) check_exists(tiles, "tiles");
  if (options.output) check_output_name(*options.output, options);
}

fs::path partial_path(const fs::path& output) {
  std::error_code error;
  if (fs::is_other(output, error)) return output;  // a device or FIFO has what it was given
  fs::path name = output.stem();
  name += ".partial";
  name += output.extension();
  return output.parent_path() / name;
}

media::ReadOptions read_options(const VideoMosaicOptions& options) {
  return {options.start_s, options.duration_s, options.fps, options.threads};
}

fs::path output_path(const VideoMosaicOptions& options, const media::InputStreams& streams) {
  if (options.output) return *options.output;
  fs::path name = options.target.stem();
  name += "-mosaic";
  name += media::default_extension(streams);
  check_output_name(name, options);
  return name;
}

IngestResult timed_load(const VideoMosaicOptions& options, const Layout& layout, StageClock& clock,
                        const Events& events) {
  const auto timed = clock.measure(Stage::kTiles);
  IngestResult tiles = load_tiles(options.tiles, layout.aspect, events);
  report_skipped(tiles.skipped, options.strict, events);
  return tiles;
}

void check_damage(const VideoMosaicSummary& summary, const VideoMosaicOptions& options,
                  const Events& events) {
  const auto complain = [&](const std::string& what) {
    const std::string line = fmt::format("'{}' is {}", options.target.string(), what);
    if (options.strict)
      throw Error(ErrorKind::kBadInput, line, "leave out --strict to make a mosaic of the rest");
    events.warning(line);
  };
  if (summary.missing_bytes > 0)
    complain(fmt::format("cut short: {} of its bytes are missing", summary.missing_bytes));
  if (summary.damaged > 0)
    complain(fmt::format("damaged: {} of its frames could not be decoded as they were recorded",
                         summary.damaged));
}

MemoryPlan plan_memory(std::uint64_t bytes, std::size_t look_ahead, const media::TargetInfo& target,
                       const media::EncoderPlan& encoder, Size canvas) {
  constexpr std::size_t kBusy = 8;   // frames that keep every stage busy
  constexpr std::size_t kLeast = 2;  // one being made while another is written
  const std::uint64_t frame_bytes =
      picture_bytes(encoder.format, target.size) + picture_bytes(encoder.format, canvas);
  const std::uint64_t frame_share = bytes / 3 * 2;
  const std::uint64_t affordable = frame_share / std::max<std::uint64_t>(frame_bytes, 1);
  if (affordable < look_ahead + kLeast)
    throw Error(ErrorKind::kUsage,
                fmt::format("{} MB of memory are too few for frames of {}x{} pixels",
                            bytes / 1'000'000, canvas.width, canvas.height),
                fmt::format("this mosaic takes --memory {}M at least, or a smaller canvas",
                            (look_ahead + kLeast) * frame_bytes * 3 / 2 / 1'000'000 + 1));
  const std::size_t frames = std::min<std::uint64_t>(affordable - look_ahead, kBusy) + look_ahead;
  return {static_cast<std::size_t>(bytes - frame_share), frames};
}

VideoMosaicSummary summarize(const Layout& layout, const IngestResult& tiles,
                             const fs::path& output, const media::EncoderPlan& encoder) {
  VideoMosaicSummary summary;
  summary.output = output;
  summary.canvas = layout.grid.canvas();
  summary.columns = layout.grid.columns();
  summary.rows = layout.grid.rows();
  summary.enlarge = layout.enlarge;
  summary.enlarged_by_itself = layout.enlarged_by_itself;
  summary.tiles_available = tiles.tiles.size();
  summary.tiles_skipped = tiles.skipped;
  summary.tile_duplicates = tiles.duplicates;
  summary.encoder = encoder.encoder;
  return summary;
}

void fill_costs(VideoMosaicSummary& summary, const StageClock& clock, const Stopwatch& watch) {
  for (std::size_t i = 0; i < kStages; ++i)
    summary.stage_s[i] = clock.seconds(static_cast<Stage>(i));
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  summary.peak_memory_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  summary.wall_s = watch.seconds();
}

}  // namespace smalti

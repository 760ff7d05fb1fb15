#include "products/run/run_bounds.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/wording.h"
#include "products/run/job.h"
#include "smalti/error.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

void check_video_output(const std::optional<fs::path>& output, const VideoMosaicOptions& options,
                        const Events& events) {
  RunFiles files = files_of(options);
  if (output) {
    files.writes("output", *output);
    const fs::path partial = partial_path(*output);
    if (options.keep_partial && partial != *output) files.writes("partial output", partial);
  }
  if (options.poster) files.writes("poster", *options.poster);
  files.check(options.overwrite, events);
}

}  // namespace

void check_names(const VideoMosaicOptions& options, const Events& events) {
  check_inputs(options);
  check_video_output(options.output, options, events);
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

fs::path output_path(const VideoMosaicOptions& options, const media::InputStreams& streams,
                     const Events& events) {
  if (options.output) return *options.output;
  fs::path name = options.target.stem();
  name += "-mosaic";
  name += media::default_extension(streams);
  check_video_output(name, options, events);
  return name;
}

void check_damage(const VideoMosaicSummary& summary, const VideoMosaicOptions& options,
                  const Events& events) {
  const auto complain = [&](const std::string& what) {
    const std::string line = fmt::format("'{}' is {}", options.target.string(), what);
    if (options.strict)
      throw Error(ErrorKind::kBadInput, line,
                  worded("leave out {strict} to make a mosaic of the rest"));
    events.warning(line);
  };
  if (summary.missing_bytes > 0)
    complain(fmt::format("cut short: {} of its bytes are missing", summary.missing_bytes));
  if (summary.damaged > 0)
    complain(fmt::format("damaged: {} of its frames could not be decoded as they were recorded",
                         summary.damaged));
}

std::size_t affordable_wait(const VideoMosaicOptions& options, std::size_t wanted,
                            const media::TargetInfo& target, const media::EncoderPlan& encoder) {
  const std::uint64_t bytes = picture_bytes(encoder.format, target.size);
  return std::clamp<std::uint64_t>(options.memory_bytes / 3 / std::max<std::uint64_t>(bytes, 1), 1,
                                   wanted);
}

MemoryPlan plan_memory(const VideoMosaicOptions& options, std::size_t waiting,
                       std::size_t look_ahead, const media::TargetInfo& target,
                       const media::EncoderPlan& encoder, Size canvas) {
  constexpr std::size_t kBusy = 8;   // frames that keep every stage busy
  constexpr std::size_t kLeast = 2;  // one being made while another is written
  const std::uint64_t bytes = options.memory_bytes;
  // Beside the mosaic lies the target, once as it is scaled and once in the frame.
  const std::uint64_t canvases = options.side_by_side ? 3 : options.opacity < 1 ? 2 : 1;
  const std::uint64_t frame_bytes =
      picture_bytes(encoder.format, target.size) + canvases * picture_bytes(encoder.format, canvas);
  const std::uint64_t frame_share = bytes / 3 * 2;
  const std::uint64_t waiting_bytes = waiting * picture_bytes(encoder.format, target.size);
  const std::uint64_t affordable = (frame_share - std::min(frame_share, waiting_bytes)) /
                                   std::max<std::uint64_t>(frame_bytes, 1);
  if (affordable < look_ahead + kLeast)
    throw Error(
        ErrorKind::kUsage,
        fmt::format("{} MB of memory are too few for frames of {}x{} pixels", bytes / 1'000'000,
                    canvas.width, canvas.height),
        fmt::format("this mosaic takes {} {}M at least, or a smaller canvas", worded("{memory}"),
                    ((look_ahead + kLeast) * frame_bytes * 3 / 2 + waiting_bytes) / 1'000'000 + 1));
  const std::size_t frames =
      std::min<std::uint64_t>(affordable - look_ahead, kBusy) + look_ahead + waiting;
  return {static_cast<std::size_t>(bytes - frame_share), frames};
}

}  // namespace smalti

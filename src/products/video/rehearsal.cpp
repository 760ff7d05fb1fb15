#include "smalti/rehearsal.h"

#include <algorithm>
#include <string>

#include "media/video_reader.h"
#include "media/video_writer.h"
#include "products/run/run.h"
#include "products/run/run_bounds.h"
#include "products/run/temporary.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

// What the options ask for, as far as opening the target tells.
struct Extent {
  fs::path output;
  std::optional<std::uint64_t> frames;
  std::optional<double> length_s;
};

Extent measure(const VideoMosaicOptions& options, const Events& events) {
  check_names(options, events);
  const Run run(options.threads, events);
  const media::VideoReader target(options.target, read_options(options), events);
  Extent extent{output_path(options, target.streams(), events), target.info().frames, std::nullopt};
  const double fps = target.info().fps.value();
  if (extent.frames && fps > 0) extent.length_s = static_cast<double>(*extent.frames) / fps;
  return extent;
}

// So many seconds from the middle; from the beginning where the length is not known.
VideoMosaicOptions from_the_middle(VideoMosaicOptions options, const Extent& extent,
                                   double seconds) {
  options.start_s += std::max(0.0, (extent.length_s.value_or(0) - seconds) / 2);
  options.duration_s = std::min(seconds, options.duration_s.value_or(seconds));
  return options;
}

}  // namespace

Preview make_preview(const VideoMosaicOptions& options, const Events& events) {
  constexpr double kSeconds = 3;
  VideoMosaicOptions wanted = options;
  wanted.overwrite = true;  // of the whole mosaic, which stays as it is
  const Extent extent = measure(wanted, events);

  VideoMosaicOptions part = from_the_middle(options, extent, kSeconds);
  fs::path name = extent.output;
  const fs::path extension = name.extension();
  name.replace_extension();
  name += "-preview";
  part.output = fs::path(name) += extension;
  part.poster = fs::path(name) += ".jpg";
  return {make_video_mosaic(part, events), *part.poster};
}

DryRun rehearse(const VideoMosaicOptions& options, const Events& events) {
  constexpr double kSeconds = 2;
  const Extent extent = measure(options, events);
  const TemporaryFolder folder;
  VideoMosaicOptions part = from_the_middle(options, extent, kSeconds);
  part.output = folder.path() / ("sample" + extent.output.extension().string());

  DryRun run{make_video_mosaic(part, events), extent.output, extent.frames, {}, {}};
  if (run.frames && run.sample.frames > 0) {
    const double whole = static_cast<double>(*run.frames) / static_cast<double>(run.sample.frames);
    run.bytes = static_cast<std::uint64_t>(static_cast<double>(run.sample.bytes) * whole);
    const double tiles_s = run.sample.seconds(Stage::kTiles);
    run.seconds = tiles_s + (run.sample.wall_s - tiles_s) * whole;
  }
  return run;
}

}  // namespace smalti

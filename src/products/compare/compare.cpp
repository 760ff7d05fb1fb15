#include "smalti/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/wording.h"
#include "measure/comparison.h"
#include "media/video_reader.h"
#include "mosaic/layout.h"
#include "products/compare/compare_source.h"
#include "products/run/run.h"
#include "smalti/error.h"

namespace smalti {
namespace {

void warn_of_stretching(Size target, Size mosaic, const Events& events) {
  constexpr double kVisible = 0.01;
  const double ratio = static_cast<double>(target.width) / target.height * mosaic.height /
                       static_cast<double>(mosaic.width);
  if (std::abs(std::log(ratio)) <= std::log1p(kVisible)) return;
  events.warning(fmt::format(
      "the mosaic, {}x{}, has another shape than its target, {}x{}: it is compared stretched",
      mosaic.width, mosaic.height, target.width, target.height));
}

// The cells that the options ask for. No canvas is made, so no target is too large for one.
Cells plan_cells(LayoutOptions options, Size target) {
  options.layout = CellLayout::kGrid;
  try {
    const int side = std::max({target.width, target.height, kLargestFrameSide});
    return mosaic::plan_layout(options, target, {1, 1}, side).cells;
  } catch (const Error& error) {
    throw Error(error.kind(), error.what(),
                worded("choose other cells with {columns} or {tile-aspect}"));
  }
}

// A frame and when it is shown, from the video's first frame on.
struct Shown {
  Picture picture;
  double begin_s;
  double end_s;
};

class ShownFrames {
 public:
  explicit ShownFrames(media::VideoReader& video) : video_(video) {}

  std::optional<Shown> next() {
    const std::optional<media::SourceFrame> frame = video_.read();
    if (!frame) return std::nullopt;
    if (frame->index == 0) first_pts_ = frame->pts;
    const double tick_s = video_.info().time_base.value();
    const double begin_s = static_cast<double>(frame->pts - first_pts_) * tick_s;
    return Shown{frame->picture, begin_s, begin_s + static_cast<double>(frame->duration) * tick_s};
  }

 private:
  media::VideoReader& video_;
  std::int64_t first_pts_ = 0;
};

// Whether a frame is no longer shown when another one begins. Containers round times, each in its
// own way, so less than a quarter of a frame's time does not count.
bool is_over(const Shown& frame, const Shown& other) {
  const double shorter_s = std::min(frame.end_s - frame.begin_s, other.end_s - other.begin_s);
  return other.begin_s >= frame.end_s - shorter_s / 4;
}

void warn_of_length(const char* shorter, double end_s, const char* longer, const Events& events) {
  events.warning(
      fmt::format("the {} ends after {:.2f} s and the {} goes on: only what they have in common is "
                  "compared",
                  shorter, end_s, longer));
}

void compare_videos(media::VideoReader& target_video, media::VideoReader& mosaic_video,
                    const Cells& cells, const Events& events, CompareSummary& summary) {
  ShownFrames target(target_video);
  ShownFrames mosaic(mosaic_video);
  std::optional<Shown> shown = mosaic.next();
  std::optional<Shown> coming = mosaic.next();
  std::optional<Shown> last;
  while (std::optional<Shown> frame = target.next()) {
    for (; coming && is_over(*shown, *frame); coming = mosaic.next()) shown = std::move(coming);
    if (events.stop_requested()) return;
    if (is_over(*shown, *frame)) {
      warn_of_length("mosaic", shown->end_s, "target", events);
      return;
    }
    summary.figures += measure::compare_pictures(frame->picture, shown->picture, cells);
    ++summary.frames;
    summary.length_s = frame->end_s;
    events.report({Progress::Phase::kFrames, summary.frames, target_video.info().frames});
    last = std::move(frame);
  }
  while (last && coming && !is_over(*last, *coming)) coming = mosaic.next();
  if (coming && !events.stop_requested())
    warn_of_length("target", summary.length_s, "mosaic", events);
}

void warn_of_damage(const CompareSource& source, const Events& events) {
  if (source.video->damaged() == 0) return;
  events.warning(
      fmt::format("'{}' is damaged: {} of its frames could not be decoded as they were "
                  "recorded",
                  source.path.string(), source.video->damaged()));
}

}  // namespace

CompareSummary compare_files(const CompareOptions& options, const Events& events) {
  const Run run(options.threads, events);
  CompareSource target = open_source(options.target, "target", options, events);
  CompareSource mosaic = open_source(options.mosaic, "mosaic", options, events);
  settle_kinds(target, mosaic);
  const Cells cells = plan_cells(options.layout, target.size);
  warn_of_stretching(target.size, mosaic.size, events);

  CompareSummary summary;
  summary.target_size = target.size;
  summary.mosaic_size = mosaic.size;
  summary.columns = cells.mean_counts().width;
  summary.rows = cells.mean_counts().height;
  summary.video = target.video != nullptr;
  if (summary.video) {
    compare_videos(*target.video, *mosaic.video, cells, events, summary);
    warn_of_damage(target, events);
    warn_of_damage(mosaic, events);
  } else {
    summary.figures = measure::compare_pictures(target.still, mosaic.still, cells);
    summary.frames = 1;
  }
  summary.stopped = run.stopped();
  return summary;
}

}  // namespace smalti

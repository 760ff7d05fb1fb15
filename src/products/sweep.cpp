// A sweep through scales, from a picture and tiles to an animation: every step is here, and each
// leads to the room that does it.

#include "smalti/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <vector>

#include "media/log.h"
#include "pipeline/ordered.h"
#include "pipeline/pipeline.h"
#include "products/job.h"
#include "products/stage_clock.h"
#include "products/still_match.h"
#include "products/still_painter.h"
#include "products/still_target.h"
#include "products/stopwatch.h"
#include "smalti/atlas.h"
#include "smalti/error.h"
#include "smalti/photomosaic.h"
#include "smalti/tint.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

constexpr int kMostScales = 10'000;

fs::path sweep_output_path(const SweepOptions& options) {
  fs::path output;
  if (options.output) {
    output = *options.output;
  } else {
    output = options.target.stem();
    output += fmt::format("-from-{}-to-{}.gif", options.min_scale, options.max_scale);
  }
  check_output_name(output, options);
  return output;
}

void check_scales(const SweepOptions& options) {
  if (options.min_scale < 1)
    throw Error(ErrorKind::kUsage, fmt::format("there is no scale {}", options.min_scale),
                "begin with --min-scale 1 or more");
  if (options.min_scale > options.max_scale)
    throw Error(ErrorKind::kUsage,
                fmt::format("the smallest scale, {}, is larger than the largest, {}",
                            options.min_scale, options.max_scale),
                "change --min-scale or --max-scale");
}

struct Scales {
  int first;
  int last;
  int count() const { return last - first + 1; }
};

// Those whose cells fit into the picture.
Scales possible_scales(const SweepOptions& options, Size size, const Events& events) {
  const Aspect aspect = options.layout.aspect;
  const int largest = std::max(1, std::min(size.width / aspect.width, size.height / aspect.height));
  const Scales scales{std::min(options.min_scale, largest), std::min(options.max_scale, largest)};
  if (scales.last < options.max_scale)
    events.warning(
        fmt::format("scales end at {}: beyond it a single tile is larger than the target's {}x{} "
                    "pixels",
                    largest, size.width, size.height));
  if (scales.count() > kMostScales)
    throw Error(ErrorKind::kUsage, fmt::format("{} scales are too many", scales.count()),
                fmt::format("make {} at most", kMostScales));
  return scales;
}

LayoutOptions with_canvas(const SweepOptions& options, Size size) {
  LayoutOptions layout = options.layout;
  if (options.width)
    layout.size = Size{*options.width,
                       std::max(1, static_cast<int>(std::lround(static_cast<double>(size.height) *
                                                                *options.width / size.width)))};
  if (!layout.size) layout.enlarge = 1;
  return layout;
}

// The layout of every scale, the smallest first.
std::vector<Layout> plan_layouts(LayoutOptions options, Scales scales, Size size, Size step) {
  std::vector<Layout> layouts;
  for (int scale = scales.first; scale <= scales.last; ++scale) {
    options.scale = scale;
    try {
      layouts.push_back(plan_layout(options, size, step));
    } catch (const Error& error) {
      throw Error(error.kind(), fmt::format("scale {}: {}", scale, error.what()),
                  "begin with a larger --min-scale, or choose another --size");
    }
  }
  return layouts;
}

// In which order scales are made; those of a bounce's way back are there by then.
std::vector<std::size_t> making_order(SweepOrder order, std::size_t count) {
  std::vector<std::size_t> scales(count);
  for (std::size_t i = 0; i < count; ++i)
    scales[i] = order == SweepOrder::kDescending ? count - 1 - i : i;
  return scales;
}

// A quarter of the memory for scales being made, the rest for rendered tiles.
struct MemoryShares {
  std::size_t alive = 1;
  std::size_t atlas_bytes = 0;
};

MemoryShares share_memory(std::uint64_t bytes, Size canvas, std::size_t threads) {
  constexpr std::uint64_t kBytesPerPixel = 16;  // pictures, and the smallest cells' descriptors
  const std::uint64_t frame = kBytesPerPixel * static_cast<std::uint64_t>(canvas.width) *
                              static_cast<std::uint64_t>(canvas.height);
  return {static_cast<std::size_t>(std::clamp<std::uint64_t>(bytes / 4 / frame, 1, threads + 1)),
          static_cast<std::size_t>(bytes - bytes / 4)};
}

// What all scales are made of, and what is told of them together.
class SweepPainter {
 public:
  SweepPainter(const SweepOptions& options, const Picture& target, const TileSet& tiles,
               const StillChoice& choice, Atlas& atlas, StageClock& clock)
      : options_(options),
        target_(target),
        tiles_(tiles),
        choice_(choice),
        atlas_(atlas),
        clock_(clock),
        tinter_(tiles.descriptors, options.color_adjust, StillPainter::kFormat, {}),
        used_(tiles.size()) {
    look_.opacity = options.opacity;
    look_.side_by_side = options.side_by_side;
    if (options.opacity < 1 || options.side_by_side) shown_ = as_rgb(target);
  }

  // The whole mosaic of a layout. Any thread.
  Picture paint(const Layout& layout) {
    FrameMatcher matcher(choice_.index);
    const StillMatch matched = match_still(target_, layout.grid, matcher, choice_, clock_);
    const std::vector<Shift> shifts = tinter_.shifts(matched.cells, matched.placement);
    count(layout, matched, matcher);
    const auto timed = clock_.measure(Stage::kCompose);
    const StillPainter painter(matched.placement, layout.grid, atlas_, shifts, look_, shown_);
    const Size size = painter.size();
    return painter.paint({0, 0, size.width, size.height});
  }

  void fill(SweepSummary& summary) const {
    summary.tiles_used = static_cast<std::size_t>(std::count(used_.begin(), used_.end(), true));
    summary.cells_searched = searched_;
    if (options_.measure_fidelity) summary.fidelity = fidelity_;
  }

 private:
  void count(const Layout& layout, const StillMatch& matched, const FrameMatcher& matcher) {
    Fidelity fidelity;
    if (options_.measure_fidelity)
      fidelity = measure_fidelity(layout.grid, matched.cells, tiles_.descriptors, matched.placement,
                                  &tinter_);
    const std::lock_guard lock(mutex_);
    fidelity_ += fidelity;
    searched_ += matcher.searched();
    for (const Candidate& c : matched.placement)
      if (c.tile >= 0) used_[static_cast<std::size_t>(c.tile)] = true;
  }

  const SweepOptions& options_;
  const Picture& target_;
  const TileSet& tiles_;
  const StillChoice& choice_;
  Atlas& atlas_;
  StageClock& clock_;
  const Tinter tinter_;
  StillPainter::Look look_;
  Picture shown_;

  std::mutex mutex_;
  std::vector<bool> used_;
  std::uint64_t searched_ = 0;
  Fidelity fidelity_;
};

// Whether all were made.
bool make_frames(const SweepOptions& options, const std::vector<Layout>& layouts, std::size_t alive,
                 SweepPainter& painter, AnimationWriter& writer, StageClock& clock,
                 const Events& events) {
  const std::vector<std::size_t> order = making_order(options.order, layouts.size());
  Progress progress{Progress::Phase::kFrames, 0, layouts.size()};
  events.report(progress);
  const std::size_t made = run_ordered(
      order.size(), alive, [&] { return events.stop_requested(); },
      [&](std::size_t i) { return painter.paint(layouts[order[i]]); },
      [&](const Picture& frame) {
        const auto timed = clock.measure(Stage::kEncode);
        writer.write(frame);
        ++progress.done;
        events.report(progress);
      });
  if (made < order.size()) return false;
  if (options.order == SweepOrder::kBounce)
    for (std::size_t i = layouts.size() - 1; i-- > 1;) writer.repeat(i);
  return true;
}

}  // namespace

SweepSummary make_sweep(const SweepOptions& options, const Events& events) {
  const Stopwatch watch;
  StageClock clock;
  const media::LogCapture log(events);
  const ThreadLimit thread_limit(thread_count(options.threads));

  // What can fail for a wrong option or a wrong name does so before any work.
  check_scales(options);
  check_inputs(options);
  const fs::path output = sweep_output_path(options);
  const Size step = animation_step(output);
  const StillTarget target = [&] {
    const auto timed = clock.measure(Stage::kRead);
    return read_still_target(options, events);
  }();
  const Size size = counted_size(target.size, options);
  const Scales scales = possible_scales(options, size, events);
  const std::vector<Layout> layouts = plan_layouts(with_canvas(options, size), scales, size, step);
  const Size canvas = layouts.front().grid.canvas();
  AnimationWriter writer(output, {canvas.width * (options.side_by_side ? 2 : 1), canvas.height},
                         options.animation);
  if (target.picture.format.alpha)
    events.warning("a sweep has no transparency: the target is laid over white");

  IngestResult tiles = timed_load(options, layouts.front(), clock, events);
  if (target.hash) leave_out(*target.hash, tiles, events);
  const TileIndex index(tiles.tiles.view(), tiles.tiles.alternatives);
  const auto own = own_frames(options, layouts.front(), tiles.tiles);
  const StillChoice choice = still_choice(options, index, own, target.time_s, events);
  const MemoryShares memory =
      share_memory(options.memory_bytes, canvas, thread_count(options.threads));
  Atlas atlas(tiles.tiles, StillPainter::kFormat, {}, memory.atlas_bytes);
  SweepPainter painter(options, target.picture, tiles.tiles, choice, atlas, clock);

  SweepSummary summary;
  fill_plan(summary, options, output, layouts.front(), tiles);
  summary.min_scale = scales.first;
  summary.max_scale = scales.last;
  summary.fewest_columns = layouts.back().grid.columns();
  summary.fewest_rows = layouts.back().grid.rows();
  summary.counted = size;
  summary.shrunk = size != target.size;
  summary.encoder = format_name(*animation_format(output));
  summary.frames_read = 1;

  std::optional<AnimationSummary> animation;
  if (make_frames(options, layouts, memory.alive, painter, writer, clock, events)) {
    const auto timed = clock.measure(Stage::kEncode);
    animation = writer.finish(events);
  }
  warn_of_lost_sources(atlas, events);
  painter.fill(summary);
  summary.stopped = !animation;
  summary.animation = animation.value_or(AnimationSummary{});
  summary.bytes = summary.animation.bytes;
  summary.frames = summary.animation.frames;
  fill_costs(summary, clock, watch);
  return summary;
}

}  // namespace smalti

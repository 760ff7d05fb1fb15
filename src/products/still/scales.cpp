#include "products/still/scales.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/wording.h"
#include "measure/fidelity.h"
#include "products/run/job.h"
#include "products/still/over_white.h"
#include "smalti/error.h"

namespace smalti {
namespace {

constexpr int kMostScales = 10'000;

StillTarget read_target(const ScalesOptions& options, StageClock& clock, const Events& events) {
  const auto timed = clock.measure(Stage::kRead);
  return read_still_target(options, events);
}

// Only those whose cells fit into the picture.
void choose_scales(const ScalesOptions& options, ScalePlan& plan, const Events& events) {
  const Aspect aspect = options.layout.aspect;
  const Size size = plan.counted;
  const int largest = std::max(1, std::min(size.width / aspect.width, size.height / aspect.height));
  plan.first = std::min(options.min_scale, largest);
  plan.last = std::min(options.max_scale, largest);
  if (plan.last < options.max_scale)
    events.warning(
        fmt::format("scales end at {}: beyond it a single tile is larger than the target's {}x{} "
                    "pixels",
                    largest, size.width, size.height));
  const int count = plan.last - plan.first + 1;
  if (count > kMostScales)
    throw Error(ErrorKind::kUsage, fmt::format("{} scales are too many", count),
                fmt::format("make {} at most", kMostScales));
}

// The target's shape with that longer edge.
Size with_longer_edge(Size size, double edge) {
  const double factor = edge / std::max(size.width, size.height);
  const auto side = [&](int length) {
    return std::max(1, static_cast<int>(std::lround(length * factor)));
  };
  return {side(size.width), side(size.height)};
}

// However small the budget, each of the smallest cells gets a pixel.
Size affordable_canvas(const ScalesOptions& options, const ScalePlan& plan) {
  const ScalesOptions::CanvasBudget& budget = *options.canvas_budget;
  const Aspect aspect = options.layout.aspect;
  const double longer = std::max(plan.counted.width, plan.counted.height);
  const double shape = std::min(plan.counted.width, plan.counted.height) / longer;
  const double most = std::sqrt(budget.pixels / (plan.last - plan.first + 1) / shape);
  const double edge = std::clamp<double>(most, budget.least_longer_edge, budget.longer_edge);
  const double cells = longer / (std::min(aspect.width, aspect.height) * plan.first);
  return with_longer_edge(plan.counted, std::max(edge, std::ceil(cells) + 1));
}

LayoutOptions with_canvas(const ScalesOptions& options, const ScalePlan& plan) {
  LayoutOptions layout = options.layout;
  const Size size = plan.counted;
  if (options.width) {
    const double height = static_cast<double>(size.height) * *options.width / size.width;
    layout.size = Size{*options.width, std::max(1, static_cast<int>(std::lround(height)))};
  } else if (options.canvas_budget && !layout.size) {
    layout.size = affordable_canvas(options, plan);
  }
  if (!layout.size) layout.enlarge = 1;
  return layout;
}

void plan_layouts(LayoutOptions options, Size step, ScalePlan& plan) {
  for (int scale = plan.first; scale <= plan.last; ++scale) {
    options.scale = scale;
    try {
      plan.layouts.push_back(mosaic::plan_layout(options, plan.counted, step));
    } catch (const Error& error) {
      throw Error(error.kind(), fmt::format("scale {}: {}", scale, error.what()),
                  worded("begin with a larger {min-scale}, or choose another {size}"));
    }
  }
}

// A quarter of the memory is for mosaics being made, the rest for rendered tiles.
std::size_t most_alive(const ScalesOptions& options, Size canvas) {
  constexpr std::uint64_t kBytesPerPixel = 16;  // pictures, and the smallest cells' descriptors
  const std::uint64_t frame = kBytesPerPixel * static_cast<std::uint64_t>(canvas.width) *
                              static_cast<std::uint64_t>(canvas.height);
  return std::clamp<std::uint64_t>(options.memory_bytes / 4 / frame, 1,
                                   thread_count(options.threads) + 1);
}

std::size_t atlas_bytes(const ScalesOptions& options) {
  return static_cast<std::size_t>(options.memory_bytes - options.memory_bytes / 4);
}

}  // namespace

void check_scales(const ScalesOptions& options) {
  if (options.min_scale < 1)
    throw Error(ErrorKind::kUsage, fmt::format("there is no scale {}", options.min_scale),
                worded("begin with {min-scale} 1 or more"));
  if (options.min_scale > options.max_scale)
    throw Error(ErrorKind::kUsage,
                fmt::format("the smallest scale, {}, is larger than the largest, {}",
                            options.min_scale, options.max_scale),
                worded("change {min-scale} or {max-scale}"));
  check_inputs(options);
}

ScalePlan plan_scales(const ScalesOptions& options, Size step, StageClock& clock,
                      const Events& events) {
  ScalePlan plan;
  plan.target = read_target(options, clock, events);
  plan.counted = counted_size(plan.target.size, options);
  choose_scales(options, plan, events);
  plan_layouts(with_canvas(options, plan), step, plan);
  return plan;
}

PhotomosaicOptions still_of(const ScalesOptions& options, int scale, bool is_shrunk) {
  PhotomosaicOptions still;
  static_cast<StillOptions&>(still) = options;
  still.layout = {};
  still.layout.aspect = options.layout.aspect;
  still.layout.scale = scale;
  still.output.reset();
  if (!is_shrunk) still.fit_px.reset();
  return still;
}

library::IngestResult load_scale_tiles(const ScalesOptions& options, const ScalePlan& plan,
                                       StageClock& clock, const Events& events) {
  library::IngestResult tiles = timed_load(options, plan.layouts.front(), clock, events);
  if (plan.target.hash) leave_out(*plan.target.hash, tiles, events);
  return tiles;
}

ScaleMosaics::ScaleMosaics(const ScalesOptions& options, const ScalePlan& plan, StageClock& clock,
                           const Events& events)
    : options_(options),
      plan_(plan),
      clock_(clock),
      ingested_(load_scale_tiles(options, plan, clock, events)),
      index_(ingested_.tiles.view(), ingested_.tiles.alternatives),
      near_(near_duplicates(options, ingested_.tiles)),
      own_(own_frames(options, plan.layouts.front(), ingested_.tiles, near_)),
      choice_(
          still_choice(options, ingested_.tiles, index_, near_, own_, plan.target.time_s, events)),
      alive_(most_alive(options, plan.canvas())),
      atlas_(ingested_.tiles, StillPainter::kFormat, {}, atlas_bytes(options)),
      tinter_(ingested_.tiles.descriptors, options.color_adjust, StillPainter::kFormat, {}),
      shown_(as_rgb(plan.target.picture)),
      used_(ingested_.tiles.size()) {
  if (plan.target.picture.format.alpha)
    events.warning("the mosaics have no transparency: the target is laid over white");
  look_.opacity = options.opacity;
  look_.side_by_side = options.side_by_side;
}

ScaleMosaics::Made ScaleMosaics::make(const mosaic::Layout& layout) {
  match::FrameMatcher matcher(index_);
  Made made;
  made.matched = match_still(plan_.target.picture, layout.cells, matcher, choice_, clock_);
  const std::vector<mosaic::Shift> shifts =
      tinter_.shifts(made.matched.cells, made.matched.placement);
  count(layout, made.matched, matcher);
  const auto timed = clock_.measure(Stage::kCompose);
  const StillPainter painter(made.matched.placement, layout.cells, atlas_, shifts, look_, shown_);
  const Size size = painter.size();
  made.picture = painter.paint({0, 0, size.width, size.height});
  return made;
}

Picture ScaleMosaics::target() const { return seen_over_white(shown_, plan_.canvas()); }

void ScaleMosaics::count(const mosaic::Layout& layout, const StillMatch& matched,
                         const match::FrameMatcher& matcher) {
  Fidelity fidelity;
  if (options_.measure_fidelity)
    fidelity = measure::measure_fidelity(layout.cells, matched.cells, ingested_.tiles.descriptors,
                                         matched.placement, &tinter_);
  const std::lock_guard lock(mutex_);
  fidelity_ += fidelity;
  searched_ += matcher.searched();
  for (const match::Candidate& c : matched.placement)
    if (c.tile >= 0) used_[static_cast<std::size_t>(c.tile)] = true;
}

void ScaleMosaics::fill_plan(ScalesSummary& summary, const std::filesystem::path& output) const {
  smalti::fill_plan(summary, options_, output, plan_.layouts.front(), ingested_);
  summary.min_scale = plan_.first;
  summary.max_scale = plan_.last;
  summary.fewest_columns = plan_.layouts.back().cells.fields().columns();
  summary.fewest_rows = plan_.layouts.back().cells.fields().rows();
  summary.counted = plan_.counted;
  summary.shrunk = plan_.counted != plan_.target.size;
  summary.frames_read = 1;
}

void ScaleMosaics::fill_result(ScalesSummary& summary, const Events& events) const {
  warn_of_lost_sources(atlas_, events);
  summary.tiles_used = static_cast<std::size_t>(std::count(used_.begin(), used_.end(), true));
  summary.cells_searched = searched_;
  if (options_.measure_fidelity) summary.fidelity = fidelity_;
}

}  // namespace smalti

#include "products/still/scales.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/wording.h"
#include "products/run/job.h"
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

// However small the budget, each of the smallest cells gets a pixel.
Size affordable_canvas(const ScalesOptions& options, const ScalePlan& plan) {
  const ScalesOptions::CanvasBudget& budget = *options.canvas_budget;
  const Aspect aspect = options.layout.aspect;
  const double longer = std::max(plan.counted.width, plan.counted.height);
  const double shape = std::min(plan.counted.width, plan.counted.height) / longer;
  const double most = std::sqrt(budget.pixels / (plan.last - plan.first + 1) / shape);
  const double edge = std::clamp<double>(most, budget.least_longer_edge, budget.longer_edge);
  const double cells = longer / (std::min(aspect.width, aspect.height) * plan.first);
  return with_long_edge(plan.counted,
                        static_cast<int>(std::lround(std::max(edge, std::ceil(cells) + 1))));
}

LayoutOptions with_canvas(const ScalesOptions& options, const ScalePlan& plan) {
  LayoutOptions layout = options.layout;
  if (options.canvas_budget && !layout.chooses_canvas())
    layout.size = affordable_canvas(options, plan);
  if (!layout.chooses_canvas()) layout.enlarge = 1;
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
  plan.target.picture = mosaic::shown_part(plan.target.picture, plan.layouts.front());
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

ScaleMosaics::ScaleMosaics(const ScalesOptions& options, const ScalePlan& plan, StageClock& clock,
                           const Events& events)
    : StillMosaics(options, plan.target, plan.layouts.front(), clock, events),
      options_(options),
      plan_(plan),
      way_(options, *this, events) {}

void ScaleMosaics::fill_plan(ScalesSummary& summary, const std::filesystem::path& output) const {
  smalti::fill_plan(summary, options_, output, plan_.layouts.front(), ingested());
  summary.min_scale = plan_.first;
  summary.max_scale = plan_.last;
  summary.fewest_columns = plan_.layouts.back().cells.fields().columns();
  summary.fewest_rows = plan_.layouts.back().cells.fields().rows();
  summary.counted = plan_.counted;
  summary.shrunk = plan_.counted != plan_.target.size;
}

}  // namespace smalti

// A sweep through scales, from a picture and tiles to an animation: every step is here, and each
// leads to the room that does it.

#include "smalti/sweep.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "pipeline/ordered.h"
#include "products/animation/animation_writer.h"
#include "products/run/job.h"
#include "products/run/stage_clock.h"
#include "products/still/scales.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

fs::path sweep_output_path(const SweepOptions& options, const Events& events) {
  fs::path output;
  if (options.output) {
    output = *options.output;
  } else {
    output = options.target.stem();
    output += fmt::format("-from-{}-to-{}.gif", options.min_scale, options.max_scale);
  }
  check_output_name(output, options, events);
  return output;
}

// In which order scales are made; those of a bounce's way back are there by then.
std::vector<std::size_t> making_order(SweepOrder order, std::size_t count) {
  std::vector<std::size_t> scales(count);
  for (std::size_t i = 0; i < count; ++i)
    scales[i] = order == SweepOrder::kDescending ? count - 1 - i : i;
  return scales;
}

// Whether all were made.
bool make_frames(const SweepOptions& options, const std::vector<mosaic::Layout>& layouts,
                 ScaleMosaics& mosaics, AnimationWriter& writer, StageClock& clock,
                 const Events& events) {
  const std::vector<std::size_t> order = making_order(options.order, layouts.size());
  Progress progress{Progress::Phase::kFrames, 0, layouts.size()};
  events.report(progress);
  const std::size_t made = pipeline::run_ordered(
      order.size(), mosaics.alive(), [&] { return events.stop_requested(); },
      [&](std::size_t i) { return mosaics.make(layouts[order[i]]).picture; },
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
  Run run(options.threads, events);
  StageClock& clock = run.clock();

  // What can fail for a wrong option or a wrong name does so before any work.
  check_scales(options);
  const fs::path output = sweep_output_path(options, events);
  const ScalePlan plan = plan_scales(options, animation_step(output), clock, events);
  const Size canvas = plan.canvas();
  AnimationWriter writer(output, {canvas.width * (options.side_by_side ? 2 : 1), canvas.height},
                         options.animation);
  ScaleMosaics mosaics(options, plan, clock, events);

  SweepSummary summary;
  mosaics.fill_plan(summary, output);
  summary.encoder = format_name(*animation_format(output));
  std::optional<AnimationSummary> animation;
  if (make_frames(options, plan.layouts, mosaics, writer, clock, events)) {
    const auto timed = clock.measure(Stage::kEncode);
    animation = writer.finish(events);
  }
  mosaics.fill_result(summary, events);
  summary.stopped = !animation;
  summary.animation = animation.value_or(AnimationSummary{});
  summary.bytes = summary.animation.bytes;
  summary.frames = summary.animation.frames;
  run.fill_costs(summary);
  return summary;
}

}  // namespace smalti

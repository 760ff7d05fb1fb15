#pragma once

#include "smalti/animation.h"
#include "smalti/events.h"
#include "smalti/scales.h"

namespace smalti {

enum class SweepOrder {
  kAscending,
  kDescending,
  kBounce,  ///< up and down again, each end once
};

struct SweepOptions : ScalesOptions {
  SweepOptions() {
    min_scale = 5;
    max_scale = 25;
  }
  SweepOrder order = SweepOrder::kAscending;
  AnimationOptions animation;
};

struct SweepSummary : ScalesSummary {
  AnimationSummary animation;
};

/// Makes an animation of mosaics of one picture, or one frame of a video: one a scale, all on one
/// canvas, whole. A scale's frame is what make_photomosaic makes of it with the same `fit_px` and
/// canvas. Scales with cells larger than the picture are left out, with a warning. The tiles are
/// loaded once and several scales made at a time, within `memory_bytes`. Throws Error as the parts
/// it is made of do, and kUsage for scales that are none.
SweepSummary make_sweep(const SweepOptions& options, const Events& events);

}  // namespace smalti

#pragma once

#include <cstdint>
#include <optional>

#include "smalti/animation_writer.h"
#include "smalti/events.h"
#include "smalti/mosaic_job.h"

namespace smalti {

enum class SweepOrder {
  kAscending,
  kDescending,
  kBounce,  ///< up and down again, each end once
};

/// A target counts as shrunk to this on its longer edge unless the user says otherwise.
inline constexpr int kDefaultSweepSide = 800;

/// Of `layout`, what decides the number of cells and `enlarge` must be absent.
struct SweepOptions : StillOptions {
  SweepOptions() { fit_px = kDefaultSweepSide; }
  int min_scale = 5;
  int max_scale = 25;
  SweepOrder order = SweepOrder::kAscending;

  std::optional<int> width;  ///< of the canvas, its height by the target's shape

  AnimationOptions animation;
};

struct SweepSummary : MosaicSummary {
  AnimationSummary animation;
  int min_scale = 0;  ///< as they were made
  int max_scale = 0;
  int fewest_columns = 0;  ///< of the largest scale; `columns` and `rows` are of the smallest
  int fewest_rows = 0;
  Size counted;         ///< what the target counts as
  bool shrunk = false;  ///< it is larger
};

/// Makes an animation of mosaics of one picture, or one frame of a video: one a scale, all on one
/// canvas, whole. A scale's frame is what make_photomosaic makes of it with the same `fit_px` and
/// canvas. Scales with cells larger than the picture are left out, with a warning. The tiles are
/// loaded once and several scales made at a time, within `memory_bytes`. Throws Error as the parts
/// it is made of do, and kUsage for scales that are none.
SweepSummary make_sweep(const SweepOptions& options, const Events& events);

}  // namespace smalti

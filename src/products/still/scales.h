#pragma once

#include <filesystem>
#include <vector>

#include "mosaic/layout.h"
#include "products/run/stage_clock.h"
#include "products/still/still_mosaics.h"
#include "products/still/still_target.h"
#include "smalti/events.h"
#include "smalti/scales.h"

/// What mosaics of several scales of one target have in common.
namespace smalti {

/// Throws Error: kUsage for scales that are none, and as check_inputs does.
void check_scales(const ScalesOptions& options);

/// The target and where its cells lie at every scale, the smallest first. All layouts have one
/// canvas.
struct ScalePlan {
  StillTarget target;  ///< its picture: as much of it as the canvas shows
  Size counted;        ///< what the target counts as
  int first = 1;
  int last = 1;
  std::vector<mosaic::Layout> layouts;

  Size canvas() const { return layouts.front().cells.canvas(); }
};

/// Reads the target. Scales with cells larger than it are left out, with a warning. Throws Error as
/// read_still_target and plan_layout do.
ScalePlan plan_scales(const ScalesOptions& options, Size step, StageClock& clock,
                      const Events& events);

/// The mosaics of all scales, of tiles that are loaded once.
class ScaleMosaics : public StillMosaics {
 public:
  /// As StillMosaics.
  ScaleMosaics(const ScalesOptions& options, const ScalePlan& plan, StageClock& clock,
               const Events& events);

  /// Any thread.
  Made make(const mosaic::Layout& layout) {
    return StillMosaics::make(layout.cells, layout.cells, way_);
  }

  /// What is known before the first mosaic.
  void fill_plan(ScalesSummary& summary, const std::filesystem::path& output) const;

 private:
  const ScalesOptions& options_;
  const ScalePlan& plan_;
  const Way way_;
};

}  // namespace smalti

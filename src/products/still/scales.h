#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <vector>

#include "library/ingest.h"
#include "mosaic/layout.h"
#include "mosaic/tint.h"
#include "products/run/stage_clock.h"
#include "products/still/still_match.h"
#include "products/still/still_painter.h"
#include "products/still/still_target.h"
#include "smalti/events.h"
#include "smalti/fidelity.h"
#include "smalti/scales.h"
#include "tiles/atlas.h"

/// What mosaics of several scales of one target have in common.
namespace smalti {

/// Throws Error: kUsage for scales that are none, and as check_inputs does.
void check_scales(const ScalesOptions& options);

/// The target and where its cells lie at every scale, the smallest first. All layouts have one
/// canvas.
struct ScalePlan {
  StillTarget target;
  Size counted;  ///< what the target counts as
  int first = 1;
  int last = 1;
  std::vector<mosaic::Layout> layouts;

  Size canvas() const { return layouts.front().cells.canvas(); }
};

/// Reads the target. Scales with cells larger than it are left out, with a warning. Throws Error as
/// read_still_target and plan_layout do.
ScalePlan plan_scales(const ScalesOptions& options, Size step, StageClock& clock,
                      const Events& events);

/// Loads the tiles for them, without the target itself. Throws Error as timed_load and leave_out
/// do.
library::IngestResult load_scale_tiles(const ScalesOptions& options, const ScalePlan& plan,
                                       StageClock& clock, const Events& events);

/// Tiles that are loaded once, and the mosaics made of them.
class ScaleMosaics {
 public:
  struct Made {
    StillMatch matched;
    Picture picture;  ///< planar 8-bit RGB
  };

  /// Loads the tiles, and warns of transparency, which mosaics of scales have none of. What is
  /// passed must outlive it. Throws Error as timed_load does.
  ScaleMosaics(const ScalesOptions& options, const ScalePlan& plan, StageClock& clock,
               const Events& events);

  /// Any thread.
  Made make(const mosaic::Layout& layout);

  /// The target itself, laid over white, on the canvas. Any thread.
  Picture target() const;

  /// How many may be made at a time.
  std::size_t alive() const { return alive_; }
  const tiles::TileSet& tiles() const { return ingested_.tiles; }

  /// What is known before the first and after the last mosaic; the latter warns of lost sources.
  void fill_plan(ScalesSummary& summary, const std::filesystem::path& output) const;
  void fill_result(ScalesSummary& summary, const Events& events) const;

 private:
  void count(const mosaic::Layout& layout, const StillMatch& matched,
             const match::FrameMatcher& matcher);

  const ScalesOptions& options_;
  const ScalePlan& plan_;
  StageClock& clock_;
  const library::IngestResult ingested_;
  const match::TileIndex index_;
  const match::NearDuplicates near_;
  const std::optional<OwnFrames> own_;
  const StillChoice choice_;
  const std::size_t alive_;
  tiles::Atlas atlas_;
  const mosaic::Tinter tinter_;
  StillPainter::Look look_;
  Picture shown_;  // the target as RGB

  std::mutex mutex_;
  std::vector<bool> used_;
  std::uint64_t searched_ = 0;
  Fidelity fidelity_;
};

}  // namespace smalti

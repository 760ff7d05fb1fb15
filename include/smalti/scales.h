#pragma once

#include <optional>

#include "smalti/mosaic_job.h"
#include "smalti/photomosaic.h"

namespace smalti {

/// A target counts as shrunk to this on its longer edge unless the user says otherwise, where
/// mosaics of several scales stand side by side.
inline constexpr int kDefaultScalesSide = 800;

/// Mosaics of one picture, or one frame of a video, at several scales on one canvas. Of `layout`,
/// what decides the number of cells and `enlarge` must be absent.
struct ScalesOptions : StillOptions {
  ScalesOptions() { fit_px = kDefaultScalesSide; }
  int min_scale = 1;
  int max_scale = 1;

  /// The canvas, unless `layout` chooses it: so long on its longer edge, but less where all
  /// canvases together would have more pixels; or as large as what the target counts as.
  struct CanvasBudget {
    int longer_edge = 0;
    int least_longer_edge = 0;  ///< however many pixels that takes
    double pixels = 0;
  };
  std::optional<CanvasBudget> canvas_budget;
};

/// The still that is one of them, in the size that stills have by themselves; `is_shrunk`: the
/// target counts as smaller than it is.
PhotomosaicOptions still_of(const ScalesOptions& options, int scale, bool is_shrunk);

/// What is told of them together. `columns` and `rows` are of the smallest scale.
struct ScalesSummary : MosaicSummary {
  int min_scale = 0;  ///< as they were made
  int max_scale = 0;
  int fewest_columns = 0;  ///< of the largest scale
  int fewest_rows = 0;
  Size counted;         ///< what the target counts as
  bool shrunk = false;  ///< it is larger
};

}  // namespace smalti

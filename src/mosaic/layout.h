#pragma once

#include <cstddef>
#include <optional>

#include "base/cells.h"
#include "smalti/layout_options.h"
#include "smalti/sizes.h"

namespace smalti::mosaic {

/// Where the cells lie, and on how large a canvas.
struct Layout {
  /// Of an adaptive layout the fields of which CellPlanner makes cells, target by target.
  Cells cells;
  std::size_t merge_to = 0;  ///< so many cells; 0: the fields are the cells
  Aspect aspect;                    ///< of the tiles
  double enlarge = 1;               ///< canvas width / target width
  bool enlarged_by_itself = false;  ///< nobody asked for it: the cells would have been too small
};

/// The cells and canvas for a target of `target` upright square pixels, in an output format whose
/// chroma samples cover `step` pixels. The canvas is rounded up to whole steps, so that every pixel
/// belongs to a cell. Throws Error (kUsage) for what has no meaning: fewer pixels than cells, sizes
/// out of range.
Layout plan_layout(const LayoutOptions& options, Size target, Size step,
                   int largest_side = kLargestFrameSide);

}  // namespace smalti::mosaic

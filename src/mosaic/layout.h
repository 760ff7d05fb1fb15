#pragma once

#include <cstddef>
#include <optional>

#include "base/cells.h"
#include "base/picture.h"
#include "smalti/layout_options.h"
#include "smalti/sizes.h"

namespace smalti::mosaic {

/// Where the cells lie, and on how large a canvas.
struct Layout {
  /// Of an adaptive layout the fields of which CellPlanner makes cells, target by target.
  Cells cells;
  std::size_t merge_to = 0;         ///< so many cells; 0: the fields are the cells
  Aspect aspect;                    ///< of the tiles
  double enlarge = 1;               ///< canvas width / target width
  bool enlarged_by_itself = false;  ///< nobody asked for it: the cells would have been too small
  Size target;                      ///< what it was planned for
  Size shown;                       ///< the middle part of it that the canvas lies over
  Size picture;                     ///< that is made
  Rect place;                       ///< of the canvas in it; the rest is black
};

/// The cells and canvas for a target of `target` upright square pixels, in an output format whose
/// chroma samples cover `step` pixels. The picture is rounded up to whole steps, so that every
/// pixel of the canvas belongs to a cell. A size within two pixels, or a step, of the target's
/// shape counts as of that shape. Throws Error (kUsage) for what has no meaning: fewer pixels than
/// cells, sizes out of range.
Layout plan_layout(const LayoutOptions& options, Size target, Size step,
                   int largest_side = kLargestFrameSide);

/// A view of what a layout shows of its target, to whole chroma samples; all of it, where that is
/// what it shows. The picture may have another size than the target that the layout was planned
/// for.
Picture shown_part(const Picture& target, const Layout& layout);

}  // namespace smalti::mosaic

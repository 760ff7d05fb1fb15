#pragma once

#include <optional>

#include "smalti/grid.h"
#include "smalti/picture.h"

namespace smalti {

/// What the user asked of grid and canvas. At most one of columns, scale and tile_size.
struct LayoutOptions {
  std::optional<int> columns;     ///< 80 when nothing else is given
  std::optional<int> rows;        ///< by the tiles' aspect; with columns only
  std::optional<int> scale;       ///< cells of aspect.width * scale x aspect.height * scale
  std::optional<Size> tile_size;  ///< cells of this size; scale and this in target pixels
  Aspect aspect;                  ///< of a tile; from tile_size where that is given

  std::optional<Size> size;       ///< of the canvas, pixels
  std::optional<double> enlarge;  ///< canvas = target times this
};

/// Where the cells lie, and on how large a canvas.
struct Layout {
  Grid grid;
  Aspect aspect;                    ///< of the tiles
  double enlarge = 1;               ///< canvas width / target width
  bool enlarged_by_itself = false;  ///< nobody asked for it: the cells would have been too small
};

/// Cells narrower than this are enlarged unless the user chose the canvas.
inline constexpr int kSmallestComfortableCell = 16;

/// Canvas sides beyond these are refused: no encoder of today takes larger frames, and no file
/// format larger stills that anything could open.
inline constexpr int kLargestFrameSide = 16384;
inline constexpr int kLargestStillSide = 1'000'000;

/// The grid and canvas for a target of `target` upright square pixels, in an output format whose
/// chroma samples cover `step` pixels. The canvas is rounded up to whole steps, so that every pixel
/// belongs to a cell. Throws Error (kUsage) for what has no meaning: fewer pixels than cells, sizes
/// out of range.
Layout plan_layout(const LayoutOptions& options, Size target, Size step,
                   int largest_side = kLargestFrameSide);

}  // namespace smalti

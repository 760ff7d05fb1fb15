#pragma once

#include <optional>
#include <vector>

#include "smalti/sizes.h"

namespace smalti {

/// What the user asked of grid and canvas. At most one of columns, scale and tile_size.
struct LayoutOptions {
  std::optional<int> columns;     ///< 80 when nothing else is given
  std::optional<int> rows;        ///< by the tiles' aspect; with columns only
  std::optional<int> scale;       ///< cells of aspect.width * scale x aspect.height * scale
  std::optional<Size> tile_size;  ///< cells of this size; scale and this in target pixels
  Aspect aspect;                  ///< of a tile; from tile_size where that is given
  /// Instead of a cell a field of columns x rows, these rectangles of fields; none: a grid.
  std::vector<Rect> cells;

  std::optional<Size> size;       ///< of the canvas, pixels
  std::optional<double> enlarge;  ///< canvas = target times this
};

/// Cells narrower than this are enlarged unless the user chose the canvas.
inline constexpr int kSmallestComfortableCell = 16;

/// Canvas sides beyond these are refused: no encoder of today takes larger frames, and no file
/// format larger stills that anything could open.
inline constexpr int kLargestFrameSide = 16384;
inline constexpr int kLargestStillSide = 1'000'000;

}  // namespace smalti

#pragma once

#include <optional>

#include "smalti/sizes.h"

namespace smalti {

enum class CellLayout {
  kGrid,      ///< equal cells in columns and rows
  kAdaptive,  ///< small ones where there is something to be seen, large ones where there is not
};

/// What becomes of a target when the size that is asked for has another shape.
enum class FitMode {
  kCrop,     ///< its middle part of that shape is all that is seen of it
  kPad,      ///< the mosaic keeps its shape, in the middle of black
  kStretch,  ///< it fills the size, squashed
};

/// What the user asked of cells and canvas. At most one of cells, columns, scale and tile_size.
struct LayoutOptions {
  /// Adaptive unless columns, scale or tile_size are given, which mean a grid.
  std::optional<CellLayout> layout;
  std::optional<int> cells;       ///< so many in all; by default as many as target and canvas bear
  std::optional<int> columns;     ///< of a grid; 80 when nothing else is given
  std::optional<int> rows;        ///< by the tiles' aspect; with columns only
  std::optional<int> scale;       ///< cells of aspect.width * scale x aspect.height * scale
  std::optional<Size> tile_size;  ///< cells of this size; scale and this in target pixels
  Aspect aspect;                  ///< of a tile; from tile_size where that is given

  /// At most one of these.
  std::optional<Size> size;       ///< of the whole picture, pixels
  std::optional<int> long_edge;   ///< of the canvas, which has the target's shape
  std::optional<double> enlarge;  ///< canvas = target times this

  FitMode fit_mode = FitMode::kCrop;  ///< into `size`
  /// The target is no more than its middle part of this shape, whatever the canvas: what a mosaic
  /// that is made again showed of it.
  std::optional<Size> shown_shape;

  bool chooses_canvas() const { return size || long_edge || enlarge; }
  bool adaptive() const {
    return layout ? *layout == CellLayout::kAdaptive : !columns && !scale && !tile_size;
  }
};

/// Cells narrower than this, at their smallest, are enlarged unless the user chose the canvas.
inline constexpr int kSmallestComfortableCell = 16;

/// Canvas sides beyond these are refused: no encoder of today takes larger frames, and no file
/// format larger stills that anything could open.
inline constexpr int kLargestFrameSide = 16384;
inline constexpr int kLargestStillSide = 1'000'000;

}  // namespace smalti

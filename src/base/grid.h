#pragma once

#include <cstddef>
#include <vector>

#include "smalti/sizes.h"

namespace smalti {

/// The cells of a mosaic: columns x rows rectangles on the canvas, given by the lines between them,
/// in canvas pixels. Cell i stands in row i / columns() and column i % columns().
///
/// The lines increase strictly. The outer ones may lie beyond the canvas: then the cells there are
/// shown in part. Immutable; any thread.
class Grid {
 public:
  /// Both need at least two lines.
  Grid(Size canvas, std::vector<int> x_lines, std::vector<int> y_lines);

  /// Covers the canvas with cells as equal as can be: lines are multiples of `step`, and two cells
  /// differ by at most one step. The canvas must be a multiple of `step`, and columns and rows from
  /// 1 to the number of steps in it.
  static Grid even(Size canvas, int columns, int rows, Size step);

  Size canvas() const { return canvas_; }
  int columns() const { return static_cast<int>(x_lines_.size()) - 1; }
  int rows() const { return static_cast<int>(y_lines_.size()) - 1; }
  std::size_t cells() const { return static_cast<std::size_t>(columns()) * rows(); }
  const std::vector<int>& x_lines() const { return x_lines_; }
  const std::vector<int>& y_lines() const { return y_lines_; }
  Rect cell(int column, int row) const;

 private:
  Size canvas_;
  std::vector<int> x_lines_;
  std::vector<int> y_lines_;
};

}  // namespace smalti

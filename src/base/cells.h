#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "base/grid.h"
#include "smalti/sizes.h"

namespace smalti {

/// Where tiles stand: rectangles on a canvas, in the order in which they are painted.
///
/// Cells are given in the fields of a grid, of which each covers a rectangle. So they keep their
/// shape on a canvas of another size, and how near two are does not depend on where lines were
/// rounded to. They may be of several sizes, lie over each other, and leave fields bare. Every
/// field of a grid being a cell, row by row, is the plain case, and the fast one.
///
/// Immutable; any thread.
class Cells {
 public:
  /// Each field is a cell.
  Cells(Grid fields);  // NOLINT(google-explicit-constructor): a grid is cells
  /// In columns and rows of the fields; each must have a field at least and lie within them.
  Cells(Grid fields, std::vector<Rect> cells);

  Size canvas() const { return fields_.canvas(); }
  std::size_t size() const { return is_grid() ? fields_.cells() : cells_.size(); }
  /// On the canvas, in pixels; may reach beyond it.
  Rect operator[](std::size_t cell) const;

  const Grid& fields() const { return fields_; }
  /// Whether each field is a cell.
  bool is_grid() const { return cells_.empty(); }
  /// In columns and rows of the fields.
  Rect in_fields(std::size_t cell) const;
  /// The cell that is seen in a field: of several the last.
  std::optional<std::size_t> at(int column, int row) const;

  /// The same cells on other lines; there must be as many columns and rows of them.
  Cells on(Grid fields) const { return {std::move(fields), *this}; }
  /// Whether the other cells are the same ones, on whatever canvas.
  bool same_layout(const Cells& other) const;
  /// How many cells of their mean size would stand across and down the fields.
  Size mean_counts() const;

  /// Calls with every cell whose gap to this one is smaller, across and down, than `distance` times
  /// the mean of their sides; with this one too. Large cells see farther: where both are 4 fields
  /// wide or more twice, of 8 or more three times as far. In a grid: with all that are at most
  /// `distance` columns and rows away.
  template <typename Call>
  void for_neighbours(std::size_t cell, int distance, Call call) const {
    if (!is_grid()) {
      for (const std::size_t other : near(cell, distance)) call(other);
      return;
    }
    const int columns = fields_.columns();
    const int column = static_cast<int>(cell % static_cast<std::size_t>(columns));
    const int row = static_cast<int>(cell / static_cast<std::size_t>(columns));
    const int last_row = std::min(fields_.rows() - 1, row + distance);
    const int last_column = std::min(columns - 1, column + distance);
    for (int y = std::max(0, row - distance); y <= last_row; ++y) {
      for (int x = std::max(0, column - distance); x <= last_column; ++x)
        call(static_cast<std::size_t>(y) * static_cast<std::size_t>(columns) +
             static_cast<std::size_t>(x));
    }
  }

 private:
  Cells(Grid fields, const Cells& like);
  std::vector<std::size_t> near(std::size_t cell, int distance) const;
  void fill_buckets();

  // The cells that reach into squares of so many fields, so that few are looked at to find
  // neighbours.
  struct Buckets {
    int side = 1;
    int columns = 0;
    std::vector<std::vector<std::size_t>> cells;
  };

  Grid fields_;
  std::vector<Rect> cells_;  // none in a grid
  Buckets buckets_;
  int widest_ = 1;
  int highest_ = 1;
};

}  // namespace smalti

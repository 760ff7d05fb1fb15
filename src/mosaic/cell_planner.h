#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "match/descriptor.h"
#include "smalti/sizes.h"

namespace smalti::mosaic {

/// Lays small cells where there is something to be seen in a target, and large ones where there is
/// not.
///
/// Cells are squares of 1, 2, 4 or 8 fields of a grid, so all are of a tile's shape. Four of a size
/// become one of the next where that costs no more: a cell costs its area times the root mean
/// square deviation of the target's colours in it from their mean, times its importance, and each
/// cell a fixed price. The price is what gives the wanted number of cells. All in integers, so that
/// every machine finds the same cells. No tile is looked at.
///
/// Of a shot several frames are added: what changes in time counts half as much as what changes in
/// space, but only against merging, so that a place that something moves through keeps small cells.
///
/// One thread at a time; plan() is const.
class CellPlanner {
 public:
  /// What an importance of 1 is written as.
  static constexpr std::uint16_t kOrdinary = 16;
  /// Fields along a side of the largest cells.
  static constexpr int kLargestCell = 8;

  /// So many fields across and down.
  explicit CellPlanner(Size fields);

  /// A frame: its fields, described plainly.
  void add(const match::DescriptorTable& fields);
  std::size_t frames() const { return frames_; }

  /// At most so many cells, row by row by their upper left fields. There may be fewer: where cells
  /// have no detail they merge whatever is wanted. `importance`: of each field, kOrdinary times
  /// what it counts; empty where all count alike. At least one frame must have been added.
  std::vector<Rect> plan(std::size_t cells, std::span<const std::uint16_t> importance = {}) const;

 private:
  // Of one field, over all frames.
  struct Field {
    std::int64_t squares = 0;           // of its blocks' colours
    std::array<std::int64_t, 3> sum{};  // of its blocks' colours
    std::int64_t squared_sums = 0;      // of each frame's sum
  };

  std::vector<std::vector<std::int64_t>> costs(std::span<const std::uint16_t> importance) const;

  Size fields_;
  std::size_t frames_ = 0;
  std::vector<Field> seen_;
  // By size of cells and cell: each frame's squared sum of its blocks' colours, summed up.
  std::vector<std::vector<std::int64_t>> squared_sums_;
};

}  // namespace smalti::mosaic

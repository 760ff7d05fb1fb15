#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "match/descriptor.h"
#include "match/tile_index.h"

namespace smalti::match {

/// Finds the nearest tile of every cell, frame after frame, and searches only where no earlier
/// search answers already. Exactly what TileIndex::nearest gives, for any order of the frames.
///
/// A search at q leaves behind the nearest tile k and the distance s to the nearest other tile.
/// Where the cell looks like q' later, every other tile is at least |s - |q - q'|| away (the
/// triangle inequality), so k is still nearest as long as |q' - k| + |q - q'| < s, distances
/// meaning square roots here. The comparison is made in integers.
///
/// Any thread, for several frames at once.
class FrameMatcher {
 public:
  /// The index must outlive the matcher and hold a tile.
  explicit FrameMatcher(const TileIndex& index);
  ~FrameMatcher();

  /// The nearest tile of every cell of a frame, of those that are allowed: one must be. Where the
  /// nearest of all is not, the cell is searched again.
  Placement nearest(const DescriptorTable& cells, const TileFilter& allowed = {});

  /// Cells so far, by how they were answered.
  std::uint64_t searched() const { return searched_; }
  std::uint64_t skipped() const { return skipped_; }

 private:
  struct Searches;

  Placement nearest_of_all(const DescriptorTable& cells);
  std::shared_ptr<const Searches> latest() const;
  void remember(std::shared_ptr<const Searches> searches);

  const TileIndex& index_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Searches> latest_;  // of some frame near by, whichever ended last
  std::atomic<std::uint64_t> searched_{0};
  std::atomic<std::uint64_t> skipped_{0};
};

}  // namespace smalti::match

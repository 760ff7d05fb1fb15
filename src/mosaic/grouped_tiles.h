#pragma once

#include <cstddef>
#include <vector>

#include "match/near_duplicates.h"
#include "match/tile_index.h"

namespace smalti::mosaic {

/// Tiles for an assignment in which those that count as one are one: with the looks of all of them,
/// of which the nearest counts. So an assignment of groups is as exact as one of tiles. Immutable;
/// any thread.
class GroupedTiles {
 public:
  /// The index must outlive it.
  GroupedTiles(const match::TileIndex& tiles, const match::NearDuplicates& near);

  /// The descriptors of each group, `alternatives` of them.
  const match::DescriptorTable& looks() const { return own_.empty() ? tiles_.descriptors() : own_; }
  std::size_t alternatives() const { return alternatives_; }

  /// The group's tile nearest to a cell; of equal ones the first.
  match::Candidate nearest(std::size_t group, match::Descriptor cell) const;

 private:
  const match::TileIndex& tiles_;
  std::size_t alternatives_;
  std::vector<std::vector<match::TileNumber>> members_;  // of each group; empty: each tile is one
  match::DescriptorTable own_;                           // empty where they are the tiles' own
};

}  // namespace smalti::mosaic

#include "smalti/tile_index.h"

#include <cassert>

namespace smalti {

std::optional<Candidate> TileIndex::nearest(Descriptor query, const SearchLimits& limits) const {
  std::optional<Candidate> best;
  std::int64_t bound = limits.bound;
  for (TileNumber tile = 0; tile < static_cast<TileNumber>(size()); ++tile) {
    const std::int64_t penalty = limits.penalty ? limits.penalty(tile) : 0;
    assert(penalty >= 0);
    const std::int32_t d = distance(query, (*this)[tile]);
    const std::int64_t cost = d + penalty;
    if (cost > bound || (best && cost == bound)) continue;
    if (limits.accept && !limits.accept(tile)) continue;
    best = Candidate{tile, d};
    bound = cost;
  }
  return best;
}

Candidate TileIndex::nearest(Descriptor query) const {
  assert(size() > 0);
  Candidate best{0, distance(query, (*this)[0])};
  for (TileNumber tile = 1; tile < static_cast<TileNumber>(size()); ++tile) {
    const std::int32_t d = distance(query, (*this)[tile]);
    if (d < best.distance) best = {tile, d};
  }
  return best;
}

Placement TileIndex::nearest(const DescriptorTable& cells) const {
  Placement placement(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) placement[i] = nearest(cells[i]);
  return placement;
}

}  // namespace smalti

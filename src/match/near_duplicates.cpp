#include "match/near_duplicates.h"

namespace smalti::match {

NearDuplicates::NearDuplicates(const DescriptorTable& tiles) {
  const TileIndex index(tiles);
  std::vector<bool> is_first(tiles.size());
  SearchLimits limits;
  limits.bound = kNearlyAlikeDistance;
  limits.accept = [&](TileNumber t) { return is_first[static_cast<std::size_t>(t)]; };
  groups_.reserve(tiles.size());
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    if (const auto first = index.nearest(tiles[i], limits)) {
      groups_.push_back(groups_[static_cast<std::size_t>(first->tile)]);
      continue;
    }
    is_first[i] = true;
    groups_.push_back(static_cast<std::uint32_t>(firsts_.size()));
    firsts_.push_back(i);
  }
}

}  // namespace smalti::match

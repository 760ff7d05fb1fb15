#include "mosaic/grouped_tiles.h"

#include <algorithm>

namespace smalti::mosaic {

GroupedTiles::GroupedTiles(const match::TileIndex& tiles, const match::NearDuplicates& near)
    : tiles_(tiles), alternatives_(tiles.alternatives()) {
  const std::size_t groups = near.groups(tiles.size());
  if (groups == tiles.size()) return;
  members_.resize(groups);
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const auto tile = static_cast<match::TileNumber>(i);
    members_[near.group_of(tile)].push_back(tile);
  }
  std::size_t most = 0;
  for (const auto& members : members_) most = std::max(most, members.size());

  // Smaller groups show their last tile again.
  alternatives_ = most * tiles.alternatives();
  own_ = match::DescriptorTable(groups * alternatives_, tiles.width());
  for (std::size_t i = 0; i < own_.size(); ++i) {
    const auto& members = members_[i / alternatives_];
    const std::size_t member =
        std::min(i % alternatives_ / tiles.alternatives(), members.size() - 1);
    const auto look =
        tiles.descriptors()[static_cast<std::size_t>(members[member]) * tiles.alternatives() +
                            i % tiles.alternatives()];
    std::copy(look.begin(), look.end(), own_.row(i));
  }
}

match::Candidate GroupedTiles::nearest(std::size_t group, match::Descriptor cell) const {
  const auto alone = static_cast<match::TileNumber>(group);
  if (members_.empty()) return {alone, tiles_.distance(cell, alone)};
  match::Candidate best;
  for (const match::TileNumber tile : members_[group]) {
    const std::int32_t distance = tiles_.distance(cell, tile);
    if (best.tile < 0 || distance < best.distance) best = {tile, distance};
  }
  return best;
}

}  // namespace smalti::mosaic

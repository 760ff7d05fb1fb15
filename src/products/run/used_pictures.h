#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "match/tile_index.h"
#include "tiles/tile.h"

namespace smalti {

/// Counts the pictures whose tiles are shown. One thread at a time.
class UsedPictures {
 public:
  explicit UsedPictures(const tiles::TileSet& tiles)
      : pictures_(tiles::pictures_of(tiles)), used_(pictures_.count) {}

  void add(const match::Placement& placement) {
    for (const match::Candidate& c : placement)
      if (c.tile >= 0) used_[pictures_.of_tile[static_cast<std::size_t>(c.tile)]] = true;
  }

  std::size_t count() const {
    return static_cast<std::size_t>(std::count(used_.begin(), used_.end(), true));
  }

 private:
  tiles::Pictures pictures_;
  std::vector<bool> used_;
};

}  // namespace smalti

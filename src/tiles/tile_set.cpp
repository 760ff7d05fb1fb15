#include <algorithm>
#include <utility>

#include "smalti/tile.h"

namespace smalti {

TileSet make_tile_set(std::vector<DescribedTile> tiles) {
  // Numbers are sorted instead of tiles, which are larger.
  std::vector<std::size_t> order(tiles.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const Tile& first = tiles[a].tile;
    const Tile& second = tiles[b].tile;
    return first.id != second.id ? first.id < second.id
                                 : first.source.native() < second.source.native();
  });
  const auto kept = std::unique(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return tiles[a].tile.id == tiles[b].tile.id;
  });
  order.erase(kept, order.end());

  TileSet set;
  set.descriptors = DescriptorTable(order.size());
  set.tiles.reserve(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    DescribedTile& described = tiles[order[i]];
    std::copy(described.descriptor.begin(), described.descriptor.end(), set.descriptors.row(i));
    set.tiles.push_back(std::move(described.tile));
  }
  return set;
}

TileSet subset(TileSet set, const std::vector<std::size_t>& numbers) {
  TileSet part;
  part.descriptors = DescriptorTable(numbers.size());
  part.tiles.reserve(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const Descriptor descriptor = set.descriptors[numbers[i]];
    std::copy(descriptor.begin(), descriptor.end(), part.descriptors.row(i));
    part.tiles.push_back(std::move(set.tiles[numbers[i]]));
  }
  return part;
}

}  // namespace smalti

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "tiles/tile.h"

namespace smalti::tiles {

std::vector<std::uint8_t> thumbnail_of(const Tile& tile) {
  return tile.store ? tile.store->read(tile) : tile.thumbnail;
}

TileSet make_tile_set(std::vector<DescribedTile> tiles, const MatchOptions& match) {
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
  set.alternatives = match.alternatives();
  set.descriptors = match::DescriptorTable(order.size());
  if (!match.plain())
    set.other_view = match::DescriptorTable(order.size() * set.alternatives, match.width());
  set.tiles.reserve(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    DescribedTile& described = tiles[order[i]];
    std::copy(described.descriptor.begin(), described.descriptor.end(), set.descriptors.row(i));
    if (!match.plain())
      std::copy(described.other_view.begin(), described.other_view.end(),
                set.other_view.row(i * set.alternatives));
    set.tiles.push_back(std::move(described.tile));
  }
  return set;
}

Pictures pictures_of(const TileSet& set) {
  Pictures pictures;
  std::map<std::tuple<std::uint64_t, std::uint64_t, std::int64_t>, std::uint32_t> known;
  for (const Tile& tile : set.tiles) {
    const auto next = static_cast<std::uint32_t>(known.size());
    const TileId& id = tile.id;
    pictures.of_tile.push_back(
        known.try_emplace({id.hash_high, id.hash_low, id.timestamp_us}, next).first->second);
  }
  pictures.count = known.size();
  return pictures;
}

TileSet subset(TileSet set, const std::vector<std::size_t>& numbers) {
  TileSet part;
  part.alternatives = set.alternatives;
  const auto copied = [&](const match::DescriptorTable& from, std::size_t each) {
    match::DescriptorTable to(from.empty() ? 0 : numbers.size() * each, from.width());
    for (std::size_t i = 0; i < to.size(); ++i) {
      const match::Descriptor d = from[numbers[i / each] * each + i % each];
      std::copy(d.begin(), d.end(), to.row(i));
    }
    return to;
  };
  part.descriptors = copied(set.descriptors, 1);
  part.other_view = copied(set.other_view, set.alternatives);
  part.tiles.reserve(numbers.size());
  for (const std::size_t number : numbers) part.tiles.push_back(std::move(set.tiles[number]));
  return part;
}

}  // namespace smalti::tiles

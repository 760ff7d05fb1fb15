#include "tiles/loaded_tiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace smalti {

bool LoadedTiles::add_file(const ShownFile& file, const SourceFacts& facts, const Events& events) {
  switch (facts.state) {
    case SourceState::kUsable:
      return true;
    case SourceState::kDamaged:
      events.warning(fmt::format("'{}' is damaged and used as far as it can be decoded ({})",
                                 file.path.native(), facts.remark));
      return true;
    case SourceState::kForeign:
      // An empty or mangled download still has its name, and the user wants to know.
      if (is_meant(file.path, file.named)) skip(file.path, facts.remark);
      return false;
    default:
      skip(file.path, facts.remark);
      return false;
  }
}

void LoadedTiles::add(const ShownFile& file, const ContentHash& hash, std::int64_t timestamp_us,
                      Size thumbnail, const Description& description, Tile tile) {
  if (description.transparent) {
    skip(file.path, "wholly transparent");
    return;
  }
  tile.id = {.hash_high = hash.high,
             .hash_low = hash.low,
             .crop = centre_crop(thumbnail, aspect_),
             .timestamp_us = timestamp_us};
  tile.source = file.path;
  tiles_.push_back({std::move(tile), description.descriptor});
}

void LoadedTiles::skip(const std::filesystem::path& path, const std::string& reason) {
  skipped_.push_back({path, reason});
}

IngestResult LoadedTiles::take() {
  IngestResult result;
  result.skipped = std::move(skipped_);
  std::sort(
      result.skipped.begin(), result.skipped.end(),
      [](const SkippedFile& a, const SkippedFile& b) { return a.path.native() < b.path.native(); });

  std::vector<std::size_t> order(tiles_.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
    const Tile& first = tiles_[a].tile;
    const Tile& second = tiles_[b].tile;
    return first.id != second.id ? first.id < second.id
                                 : first.source.native() < second.source.native();
  });
  const auto kept = std::unique(order.begin(), order.end(), [this](std::size_t a, std::size_t b) {
    return tiles_[a].tile.id == tiles_[b].tile.id;
  });
  result.duplicates = static_cast<std::size_t>(std::distance(kept, order.end()));
  order.erase(kept, order.end());

  TileSet& set = result.tiles;
  set.descriptors = DescriptorTable(order.size());
  set.tiles.reserve(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    LoadedTile& loaded = tiles_[order[i]];
    std::copy(loaded.descriptor.begin(), loaded.descriptor.end(), set.descriptors.row(i));
    set.tiles.push_back(std::move(loaded.tile));
  }
  tiles_.clear();
  return result;
}

}  // namespace smalti

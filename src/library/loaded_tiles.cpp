#include "library/loaded_tiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tiles/crops.h"

namespace smalti::library {

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

void LoadedTiles::add(const ContentHash& hash, std::int64_t timestamp_us, Size thumbnail,
                      const tiles::Description& description, tiles::Tile tile) {
  if (description.transparent) {
    skip(tile.source, "wholly transparent");
    return;
  }
  tile.id = {.hash_high = hash.high,
             .hash_low = hash.low,
             .crop = tiles::centre_crop(thumbnail, describe_.aspect),
             .timestamp_us = timestamp_us};
  tiles_.push_back({std::move(tile), description.descriptor, description.other_view});
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

  const std::size_t loaded = tiles_.size();
  result.tiles = tiles::make_tile_set(std::exchange(tiles_, {}), describe_.match);
  result.duplicates = loaded - result.tiles.size();
  return result;
}

}  // namespace smalti::library

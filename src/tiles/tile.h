#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/picture.h"
#include "match/descriptor.h"

namespace smalti::tiles {

/// What makes a tile itself, wherever and in whatever order it was found. Every tie between tiles
/// is decided by this order.
struct TileId {
  std::uint64_t hash_high = 0;  ///< XXH3, 128 bits, of the source file's bytes
  std::uint64_t hash_low = 0;
  /// In the thumbnail's pixels; reaches beyond it where the whole picture is to be seen.
  Rect crop;
  std::int64_t timestamp_us = 0;  ///< of the frame, where the source is a video
  bool mirrored = false;          ///< left and right

  auto operator<=>(const TileId&) const = default;
};

struct Tile;

/// Keeps thumbnails that are read only when they are wanted. Any thread.
class ThumbnailStore {
 public:
  virtual ~ThumbnailStore() = default;

  /// Throws Error (kBadInput) when there is no longer what was stored.
  virtual std::vector<std::uint8_t> read(const Tile& tile) const = 0;
};

/// A picture that may be placed.
struct Tile {
  TileId id;
  std::filesystem::path source;
  /// The whole source picture, upright, long edge 128 pixels at most: a JPEG file, or a WebP file
  /// where it has alpha. Empty when it is kept in `store`; thumbnail_of knows.
  std::vector<std::uint8_t> thumbnail;

  std::shared_ptr<const ThumbnailStore> store = {};
  std::int64_t store_key = 0;   ///< the store's own
  std::int64_t store_hash = 0;  ///< the store's own
  bool is_video_frame = false;  ///< of `source`
};

/// The tile's thumbnail, wherever it is kept. Any thread; throws as ThumbnailStore::read.
std::vector<std::uint8_t> thumbnail_of(const Tile& tile);

/// The tiles of one run, ordered by id, each id once. Immutable once made; any thread.
struct TileSet {
  std::vector<Tile> tiles;
  match::DescriptorTable descriptors;  ///< one a tile, of its crop
  /// The same as the matcher is to see it, `alternatives` a tile; empty where that is no other.
  match::DescriptorTable other_view = {};
  std::size_t alternatives = 1;

  std::size_t size() const { return tiles.size(); }
  /// What the matcher sees.
  const match::DescriptorTable& view() const {
    return other_view.empty() ? descriptors : other_view;
  }
};

/// The picture that each tile of a set shows: crops and mirrored twins show the same, frames of a
/// video different ones. Numbers from 0, in the order of each picture's first tile.
struct Pictures {
  std::vector<std::uint32_t> of_tile;
  std::size_t count = 0;
};
Pictures pictures_of(const TileSet& set);

/// A tile on its way into a set.
struct DescribedTile {
  Tile tile;
  std::array<std::int16_t, match::kDescriptorSize> descriptor{};
  /// What the matcher is to see, descriptor after descriptor; empty where that is no other.
  std::vector<std::int16_t> other_view = {};
};

/// Makes a set of tiles in whatever order, described for `match`. Of equal ids the one whose
/// source's path comes first is taken.
TileSet make_tile_set(std::vector<DescribedTile> tiles, const MatchOptions& match = {});

/// The tiles of these numbers, in that order, which must rise.
TileSet subset(TileSet set, const std::vector<std::size_t>& numbers);

}  // namespace smalti::tiles

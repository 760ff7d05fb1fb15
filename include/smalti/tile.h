#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "smalti/descriptor.h"
#include "smalti/picture.h"

namespace smalti {

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

/// A picture that may be placed.
struct Tile {
  TileId id;
  std::filesystem::path source;
  /// The whole source picture, upright, long edge 128 pixels at most: a JPEG file, or a WebP file
  /// where it has alpha.
  std::vector<std::uint8_t> thumbnail;
};

/// The tiles of one run, ordered by id, each id once. Immutable once made; any thread.
struct TileSet {
  std::vector<Tile> tiles;
  DescriptorTable descriptors;  ///< one a tile, of its crop

  std::size_t size() const { return tiles.size(); }
};

}  // namespace smalti

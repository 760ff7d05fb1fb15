#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "base/picture.h"
#include "match/tile_index.h"
#include "tiles/tile.h"

namespace smalti::tiles {

/// Tiles rendered at the sizes and in the pixel format that the canvas needs, each when it is first
/// used, held within a bound of bytes: the longest unused go first. Any thread.
///
/// A tile that has to be larger than its thumbnail's crop is made of its source file again, when
/// that is still the file it was; otherwise of the thumbnail.
class Atlas {
 public:
  /// The tiles must outlive the atlas. `format` must be planar gray, yuv or rgb without alpha; an
  /// unspecified matrix is taken as BT.709. Throws Error (kUsage) for a matrix that is not made of
  /// luma weights, such as YCgCo.
  Atlas(const TileSet& tiles, const PixelFormat& format, const ColorTags& color,
        std::size_t max_bytes);
  ~Atlas();

  /// The tile scaled to `size`, which must be whole chroma samples. The picture stays valid however
  /// long the caller holds it. Transparent parts show the tile's own mean colour.
  /// Throws Error (kBadInput) when the thumbnail cannot be decoded.
  std::shared_ptr<const Picture> get(match::TileNumber tile, Size size);

  /// Tiles whose source was wanted and could not be used, so far, and why, by number.
  std::map<match::TileNumber, std::string> lost_sources() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smalti::tiles

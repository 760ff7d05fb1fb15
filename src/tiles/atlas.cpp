#include "smalti/atlas.h"

#include <fmt/format.h>

#include <cassert>
#include <opencv2/imgproc.hpp>

#include "smalti/error.h"
#include "tiles/codecs.h"
#include "tiles/picture_cache.h"
#include "tiles/pixels.h"
#include "tiles/tile_renderer.h"

namespace smalti {
namespace {

/// Thumbnails and crops may come from a library on disk, so nothing is taken for granted.
cv::Mat cropped(const cv::Mat& pixels, const Rect& crop) {
  const cv::Rect wanted(crop.x, crop.y, crop.width, crop.height);
  const cv::Rect there(0, 0, pixels.cols, pixels.rows);
  if (wanted.empty() || (wanted & there) != wanted) {
    throw BadPicture("its crop lies outside of the thumbnail");
  }
  return pixels(wanted);
}

/// Averages where pixels have to go, and stays smooth where they have to be made up.
cv::Mat scaled(const cv::Mat& rgb, Size size) {
  const bool enlarges = std::int64_t{size.width} * size.height > std::int64_t{rgb.cols} * rgb.rows;
  cv::Mat result;
  cv::resize(rgb, result, {size.width, size.height}, 0, 0,
             enlarges ? cv::INTER_CUBIC : cv::INTER_AREA);
  return result;
}

cv::Mat pixels_of(const Tile& tile, Size size) {
  try {
    const cv::Mat part = cropped(unpack_thumbnail(tile.thumbnail), tile.id.crop);
    return scaled(part.channels() == 4 ? over_mean_color(part) : part, size);
  } catch (const BadPicture& bad) {
    throw Error(bad.kind(), fmt::format("cannot use the tile made of '{}': {}",
                                        tile.source.native(), bad.what()));
  }
}

}  // namespace

struct Atlas::State {
  const TileSet& tiles;
  TileRenderer renderer;
  PictureCache cache;
};

Atlas::Atlas(const TileSet& tiles, const PixelFormat& format, const ColorTags& color,
             std::size_t max_bytes)
    : state_(new State{tiles, TileRenderer(format, color), PictureCache(max_bytes)}) {}

Atlas::~Atlas() = default;

std::shared_ptr<const Picture> Atlas::get(TileNumber tile, Size size) {
  assert(tile >= 0 && static_cast<std::size_t>(tile) < state_->tiles.size());
  assert(size.width > 0 && size.height > 0);
  const PictureCache::Key key{.tile = tile, .size = size};
  if (auto kept = state_->cache.find(key)) return kept;
  // Outside of any lock: two threads may both render it, and the first one in wins.
  const cv::Mat rgb = pixels_of(state_->tiles.tiles[static_cast<std::size_t>(tile)], size);
  return state_->cache.insert(key, std::make_shared<const Picture>(state_->renderer.render(rgb)));
}

}  // namespace smalti

#include "tiles/atlas.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <mutex>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <vector>

#include "base/content_hash.h"
#include "images/animation.h"
#include "images/codecs.h"
#include "images/pixels.h"
#include "smalti/error.h"
#include "tiles/picture_cache.h"
#include "tiles/tile_pixels.h"
#include "tiles/tile_renderer.h"

namespace smalti::tiles {
namespace {

/// Averages where pixels have to go, and stays smooth where they have to be made up.
cv::Mat scaled(const cv::Mat& rgb, Size size) {
  const bool enlarges = std::int64_t{size.width} * size.height > std::int64_t{rgb.cols} * rgb.rows;
  cv::Mat result;
  cv::resize(rgb, result, {size.width, size.height}, 0, 0,
             enlarges ? cv::INTER_CUBIC : cv::INTER_AREA);
  return result;
}

bool is_larger(Size size, const Rect& crop) {
  return size.width > crop.width || size.height > crop.height;
}

/// The tile's part of its source file, decoded no larger than `size` needs.
cv::Mat source_part(const Tile& tile, Size thumbnail, Size size) {
  const std::vector<std::uint8_t> file = images::read_file(tile.source);
  if (content_hash(file) != ContentHash{tile.id.hash_high, tile.id.hash_low})
    throw images::BadPicture("it is not the file any more that it was");
  const Rect& crop = tile.id.crop;
  const double factor = std::max(static_cast<double>(size.width) / crop.width,
                                 static_cast<double>(size.height) / crop.height);
  const int long_edge =
      static_cast<int>(std::ceil(factor * std::max(thumbnail.width, thumbnail.height)));
  const images::LoadedImage image =
      images::load_image_at(file, tile.id.timestamp_us, {.long_edge = long_edge, .limits = {}});
  return shown_part(images::to_mat(image.picture), thumbnail, tile.id).clone();
}

cv::Mat rendered(const cv::Mat& part, Size size) {
  return scaled(part.channels() == 4 ? images::over_mean_color(part) : part, size);
}

}  // namespace

struct Atlas::State {
  const TileSet& tiles;
  TileRenderer renderer;
  PictureCache cache;
  std::mutex losing{};
  std::map<match::TileNumber, std::string> lost{};

  cv::Mat pixels_of(match::TileNumber number, Size size);
  std::optional<cv::Mat> from_source(match::TileNumber number, Size thumbnail, Size size);
};

std::optional<cv::Mat> Atlas::State::from_source(match::TileNumber number, Size thumbnail,
                                                 Size size) {
  const Tile& tile = tiles.tiles[static_cast<std::size_t>(number)];
  std::string reason;
  try {
    return source_part(tile, thumbnail, size);
  } catch (const Error& error) {
    reason = error.what();
  } catch (const images::BadPicture& bad) {
    reason = fmt::format("'{}': {}", tile.source.native(), bad.what());
  } catch (const cv::Exception& error) {
    reason = fmt::format("'{}': {}", tile.source.native(), error.err);
  }
  const std::lock_guard lock(losing);
  lost.emplace(number, reason);
  return std::nullopt;
}

cv::Mat Atlas::State::pixels_of(match::TileNumber number, Size size) {
  const Tile& tile = tiles.tiles[static_cast<std::size_t>(number)];
  try {
    const cv::Mat thumbnail = images::unpack_thumbnail(thumbnail_of(tile));
    const cv::Mat part = shown_part(thumbnail, {thumbnail.cols, thumbnail.rows}, tile.id);
    if (is_larger(size, tile.id.crop) && !tile.source.empty() && !tile.is_video_frame) {
      const auto better = from_source(number, {thumbnail.cols, thumbnail.rows}, size);
      if (better) return rendered(*better, size);
    }
    return rendered(part, size);
  } catch (const images::BadPicture& bad) {
    throw Error(bad.kind(), fmt::format("cannot use the tile made of '{}': {}",
                                        tile.source.native(), bad.what()));
  }
}

Atlas::Atlas(const TileSet& tiles, const PixelFormat& format, const ColorTags& color,
             std::size_t max_bytes)
    : state_(new State{tiles, TileRenderer(format, color), PictureCache(max_bytes)}) {}

Atlas::~Atlas() = default;

std::shared_ptr<const Picture> Atlas::get(match::TileNumber tile, Size size) {
  assert(tile >= 0 && static_cast<std::size_t>(tile) < state_->tiles.size());
  assert(size.width > 0 && size.height > 0);
  const PictureCache::Key key{.tile = tile, .size = size};
  if (auto kept = state_->cache.find(key)) return kept;
  // Outside of any lock: two threads may both render it, and the first one in wins.
  const cv::Mat rgb = state_->pixels_of(tile, size);
  return state_->cache.insert(key, std::make_shared<const Picture>(state_->renderer.render(rgb)));
}

std::map<match::TileNumber, std::string> Atlas::lost_sources() const {
  const std::lock_guard lock(state_->losing);
  return state_->lost;
}

}  // namespace smalti::tiles

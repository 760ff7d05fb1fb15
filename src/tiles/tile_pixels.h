#pragma once

#include <opencv2/core.hpp>
#include <optional>

#include "tiles/tile.h"

namespace smalti::tiles {

/// The part of a tile's picture (its thumbnail, or its source at any size) that its crop shows, RGB
/// or RGBA, mirrored where the tile is. Around a crop that holds the whole thumbnail the picture's
/// mean colour is seen. Throws BadPicture for a crop that lies neither within nor around it: it may
/// come from a library on disk.
cv::Mat shown_part(const cv::Mat& picture, Size thumbnail, const TileId& id);

}  // namespace smalti::tiles

#pragma once

#include <string>

#include "tiles/tile.h"

namespace smalti::tiles {

/// When a tile's picture was made, for people: "taken 2024-07-31 18:05" by its EXIF data, "file of
/// 2024-07-31 18:05" by its file's time where there is none, "at 1:02.500 of a file of ..." for a
/// frame of a video. Local time. Empty when the source is gone. Any thread.
std::string tile_date(const Tile& tile);

}  // namespace smalti::tiles

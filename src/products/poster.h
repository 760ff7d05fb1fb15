#pragma once

#include <filesystem>

#include "products/tally.h"
#include "smalti/events.h"
#include "smalti/grid.h"
#include "smalti/tile.h"
#include "smalti/video_mosaic.h"

namespace smalti {

/// Paints the middle frame of a run in RGB and writes it as a JPEG. Throws Error as write_image
/// does.
void write_poster(const std::filesystem::path& path, const VideoMosaicOptions& options,
                  const RunTally& tally, const Grid& grid, const TileSet& tiles,
                  const Events& events);

}  // namespace smalti

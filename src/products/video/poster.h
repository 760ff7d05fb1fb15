#pragma once

#include <filesystem>

#include "mosaic/layout.h"
#include "products/run/tally.h"
#include "smalti/events.h"
#include "smalti/video_mosaic.h"
#include "tiles/tile.h"

namespace smalti {

/// Paints the middle frame of a run in RGB and writes it as a JPEG. Throws Error as write_image
/// does.
void write_poster(const std::filesystem::path& path, const VideoMosaicOptions& options,
                  const RunTally& tally, const mosaic::Layout& layout, const tiles::TileSet& tiles,
                  const Events& events);

}  // namespace smalti

#pragma once

#include <filesystem>

#include "smalti/grid.h"
#include "smalti/tile.h"
#include "smalti/tile_index.h"

namespace smalti {

/// Paints one placement in RGB and writes it in the format of its name. Throws Error as write_image
/// does.
void write_poster(const std::filesystem::path& path, bool overwrite, const Placement& placement,
                  const Grid& grid, const TileSet& tiles);

}  // namespace smalti

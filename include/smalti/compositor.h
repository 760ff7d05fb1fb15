#pragma once

#include <functional>
#include <memory>

#include "smalti/grid.h"
#include "smalti/picture.h"
#include "smalti/tile_index.h"

namespace smalti {

/// Gives a tile rendered at a size in the canvas's pixel format, as Atlas::get does.
using TileSource = std::function<std::shared_ptr<const Picture>(TileNumber, Size)>;

/// Paints a placement onto a picture of the grid's canvas size: every cell gets its tile, cells
/// that reach beyond the canvas are cut off there. Grid lines within the canvas must lie on whole
/// chroma samples of the picture's format. const, any thread.
void compose(const Placement& placement, const Grid& grid, const TileSource& tiles,
             Picture& canvas);

}  // namespace smalti

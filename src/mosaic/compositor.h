#pragma once

#include <functional>
#include <memory>

#include "base/cells.h"
#include "base/picture.h"
#include "match/tile_index.h"
#include "mosaic/tint.h"

namespace smalti::mosaic {

/// Gives a tile rendered at a size in the canvas's pixel format, as Atlas::get does.
using TileSource = std::function<std::shared_ptr<const Picture>(match::TileNumber, Size)>;

/// A place on the canvas of cells.
struct Point {
  int x = 0;
  int y = 0;
};

/// Paints a placement, or the part of it that `picture` shows: its first pixel is `origin` of the
/// canvas. Every cell gets its tile, cut off where the picture ends, and becomes opaque
/// where there is alpha; cells without a tile are left as they are, and of cells that lie over each
/// other the later one is seen. Their borders within the picture must lie on whole chroma samples
/// of its format, and so must `origin`. With `shifts`, one a cell, these are added to the tiles'
/// samples, within their range. const, any thread.
void compose(const match::Placement& placement, const Cells& cells, const TileSource& tiles,
             Picture& picture, Point origin = {}, const std::vector<Shift>& shifts = {});

/// Lays the target over tiles that are not opaque: each color sample becomes opacity times the
/// mosaic's and the rest the target's. Both pictures are planar and of one size and format; where
/// there is alpha, the target counts by its own. const, any thread.
void blend(const Picture& target, double opacity, Picture& mosaic);

}  // namespace smalti::mosaic

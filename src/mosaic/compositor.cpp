#include "smalti/compositor.h"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstring>

namespace smalti {
namespace {

// Where a component's samples lie in relation to the picture's pixels.
struct Subsampling {
  int log2_width;
  int log2_height;
};

Subsampling subsampling_of(const PixelFormat& format, int component) {
  const bool chroma = format.model == ColorModel::kYuv && (component == 1 || component == 2);
  return chroma ? Subsampling{format.log2_chroma_width, format.log2_chroma_height}
                : Subsampling{0, 0};
}

// The part of `length` samples from `at` that lies within 0 to `limit`.
struct Visible {
  int from;    // counted from `at`
  int length;  // may be negative: nothing
};

Visible visible(int at, int length, int limit) {
  const int from = std::max(0, -at);
  return {from, std::min(length, limit - at) - from};
}

void copy_plane(const Plane& tile, const Plane& canvas, int x, int y, std::size_t sample_bytes) {
  const Visible columns = visible(x, tile.width, canvas.width);
  const Visible rows = visible(y, tile.height, canvas.height);
  if (columns.length <= 0) return;
  const std::size_t bytes = static_cast<std::size_t>(columns.length) * sample_bytes;
  const std::ptrdiff_t skip = columns.from * static_cast<std::ptrdiff_t>(sample_bytes);
  const std::ptrdiff_t offset = x * static_cast<std::ptrdiff_t>(sample_bytes);
  for (int r = rows.from; r < rows.from + rows.length; ++r) {
    std::memcpy(canvas.row<std::byte>(y + r) + offset + skip, tile.row<std::byte>(r) + skip, bytes);
  }
}

void place(const Picture& tile, Rect cell, Picture& canvas) {
  assert(tile.format == canvas.format && tile.size() == (Size{cell.width, cell.height}));
  const auto sample_bytes = static_cast<std::size_t>(canvas.format.bytes_per_sample());
  for (int c = 0; c < canvas.format.components(); ++c) {
    const auto i = static_cast<std::size_t>(c);
    const Subsampling s = subsampling_of(canvas.format, c);
    copy_plane(tile.planes[i], canvas.planes[i], cell.x >> s.log2_width, cell.y >> s.log2_height,
               sample_bytes);
  }
}

}  // namespace

void compose(const Placement& placement, const Grid& grid, const TileSource& tiles,
             Picture& canvas) {
  assert(placement.size() == grid.cells() && canvas.size() == grid.canvas());
  std::size_t i = 0;
  for (int row = 0; row < grid.rows(); ++row) {
    for (int column = 0; column < grid.columns(); ++column, ++i) {
      const Rect cell = grid.cell(column, row);
      place(*tiles(placement[i].tile, {cell.width, cell.height}), cell, canvas);
    }
  }
}

}  // namespace smalti

#include "smalti/compositor.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <vector>

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

void make_opaque(const Plane& alpha, const Rect& cell) {
  const Visible columns = visible(cell.x, cell.width, alpha.width);
  const Visible rows = visible(cell.y, cell.height, alpha.height);
  if (columns.length <= 0) return;
  for (int r = rows.from; r < rows.from + rows.length; ++r)
    std::memset(alpha.row<std::byte>(cell.y + r) + cell.x + columns.from, 0xff,
                static_cast<std::size_t>(columns.length));
}

void place(const Picture& tile, Rect cell, Picture& canvas) {
  assert(tile.size() == (Size{cell.width, cell.height}));
  assert(!canvas.format.alpha || canvas.format.depth == 8);
  const auto sample_bytes = static_cast<std::size_t>(canvas.format.bytes_per_sample());
  for (int c = 0; c < canvas.format.color_components(); ++c) {
    const auto i = static_cast<std::size_t>(c);
    const Subsampling s = subsampling_of(canvas.format, c);
    copy_plane(tile.planes[i], canvas.planes[i], cell.x >> s.log2_width, cell.y >> s.log2_height,
               sample_bytes);
  }
  if (canvas.format.alpha) make_opaque(canvas.alpha(), cell);
}

// The lines' cells that reach into [begin, end).
struct Cells {
  std::size_t first;
  std::size_t last;  // behind
};

Cells cells_within(const std::vector<int>& lines, int begin, int end) {
  const auto after = std::upper_bound(lines.begin(), lines.end(), begin);
  const auto behind = std::lower_bound(lines.begin(), lines.end(), end);
  const auto first = after == lines.begin() ? 0 : after - lines.begin() - 1;
  const auto last = std::min(behind - lines.begin(), std::ssize(lines) - 1);
  return {static_cast<std::size_t>(first), static_cast<std::size_t>(last)};
}

template <typename Sample>
void blend_plane(const Plane& target, const Plane* alpha, int share, int whole, const Plane& out) {
  for (int y = 0; y < out.height; ++y) {
    const Sample* from = target.row<const Sample>(y);
    const Sample* weight = alpha == nullptr ? nullptr : alpha->row<const Sample>(y);
    Sample* to = out.row<Sample>(y);
    for (int x = 0; x < out.width; ++x) {
      const std::int64_t part =
          weight == nullptr ? share
                            : std::int64_t{share} * weight[x] / std::numeric_limits<Sample>::max();
      const std::int64_t sum = to[x] * (whole - part) + from[x] * part;
      to[x] = static_cast<Sample>((sum + whole / 2) / whole);
    }
  }
}

}  // namespace

void compose(const Placement& placement, const Grid& grid, const TileSource& tiles,
             Picture& picture, Point origin) {
  assert(placement.size() == grid.cells());
  const Cells rows = cells_within(grid.y_lines(), origin.y, origin.y + picture.height);
  const Cells columns = cells_within(grid.x_lines(), origin.x, origin.x + picture.width);
  const auto stride = static_cast<std::size_t>(grid.columns());
  for (std::size_t row = rows.first; row < rows.last; ++row) {
    for (std::size_t column = columns.first; column < columns.last; ++column) {
      const TileNumber tile = placement[row * stride + column].tile;
      if (tile < 0) continue;
      Rect cell = grid.cell(static_cast<int>(column), static_cast<int>(row));
      cell.x -= origin.x;
      cell.y -= origin.y;
      place(*tiles(tile, {cell.width, cell.height}), cell, picture);
    }
  }
}

void blend(const Picture& target, double opacity, Picture& mosaic) {
  assert(target.size() == mosaic.size() && target.format == mosaic.format);
  constexpr int kWhole = 1 << 12;
  const int share = static_cast<int>(std::lround((1 - opacity) * kWhole));
  const Plane* alpha = target.format.alpha ? &target.alpha() : nullptr;
  for (std::size_t c = 0; c < static_cast<std::size_t>(mosaic.format.color_components()); ++c) {
    if (mosaic.format.bytes_per_sample() == 1) {
      blend_plane<std::uint8_t>(target.planes[c], alpha, share, kWhole, mosaic.planes[c]);
    } else {
      blend_plane<std::uint16_t>(target.planes[c], alpha, share, kWhole, mosaic.planes[c]);
    }
  }
}

}  // namespace smalti

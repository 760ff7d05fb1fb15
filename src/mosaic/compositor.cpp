#include "mosaic/compositor.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <vector>

// Cells' borders lie on whole chroma samples. So a tile is copied row by row in the encoder's own
// pixel format, and no frame is ever converted. An odd canvas is rounded up to whole chroma
// samples, its last cells a pixel larger, rather than padded.

namespace smalti::mosaic {
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

template <typename Sample>
void shift_row(Sample* samples, int count, int shift, int largest) {
  // Saturating, in the sample's own width: the compiler makes wide instructions of it.
  if (shift >= 0) {
    const auto up = static_cast<Sample>(std::min(shift, largest));
    const auto most = static_cast<Sample>(largest - up);
    for (int x = 0; x < count; ++x)
      samples[x] = static_cast<Sample>(std::min(samples[x], most) + up);
  } else {
    const auto down = static_cast<Sample>(std::min(-shift, largest));
    for (int x = 0; x < count; ++x)
      samples[x] = static_cast<Sample>(std::max(samples[x], down) - down);
  }
}

void shift_plane(const Plane& canvas, const Rect& part, const PixelFormat& format, int shift) {
  const Visible columns = visible(part.x, part.width, canvas.width);
  const Visible rows = visible(part.y, part.height, canvas.height);
  if (columns.length <= 0 || shift == 0) return;
  const int largest = (1 << format.depth) - 1;
  for (int r = rows.from; r < rows.from + rows.length; ++r) {
    const int x = part.x + columns.from;
    if (format.bytes_per_sample() == 1) {
      shift_row(canvas.row<std::uint8_t>(part.y + r) + x, columns.length, shift, largest);
    } else {
      shift_row(canvas.row<std::uint16_t>(part.y + r) + x, columns.length, shift, largest);
    }
  }
}

void place(const Picture& tile, const Shift& shift, Rect cell, Picture& canvas) {
  assert(tile.size() == (Size{cell.width, cell.height}));
  assert(!canvas.format.alpha || canvas.format.depth == 8);
  const auto sample_bytes = static_cast<std::size_t>(canvas.format.bytes_per_sample());
  for (int c = 0; c < canvas.format.color_components(); ++c) {
    const auto i = static_cast<std::size_t>(c);
    const Subsampling s = subsampling_of(canvas.format, c);
    copy_plane(tile.planes[i], canvas.planes[i], cell.x >> s.log2_width, cell.y >> s.log2_height,
               sample_bytes);
    shift_plane(canvas.planes[i],
                {cell.x >> s.log2_width, cell.y >> s.log2_height, tile.planes[i].width,
                 tile.planes[i].height},
                canvas.format, shift[i]);
  }
  if (canvas.format.alpha) make_opaque(canvas.alpha(), cell);
}

// The fields between lines that reach into [begin, end).
struct Fields {
  int first;
  int last;  // behind
};

Fields fields_within(const std::vector<int>& lines, int begin, int end) {
  const auto after = std::upper_bound(lines.begin(), lines.end(), begin);
  const auto behind = std::lower_bound(lines.begin(), lines.end(), end);
  const auto first = after == lines.begin() ? 0 : after - lines.begin() - 1;
  const auto last = std::min(behind - lines.begin(), std::ssize(lines) - 1);
  return {static_cast<int>(first), static_cast<int>(last)};
}

// Calls with every cell that is seen in those fields, in the order in which they are painted.
template <typename Call>
void for_cells(const Cells& cells, const Fields& columns, const Fields& rows, Call call) {
  if (!cells.is_grid()) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const Rect f = cells.in_fields(i);
      if (f.x < columns.last && f.x + f.width > columns.first && f.y < rows.last &&
          f.y + f.height > rows.first)
        call(i);
    }
    return;
  }
  const int stride = cells.fields().columns();
  for (int row = rows.first; row < rows.last; ++row)
    for (int column = columns.first; column < columns.last; ++column)
      call(static_cast<std::size_t>(row) * static_cast<std::size_t>(stride) +
           static_cast<std::size_t>(column));
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

void compose(const match::Placement& placement, const Cells& cells, const TileSource& tiles,
             Picture& picture, Point origin, const std::vector<Shift>& shifts) {
  assert(placement.size() == cells.size());
  assert(shifts.empty() || shifts.size() == cells.size());
  const Grid& fields = cells.fields();
  const Fields rows = fields_within(fields.y_lines(), origin.y, origin.y + picture.height);
  const Fields columns = fields_within(fields.x_lines(), origin.x, origin.x + picture.width);
  for_cells(cells, columns, rows, [&](std::size_t i) {
    const match::TileNumber tile = placement[i].tile;
    if (tile < 0) return;
    Rect cell = cells[i];
    cell.x -= origin.x;
    cell.y -= origin.y;
    place(*tiles(tile, {cell.width, cell.height}), shifts.empty() ? Shift{} : shifts[i], cell,
          picture);
  });
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

}  // namespace smalti::mosaic

#include "match/descriptor.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <map>
#include <utility>

#include "color/lab.h"
#include "match/block_means.h"
#include "match/main_colors.h"

// What is compared was chosen by how close mosaics come to their targets (tools/bench descriptors:
// look `exact`, means over eight pictures at 80 columns; CIEDE2000 of pictures blurred by 1/2 and
// by 1/8 of a cell, and SSIM, as compare measures them):
//
//                         1,000 photos: 1/2   1/8   SSIM    emoji: 1/2   1/8   SSIM
//   4 x 4, Lab                   6.76   9.18  0.839         6.64   8.67  0.819
//   1 x 1 (feature mean)         7.43  11.76  0.832         5.96  10.06  0.853
//   2 x 2                        6.80   9.76  0.838         6.11   9.00  0.838
//   6 x 6                        6.96   9.27  0.835         6.74   8.73  0.814
//   8 x 8                        7.24   9.47  0.827         6.97   8.94  0.806
//   4 x 4, Oklab                 8.46  10.79  0.898         7.96   9.86  0.884
//   6 x 6, Oklab                 9.09  11.27  0.894         8.10  10.00  0.873
//   4 x 4, RGB                   8.15  10.56  0.883         8.07   9.90  0.862
//   4 x 4, linear light          8.69  11.23  0.870         8.34  10.20  0.871
//
// The eye agrees: Oklab and RGB draw edges a little better and tint greys, 2 x 2 and less break up
// shapes, 8 x 8 turns even areas into one tile. With emoji a mean colour is nearer from afar, but
// loses outlines. A dominant or nearest main colour ignores the rest of a tile and is far off from
// afar (16.5 to 17.0, blurred by 1/2 cell).

namespace smalti::match {
namespace {

// Where cells lie in one direction, in pixels of the canvas.
struct Span {
  int begin;
  int end;
};

std::vector<Span> spans_of(const std::vector<int>& lines) {
  std::vector<Span> spans;
  spans.reserve(lines.size() - 1);
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) spans.push_back({lines[i], lines[i + 1]});
  return spans;
}

// The blocks of cells on a canvas `canvas` long that is laid over `samples` samples. Neighbours
// share their borders, so every sample counts once. A block that has no place on the picture, or a
// place too small to measure, takes a point at its edge.
std::vector<Stretch> block_stretches(const std::vector<Span>& cells, int canvas, int samples,
                                     int blocks) {
  const Position end = Position{samples} * kSubsample;
  const auto position = [&](const Span& cell, int block) {
    const std::int64_t parts =
        std::int64_t{cell.begin} * (blocks - block) + std::int64_t{cell.end} * block;
    return std::clamp(parts * end / (std::int64_t{canvas} * blocks), Position{0}, end);
  };

  std::vector<Stretch> stretches;
  stretches.reserve(cells.size() * static_cast<std::size_t>(blocks));
  for (const Span& cell : cells) {
    for (int block = 0; block < blocks; ++block) {
      Stretch s{position(cell, block), position(cell, block + 1)};
      if (s.end <= s.begin) s = {std::min(s.begin, end - 1), std::min(s.begin, end - 1) + 1};
      stretches.push_back(s);
    }
  }
  return stretches;
}

// Full range ends at 2^depth - 1, which is not 255 * 2^(depth - 8): brings it there, leaving `zero`
// where it is.
void stretch_to_full(std::vector<color::Mean>& means, int depth, color::Mean zero) {
  const std::int64_t largest = (std::int64_t{1} << depth) - 1;
  const std::int64_t wanted = std::int64_t{255} << (depth - 8);
  for (color::Mean& m : means) m = static_cast<color::Mean>(zero + (m - zero) * wanted / largest);
}

color::Mean zero_of(const PixelFormat& format, int component) {
  return format.model == ColorModel::kYuv && component > 0 ? 128 * color::kMeanPerCode : 0;
}

// Means of all components over all blocks of cells that stand in columns and rows.
struct GridMeans {
  std::array<std::vector<color::Mean>, 3> components;
  std::vector<color::Mean> coverage;  // empty when the picture has no alpha
};

GridMeans measure(const Picture& picture, const std::vector<Span>& x_spans,
                  const std::vector<Span>& y_spans, Size canvas, int side) {
  const PixelFormat& format = picture.format;
  GridMeans means;
  for (int i = 0; i < format.color_components(); ++i) {
    const auto c = static_cast<std::size_t>(i);
    const Plane& plane = picture.planes[c];
    const auto columns = block_stretches(x_spans, canvas.width, plane.width, side);
    const auto rows = block_stretches(y_spans, canvas.height, plane.height, side);
    means.components[c] = format.alpha ? block_means(plane, picture.alpha(), format.depth, columns,
                                                     rows, means.coverage)
                                       : block_means(plane, format.depth, columns, rows);
    if (format.depth > 8 && (format.model == ColorModel::kRgb || picture.color.full_range))
      stretch_to_full(means.components[c], format.depth, zero_of(format, i));
  }
  return means;
}

// The blocks of one cell among all blocks of a grid.
class CellBlocks {
 public:
  CellBlocks(std::size_t column, std::size_t row, std::size_t columns, std::size_t side)
      : first_((row * columns * side + column) * side), stride_(columns * side), side_(side) {}

  std::size_t size() const { return side_ * side_; }
  std::size_t operator[](std::size_t block) const {
    return first_ + block / side_ * stride_ + block % side_;
  }

 private:
  std::size_t first_;
  std::size_t stride_;
  std::size_t side_;
};

// Gives blocks that nothing covers the mean of those that something does. False when there is none.
bool fill_uncovered(GridMeans& means, const CellBlocks& blocks) {
  std::int64_t weight = 0;
  for (std::size_t b = 0; b < blocks.size(); ++b) weight += means.coverage[blocks[b]];
  if (weight == 0) return false;
  for (auto& component : means.components) {
    if (component.empty()) continue;
    std::int64_t sum = 0;
    for (std::size_t b = 0; b < blocks.size(); ++b)
      sum += std::int64_t{means.coverage[blocks[b]]} * component[blocks[b]];
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      if (means.coverage[blocks[b]] == 0)
        component[blocks[b]] = static_cast<color::Mean>(sum / weight);
    }
  }
  return true;
}

DescriptorTable describe_spans(const Picture& picture, const std::vector<Span>& x_spans,
                               const std::vector<Span>& y_spans, Size canvas,
                               const MatchOptions& match) {
  assert(!picture.empty());
  const auto side = static_cast<std::size_t>(match.blocks_per_side());
  const std::size_t columns = x_spans.size();
  const std::size_t rows = y_spans.size();
  GridMeans means = measure(picture, x_spans, y_spans, canvas, match.blocks_per_side());

  std::vector<std::size_t> empty_cells;  // they stay black
  if (!means.coverage.empty()) {
    for (std::size_t i = 0; i < columns * rows; ++i) {
      if (!fill_uncovered(means, CellBlocks(i % columns, i / columns, columns, side)))
        empty_cells.push_back(i);
    }
  }

  DescriptorTable table(columns * rows, match.width());
  const color::ColorConverter converter(picture.format, picture.color, match.space);
  const auto components = static_cast<std::size_t>(picture.format.color_components());
  const std::size_t blocks = columns * side;
  const std::size_t cell_part = side * 3;
  std::vector<std::int16_t> colors(blocks * 3);
  for (std::size_t line = 0; line < rows * side; ++line) {
    std::array<const color::Mean*, 3> at{};
    for (std::size_t c = 0; c < components; ++c) at[c] = &means.components[c][line * blocks];
    converter.convert(at, blocks, colors.data());
    for (std::size_t column = 0; column < columns; ++column) {
      std::copy_n(colors.data() + column * cell_part, cell_part,
                  table.row(line / side * columns + column) + line % side * cell_part);
    }
  }
  for (const std::size_t i : empty_cells) std::fill_n(table.row(i), table.width(), 0);
  return table;
}

// Cells that stand beside each other, at one height.
struct Band {
  Span y;
  std::vector<Span> x;
  std::vector<std::size_t> cells;
};

std::vector<Band> bands_of(const Cells& cells) {
  std::map<std::pair<int, int>, Band> bands;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Rect r = cells[i];
    Band& band = bands[{r.y, r.height}];
    band.y = {r.y, r.y + r.height};
    band.x.push_back({r.x, r.x + r.width});
    band.cells.push_back(i);
  }
  std::vector<Band> all;
  for (auto& [place, band] : bands) all.push_back(std::move(band));
  return all;
}

}  // namespace

DescriptorTable describe(const Picture& picture, const Cells& cells) {
  return describe(picture, cells, {});
}

DescriptorTable describe(const Picture& picture, const Cells& cells, const MatchOptions& match) {
  const Size canvas = cells.canvas();
  if (cells.is_grid())
    return describe_spans(picture, spans_of(cells.fields().x_lines()),
                          spans_of(cells.fields().y_lines()), canvas, match);
  DescriptorTable table(cells.size(), match.width());
  for (const Band& band : bands_of(cells)) {
    const DescriptorTable part = describe_spans(picture, band.x, {band.y}, canvas, match);
    for (std::size_t i = 0; i < part.size(); ++i)
      std::copy(part[i].begin(), part[i].end(), table.row(band.cells[i]));
  }
  return table;
}

DescriptorTable describe(const Picture& picture, const Rect& crop) {
  return describe_tile(picture, crop, {});
}

DescriptorTable describe_tile(const Picture& picture, const Rect& crop, const MatchOptions& match) {
  if (match.feature == Feature::kDominant || match.feature == Feature::kPalette)
    return describe_main_colors(picture, crop, match);
  return describe_spans(picture, {{crop.x, crop.x + crop.width}}, {{crop.y, crop.y + crop.height}},
                        picture.size(), match);
}

DescriptorTable less_of_mean(DescriptorTable table, int share) {
  constexpr std::int64_t kWhole = 256;
  const auto blocks = static_cast<std::int64_t>(table.width() / 3);
  const std::int64_t all = kWhole * blocks;
  for (std::size_t i = 0; i < table.size(); ++i) {
    std::int16_t* row = table.row(i);
    std::array<std::int64_t, 3> sums{};
    for (std::size_t k = 0; k < table.width(); ++k) sums[k % 3] += row[k];
    std::array<std::int64_t, 3> less{};
    for (std::size_t c = 0; c < 3; ++c)
      less[c] = (sums[c] * share + (sums[c] < 0 ? -all : all) / 2) / all;
    for (std::size_t k = 0; k < table.width(); ++k)
      row[k] = static_cast<std::int16_t>(row[k] - less[k % 3]);
  }
  return table;
}

std::vector<std::uint8_t> coverage(const Picture& picture, const Cells& cells) {
  const Plane& alpha = picture.alpha();
  const Size canvas = cells.canvas();
  std::vector<std::uint8_t> covered(cells.size());
  for (const Band& band : bands_of(cells)) {
    const auto columns = block_stretches(band.x, canvas.width, alpha.width, 1);
    const auto rows = block_stretches({band.y}, canvas.height, alpha.height, 1);
    const std::vector<color::Mean> means = block_means(alpha, picture.format.depth, columns, rows);
    for (std::size_t i = 0; i < means.size(); ++i)
      covered[band.cells[i]] =
          static_cast<std::uint8_t>(std::min(means[i] / color::kMeanPerCode, 255));
  }
  return covered;
}

}  // namespace smalti::match

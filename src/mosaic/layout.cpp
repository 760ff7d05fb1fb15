#include "mosaic/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "base/wording.h"
#include "mosaic/cell_planner.h"
#include "smalti/error.h"
#include "smalti/layout_options.h"

namespace smalti::mosaic {
namespace {

constexpr int kDefaultColumns = 80;
// Of an adaptive layout: twice the columns and rows of a grid with as many cells.
constexpr int kFieldsPerCell = 4;

[[noreturn]] void refuse(const std::string& why, const std::string& hint = {}) {
  throw Error(ErrorKind::kUsage, why, hint);
}

int round_up(int value, int step) { return (value + step - 1) / step * step; }

struct CellCounts {
  int columns;
  int rows;
};

int at_least_one(double count) {
  constexpr double kMost = 1e6;  // far beyond any canvas; keeps the conversion defined
  return static_cast<int>(std::lround(std::clamp(count, 1.0, kMost)));
}

// Whether a canvas of some size shows a target with its sides no more than two pixels off.
bool same_shape(Size canvas, Size target, Size step) {
  constexpr int kClose = 2;
  const auto product = [](int a, int b) { return std::int64_t{a} * b; };
  const std::int64_t off =
      product(canvas.width, target.height) - product(canvas.height, target.width);
  return std::abs(off) < product(std::max(kClose, step.width), target.height) +
                             product(std::max(kClose, step.height), target.width);
}

// side * of / to, rounded.
std::int64_t share(std::int64_t side, std::int64_t of, std::int64_t to) {
  return (2 * side * of + to) / (2 * to);
}

// The largest part of a whole that has a shape, and one side in common with it.
Size part_of_shape(Size whole, Size shape) {
  const auto side = [](std::int64_t length, int most) {
    return static_cast<int>(std::clamp<std::int64_t>(length, 1, most));
  };
  return {side(share(whole.height, shape.width, shape.height), whole.width),
          side(share(whole.width, shape.height, shape.width), whole.height)};
}

Size shown_of(const LayoutOptions& options, Size target, Size step) {
  const auto of_shape = [&](Size whole, Size shape) {
    return same_shape(shape, whole, step) ? whole : part_of_shape(whole, shape);
  };
  const Size shown = options.shown_shape ? of_shape(target, *options.shown_shape) : target;
  if (!options.size || options.fit_mode != FitMode::kCrop) return shown;
  if (options.shown_shape && !same_shape(*options.size, shown, step))
    refuse(
        fmt::format("the mosaic that was written down has another shape than {}x{}: it was {}x{}",
                    options.size->width, options.size->height, options.shown_shape->width,
                    options.shown_shape->height),
        worded("give {size} one number, or choose {fit-mode} pad"));
  return of_shape(shown, *options.size);
}

// Where a mosaic that keeps its shape stands in a picture.
Rect place_in(Size picture, const LayoutOptions& options, Size shown, Size step) {
  const bool pads = options.size && options.fit_mode == FitMode::kPad;
  if (!pads || same_shape(picture, shown, step)) return {0, 0, picture.width, picture.height};
  const Size size = part_of_shape(picture, shown);
  const auto whole_steps = [](int length, int unit, int most) {
    return std::min(most, std::max(unit, (length + unit / 2) / unit * unit));
  };
  Rect place;
  place.width = whole_steps(size.width, step.width, picture.width);
  place.height = whole_steps(size.height, step.height, picture.height);
  place.x = (picture.width - place.width) / 2 / step.width * step.width;
  place.y = (picture.height - place.height) / 2 / step.height * step.height;
  return place;
}

Aspect aspect_of(const LayoutOptions& options) {
  if (!options.tile_size) return options.aspect;
  return {options.tile_size->width, options.tile_size->height};
}

void check_options(const LayoutOptions& options) {
  const bool grid = options.columns || options.scale || options.tile_size;
  if (options.cells.has_value() + options.columns.has_value() + options.scale.has_value() +
          options.tile_size.has_value() >
      1)
    refuse("cells, columns, scale and tile size exclude each other");
  if (grid && options.adaptive())
    refuse("columns, scale and tile size make a grid: they have no meaning for an adaptive layout");
  if (options.cells && *options.cells < 1) refuse("there must be at least one cell");
  if (options.columns && *options.columns < 1) refuse("there must be at least one column");
  if (options.rows && (!options.columns || *options.rows < 1))
    refuse("rows need columns, and there must be at least one");
  if (options.scale && *options.scale < 1) refuse("the scale must be at least 1");
  if (options.size.has_value() + options.long_edge.has_value() + options.enlarge.has_value() > 1)
    refuse("size, longer edge and enlarge exclude each other");
  if (options.long_edge && *options.long_edge < 1) refuse("the longer edge must be at least 1");
  if (options.enlarge && !(*options.enlarge > 0)) refuse("enlarge must be above 0");
  const Aspect aspect = aspect_of(options);
  if (aspect.width < 1 || aspect.height < 1) refuse("a tile must be at least 1x1");
}

// A grid of about so many cells has as many columns.
double columns_for(double cells, Size target, Aspect aspect) {
  return std::sqrt(cells * target.width * aspect.height /
                   (static_cast<double>(target.height) * aspect.width));
}

CellCounts count_cells(const LayoutOptions& options, Size target, Aspect aspect) {
  if (!options.scale && !options.tile_size) {
    const int columns = options.cells ? at_least_one(columns_for(*options.cells, target, aspect))
                                      : options.columns.value_or(kDefaultColumns);
    if (options.rows) return {columns, *options.rows};
    const double cell_width = static_cast<double>(target.width) / columns;
    return {columns, at_least_one(target.height / (cell_width / aspect.ratio()))};
  }
  const int scale = options.scale.value_or(1);
  return {
      at_least_one(static_cast<double>(target.width) / (static_cast<double>(aspect.width) * scale)),
      at_least_one(static_cast<double>(target.height) /
                   (static_cast<double>(aspect.height) * scale))};
}

// As many as let the smallest be comfortable on the canvas that was asked for, or else on the
// target, within reason: with fewer no picture reads, and of more none is a picture.
int default_cells(const LayoutOptions& options, Size target, Aspect aspect) {
  constexpr double kLeast = 1200;
  constexpr double kMost = 2700;
  constexpr double kSmallestField = 4;
  const double factor = options.enlarge.value_or(1);
  const Size canvas = options.long_edge ? with_long_edge(target, *options.long_edge)
                                        : options.size.value_or(target);
  const auto cells_with_fields = [&](double width) {
    const double pixels = factor * factor * canvas.width * canvas.height;
    return pixels / (width * width * aspect.height / aspect.width) / kFieldsPerCell;
  };
  const double wanted = std::clamp(cells_with_fields(kSmallestComfortableCell), kLeast, kMost);
  return at_least_one(options.chooses_canvas() ? std::min(wanted, cells_with_fields(kSmallestField))
                                               : wanted);
}

// So that fields keep a tile's shape and the largest cells leave nothing over at the edges, columns
// and rows are multiples of these; of those near the wanted number the pair that distorts tiles
// least.
CellCounts count_fields(int cells, Size target, Aspect aspect) {
  const double wanted = columns_for(static_cast<double>(cells) * kFieldsPerCell, target, aspect);
  const double rows_per_column = static_cast<double>(target.height) * aspect.width /
                                 (static_cast<double>(target.width) * aspect.height);
  int step = CellPlanner::kLargestCell;
  while (step > 1 && std::min(wanted, wanted * rows_per_column) < 4 * step) step /= 2;
  constexpr double kBelow = 0.88;
  constexpr double kAbove = 1.04;
  const auto nearest = [&](double count) {
    return std::max(step, at_least_one(count / step) * step);
  };
  CellCounts best{nearest(wanted), nearest(wanted * rows_per_column)};
  const auto distortion = [&](CellCounts c) {
    const double ratio = c.rows / (c.columns * rows_per_column);
    return std::max(ratio, 1 / ratio);
  };
  for (int columns = nearest(wanted * kBelow); columns <= wanted * kAbove; columns += step) {
    const CellCounts counts{columns, nearest(columns * rows_per_column)};
    if (distortion(counts) < distortion(best)) best = counts;
  }
  return best;
}

// The smallest whole factor that makes cells comfortable, of those that stay within the limits.
int comfortable_factor(Size target, int columns, int largest_side) {
  const std::int64_t pixels = std::int64_t{columns} * kSmallestComfortableCell;
  const std::int64_t wanted = (pixels + target.width - 1) / target.width;
  const std::int64_t most = largest_side / std::max(target.width, target.height);
  return static_cast<int>(std::max<std::int64_t>(1, std::min(wanted, most)));
}

// The same for fields, of which a little less than that does no harm, and steps between whole ones.
double comfortable_factor_of_fields(Size target, int columns, int largest_side) {
  constexpr double kEnough = 0.94;
  const double pixels = columns * kSmallestComfortableCell * kEnough;
  for (const double factor : {1.0, 1.25, 1.5})
    if (pixels <= target.width * factor &&
        factor * std::max(target.width, target.height) <= largest_side)
      return factor;
  return comfortable_factor(target, at_least_one(columns * kEnough), largest_side);
}

struct Wanted {
  Size size;
  double factor = 1;
  bool by_itself = false;  // nobody asked for the factor
};

Wanted wanted_canvas(const LayoutOptions& options, Size target, int columns, int largest_side) {
  const auto of_size = [&](Size size) {
    return Wanted{size, static_cast<double>(size.width) / target.width};
  };
  if (options.size) return of_size(*options.size);
  if (options.long_edge) return of_size(with_long_edge(target, *options.long_edge));
  const double factor = options.enlarge ? *options.enlarge
                        : options.adaptive()
                            ? comfortable_factor_of_fields(target, columns, largest_side)
                            : comfortable_factor(target, columns, largest_side);
  const auto side = [&](int length) {
    return static_cast<int>(std::lround(std::clamp(length * factor, 0.0, 1e9)));
  };
  return {{side(target.width), side(target.height)}, factor, !options.enlarge && factor > 1};
}

void check_canvas(Size canvas, Size step, CellCounts cells, int largest_side) {
  if (canvas.width < step.width || canvas.height < step.height)
    refuse(fmt::format("a canvas of {}x{} is too small", canvas.width, canvas.height));
  if (canvas.width > largest_side || canvas.height > largest_side)
    refuse(fmt::format("a canvas of {}x{} is too large: no side may pass {} pixels", canvas.width,
                       canvas.height, largest_side),
           worded("choose it smaller with {size} or {enlarge}, or take fewer cells"));
  const Size most = {canvas.width / step.width, canvas.height / step.height};
  if (cells.columns > most.width || cells.rows > most.height)
    refuse(fmt::format("{}x{} cells do not fit on a canvas of {}x{} pixels: at most {}x{} do",
                       cells.columns, cells.rows, canvas.width, canvas.height, most.width,
                       most.height),
           worded("take fewer cells with {columns}, or a larger canvas with {size} or {enlarge}"));
}

}  // namespace

Layout plan_layout(const LayoutOptions& options, Size target, Size step, int largest_side) {
  check_options(options);
  const Aspect aspect = aspect_of(options);
  const Size shown = shown_of(options, target, step);
  const bool adaptive = options.adaptive();
  const int wanted_cells = options.cells.value_or(default_cells(options, shown, aspect));
  const CellCounts cells =
      adaptive ? count_fields(wanted_cells, shown, aspect) : count_cells(options, shown, aspect);
  const Wanted wanted = wanted_canvas(options, shown, cells.columns, largest_side);
  const Size size = wanted.size;
  if (size.width > largest_side || size.height > largest_side)
    check_canvas(size, step, cells, largest_side);
  const Size picture = {round_up(size.width, step.width), round_up(size.height, step.height)};
  if (picture.width < step.width || picture.height < step.height)
    check_canvas(picture, step, cells, largest_side);
  const Rect place = place_in(picture, options, shown, step);
  const Size canvas{place.width, place.height};
  check_canvas(canvas, step, cells, largest_side);
  const double enlarge =
      canvas == picture ? wanted.factor : static_cast<double>(canvas.width) / shown.width;
  return {Grid::even(canvas, cells.columns, cells.rows, step),
          adaptive ? static_cast<std::size_t>(wanted_cells) : 0,
          aspect,
          enlarge,
          wanted.by_itself,
          target,
          shown,
          picture,
          place};
}

Picture shown_part(const Picture& target, const Layout& layout) {
  if (layout.shown == layout.target) return target;
  const Size step = target.format.chroma_step();
  const auto middle = [](int whole, int shown, int of, int unit) {
    const int length = std::max(unit, static_cast<int>(share(whole, shown, of)) / unit * unit);
    if (shown == of || length >= whole) return std::pair(0, whole);
    return std::pair((whole - length) / 2 / unit * unit, length);
  };
  const auto [x, width] = middle(target.width, layout.shown.width, layout.target.width, step.width);
  const auto [y, height] =
      middle(target.height, layout.shown.height, layout.target.height, step.height);
  return part_of(target, {x, y, width, height});
}

}  // namespace smalti::mosaic

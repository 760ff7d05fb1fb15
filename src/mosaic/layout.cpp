#include "mosaic/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/wording.h"
#include "smalti/error.h"
#include "smalti/layout_options.h"

namespace smalti::mosaic {
namespace {

constexpr int kDefaultColumns = 80;

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

Aspect aspect_of(const LayoutOptions& options) {
  if (!options.tile_size) return options.aspect;
  return {options.tile_size->width, options.tile_size->height};
}

void check_options(const LayoutOptions& options) {
  if (options.columns.has_value() + options.scale.has_value() + options.tile_size.has_value() > 1)
    refuse("columns, scale and tile size exclude each other");
  if (options.columns && *options.columns < 1) refuse("there must be at least one column");
  if (options.rows && (!options.columns || *options.rows < 1))
    refuse("rows need columns, and there must be at least one");
  if (options.scale && *options.scale < 1) refuse("the scale must be at least 1");
  if (options.size && options.enlarge) refuse("size and enlarge exclude each other");
  if (options.enlarge && !(*options.enlarge > 0)) refuse("enlarge must be above 0");
  const Aspect aspect = aspect_of(options);
  if (aspect.width < 1 || aspect.height < 1) refuse("a tile must be at least 1x1");
}

CellCounts count_cells(const LayoutOptions& options, Size target, Aspect aspect) {
  if (!options.scale && !options.tile_size) {
    const int columns = options.columns.value_or(kDefaultColumns);
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

// The smallest whole factor that makes cells comfortable, of those that stay within the limits.
int comfortable_factor(Size target, int columns, int largest_side) {
  const std::int64_t pixels = std::int64_t{columns} * kSmallestComfortableCell;
  const std::int64_t wanted = (pixels + target.width - 1) / target.width;
  const std::int64_t most = largest_side / std::max(target.width, target.height);
  return static_cast<int>(std::max<std::int64_t>(1, std::min(wanted, most)));
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
  const CellCounts cells = count_cells(options, target, aspect);

  double factor = 1;
  bool by_itself = false;
  if (options.size) {
    factor = static_cast<double>(options.size->width) / target.width;
  } else if (options.enlarge) {
    factor = *options.enlarge;
  } else {
    factor = comfortable_factor(target, cells.columns, largest_side);
    by_itself = factor > 1;
  }

  const auto side = [](double length) {
    return static_cast<int>(std::lround(std::clamp(length, 0.0, 1e9)));
  };
  const Size wanted =
      options.size.value_or(Size{side(target.width * factor), side(target.height * factor)});
  if (wanted.width > largest_side || wanted.height > largest_side)
    check_canvas(wanted, step, cells, largest_side);
  const Size canvas = {round_up(wanted.width, step.width), round_up(wanted.height, step.height)};
  check_canvas(canvas, step, cells, largest_side);
  const Grid fields = Grid::even(canvas, cells.columns, cells.rows, step);
  return {options.cells.empty() ? Cells(fields) : Cells(fields, options.cells), aspect, factor,
          by_itself};
}

}  // namespace smalti::mosaic

#include "base/grid.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <utility>

namespace smalti {
namespace {

// count + 1 lines over `length`, on multiples of `step`, spread as evenly as these allow.
std::vector<int> even_lines(int length, int count, int step) {
  assert(length % step == 0 && count >= 1 && count <= length / step);
  const std::int64_t steps = length / step;
  std::vector<int> lines(static_cast<std::size_t>(count) + 1);
  for (std::size_t i = 0; i < lines.size(); ++i)
    lines[i] = static_cast<int>(static_cast<std::int64_t>(i) * steps / count) * step;
  return lines;
}

[[maybe_unused]] bool increases(const std::vector<int>& lines) {
  return std::adjacent_find(lines.begin(), lines.end(), std::greater_equal<>()) == lines.end();
}

}  // namespace

Grid::Grid(Size canvas, std::vector<int> x_lines, std::vector<int> y_lines)
    : canvas_(canvas), x_lines_(std::move(x_lines)), y_lines_(std::move(y_lines)) {
  assert(x_lines_.size() >= 2 && y_lines_.size() >= 2);
  assert(increases(x_lines_) && increases(y_lines_));
}

Grid Grid::even(Size canvas, int columns, int rows, Size step) {
  return Grid(canvas, even_lines(canvas.width, columns, step.width),
              even_lines(canvas.height, rows, step.height));
}

Rect Grid::cell(int column, int row) const {
  const auto c = static_cast<std::size_t>(column);
  const auto r = static_cast<std::size_t>(row);
  return {x_lines_[c], y_lines_[r], x_lines_[c + 1] - x_lines_[c], y_lines_[r + 1] - y_lines_[r]};
}

}  // namespace smalti

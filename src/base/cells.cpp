#include "base/cells.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <utility>

namespace smalti {

Cells::Cells(Grid fields) : fields_(std::move(fields)) {}

Cells::Cells(Grid fields, std::vector<Rect> cells)
    : fields_(std::move(fields)), cells_(std::move(cells)) {
  assert(!cells_.empty());
  for ([[maybe_unused]] const Rect& c : cells_)
    assert(c.width >= 1 && c.height >= 1 && c.x >= 0 && c.y >= 0 &&
           c.x + c.width <= fields_.columns() && c.y + c.height <= fields_.rows());
  fill_buckets();
}

Cells::Cells(Grid fields, const Cells& like)
    : fields_(std::move(fields)),
      cells_(like.cells_),
      buckets_(like.buckets_),
      widest_(like.widest_),
      highest_(like.highest_) {
  assert(fields_.columns() == like.fields_.columns() && fields_.rows() == like.fields_.rows());
}

void Cells::fill_buckets() {
  for (const Rect& c : cells_) {
    widest_ = std::max(widest_, c.width);
    highest_ = std::max(highest_, c.height);
  }
  const double each = static_cast<double>(fields_.cells()) / static_cast<double>(cells_.size());
  buckets_.side = std::max(1, static_cast<int>(std::lround(2 * std::sqrt(each))));
  buckets_.columns = (fields_.columns() - 1) / buckets_.side + 1;
  const int rows = (fields_.rows() - 1) / buckets_.side + 1;
  buckets_.cells.resize(static_cast<std::size_t>(buckets_.columns) *
                        static_cast<std::size_t>(rows));
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const Rect& c = cells_[i];
    for (int y = c.y / buckets_.side; y <= (c.y + c.height - 1) / buckets_.side; ++y) {
      for (int x = c.x / buckets_.side; x <= (c.x + c.width - 1) / buckets_.side; ++x)
        buckets_.cells[static_cast<std::size_t>(y * buckets_.columns + x)].push_back(i);
    }
  }
}

Rect Cells::operator[](std::size_t cell) const {
  const Rect f = in_fields(cell);
  const std::vector<int>& x = fields_.x_lines();
  const std::vector<int>& y = fields_.y_lines();
  const int left = x[static_cast<std::size_t>(f.x)];
  const int top = y[static_cast<std::size_t>(f.y)];
  return {left, top, x[static_cast<std::size_t>(f.x + f.width)] - left,
          y[static_cast<std::size_t>(f.y + f.height)] - top};
}

Rect Cells::in_fields(std::size_t cell) const {
  if (!is_grid()) return cells_[cell];
  const auto columns = static_cast<std::size_t>(fields_.columns());
  return {static_cast<int>(cell % columns), static_cast<int>(cell / columns), 1, 1};
}

std::optional<std::size_t> Cells::at(int column, int row) const {
  assert(column >= 0 && column < fields_.columns() && row >= 0 && row < fields_.rows());
  if (is_grid()) return static_cast<std::size_t>(row * fields_.columns() + column);
  const auto& here = buckets_.cells[static_cast<std::size_t>(
      row / buckets_.side * buckets_.columns + column / buckets_.side)];
  const auto found = std::find_if(here.rbegin(), here.rend(), [&](std::size_t i) {
    const Rect& c = cells_[i];
    return column >= c.x && column < c.x + c.width && row >= c.y && row < c.y + c.height;
  });
  if (found == here.rend()) return std::nullopt;
  return *found;
}

bool Cells::same_layout(const Cells& other) const {
  return fields_.columns() == other.fields_.columns() && fields_.rows() == other.fields_.rows() &&
         cells_ == other.cells_;
}

Size Cells::mean_counts() const {
  if (is_grid()) return {fields_.columns(), fields_.rows()};
  double width = 0;
  double height = 0;
  for (const Rect& c : cells_) {
    width += c.width;
    height += c.height;
  }
  const auto count = [&](int fields, double sum) {
    const double mean = sum / static_cast<double>(cells_.size());
    return std::max(1, static_cast<int>(std::lround(fields / mean)));
  };
  return {count(fields_.columns(), width), count(fields_.rows(), height)};
}

namespace {

// How many times as far two cells see each other, of which the smaller has this width.
int farther(int width) { return width < 4 ? 1 : width < 8 ? 2 : 3; }

}  // namespace

std::vector<std::size_t> Cells::near(std::size_t cell, int distance) const {
  const Rect& c = cells_[cell];
  const auto gap = [](int begin, int length, int other_begin, int other_length) {
    return std::max({0, other_begin - (begin + length), begin - (other_begin + other_length)});
  };
  const auto is_near = [&](const Rect& o) {
    const int seen = distance * farther(std::min(c.width, o.width));
    return 2 * gap(c.x, c.width, o.x, o.width) < seen * (c.width + o.width) &&
           2 * gap(c.y, c.height, o.y, o.height) < seen * (c.height + o.height);
  };
  // Beyond this not even the largest cell is near.
  const int across = distance * farther(c.width) * (c.width + widest_) / 2 + 1;
  const int down = distance * farther(c.width) * (c.height + highest_) / 2 + 1;
  const auto bucket = [&](int field, int fields) {
    return std::clamp(field, 0, fields - 1) / buckets_.side;
  };
  std::vector<std::size_t> found = {cell};
  const int last_y = bucket(c.y + c.height - 1 + down, fields_.rows());
  const int last_x = bucket(c.x + c.width - 1 + across, fields_.columns());
  for (int y = bucket(c.y - down, fields_.rows()); y <= last_y; ++y) {
    for (int x = bucket(c.x - across, fields_.columns()); x <= last_x; ++x) {
      for (const std::size_t other :
           buckets_.cells[static_cast<std::size_t>(y * buckets_.columns + x)])
        if (other != cell && is_near(cells_[other])) found.push_back(other);
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace smalti

#include "match/coordinate_tree.h"

#include <limits>
#include <numeric>
#include <span>
#include <utility>

namespace smalti::match {
namespace {

using Numbers = std::span<const std::int32_t>;

struct Box {
  std::array<std::int16_t, kBoxed> low;
  std::array<std::int16_t, kBoxed> high;

  Box() {
    low.fill(std::numeric_limits<std::int16_t>::max());
    high.fill(std::numeric_limits<std::int16_t>::min());
  }
  void add(const std::int16_t* from, const std::int16_t* to) {
    for (std::size_t i = 0; i < kBoxed; ++i) {
      low[i] = std::min(low[i], from[i]);
      high[i] = std::max(high[i], to[i]);
    }
  }
};

// Boxes around leaves: of sixteen points each.
std::vector<Box> boxes_around(const std::vector<Coordinates>& points, Numbers order) {
  std::vector<Box> boxes((order.size() + kSideBySide - 1) / kSideBySide);
  for (std::size_t i = 0; i < order.size(); ++i) {
    const Coordinates& point = points[static_cast<std::size_t>(order[i])];
    boxes[i / kSideBySide].add(point.data(), point.data());
  }
  return boxes;
}

// Boxes around sixteen boxes each.
std::vector<Box> boxes_around(const std::vector<Box>& below) {
  std::vector<Box> boxes((below.size() + kSideBySide - 1) / kSideBySide);
  for (std::size_t i = 0; i < below.size(); ++i)
    boxes[i / kSideBySide].add(below[i].low.data(), below[i].high.data());
  return boxes;
}

std::vector<Boxes> side_by_side(const std::vector<Box>& boxes) {
  std::vector<Boxes> nodes((boxes.size() + kSideBySide - 1) / kSideBySide);
  for (std::size_t b = 0; b < boxes.size(); ++b) {
    Boxes& node = nodes[b / kSideBySide];
    for (std::size_t i = 0; i < kBoxed; ++i) {
      node.below.at(i, b % kSideBySide) = static_cast<std::int16_t>(boxes[b].low[i] - 1);
      node.above.at(i, b % kSideBySide) = static_cast<std::int16_t>(boxes[b].high[i] + 1);
    }
  }
  return nodes;
}

// Where the points differ most: the place with the largest variance, of the foremost. To cut along
// the others too makes boxes longer where it matters more: a tenth more leaves are visited.
std::size_t widest_place(const std::vector<Coordinates>& points, Numbers numbers) {
  constexpr std::size_t kCut = 5;
  const auto count = static_cast<std::int64_t>(numbers.size());
  std::size_t widest = 0;
  std::int64_t most = -1;
  for (std::size_t i = 0; i < kCut; ++i) {
    std::int64_t sum = 0;
    std::int64_t squares = 0;
    for (const std::int32_t number : numbers) {
      const std::int64_t v = points[static_cast<std::size_t>(number)][i];
      sum += v;
      squares += v * v;
    }
    const std::int64_t variance = (squares - sum / count * sum) / count;
    if (variance > most) {
      most = variance;
      widest = i;
    }
  }
  return widest;
}

}  // namespace

CoordinateTree::CoordinateTree(const std::vector<Coordinates>& points) : order_(points.size()) {
  std::iota(order_.begin(), order_.end(), 0);
  std::size_t unit = kSideBySide;
  while (unit * kSideBySide < points.size()) unit *= kSideBySide;
  arrange(points, 0, points.size(), unit);

  fill_leaves(points);
  std::vector<Box> boxes = boxes_around(points, order_);
  while (boxes.size() > 1) {
    levels_.push_back(side_by_side(boxes));
    boxes = boxes_around(boxes);
  }
}

// Halves a range where it is widest, after a whole number of units, until it is one unit; and goes
// on with smaller ones.
void CoordinateTree::arrange(const std::vector<Coordinates>& points, std::size_t first,
                             std::size_t count, std::size_t unit) {
  while (count <= unit) {
    if (unit == kSideBySide) return;
    unit /= kSideBySide;
  }
  std::int32_t* const begin = order_.data() + first;
  const std::size_t side = widest_place(points, Numbers(begin, count));
  const std::size_t half = (count + unit) / (2 * unit) * unit;
  std::nth_element(begin, begin + half, begin + count, [&](std::int32_t a, std::int32_t b) {
    const auto at = [&](std::int32_t p) { return points[static_cast<std::size_t>(p)][side]; };
    return std::pair(at(a), a) < std::pair(at(b), b);
  });
  arrange(points, first, half, unit);
  arrange(points, first + half, count - half, unit);
}

void CoordinateTree::fill_leaves(const std::vector<Coordinates>& points) {
  leaves_.resize((order_.size() + kSideBySide - 1) / kSideBySide);
  for (std::size_t p = 0; p < order_.size(); ++p) {
    const Coordinates& point = points[static_cast<std::size_t>(order_[p])];
    Leaf& leaf = leaves_[p / kSideBySide];
    for (std::size_t i = 0; i < kFirst; ++i) leaf.first.at(i, p % kSideBySide) = point[i];
    for (std::size_t i = 0; i < kRest; ++i) leaf.rest.at(i, p % kSideBySide) = point[kFirst + i];
  }
}

std::size_t CoordinateTree::place_near(const Coordinates& at) const {
  const auto boxed = std::span(at).first<kBoxed>();
  std::size_t node = 0;
  Separations separations;
  for (std::size_t level = levels_.size(); level-- > 0;) {
    separate(boxed, levels_[level][node], 0, separations);
    const auto last = separations.begin() + std::popcount(present(node, width(level)));
    const auto nearest = std::min_element(separations.begin(), last);
    node = node * kSideBySide + static_cast<std::size_t>(nearest - separations.begin());
  }
  return node * kSideBySide;
}

}  // namespace smalti::match

#include "match/coordinate_tree.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>
#include <utility>

namespace smalti {
namespace {

constexpr auto kFull = static_cast<std::int32_t>(kSideBySide);

struct Box {
  Coordinates low;
  Coordinates high;
};

Box box_around(const std::vector<Coordinates>& points, const std::int32_t* first,
               std::int32_t count) {
  Box box;
  box.low.fill(std::numeric_limits<std::int16_t>::max());
  box.high.fill(std::numeric_limits<std::int16_t>::min());
  for (std::int32_t p = 0; p < count; ++p) {
    const Coordinates& at = points[static_cast<std::size_t>(first[p])];
    for (std::size_t i = 0; i < kPart; ++i) {
      box.low[i] = std::min(box.low[i], at[i]);
      box.high[i] = std::max(box.high[i], at[i]);
    }
  }
  return box;
}

// Where the points differ most: the place with the largest variance.
std::size_t widest_place(const std::vector<Coordinates>& points, const std::int32_t* first,
                         std::int32_t count) {
  std::size_t widest = 0;
  std::int64_t most = -1;
  for (std::size_t i = 0; i < kPart; ++i) {
    std::int64_t sum = 0;
    std::int64_t squares = 0;
    for (std::int32_t p = 0; p < count; ++p) {
      const std::int64_t v = points[static_cast<std::size_t>(first[p])][i];
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
  root_.count = static_cast<std::int32_t>(points.size());
  root_.place = root_.is_leaf() ? add_leaf(points, root_) : grow(points, root_);
}

// Halves a range where it is widest, so that all leaves but one in the whole tree are full.
void CoordinateTree::split(const std::vector<Coordinates>& points, Range range, Range& left,
                           Range& right) {
  std::int32_t* first = order_.data() + range.first;
  const std::size_t side = widest_place(points, first, range.count);
  const std::int32_t half = std::max(1, (range.count + kFull) / (2 * kFull)) * kFull;
  std::nth_element(first, first + half, first + range.count, [&](std::int32_t a, std::int32_t b) {
    const auto at = [&](std::int32_t p) { return points[static_cast<std::size_t>(p)][side]; };
    return std::pair(at(a), a) < std::pair(at(b), b);
  });
  left = {range.first, half};
  right = {range.first + half, range.count - half};
}

std::int32_t CoordinateTree::add_leaf(const std::vector<Coordinates>& points, Range range) {
  Leaf leaf{};
  for (std::int32_t p = 0; p < range.count; ++p) {
    const auto number = static_cast<std::size_t>(order_[static_cast<std::size_t>(range.first + p)]);
    for (std::size_t i = 0; i < kPart; ++i) {
      leaf.first.at(i, static_cast<std::size_t>(p)) = points[number][i];
      leaf.rest.at(i, static_cast<std::size_t>(p)) = points[number][kPart + i];
    }
  }
  leaves_.push_back(leaf);
  return static_cast<std::int32_t>(leaves_.size()) - 1;
}

// Halves the fullest part until there are as many as a node holds.
std::int32_t CoordinateTree::grow(const std::vector<Coordinates>& points, Range range) {
  Node node{};
  std::size_t size = 0;
  node.children[size++] = {range};
  while (size < kSideBySide) {
    Child& fullest = *std::max_element(
        node.children.begin(), node.children.begin() + static_cast<std::ptrdiff_t>(size),
        [](const Child& a, const Child& b) { return a.count < b.count; });
    if (fullest.is_leaf()) break;
    split(points, fullest, fullest, node.children[size++]);
  }
  node.taken = (1U << size) - 1;

  const auto place = static_cast<std::int32_t>(nodes_.size());
  nodes_.emplace_back();
  for (std::size_t c = 0; c < size; ++c) {
    Child& child = node.children[c];
    const Box box = box_around(points, order_.data() + child.first, child.count);
    for (std::size_t i = 0; i < kPart; ++i) {
      node.boxes.below.at(i, c) = static_cast<std::int16_t>(box.low[i] - 1);
      node.boxes.above.at(i, c) = static_cast<std::int16_t>(box.high[i] + 1);
    }
    node.has_leaves |= child.is_leaf();
    child.place = child.is_leaf() ? add_leaf(points, child) : grow(points, child);
  }
  nodes_[static_cast<std::size_t>(place)] = node;
  return place;
}

std::size_t CoordinateTree::place_near(const Coordinates& at) const {
  const Part first = std::span<const std::int16_t, kCoordinates>(at).first<kPart>();
  const Child* child = &root_;
  Separations separations;
  while (!child->is_leaf()) {
    const Node& node = nodes_[static_cast<std::size_t>(child->place)];
    separate(first, node.boxes, 0, separations);
    const auto* nearest = separations.begin();
    const auto* const end = nearest + std::popcount(node.taken);
    nearest = std::min_element(nearest, end);
    child = &node.children[static_cast<std::size_t>(nearest - separations.begin())];
  }
  return static_cast<std::size_t>(child->first);
}

}  // namespace smalti

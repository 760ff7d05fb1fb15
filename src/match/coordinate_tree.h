#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "match/coordinates.h"

namespace smalti {

/// A kd-tree (Friedman, Bentley and Finkel 1977) over points of coordinates. It passes over points
/// that are certainly too far away, and leaves it to its caller to decide among the others.
///
/// Each node has up to kSideBySide children, with boxes around the first part of their points'
/// coordinates; the rest counts in the leaves. A leaf's points lie together in memory, as do a
/// node's boxes. Immutable; any thread.
class CoordinateTree {
 public:
  explicit CoordinateTree(const std::vector<Coordinates>& points);

  /// The numbers of the points in the order in which the tree keeps them.
  const std::vector<std::int32_t>& order() const { return order_; }

  /// Calls visit(position) for every point at a position of order() whose separation from `at` is
  /// at most `limit`, near ones first, roughly; it returns the limit from there on, which never
  /// rises.
  template <typename Visit>
  void search(const Coordinates& at, std::int32_t limit, const Visit& visit) const;

  /// A position of order() with a point that is near, in most cases.
  std::size_t place_near(const Coordinates& at) const;

 private:
  struct Range {
    std::int32_t first = 0;  // in order_
    std::int32_t count = 0;
  };
  struct Child : Range {
    std::int32_t place = 0;  // in nodes_, or in leaves_ for at most kSideBySide points
    bool is_leaf() const { return count <= static_cast<std::int32_t>(kSideBySide); }
    unsigned taken() const { return (1U << count) - 1; }  // of a leaf's places
  };
  struct Node {
    Boxes boxes;
    std::array<Child, kSideBySide> children;
    unsigned taken = 0;  // a bit a child
    bool has_leaves = false;
  };
  struct Leaf {
    Points first;  // by the first part of their coordinates
    Points rest;
  };
  template <typename Visit>
  struct Search;

  std::int32_t grow(const std::vector<Coordinates>& points, Range range);
  std::int32_t add_leaf(const std::vector<Coordinates>& points, Range range);
  void split(const std::vector<Coordinates>& points, Range range, Range& left, Range& right);

  std::vector<std::int32_t> order_;
  std::vector<Node> nodes_;
  std::vector<Leaf> leaves_;
  Child root_;
};

template <typename Visit>
struct CoordinateTree::Search {
  const CoordinateTree& tree;
  Part first;
  Part rest;
  std::int32_t limit;
  const Visit& visit;

  void enter(const Child& child) {
    if (child.is_leaf()) return look_through(child);
    const Node& node = tree.nodes_[static_cast<std::size_t>(child.place)];
    Separations separations;
    unsigned within = separate(first, node.boxes, limit, separations) & node.taken;

    if (node.has_leaves) return look_through(node, separations, within);

    // Each within reach: separation and number in one, the nearest last.
    std::array<std::int64_t, kSideBySide> open;
    std::size_t count = 0;
    for (; within != 0; within &= within - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(within));
      const std::int64_t key = std::int64_t{separations[i]} << 8 | static_cast<std::int64_t>(i);
      std::size_t place = count++;
      for (; place > 0 && open[place - 1] < key; --place) open[place] = open[place - 1];
      open[place] = key;
    }
    while (count > 0) {
      const std::int64_t key = open[--count];
      if (key >> 8 > limit) return;
      enter(node.children[static_cast<std::size_t>(key & 0xff)]);
    }
  }

  // By now the limit is good, so that looking into leaves in order of their separations would cost
  // more than it saves; waiting for memory does.
  void look_through(const Node& node, const Separations& separations, unsigned within) {
    for (unsigned rest_of = within; rest_of != 0; rest_of &= rest_of - 1)
      prefetch(node.children[static_cast<std::size_t>(std::countr_zero(rest_of))]);
    for (; within != 0; within &= within - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(within));
      if (separations[i] <= limit) enter(node.children[i]);
    }
  }

  void prefetch(const Child& child) const {
    if (!child.is_leaf()) return;
    const Leaf& leaf = tree.leaves_[static_cast<std::size_t>(child.place)];
    const auto* bytes = reinterpret_cast<const char*>(&leaf.first);
    for (std::size_t line = 0; line < sizeof(Points); line += 64) __builtin_prefetch(bytes + line);
  }

  void look_through(const Child& child) {
    const Leaf& leaf = tree.leaves_[static_cast<std::size_t>(child.place)];
    Separations separations;
    unsigned within = separate(first, leaf.first, limit, separations) & child.taken();
    if (within == 0) return;
    Separations others;
    within &= separate(rest, leaf.rest, limit, others);
    for (; within != 0; within &= within - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(within));
      if (separations[i] <= limit - others[i])
        limit = visit(static_cast<std::size_t>(child.first) + i);
    }
  }
};

template <typename Visit>
void CoordinateTree::search(const Coordinates& at, std::int32_t limit, const Visit& visit) const {
  const std::span<const std::int16_t, kCoordinates> whole(at);
  Search<Visit>{*this, whole.first<kPart>(), whole.last<kPart>(), limit, visit}.enter(root_);
}

}  // namespace smalti

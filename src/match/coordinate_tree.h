#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "match/coordinates.h"
#include "match/huge_pages.h"

namespace smalti::match {

/// A kd-tree (Friedman, Bentley and Finkel 1977) over points of coordinates. It passes over points
/// that are certainly too far away, and leaves it to its caller to decide among the others.
///
/// Its leaves hold kSideBySide points each, its nodes as many leaves or nodes, with boxes around
/// the first of their points' coordinates. All but the last of each level are full, so that where
/// something lies follows from its number. Immutable; any thread.
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
  struct Leaf {
    Points<kFirst> first;
    Points<kRest> rest;
  };
  template <typename Visit>
  class Search;

  void arrange(const std::vector<Coordinates>& points, std::size_t first, std::size_t count,
               std::size_t unit);
  void fill_leaves(const std::vector<Coordinates>& points);

  // A bit for each of `count` things, side by side, that belong to number `owner` of the level
  // above.
  static unsigned present(std::size_t owner, std::size_t count) {
    return (1U << std::min(kSideBySide, count - owner * kSideBySide)) - 1;
  }
  std::size_t width(std::size_t level) const {  // nodes or leaves below the nodes of a level
    return level == 0 ? leaves_.size() : levels_[level - 1].size();
  }

  std::vector<std::int32_t> order_;
  std::vector<Leaf, HugePages<Leaf>> leaves_;
  std::vector<std::vector<Boxes>> levels_;  // nodes, those above leaves first
};

template <typename Visit>
class CoordinateTree::Search {
 public:
  Search(const CoordinateTree& tree, const Coordinates& at, std::int32_t limit, const Visit& visit)
      : tree_(tree), at_(at), limit_(limit), visit_(visit) {}

  void run() {
    if (tree_.levels_.empty()) return look_through(0);
    enter(tree_.levels_.size() - 1, 0);
    while (first_waiting_ != end_of_waiting_) take_waiting();
  }

 private:
  // Leaves wait here for their memory.
  struct Waiting {
    std::size_t leaf;
    std::int32_t separation;
  };
  static constexpr std::size_t kMostWaiting = 8;

  void enter(std::size_t level, std::size_t node) {
    Separations separations;
    const unsigned within =
        separate(at_.template first<kBoxed>(), tree_.levels_[level][node], limit_, separations) &
        present(node, tree_.width(level));
    if (within == 0) return;
    if (level == 0)
      enqueue(node, within, separations);
    else
      enter_below(level, node, within, separations);
  }

  // The nearest first, so that the limit is good for the others: their order gains nothing.
  void enter_below(std::size_t level, std::size_t node, unsigned within,
                   const Separations& separations) {
    const unsigned nearest = nearest_of(within, separations);
    enter(level - 1, node * kSideBySide + nearest);
    for (within &= ~(1U << nearest); within != 0; within &= within - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(within));
      if (separations[i] <= limit_) enter(level - 1, node * kSideBySide + i);
    }
  }

  static unsigned nearest_of(unsigned within, const Separations& separations) {
    auto nearest = static_cast<unsigned>(std::countr_zero(within));
    for (within &= within - 1; within != 0; within &= within - 1) {
      const auto i = static_cast<unsigned>(std::countr_zero(within));
      if (separations[i] < separations[nearest]) nearest = i;
    }
    return nearest;
  }

  void enqueue(std::size_t node, unsigned within, const Separations& separations) {
    for (; within != 0; within &= within - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(within));
      const std::size_t leaf = node * kSideBySide + i;
      prefetch(tree_.leaves_[leaf].first);
      waiting_[end_of_waiting_++ % kMostWaiting] = {leaf, separations[i]};
      if (end_of_waiting_ - first_waiting_ == kMostWaiting) take_waiting();
    }
  }

  static void prefetch(const Points<kFirst>& points) {
    const auto* bytes = reinterpret_cast<const char*>(&points);
    for (std::size_t line = 0; line < sizeof(points); line += 64) __builtin_prefetch(bytes + line);
  }

  void take_waiting() {
    const Waiting next = waiting_[first_waiting_++ % kMostWaiting];
    if (next.separation <= limit_) look_through(next.leaf);
  }

  void look_through(std::size_t number) {
    const Leaf& leaf = tree_.leaves_[number];
    Separations separations;
    unsigned within = separate(at_.template first<kFirst>(), leaf.first, limit_, separations) &
                      present(number, tree_.order_.size());
    if (within == 0) return;
    Separations others;
    within &= separate(at_.template last<kRest>(), leaf.rest, limit_, others);
    for (; within != 0; within &= within - 1) {
      const auto i = static_cast<std::size_t>(std::countr_zero(within));
      if (separations[i] <= limit_ - others[i]) limit_ = visit_(number * kSideBySide + i);
    }
  }

  const CoordinateTree& tree_;
  Part<kCoordinates> at_;
  std::int32_t limit_;
  const Visit& visit_;
  std::array<Waiting, kMostWaiting> waiting_;
  std::size_t first_waiting_ = 0;
  std::size_t end_of_waiting_ = 0;
};

template <typename Visit>
void CoordinateTree::search(const Coordinates& at, std::int32_t limit, const Visit& visit) const {
  Search<Visit>(*this, at, limit, visit).run();
}

}  // namespace smalti::match

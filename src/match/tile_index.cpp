#include "smalti/tile_index.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

#include "match/rotation.h"

namespace smalti {
namespace {

// Tiles in a leaf are looked at one after another, so few enough to be worth it.
constexpr std::size_t kLeafTiles = 16;

struct Node {
  CoordinateBox box;       // of all tiles below
  std::int32_t left = 0;   // the other child follows it; 0 in a leaf
  std::int32_t first = 0;  // of its tiles, in the tree's order
  std::int32_t count = 0;
};

CoordinateBox box_around(const Coordinates& c) { return {c, c}; }

void extend(CoordinateBox& box, const Coordinates& c) {
  for (std::size_t i = 0; i < kCoordinates; ++i) {
    box.low[i] = std::min(box.low[i], c[i]);
    box.high[i] = std::max(box.high[i], c[i]);
  }
}

std::size_t widest_side(const CoordinateBox& box) {
  std::size_t widest = 0;
  const auto width = [&](std::size_t i) { return box.high[i] - box.low[i]; };
  for (std::size_t i = 1; i < kCoordinates; ++i)
    if (width(i) > width(widest)) widest = i;
  return widest;
}

struct Priced {
  std::int64_t cost;
  Candidate candidate;
  bool operator<(const Priced& other) const {
    return cost != other.cost ? cost < other.cost : candidate.tile < other.candidate.tile;
  }
};

std::vector<Candidate> candidates_of(const std::vector<Priced>& priced) {
  std::vector<Candidate> candidates;
  candidates.reserve(priced.size());
  for (const Priced& p : priced) candidates.push_back(p.candidate);
  return candidates;
}

}  // namespace

// The tiles in the order of the leaves, so that a leaf lies together in memory.
struct TileIndex::Tree {
  explicit Tree(const DescriptorTable& tiles);

  // Calls consider(tile, distance) for every tile that is at most `bound` away, in any order; it
  // returns the bound from there on.
  template <typename Consider>
  void search(Descriptor query, std::int64_t bound, const Consider& consider) const;

  Rotation rotation;
  std::vector<Node> nodes;
  std::vector<TileNumber> order;
  std::vector<Coordinates> coordinates;
  DescriptorTable descriptors;

 private:
  template <typename Consider>
  struct Search;

  void split(std::size_t node);
};

TileIndex::Tree::Tree(const DescriptorTable& tiles)
    : rotation(tiles), order(tiles.size()), coordinates(tiles.size()), descriptors(tiles.size()) {
  for (std::size_t i = 0; i < tiles.size(); ++i) coordinates[i] = rotation.project(tiles[i]);
  std::iota(order.begin(), order.end(), 0);
  nodes.push_back({{}, 0, 0, static_cast<std::int32_t>(tiles.size())});
  for (std::size_t i = 0; i < nodes.size(); ++i) split(i);

  std::vector<Coordinates> sorted(tiles.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto tile = static_cast<std::size_t>(order[i]);
    sorted[i] = coordinates[tile];
    std::copy(tiles[tile].begin(), tiles[tile].end(), descriptors.row(i));
  }
  coordinates = std::move(sorted);
}

// Measures a node and, when it holds too many tiles, halves it across its widest side.
void TileIndex::Tree::split(std::size_t node) {
  const auto begin = order.begin() + nodes[node].first;
  const auto end = begin + nodes[node].count;
  const auto at = [&](TileNumber tile) -> const Coordinates& {
    return coordinates[static_cast<std::size_t>(tile)];
  };

  CoordinateBox box = box_around(at(*begin));
  for (auto it = begin; it != end; ++it) extend(box, at(*it));
  nodes[node].box = box;
  if (nodes[node].count <= static_cast<std::int32_t>(kLeafTiles)) return;

  const std::size_t side = widest_side(box);
  const std::int32_t half = nodes[node].count / 2;
  std::nth_element(begin, begin + half, end, [&](TileNumber a, TileNumber b) {
    return std::pair(at(a)[side], a) < std::pair(at(b)[side], b);
  });
  nodes[node].left = static_cast<std::int32_t>(nodes.size());
  nodes.push_back({{}, 0, nodes[node].first, half});
  nodes.push_back({{}, 0, nodes[node].first + half, nodes[node].count - half});
}

template <typename Consider>
struct TileIndex::Tree::Search {
  const Tree& tree;
  Descriptor query;
  Coordinates at;
  std::int64_t bound;
  std::int64_t limit;
  const Consider& consider;

  void visit(const Node& node) {
    if (node.left == 0) return look_through(node);
    const Node& left = tree.nodes[static_cast<std::size_t>(node.left)];
    const Node& right = tree.nodes[static_cast<std::size_t>(node.left) + 1];
    const std::int64_t to_left = separation(at, left.box);
    const std::int64_t to_right = separation(at, right.box);
    const bool left_first = to_left <= to_right;
    if (std::min(to_left, to_right) <= limit) visit(left_first ? left : right);
    if (std::max(to_left, to_right) <= limit) visit(left_first ? right : left);
  }

  void look_through(const Node& leaf) {
    const auto first = static_cast<std::size_t>(leaf.first);
    for (std::size_t i = first; i < first + static_cast<std::size_t>(leaf.count); ++i) {
      if (separation(at, tree.coordinates[i]) > limit) continue;
      const std::int32_t d = distance(query, tree.descriptors[i]);
      if (d > bound) continue;
      bound = std::min(bound, consider(tree.order[i], d));
      limit = tree.rotation.limit_for(bound);
    }
  }
};

template <typename Consider>
void TileIndex::Tree::search(Descriptor query, std::int64_t bound, const Consider& consider) const {
  constexpr std::int64_t kFarthest = std::numeric_limits<std::int32_t>::max();
  if (bound < 0) return;
  bound = std::min(bound, kFarthest);
  Search<Consider>{*this,   query, rotation.project(query), bound, rotation.limit_for(bound),
                   consider}
      .visit(nodes.front());
}

TileIndex::TileIndex(const DescriptorTable& tiles) : tiles_(tiles) {
  if (!tiles.empty()) tree_ = std::make_unique<const Tree>(tiles);
}

TileIndex::~TileIndex() = default;

std::optional<Candidate> TileIndex::nearest(Descriptor query, const SearchLimits& limits) const {
  std::optional<Candidate> best;
  std::int64_t bound = limits.bound;
  if (!tree_) return best;
  tree_->search(query, bound, [&](TileNumber tile, std::int32_t d) {
    const std::int64_t penalty = limits.penalty ? limits.penalty(tile) : 0;
    assert(penalty >= 0);
    const std::int64_t cost = d + penalty;
    const bool nearer = cost < bound || (cost == bound && (!best || tile < best->tile));
    if (nearer && (!limits.accept || limits.accept(tile))) {
      best = Candidate{tile, d};
      bound = cost;
    }
    return bound;
  });
  return best;
}

std::vector<Candidate> TileIndex::nearest_k(Descriptor query, std::size_t k,
                                            const SearchLimits& limits) const {
  std::vector<Priced> best;
  if (!tree_ || k == 0) return {};
  std::int64_t bound = limits.bound;
  tree_->search(query, bound, [&](TileNumber tile, std::int32_t d) {
    const Priced priced{d + (limits.penalty ? limits.penalty(tile) : 0), {tile, d}};
    if (priced.cost > bound || (limits.accept && !limits.accept(tile))) return bound;
    best.insert(std::upper_bound(best.begin(), best.end(), priced), priced);
    if (best.size() > k) best.pop_back();
    if (best.size() == k) bound = std::min(bound, best.back().cost);
    return bound;
  });
  return candidates_of(best);
}

Candidate TileIndex::nearest(Descriptor query) const {
  assert(tree_);
  Candidate best{std::numeric_limits<TileNumber>::max(), std::numeric_limits<std::int32_t>::max()};
  tree_->search(query, best.distance, [&](TileNumber tile, std::int32_t d) {
    if (d < best.distance || tile < best.tile) best = {tile, d};
    return std::int64_t{best.distance};
  });
  return best;
}

TileIndex::Two TileIndex::nearest_two(Descriptor query, TileNumber guess,
                                      TileNumber other_guess) const {
  assert(tree_);
  constexpr Candidate kNone{std::numeric_limits<TileNumber>::max(),
                            std::numeric_limits<std::int32_t>::max()};
  // Two different tiles are at most this far, so the two nearest are.
  const std::int32_t bound = guess == other_guess ? kNone.distance
                                                  : std::max(distance(query, (*this)[guess]),
                                                             distance(query, (*this)[other_guess]));
  Two two{kNone, kNone};
  const auto before = [](const Candidate& a, const Candidate& b) {
    return a.distance != b.distance ? a.distance < b.distance : a.tile < b.tile;
  };
  tree_->search(query, bound, [&](TileNumber tile, std::int32_t d) {
    const Candidate candidate{tile, d};
    if (before(candidate, two.first)) {
      two.second = std::exchange(two.first, candidate);
    } else if (before(candidate, two.second)) {
      two.second = candidate;
    }
    return std::int64_t{two.second.distance};
  });
  return two;
}

std::optional<Candidate> nearest_by_scan(const DescriptorTable& tiles, Descriptor query,
                                         const SearchLimits& limits) {
  std::optional<Candidate> best;
  std::int64_t bound = limits.bound;
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const auto tile = static_cast<TileNumber>(i);
    const std::int32_t d = distance(query, tiles[i]);
    const std::int64_t cost = d + (limits.penalty ? limits.penalty(tile) : 0);
    if (cost > bound || (best && cost == bound)) continue;
    if (limits.accept && !limits.accept(tile)) continue;
    best = Candidate{tile, d};
    bound = cost;
  }
  return best;
}

std::vector<Candidate> nearest_k_by_scan(const DescriptorTable& tiles, Descriptor query,
                                         std::size_t k, const SearchLimits& limits) {
  std::vector<Priced> all;
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const auto tile = static_cast<TileNumber>(i);
    const std::int32_t d = distance(query, tiles[i]);
    const std::int64_t cost = d + (limits.penalty ? limits.penalty(tile) : 0);
    if (cost <= limits.bound && (!limits.accept || limits.accept(tile)))
      all.push_back({cost, {tile, d}});
  }
  std::sort(all.begin(), all.end());
  all.resize(std::min(all.size(), k));
  return candidates_of(all);
}

}  // namespace smalti

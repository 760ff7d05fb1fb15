#include "match/assignment.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <functional>
#include <limits>
#include <queue>
#include <utility>

// To give every cell a tile of its own at the least sum of distances is the linear assignment
// problem. Jonker and Volgenant (1987: "A shortest augmenting path algorithm for dense and sparse
// linear assignment problems") solve it row by row: each new row takes the cheapest path of tiles
// that change hands, and prices on the tiles keep all earlier rows content.
//
// All distances would be a table of cells times tiles, far too large for thousands of both. So each
// row begins with the list of its 32 nearest tiles. The prices prove whether a tile outside of a
// list could still make a path cheaper, because it costs at least as much as the last one listed;
// only then is the list doubled. The answer is that of the whole table. Everything is integers, and
// of equal paths the tile of the lower number comes first: the same answer on every machine.

namespace smalti::match {
namespace {

constexpr std::size_t kFirstList = 32;
constexpr std::int32_t kNone = -1;

// Each tile once, with its least distance; of these the nearest `count`, in order.
void keep_nearest(std::vector<Candidate>& list, std::size_t count) {
  std::sort(list.begin(), list.end(), [](const Candidate& a, const Candidate& b) {
    return std::pair(a.tile, a.distance) < std::pair(b.tile, b.distance);
  });
  list.erase(std::unique(list.begin(), list.end(),
                         [](const Candidate& a, const Candidate& b) { return a.tile == b.tile; }),
             list.end());
  std::sort(list.begin(), list.end(), [](const Candidate& a, const Candidate& b) {
    return std::pair(a.distance, a.tile) < std::pair(b.distance, b.tile);
  });
  if (list.size() > count) list.resize(count);
}

// Queries are rows, tiles columns. A column's price is at most 0, and 0 while nobody has it; a
// row's value is what its tile costs it, less that tile's price. No listed edge costs less than
// both.
class Matching {
 public:
  Matching(const TileIndex& tiles, const DescriptorTable& queries, std::size_t alternatives)
      : tiles_(tiles),
        queries_(queries),
        alternatives_(alternatives),
        lists_(queries.size() / alternatives),
        values_(lists_.size()),
        prices_(tiles.size()),
        row_of_(tiles.size(), kNone),
        edge_of_(lists_.size()),
        reached_(tiles.size()),
        came_from_(tiles.size()) {
    for (std::size_t row = 0; row < lists_.size(); ++row) {
      grow(row);
      values_[row] = lists_[row].front().distance;
    }
  }

  std::vector<Candidate> solve() {
    for (std::size_t row = 0; row < lists_.size(); ++row) {
      while (!augment(row)) {
        // Lists have grown, or have to: every tile within reach is taken by rows that know no
        // other.
        for (const std::size_t stuck : stuck_) grow(stuck);
      }
    }
    return edge_of_;
  }

 private:
  using Step = std::pair<std::int64_t, TileNumber>;

  void grow(std::size_t row) {
    const std::size_t wanted = std::max(kFirstList, lists_[row].size() * 2);
    std::vector<Candidate> nearest = tiles_.nearest_k(queries_[row * alternatives_], wanted, {});
    for (std::size_t i = 1; i < alternatives_; ++i) {
      const auto others = tiles_.nearest_k(queries_[row * alternatives_ + i], wanted, {});
      nearest.insert(nearest.end(), others.begin(), others.end());
    }
    if (alternatives_ > 1) keep_nearest(nearest, wanted);
    lists_[row] = std::move(nearest);
  }

  bool is_whole(std::size_t row) const { return lists_[row].size() == tiles_.size(); }

  // The cheapest path from a row without a tile to a free one, through tiles that change hands.
  // False when the lists are too short to tell: it is to be called again, with those of stuck_
  // grown.
  bool augment(std::size_t start) {
    constexpr std::int64_t kFar = std::numeric_limits<std::int64_t>::max();
    std::fill(reached_.begin(), reached_.end(), kFar);
    std::priority_queue<Step, std::vector<Step>, std::greater<>> open;
    std::vector<TileNumber> closed;
    stuck_ = {start};
    relax(start, 0, open);
    while (!open.empty()) {
      const auto [length, tile] = open.top();
      open.pop();
      const auto t = static_cast<std::size_t>(tile);
      if (length > reached_[t]) continue;
      if (row_of_[t] == kNone) {
        // A row's tiles outside of its list cost it at least as much as its last one. When a path
        // of that length would be cheaper, the list is too short to decide.
        if (grow_too_short(start, length, closed)) {
          stuck_.clear();
          return false;
        }
        settle(start, length, closed);
        hand_over(start, tile);
        return true;
      }
      closed.push_back(tile);
      const auto row = static_cast<std::size_t>(row_of_[t]);
      stuck_.push_back(row);
      relax(row, length, open);
    }
    stuck_.erase(std::remove_if(stuck_.begin(), stuck_.end(),
                                [this](std::size_t row) { return is_whole(row); }),
                 stuck_.end());
    assert(!stuck_.empty());
    return false;
  }

  void relax(std::size_t row, std::int64_t length,
             std::priority_queue<Step, std::vector<Step>, std::greater<>>& open) {
    for (const Candidate& edge : lists_[row]) {
      const auto t = static_cast<std::size_t>(edge.tile);
      const std::int64_t reduced = edge.distance - values_[row] - prices_[t];
      if (length + reduced >= reached_[t]) continue;
      reached_[t] = length + reduced;
      came_from_[t] = {static_cast<std::int32_t>(row), edge};
      open.push({reached_[t], edge.tile});
    }
  }

  // Whether a row on the way might reach a tile outside of its list within `length`: then it gets a
  // longer list.
  bool grow_too_short(std::size_t start, std::int64_t length,
                      const std::vector<TileNumber>& closed) {
    bool grown = false;
    const auto consider = [&](std::size_t row, std::int64_t at) {
      if (is_whole(row) || at + lists_[row].back().distance - values_[row] >= length) return;
      grow(row);
      grown = true;
    };
    consider(start, 0);
    for (const TileNumber tile : closed) {
      const auto t = static_cast<std::size_t>(tile);
      consider(static_cast<std::size_t>(row_of_[t]), reached_[t]);
    }
    return grown;
  }

  // New values and prices, under which the path costs nothing more.
  void settle(std::size_t start, std::int64_t length, const std::vector<TileNumber>& closed) {
    values_[start] += length;
    for (const TileNumber tile : closed) {
      const auto t = static_cast<std::size_t>(tile);
      values_[static_cast<std::size_t>(row_of_[t])] += length - reached_[t];
      prices_[t] += reached_[t] - length;
    }
  }

  void hand_over(std::size_t start, TileNumber tile) {
    for (;;) {
      const auto [row, edge] = came_from_[static_cast<std::size_t>(tile)];
      row_of_[static_cast<std::size_t>(tile)] = row;
      const TileNumber given_up = std::exchange(edge_of_[static_cast<std::size_t>(row)], edge).tile;
      if (static_cast<std::size_t>(row) == start) return;
      tile = given_up;
    }
  }

  struct Origin {
    std::int32_t row;
    Candidate edge;
  };

  const TileIndex& tiles_;
  const DescriptorTable& queries_;
  std::size_t alternatives_;
  std::vector<std::vector<Candidate>> lists_;  // of each row, nearest first
  std::vector<std::int64_t> values_;
  std::vector<std::int64_t> prices_;
  std::vector<std::int32_t> row_of_;
  std::vector<Candidate> edge_of_;
  std::vector<std::int64_t> reached_;  // lengths of the search under way
  std::vector<Origin> came_from_;
  std::vector<std::size_t> stuck_;
};

}  // namespace

std::vector<Candidate> assign_distinct(const TileIndex& tiles, const DescriptorTable& queries,
                                       std::size_t alternatives) {
  assert(queries.size() / alternatives <= tiles.size());
  if (queries.empty()) return {};
  return Matching(tiles, queries, alternatives).solve();
}

}  // namespace smalti::match

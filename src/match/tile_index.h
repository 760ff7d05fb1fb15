#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "match/descriptor.h"

namespace smalti::match {

/// A tile's number in its TileSet.
using TileNumber = std::int32_t;

struct Candidate {
  TileNumber tile = -1;
  std::int32_t distance = 0;
  bool operator==(const Candidate&) const = default;
};

/// The tile of every cell of one frame, in the order of the cells; -1 where a cell stays
/// empty.
using Placement = std::vector<Candidate>;

/// Whether a tile may be shown. Empty: every one may. Any thread.
using TileFilter = std::function<bool(TileNumber)>;

/// Narrows a search. Empty functions do not take part.
struct SearchLimits {
  /// Only tiles whose distance + penalty is at most this.
  std::int64_t bound = std::numeric_limits<std::int64_t>::max();
  /// Only tiles for which it returns true.
  TileFilter accept = {};
  /// Added to a tile's distance before comparing. Never negative.
  std::function<std::int64_t(TileNumber)> penalty = {};
};

/// Finds the tiles nearest to a descriptor, exactly.
///
/// Distances are the integer sums of squared differences of `distance()`. Of equally near tiles the
/// lower number wins, which is the order of tile ids. A kd-tree (Friedman, Bentley and Finkel 1977)
/// over a few principal components passes over tiles that are certainly too far; it never decides.
/// Immutable; any thread.
class TileIndex {
 public:
  /// The table must outlive the index. A tile may have several descriptors, `alternatives` one
  /// after another, of which the nearest counts.
  explicit TileIndex(const DescriptorTable& tiles, std::size_t alternatives = 1);
  ~TileIndex();

  std::size_t size() const { return tiles_.size() / alternatives_; }
  std::size_t alternatives() const { return alternatives_; }
  std::size_t width() const { return tiles_.width(); }  ///< of the descriptors
  const DescriptorTable& descriptors() const { return tiles_; }

  /// A tile's distance from a descriptor.
  std::int32_t distance(Descriptor query, TileNumber tile) const;

  /// The nearest tile within the limits, or nothing when there is none. `Candidate::distance` is
  /// the tile's own, without penalty.
  std::optional<Candidate> nearest(Descriptor query, const SearchLimits& limits) const;

  /// The k nearest within the limits, the cheapest first (fewer when there are no more). The bound
  /// and the order are of distance + penalty.
  std::vector<Candidate> nearest_k(Descriptor query, std::size_t k,
                                   const SearchLimits& limits) const;

  /// The nearest of all tiles; there must be one.
  Candidate nearest(Descriptor query) const;

  /// The nearest tile, and the nearest of all others: its distance is 2^31 - 1 when there is
  /// none.
  struct Two {
    Candidate first;
    Candidate second;
  };

  /// There must be a tile. Two different tiles that are likely to be near may be named: this makes
  /// the search faster and never changes the answer.
  Two nearest_two(Descriptor query, TileNumber guess = 0, TileNumber other_guess = 0) const;

 private:
  struct Tree;

  template <typename Consider>
  void search(Descriptor query, std::int64_t bound, const Consider& consider) const;

  const DescriptorTable& tiles_;
  std::size_t alternatives_;
  std::unique_ptr<const Tree> tree_;
};

/// The same answers from looking at every tile: what the index is held against.
std::optional<Candidate> nearest_by_scan(const DescriptorTable& tiles, Descriptor query,
                                         const SearchLimits& limits);
std::vector<Candidate> nearest_k_by_scan(const DescriptorTable& tiles, Descriptor query,
                                         std::size_t k, const SearchLimits& limits);

}  // namespace smalti::match

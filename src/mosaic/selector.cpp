#include "mosaic/selector.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "match/assignment.h"
#include "match/ssim.h"
#include "match/triangle.h"
#include "mosaic/grouped_tiles.h"
#include "mosaic/lots.h"
#include "mosaic/select_rules.h"
#include "smalti/select_options.h"

// Choosing is exact. Each cell searches all tiles, never a short list: what is forbidden next to
// its neighbours is left out of the search, and penalties are added to distances.
//
// Cells are visited in a scattered order, so that no direction shows, large ones first. A cell that
// has a tile is judged with all others in place. What was not allowed when it was first filled is
// not allowed now, and the price of the tile counts only the uses before its turn, as when it was
// chosen. So nothing changes in a still clip.
//
// With spacing alone, what a search has proved is remembered: a floor below which no allowed tile
// but the kept one is. As long as nothing near the cell changes, the same tiles are allowed, and
// each is at least as far as it was, less what the cell has moved (the triangle inequality).

namespace smalti::mosaic {
namespace {

// The squared distance of so many Delta E in every block of a descriptor.
std::int64_t in_every_block(double delta_e, std::size_t width) {
  const double blocks = static_cast<double>(width) / 3;
  return std::llround(delta_e * delta_e * blocks * color::kLabScale * color::kLabScale);
}

// What a cell lacks in likeness, as keeping rules compare it.
std::int64_t as_cost(double unlikeness) {
  constexpr int kBits = 26;
  return std::llround(std::ldexp(unlikeness, kBits));
}

// With each tile at most once, whatever stands elsewhere is forbidden, so spacing says nothing
// more.
SelectOptions settled(SelectOptions o) {
  if (!o.unique) return o;
  o.max_uses = 1;
  o.spacing = 0;
  return o;
}

}  // namespace

int affordable_spacing(int wanted, std::size_t tiles) {
  int spacing = 0;
  while (spacing < wanted) {
    const auto side = static_cast<std::size_t>(2 * (spacing + 1) + 1);
    if (side * side > tiles) break;
    ++spacing;
  }
  return spacing;
}

// One frame while it is being filled.
class Selector::Frame {
 public:
  Frame(const Selector& selector, const match::DescriptorTable& cells,
        const match::Placement& nearest, const match::Placement& before, const KeepingRule& keep,
        const Moment& moment)
      : s_(selector),
        cells_(cells),
        nearest_(nearest),
        placement_(before),
        keep_(keep),
        lots_(selector.options_, moment.shot),
        allowed_(moment.allowed),
        memory_(selector.only_spacing() && !allowed_ ? moment.memory : nullptr),
        uses_(selector.near_.groups(selector.index_.size())),
        decided_(uses_.size()),
        forbidden_by_(uses_.size(), kNobody) {
    if (placement_.empty()) placement_.resize(cells.size());
    for (const match::Candidate& c : placement_) add(c.tile, 1);
    if (memory_ != nullptr && (before.empty() || memory_->floors.size() != cells.size()))
      *memory_ = {cells, std::vector<std::int64_t>(cells.size(), kUnknown)};
  }

  match::Placement fill() {
    for (const std::size_t cell : s_.order_) decide(cell);
    return std::move(placement_);
  }

 private:
  static constexpr std::int64_t kUnknown = -1;
  static constexpr std::size_t kNobody = std::numeric_limits<std::size_t>::max();

  std::size_t group_of(match::TileNumber tile) const { return s_.near_.group_of(tile); }

  void add(match::TileNumber tile, int uses) {
    if (tile >= 0) uses_[group_of(tile)] += uses;
  }

  void decide(std::size_t cell) {
    match::Candidate& here = placement_[cell];
    add(here.tile, -1);
    const std::optional<match::Candidate> better = here.tile < 0 ? first(cell) : replacement(cell);
    if (better) {
      here = *better;
      forget_around(cell);
    } else {
      here.distance = s_.index_.distance(cells_[cell], here.tile);
    }
    add(here.tile, 1);
    ++decided_[group_of(here.tile)];
  }

  std::optional<match::Candidate> first(std::size_t cell) {
    forbid_around(cell);
    if (lots_.takes_any(cell)) {
      if (auto lot = random_tile(cell)) return lot;
    }
    constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max();
    if (auto found = choose(cell, kAny)) return found;
    // Beside a large cell there may be more small ones than there are tiles.
    for (int spacing = s_.options_.spacing; !s_.cells_.is_grid() && spacing > 1;) {
      allow_around(cell, spacing);
      forbid_around(cell, --spacing);
      if (auto found = choose(cell, kAny)) return found;
    }
    // Spacing and caps together left nothing: the cap, which can always be kept, goes first.
    match::SearchLimits limits;
    limits.accept = [this](match::TileNumber tile) {
      return is_below_cap(tile) && is_allowed(tile);
    };
    return s_.index_.nearest(cells_[cell], limits);
  }

  // A tile that clearly beats the one that stands there.
  std::optional<match::Candidate> replacement(std::size_t cell) {
    const match::TileNumber kept = placement_[cell].tile;
    if (!is_allowed(kept)) return first(cell);
    if (lots_.takes_any(cell)) return std::nullopt;
    if (s_.options_.ssim_k > 1) return more_alike(cell, kept);
    if (s_.options_.use_all && uses_[group_of(kept)] == 0) return std::nullopt;
    const std::int64_t penalty = kept_penalty_of(kept);
    const std::int64_t bound = keep_.bound(cell, s_.index_.distance(cells_[cell], kept) + penalty,
                                           placement_[cell].distance + penalty);
    if (nearest_[cell].distance > bound) return std::nullopt;
    if (memory_ != nullptr) return remembering(cell, kept, bound);
    forbid_around(cell);
    return choose(cell, bound);
  }

  // The same, by what an earlier search has proved: as long as nothing near has changed, the same
  // tiles are allowed, and each is at least as far as it was, less what the cell has moved.
  std::optional<match::Candidate> remembering(std::size_t cell, match::TileNumber kept,
                                              std::int64_t bound) {
    constexpr std::int64_t kFarthest = std::numeric_limits<std::int32_t>::max();
    std::int64_t& floor = memory_->floors[cell];
    if (floor != kUnknown) {
      const std::int32_t moved = match::distance(cells_[cell], memory_->cells[cell]);
      if (match::roots_add_up_below(bound, moved, floor)) return std::nullopt;
    }
    forbid_around(cell);
    if (may_stand(nearest_[cell].tile, cell)) return nearest_[cell];
    match::SearchLimits limits;
    // Wider than asked, to prove more, where nothing near has changed since the last search.
    limits.bound = std::min(floor == kUnknown ? bound : 2 * bound, kFarthest - 1);
    limits.accept = [this, cell, kept](match::TileNumber tile) {
      return tile != kept && forbidden_by_[group_of(tile)] != cell;
    };
    const std::optional<match::Candidate> found = s_.index_.nearest(cells_[cell], limits);
    if (found && found->distance <= bound) return found;
    floor = found ? found->distance : limits.bound + 1;
    std::copy(cells_[cell].begin(), cells_[cell].end(), memory_->cells.row(cell));
    return std::nullopt;
  }

  // What was proved for the cells that a change at this one concerns.
  void forget_around(std::size_t cell) {
    if (memory_ == nullptr) return;
    s_.for_around(cell, [this](std::size_t other) { memory_->floors[other] = kUnknown; });
  }

  std::optional<match::Candidate> choose(std::size_t cell, std::int64_t bound) {
    match::SearchLimits limits;
    limits.bound = bound;
    if (s_.options_.spacing > 0 || s_.options_.max_uses || allowed_)
      limits.accept = [this, cell](match::TileNumber tile) { return may_stand(tile, cell); };
    if (s_.penalty_ > 0)
      limits.penalty = [this](match::TileNumber tile) { return penalty_of(tile); };
    if (s_.options_.ssim_k > 1) return most_alike(cell, limits);
    if (s_.options_.best_k > 1) return one_of_best(cell, limits);
    // What is nearest of all is nearest of those that may stand here, when it may.
    const match::Candidate& nearest = nearest_[cell];
    if (s_.penalty_ == 0 && nearest.distance <= bound && may_stand(nearest.tile, cell))
      return nearest;
    return s_.index_.nearest(cells_[cell], limits);
  }

  // One of the best k, by lot; nothing when the lot or the tile that stands there is as good.
  std::optional<match::Candidate> one_of_best(std::size_t cell, match::SearchLimits limits) {
    const std::int64_t bound = limits.bound;
    limits.bound = std::numeric_limits<std::int64_t>::max();
    const match::TileNumber kept = placement_[cell].tile;
    if (s_.penalty_ > 0)
      limits.penalty = [this, kept](match::TileNumber tile) {
        return tile == kept ? kept_penalty_of(tile) : penalty_of(tile);
      };
    const std::vector<match::Candidate> best =
        s_.index_.nearest_k(cells_[cell], static_cast<std::size_t>(s_.options_.best_k), limits);
    if (best.empty()) return std::nullopt;
    const bool stands = std::any_of(best.begin(), best.end(),
                                    [&](const match::Candidate& c) { return c.tile == kept; });
    if (stands) return std::nullopt;
    const match::Candidate lot = best[lots_.one_of(best, cell)];
    if (lot.distance + penalty_of(lot.tile) > bound) return std::nullopt;
    return lot;
  }

  // How unlike a cell a tile is in structure, from 0 to 2, and more for each of its uses.
  double unlikeness(std::size_t cell, match::TileNumber tile, const std::vector<int>& uses) const {
    return 1 - match::ssim(cells_[cell], s_.index_.descriptors()[static_cast<std::size_t>(tile)]) +
           s_.options_.repeat_penalty * uses[group_of(tile)];
  }

  // Of the nearest the one most alike; of equal ones the nearest.
  std::optional<match::Candidate> most_alike(std::size_t cell,
                                             const match::SearchLimits& limits) const {
    std::optional<match::Candidate> best;
    double least = 0;
    for (const match::Candidate& c :
         s_.index_.nearest_k(cells_[cell], static_cast<std::size_t>(s_.options_.ssim_k), limits)) {
      const double unlike = unlikeness(cell, c.tile, uses_);
      if (best && unlike >= least) continue;
      best = c;
      least = unlike;
    }
    return best;
  }

  // One that clearly beats the tile that stands there. That one is judged as it was when it was
  // chosen: see kept_penalty_of.
  std::optional<match::Candidate> more_alike(std::size_t cell, match::TileNumber kept) {
    forbid_around(cell);
    const std::optional<match::Candidate> best =
        choose(cell, std::numeric_limits<std::int64_t>::max());
    if (!best || best->tile == kept) return std::nullopt;
    const std::int64_t now = as_cost(unlikeness(cell, kept, decided_));
    const bool beats = as_cost(unlikeness(cell, best->tile, uses_)) <= keep_.bound(cell, now, now);
    return beats ? best : std::nullopt;
  }

  // Any tile that is allowed: the lot's, or the next one in order.
  std::optional<match::Candidate> random_tile(std::size_t cell) const {
    const std::size_t tiles = s_.index_.size();
    const std::size_t start = lots_.any_of(tiles, cell);
    for (std::size_t i = 0; i < tiles; ++i) {
      const auto tile = static_cast<match::TileNumber>((start + i) % tiles);
      if (!may_stand(tile, cell)) continue;
      return match::Candidate{tile, s_.index_.distance(cells_[cell], tile)};
    }
    return std::nullopt;
  }

  bool may_stand(match::TileNumber tile, std::size_t cell) const {
    return forbidden_by_[group_of(tile)] != cell && is_below_cap(tile) && is_allowed(tile);
  }

  bool is_allowed(match::TileNumber tile) const { return !allowed_ || allowed_(tile); }

  bool is_below_cap(match::TileNumber tile) const {
    return !s_.options_.max_uses || uses_[group_of(tile)] < *s_.options_.max_uses;
  }

  std::int64_t penalty_of(match::TileNumber tile) const {
    return s_.penalty_ * uses_[group_of(tile)];
  }

  // What it would be if the tile were chosen in its turn now: later cells' uses do not count, or
  // the second frame of a still clip would judge the first one's choices anew.
  std::int64_t kept_penalty_of(match::TileNumber tile) const {
    return s_.penalty_ * decided_[group_of(tile)];
  }

  // Marks the tiles that stand too near.
  void forbid_around(std::size_t cell) { forbid_around(cell, s_.options_.spacing); }
  void forbid_around(std::size_t cell, int spacing) {
    if (spacing > 0) mark_around(cell, spacing, cell);
  }
  // Takes these marks back.
  void allow_around(std::size_t cell, int spacing) { mark_around(cell, spacing, kNobody); }

  void mark_around(std::size_t cell, int spacing, std::size_t mark) {
    const auto mark_one = [&](std::size_t other) {
      const match::TileNumber tile = placement_[other].tile;
      if (other != cell && tile >= 0) forbidden_by_[group_of(tile)] = mark;
    };
    if (spacing == s_.options_.spacing) return s_.for_around(cell, mark_one);
    s_.cells_.for_neighbours(cell, spacing, mark_one);
  }

  const Selector& s_;
  const match::DescriptorTable& cells_;
  const match::Placement& nearest_;
  match::Placement placement_;
  const KeepingRule& keep_;
  Lots lots_;
  const match::TileFilter& allowed_;
  Memory* memory_;
  // By groups of near-duplicates:
  std::vector<int> uses_;     // by all other cells, the later ones as they stood before
  std::vector<int> decided_;  // by the earlier ones
  std::vector<std::size_t> forbidden_by_;  // the cell that last found it too near
};

Selector::Selector(const match::TileIndex& index, Cells cells, const SelectOptions& options,
                   const match::NearDuplicates& near, const std::vector<bool>& filled)
    : index_(index),
      cells_(std::move(cells)),
      options_(settled(options)),
      near_(options.counts_uses() ? near : near.pictures_alone()),
      penalty_(options.ssim_k > 1 ? 0 : in_every_block(options.repeat_penalty, index.width())) {
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (filled.empty() || filled[i]) filled_.push_back(i);
  const std::size_t different = near_.groups(index.size());
  check_controls(options, filled_.size(), index.size(), different);
  order_ = filled_;
  // Large ones first: they show most what they are given.
  const auto area = [this](std::size_t cell) {
    const Rect r = cells_.in_fields(cell);
    return r.width * r.height;
  };
  std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(-area(a), mixed(a)) < std::pair(-area(b), mixed(b));
  });
  if (!cells_.is_grid() && options_.spacing > 0) find_around();
}

void Selector::find_around() {
  around_begin_.push_back(0);
  for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
    cells_.for_neighbours(cell, options_.spacing, [this](std::size_t other) {
      around_.push_back(static_cast<std::uint32_t>(other));
    });
    around_begin_.push_back(around_.size());
  }
}

match::DescriptorTable Selector::filled(const match::DescriptorTable& cells) const {
  match::DescriptorTable some(filled_.size(), cells.width());
  for (std::size_t i = 0; i < filled_.size(); ++i)
    std::copy(cells[filled_[i]].begin(), cells[filled_[i]].end(), some.row(i));
  return some;
}

// A tile of a picture of its own for every cell, as cheaply as can be.
match::Placement Selector::each_tile_once(const match::DescriptorTable& cells) const {
  const GroupedTiles groups(index_, near_);
  const match::TileIndex looks(groups.looks(), groups.alternatives());
  const std::vector<match::Candidate> group_of = match::assign_distinct(looks, filled(cells));
  match::Placement placement(cells.size());
  for (std::size_t i = 0; i < group_of.size(); ++i)
    placement[filled_[i]] =
        groups.nearest(static_cast<std::size_t>(group_of[i].tile), cells[filled_[i]]);
  return placement;
}

// A tile of every picture in a cell of its own, as cheaply as can be; the other cells are empty.
match::Placement Selector::all_tiles_once(const match::DescriptorTable& cells) const {
  const GroupedTiles groups(index_, near_);
  const match::DescriptorTable some = filled(cells);
  const match::TileIndex cell_index(some);
  const std::vector<match::Candidate> cell_of =
      match::assign_distinct(cell_index, groups.looks(), groups.alternatives());
  match::Placement placement(cells.size());
  for (std::size_t i = 0; i < cell_of.size(); ++i) {
    const std::size_t cell = filled_[static_cast<std::size_t>(cell_of[i].tile)];
    placement[cell] = groups.nearest(i, cells[cell]);
  }
  return placement;
}

// Without controls: each cell by itself.
match::Placement Selector::nearest_or_kept(const match::DescriptorTable& cells,
                                           const match::Placement& nearest,
                                           const match::Placement& before,
                                           const Moment& moment) const {
  match::Placement placement = before.empty() ? match::Placement(cells.size()) : before;
  for (const std::size_t cell : filled_) {
    match::Candidate& here = placement[cell];
    const bool may_stay = here.tile >= 0 && (!moment.allowed || moment.allowed(here.tile));
    if (may_stay && here.tile != nearest[cell].tile) {
      const std::int32_t now = index_.distance(cells[cell], here.tile);
      if (nearest[cell].distance > moment.keep.bound(cell, now, here.distance)) {
        here.distance = now;
        continue;
      }
    }
    here = nearest[cell];
  }
  return placement;
}

match::Placement Selector::select(const match::DescriptorTable& cells,
                                  const match::Placement& nearest, const match::Placement& before,
                                  const Moment& moment) const {
  if (options_.plain()) return nearest_or_kept(cells, nearest, before, moment);
  const auto filled_from = [&](const match::Placement& from, const KeepingRule& keep) {
    return Frame(*this, cells, nearest, from, keep, moment).fill();
  };
  if (!before.empty()) return filled_from(before, moment.keep);
  if (options_.unique) return each_tile_once(cells);
  if (!options_.use_all) return filled_from({}, moment.keep);
  // Cells that were given a tile may find it elsewhere too by now, and be free to change. Without
  // penalties what they change to is nearer each time, so this ends by itself.
  constexpr int kMostPasses = 20;
  match::Placement placement = filled_from(all_tiles_once(cells), Hysteresis(0));
  for (int pass = 0; pass < kMostPasses; ++pass) {
    match::Placement next = filled_from(placement, moment.keep);
    if (next == placement) break;
    placement = std::move(next);
  }
  return placement;
}

}  // namespace smalti::mosaic

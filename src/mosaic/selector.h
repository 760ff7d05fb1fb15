#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/cells.h"
#include "match/descriptor.h"
#include "match/near_duplicates.h"
#include "match/tile_index.h"
#include "mosaic/keeping.h"
#include "smalti/select_options.h"

namespace smalti::mosaic {

/// The largest spacing that can always be kept with so many different tiles, up to the wanted one:
/// the cells within it of a cell must not be able to use up all tiles.
int affordable_spacing(int wanted, std::size_t tiles);

/// Chooses the tiles of a frame under these controls.
///
/// Cells are visited in a fixed, scattered order, large ones first. Each takes the cheapest tile
/// that is allowed next to what stands already: exactly, by searching all tiles. With a placement
/// before it, a cell keeps its tile unless, by the keeping rule, an allowed one beats it, with all
/// others in place; so a still clip does not flicker, because what was not allowed when the cell
/// was first filled is not allowed now. Random choices are a hash of seed, shot and cell, the same
/// for all frames of a shot. const, any thread.
///
/// What counts as one tile is used, kept apart and assigned as one. Unique and use_all go by the
/// pictures alone: each is given one of its tiles, exactly, the one that makes the whole cheapest.
class Selector {
 public:
  /// What the frames before have proved about a shot's cells. It makes selecting faster and never
  /// changes what is selected. One thread at a time, frame after frame.
  struct Memory {
    match::DescriptorTable cells;      ///< as they were when they were last searched for
    std::vector<std::int64_t> floors;  ///< no allowed tile but the kept one was nearer; -1: unknown
  };

  /// What is asked of one frame.
  struct Moment {
    std::int64_t shot = 0;  ///< names the shot
    const KeepingRule& keep = best_wins();
    /// Of so many tiles that every rule can be kept with these alone. Not with unique and use_all.
    match::TileFilter allowed = {};
    Memory* memory = nullptr;  ///< without effect where not all are allowed
  };

  /// The index must outlive the selector; with ssim_k, its descriptors begin with a lightness.
  /// Cells that are not `filled` (empty: all are) get no tile. Throws Error (kUsage) for numbers
  /// out of range, for controls that contradict each other, and for too many or too few cells for
  /// so many tiles.
  Selector(const match::TileIndex& index, Cells cells, const SelectOptions& options,
           const match::NearDuplicates& near = {}, const std::vector<bool>& filled = {});

  /// `nearest` is the nearest allowed tile of each cell. `before` is the placement of the frame
  /// before in the same shot, or empty.
  match::Placement select(const match::DescriptorTable& cells, const match::Placement& nearest,
                          const match::Placement& before, const Moment& moment) const;

 private:
  class Frame;

  match::Placement nearest_or_kept(const match::DescriptorTable& cells,
                                   const match::Placement& nearest, const match::Placement& before,
                                   const Moment& moment) const;
  /// Whether what is allowed for a cell depends on the cells near it alone.
  bool only_spacing() const {
    return !options_.max_uses && !options_.use_all && penalty_ == 0 && options_.best_k == 1 &&
           options_.ssim_k == 1;
  }
  match::DescriptorTable filled(const match::DescriptorTable& cells) const;
  match::Placement each_tile_once(const match::DescriptorTable& cells) const;
  match::Placement all_tiles_once(const match::DescriptorTable& cells) const;

  const match::TileIndex& index_;
  Cells cells_;
  SelectOptions options_;
  match::NearDuplicates near_;
  std::int64_t penalty_;  // squared distance of a use; none with ssim_k
  /// Calls with every cell within the spacing of a cell, this one too.
  template <typename Call>
  void for_around(std::size_t cell, Call call) const {
    if (around_.empty()) return cells_.for_neighbours(cell, options_.spacing, call);
    for (std::size_t i = around_begin_[cell]; i < around_begin_[cell + 1]; ++i) call(around_[i]);
  }
  void find_around();

  std::vector<std::size_t> filled_;  // the cells that get a tile
  std::vector<std::size_t> order_;   // in which these are visited
  // Where cells are of several sizes, those within the spacing of each, cell after cell: in a grid
  // they are found faster than looked up.
  std::vector<std::uint32_t> around_;
  std::vector<std::size_t> around_begin_;
};

}  // namespace smalti::mosaic

#pragma once

#include <cstdint>
#include <optional>

namespace smalti {

/// The artist's controls: what is asked of a placement beyond that each tile is near. By default
/// nothing is. Crops and mirrored twins of one picture count as one tile for all of them but lots,
/// near-duplicates for spacing, max_uses and repeat_penalty.
struct SelectOptions {
  /// Equal tiles stand more than this many cells apart, across and down.
  int spacing = 0;
  /// Each tile is used at most this often in a frame.
  std::optional<int> max_uses = {};
  /// Each tile is used at most once in a frame; a shot's first frame at the least possible cost.
  bool unique = false;
  /// Each tile is used at least once; a shot's first frame gives each the cell that it costs least.
  bool use_all = false;
  /// Each further use of a tile in a frame makes it costlier, by what this many Delta E (CIE 1976)
  /// in every block would; with ssim_k, takes this off its SSIM.
  double repeat_penalty = 0;
  /// Each cell takes one of its so many nearest tiles.
  int best_k = 1;
  /// Nearer ones of these more often: by the inverse of their distance. Otherwise all alike.
  bool weigh_by_distance = true;
  /// Of its so many nearest tiles each cell takes the one most like it in structure: the SSIM of
  /// the blocks' lightness. 1: off.
  int ssim_k = 1;
  /// This share of the cells takes any tile.
  double randomness = 0;
  /// Names a series of random choices.
  std::uint64_t seed = 0;

  /// Whether anything depends on where else a tile stands, but for unique and use_all, to which
  /// each picture counts by itself.
  bool counts_uses() const {
    return !unique && !use_all && (spacing > 0 || max_uses || repeat_penalty > 0);
  }

  bool plain() const {
    return spacing == 0 && !max_uses && !unique && !use_all && repeat_penalty == 0 && best_k == 1 &&
           ssim_k == 1 && randomness == 0;
  }
};

}  // namespace smalti

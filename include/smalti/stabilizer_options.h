#pragma once

namespace smalti {

enum class StabilizerKind {
  kHysteresis,  ///< replace the kept tile when distance(best, now) < threshold * distance(kept,
                ///< now)
  kPrevious,    ///< ... < threshold * distance the kept tile had in the frame before
  kNone,        ///< always the nearest tile
};

/// 1 replaces whenever another tile is nearer, smaller values hold on longer.
inline constexpr double kDefaultStabilizationThreshold = 0.9;
/// Where small cells follow what moves: the same share of the picture changes as with equal cells.
inline constexpr double kCalmerThreshold = 0.85;

}  // namespace smalti

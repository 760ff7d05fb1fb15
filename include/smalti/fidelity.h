#pragma once

#include <cstdint>

#include "smalti/descriptor.h"
#include "smalti/grid.h"
#include "smalti/tile_index.h"
#include "smalti/tint.h"

namespace smalti {

/// How far a mosaic frame is from its target, seen at the resolution of descriptors: 4 x 4 blocks a
/// cell in CIELAB, whatever the matcher went by.
struct Fidelity {
  double sum_delta_e = 0;  ///< over all blocks: Euclidean CIELAB distance (CIE 1976)
  double sum_squared_delta_e = 0;
  double sum_ssim = 0;  ///< over all windows
  std::uint64_t blocks = 0;
  std::uint64_t windows = 0;

  double mean_delta_e() const;
  double rms_delta_e() const;
  double mean_ssim() const;
  Fidelity& operator+=(const Fidelity& other);
};

/// Measures one frame. `target` describes the grid's cells, `tiles` the tiles of the placement.
/// Tiles count as `tinter` shifts them, if there is one. Cells without a tile have no Delta E, and
/// count as equal in SSIM.
///
/// SSIM is taken of L* (range 100), over windows of 8 x 8 blocks moved by 4, as Wang et al. 2004
/// define it (K1 = 0.01, K2 = 0.03, uniform weights); a grid smaller than a window is one window.
/// const, any thread.
Fidelity measure_fidelity(const Grid& grid, const DescriptorTable& target,
                          const DescriptorTable& tiles, const Placement& placement,
                          const Tinter* tinter = nullptr);

}  // namespace smalti

#pragma once

#include <cstdint>

#include "base/cells.h"
#include "match/descriptor.h"
#include "match/tile_index.h"
#include "mosaic/tint.h"
#include "smalti/fidelity.h"

namespace smalti::measure {

/// Measures one frame. `target` describes the cells, `tiles` the tiles of the placement.
/// Tiles count as `tinter` shifts them, if there is one. Cells without a tile have no Delta E, and
/// count as equal in SSIM.
///
/// SSIM is taken of L* (range 100), over windows of 8 x 8 blocks moved by 4, as Wang et al. 2004
/// define it (K1 = 0.01, K2 = 0.03, uniform weights); a grid smaller than a window is one window.
/// Where cells are of several sizes, what a cell shows counts as often as it has fields, and bare
/// fields count as equal.
/// const, any thread.
Fidelity measure_fidelity(const Cells& cells, const match::DescriptorTable& target,
                          const match::DescriptorTable& tiles, const match::Placement& placement,
                          const mosaic::Tinter* tinter = nullptr);

}  // namespace smalti::measure

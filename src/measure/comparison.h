#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/cells.h"
#include "base/picture.h"
#include "smalti/comparison.h"

namespace smalti::measure {

/// Compares two pictures of any size and format, cell by cell of a grid that is laid over both in
/// proportion: as many cells of equal size as there are `cells`. It matters how many these are and
/// what shape their canvas gives them, not where they lie.
///
/// Everything is averaged and blurred in linear light. Blurs are Gaussian and as round as an eye's:
/// "a cell" is the root of its width times its height on the canvas. They mirror the picture at its
/// edges. What is transparent counts as laid on white. SSIM is measured as in measure_fidelity,
/// with cells in place of blocks. Works through the pictures in bands, on all threads, and takes
/// some 30 bytes a cell beside a few MB a thread. const, any thread.
Comparison compare_pictures(const Picture& target, const Picture& mosaic, const Cells& cells);

}  // namespace smalti::measure

#pragma once

#include <cstddef>

#include "smalti/select_options.h"

namespace smalti::mosaic {

/// Throws Error (kUsage) for controls out of range, for those that contradict each other, and for
/// too many or too few cells: so many tiles there are, of which so many are different.
void check_controls(const SelectOptions& options, std::size_t cells, std::size_t tiles,
                    std::size_t different);

}  // namespace smalti::mosaic

#pragma once

#include <cstddef>

#include "base/cells.h"
#include "base/picture.h"
#include "mosaic/layout.h"
#include "smalti/mosaic_job.h"

namespace smalti {

/// A still's cells: the layout's own, or so many of an adaptive one's where there is something to
/// be seen. Throws Error as ImportanceFinder does.
Cells lay_still(const MosaicOptions& options, const mosaic::Layout& layout, const Picture& target,
                std::size_t wanted);

}  // namespace smalti

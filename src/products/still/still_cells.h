#pragma once

#include "base/cells.h"
#include "base/picture.h"
#include "mosaic/layout.h"
#include "smalti/mosaic_job.h"

namespace smalti {

/// A still's cells: the layout's own, or where it is adaptive those that its target asks for.
/// Throws Error as ImportanceFinder does.
Cells lay_still(const MosaicOptions& options, const mosaic::Layout& layout, const Picture& target);

}  // namespace smalti

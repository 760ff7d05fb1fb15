#pragma once

#include "base/cells.h"
#include "base/picture.h"
#include "mosaic/layout.h"
#include "products/run/importance.h"

namespace smalti {

/// A still's cells: the layout's own, or with a finder those of an adaptive layout that its target
/// asks for. `target` is what of it is shown.
Cells lay_still(const mosaic::Layout& layout, const Picture& target, ImportanceFinder* importance);

}  // namespace smalti

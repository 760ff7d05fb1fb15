#pragma once

#include "images/row_encoder.h"

namespace smalti::images {

/// Whether the file may pass the 4 GB that a classic TIFF can address, if no tile packs at all.
bool needs_big_tiff(Size size, int channels);

}  // namespace smalti::images

#pragma once

#include <cstdint>

#include "base/picture.h"

namespace smalti::measure {

/// How sharp a picture is: the variance of the Laplacian of its grey (green, where it is RGB),
/// taken of a reduction to at most 256 columns, so that noise counts for little. For comparing
/// frames of one video; 0 for one flat colour. Exact integers. const, any thread.
std::int64_t sharpness(const Picture& picture);

}  // namespace smalti::measure

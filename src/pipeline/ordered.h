#pragma once

#include <cstddef>
#include <functional>

#include "base/picture.h"

namespace smalti::pipeline {

/// Makes parts 0 to count - 1 in parallel and hands them on in order, one at a time. At most
/// `alive` parts are there at once. `make` may throw, as may `take`: the first exception ends the
/// run and is rethrown. When `stop` returns true no further part is begun; returns how many were
/// handed on.
std::size_t run_ordered(std::size_t count, std::size_t alive, const std::function<bool()>& stop,
                        const std::function<Picture(std::size_t)>& make,
                        const std::function<void(const Picture&)>& take);

}  // namespace smalti::pipeline

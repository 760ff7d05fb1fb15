#pragma once

#include <filesystem>
#include <vector>

#include "smalti/events.h"
#include "smalti/tile_library.h"

namespace smalti {

/// build_library with all that smalti reads, on so many threads (0: as many as processors).
BuildSummary build_tiles(const std::filesystem::path& library,
                         const std::vector<std::filesystem::path>& sources, int threads,
                         const Events& events);

}  // namespace smalti

#pragma once

#include <filesystem>
#include <vector>

#include "smalti/events.h"
#include "smalti/tile_library.h"

namespace smalti {

struct TileJob {
  std::filesystem::path library;
  std::vector<std::filesystem::path> sources;
  bool all_frames = false;  ///< BuildOptions::all_frames
  int threads = 0;          ///< 0: as many as processors
};

/// build_library with all that smalti reads.
BuildSummary build_tiles(const TileJob& job, const Events& events);

}  // namespace smalti

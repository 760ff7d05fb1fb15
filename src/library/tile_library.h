#pragma once

#include <filesystem>
#include <vector>

#include "library/ingest.h"
#include "media/video_frames.h"
#include "smalti/events.h"
#include "smalti/match_options.h"
#include "smalti/sizes.h"
#include "smalti/tile_library.h"

namespace smalti::library {

struct BuildOptions {
  Aspect aspect;                       ///< what tiles are described for ahead of their use
  MatchOptions match = {};             ///< that too
  media::VideoOpener open_video = {};  ///< a frame a second becomes a tile; without it, none
  bool all_frames = false;             ///< every picture of animations; otherwise the first alone
};

/// Makes the library hold what the sources (folders, pictures, videos) hold now, and no longer what
/// they have ceased to hold; what earlier builds took from other sources stays. A file is read only
/// when its size, times or inode have changed since, or when these could not tell.
///
/// Throws Error: kMissingInput for a source that cannot be read, kBadInput for one that is a
/// library itself and for a damaged or another version's one at `library`, kCannotCreate for
/// anything else there, kInputOutput when it cannot be written to. What was written before stays
/// whole.
BuildSummary build_library(const std::filesystem::path& library,
                           const std::vector<std::filesystem::path>& sources,
                           const BuildOptions& options, const Events& events);

/// Whether the file says of itself that it is a tile library.
bool is_library(const std::filesystem::path& path);

/// All of a library's tiles, as load_tiles gives them; of animations all pictures that it has.
/// Their thumbnails are read when they are wanted, each held against its checksum. Descriptions
/// that are missing are made, and kept where the library can be written to. Throws Error:
/// kMissingInput, and kBadInput when it is none, damaged, or of another version.
IngestResult load_library(const std::filesystem::path& library, Aspect aspect,
                          const Events& events);

}  // namespace smalti::library

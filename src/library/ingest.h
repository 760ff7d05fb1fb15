#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "media/video_frames.h"
#include "smalti/events.h"
#include "smalti/sizes.h"
#include "smalti/skipped_file.h"
#include "tiles/tile.h"

namespace smalti::library {

struct IngestResult {
  tiles::TileSet tiles;
  std::vector<SkippedFile> skipped;  ///< in the order of their paths
  std::size_t duplicates = 0;        ///< files left out because another has the same bytes
};

struct TileOptions {
  media::VideoOpener open_video = {};  ///< without it, videos are passed over
  /// Where folders and videos keep libraries of their own, so that the next use of them starts at
  /// once. Without it, or where it cannot be used, of which one warning tells, everything is made
  /// anew. The tiles are the same.
  std::optional<std::filesystem::path> cache;
  bool all_frames = false;  ///< every picture of animations; otherwise the first alone
  MatchOptions match = {};  ///< what the matcher is to see of them
};

/// Makes tiles of picture files and videos, of all of them in folders, recursively, and of tile
/// libraries.
///
/// Each picture goes through its thumbnail (make_thumbnail) and is then centre-cropped to `aspect`,
/// whatever its own shape. Inside folders, hidden files are passed over in silence, and so is what
/// is no picture by its content nor by its name. A broken picture, one of which the crop shows
/// nothing, and a named file that is no picture are skipped and listed. What is damaged but still
/// decodes is used, with a warning. Links are followed, each folder entered once. Files are decoded
/// in parallel; the result does not depend on order, threads or where the files lie.
///
/// When events.stop becomes true it returns soon, with whatever was loaded until then.
///
/// Throws Error: kMissingInput when a source does not exist or cannot be read, kBadInput when no
/// usable tile is left (the message says how many files were looked at and names the first
/// reasons).
IngestResult load_tiles(const std::vector<std::filesystem::path>& sources, Aspect aspect,
                        const Events& events, const TileOptions& options = {});

}  // namespace smalti::library

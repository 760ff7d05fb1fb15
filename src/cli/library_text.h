#pragma once

#include <string>
#include <vector>

#include "smalti/tile_cache.h"
#include "smalti/tile_library.h"

/// What the commands say of libraries, with a line's end.
namespace smalti::cli {

std::string build_text(const std::string& library, const BuildSummary& summary);
std::string build_json(const std::string& library, const BuildSummary& summary);

std::string info_text(const std::string& library, const LibraryInfo& info);
std::string info_json(const std::string& library, const LibraryInfo& info);

std::string cache_text(const std::string& folder, const std::vector<CachedLibrary>& libraries);
std::string cache_json(const std::string& folder, const std::vector<CachedLibrary>& libraries);

}  // namespace smalti::cli

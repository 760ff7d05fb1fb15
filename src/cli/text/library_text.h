#pragma once

#include <string>
#include <vector>

#include "cli/text/terminal_text.h"
#include "smalti/tile_cache.h"
#include "smalti/tile_library.h"

/// What the commands say of libraries, with a line's end.
namespace smalti::cli {

TerminalText build_text(const std::string& library, const BuildSummary& summary);
TerminalText build_json(const std::string& library, const BuildSummary& summary);

TerminalText info_text(const std::string& library, const LibraryInfo& info);
TerminalText info_json(const std::string& library, const LibraryInfo& info);

TerminalText cache_text(const std::string& folder, const std::vector<CachedLibrary>& libraries);
TerminalText cache_json(const std::string& folder, const std::vector<CachedLibrary>& libraries);

}  // namespace smalti::cli

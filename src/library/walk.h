#pragma once

#include <filesystem>
#include <vector>

#include "base/file_state.h"
#include "smalti/events.h"
#include "smalti/skipped_file.h"

namespace smalti::library {

struct FoundFile {
  std::filesystem::path path;
  bool named = false;  ///< by the user, not found in a folder
  FileState state;
  std::size_t source = 0;  ///< which of FoundFiles::sources it was found in
};

struct FoundFiles {
  std::vector<std::filesystem::path> sources;  ///< in the order of their paths
  std::vector<FoundFile> files;                ///< regular ones, and named ones of any kind
  std::vector<SkippedFile> unreadable;
};

/// The files that the sources name or contain, in the order of their paths, each path once. Folders
/// are entered once each, through whichever way comes first in the order of paths; what is hidden
/// inside a folder stays out. Throws Error (kMissingInput) for a source that cannot be read.
FoundFiles find_files(std::vector<std::filesystem::path> sources, const Events& events);

}  // namespace smalti::library

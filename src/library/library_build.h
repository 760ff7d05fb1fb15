#pragma once

#include <string>
#include <vector>

#include "library/library_file.h"
#include "library/tile_library.h"
#include "library/walk.h"
#include "smalti/tile_library.h"

namespace smalti::library {

/// A source as libraries know it, through all links, and what was found in it.
struct RootFiles {
  std::string root;
  std::filesystem::path source;  ///< as the user called it
  std::vector<FoundFile> files;
  std::vector<SkippedFile> unreadable;
};

/// Sorts what was found by the source it was found in. One that others contain has no files left.
std::vector<RootFiles> by_root(FoundFiles found);

/// How a library calls a file that was found.
std::string path_in_library(const RootFiles& root, const std::filesystem::path& found);

/// Whether a build of that source alone would change nothing.
bool is_up_to_date(LibraryFile& library, const RootFiles& root, bool all_frames);

/// build_library for files that were found already. `all_found`: files that are not among them may
/// be taken for gone.
BuildSummary build(LibraryFile& library, const std::vector<RootFiles>& roots, bool all_found,
                   const BuildOptions& options, const Events& events);

}  // namespace smalti::library

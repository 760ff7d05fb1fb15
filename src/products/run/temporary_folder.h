#pragma once

#include <filesystem>

namespace smalti {

/// Where temporary files go: the folder that TMPDIR names, or /tmp. Throws Error (kCannotCreate)
/// when that is no folder.
std::filesystem::path temporary_folder();

/// What to do when nothing can be put there.
inline constexpr const char* kOtherTemporaryFolder =
    "name another folder for temporary files in TMPDIR";

}  // namespace smalti

#pragma once

#include <sys/stat.h>

#include <cstdint>

namespace smalti {

/// What tells whether a file has been changed, without reading it.
struct FileState {
  std::int64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::int64_t inode = 0;
  bool operator==(const FileState&) const = default;
};

/// Times beyond what nanoseconds can tell are the last they can.
FileState file_state(const struct stat& status);

/// Nanoseconds since 1970, of the clock that file systems use.
std::int64_t now_ns();

/// Whether a file that was read at `scanned_ns` may have been changed since without a trace in its
/// state: a change in the same tick of the file system's clock leaves the times as they were.
/// (Git's index knows such files as racily clean.)
bool is_racy(const FileState& state, std::int64_t scanned_ns);

}  // namespace smalti

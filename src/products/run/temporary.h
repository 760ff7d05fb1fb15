#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

/// What is needed for a while, in the folder for temporary files: the one that TMPDIR names, or
/// /tmp.
namespace smalti {

/// A folder for files of any names, removed with them when the object goes.
class TemporaryFolder {
 public:
  /// Throws Error (kCannotCreate).
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A file without a name, gone with the object, however the program ends. Any thread may read while
/// another writes elsewhere in it.
class TemporaryFile {
 public:
  /// Throws Error (kInputOutput), as all of it, when there is no room; kCannotCreate when there is
  /// no folder for temporary files.
  TemporaryFile();
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  /// All of the bytes, from that place in the file on.
  void write(std::uint64_t at, std::span<const std::uint8_t> bytes);
  /// Fills `bytes` with what was written there.
  void read(std::uint64_t at, std::span<std::uint8_t> bytes) const;

 private:
  int file_ = -1;
};

}  // namespace smalti

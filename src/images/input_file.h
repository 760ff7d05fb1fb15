#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/file_state.h"

namespace smalti::images {

/// A regular file, read from beginning to end.
class InputFile {
 public:
  /// Throws BadPicture: kMissingInput when it cannot be opened, kBadInput when it is something
  /// else. Never waits for the other end of a FIFO.
  explicit InputFile(const std::filesystem::path& path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  // When it was opened.
  std::size_t size() const { return static_cast<std::size_t>(state_.size); }
  const FileState& state() const { return state_; }

  /// Throws BadPicture when it is larger than 1 GiB.
  void check_fits_memory() const;

  /// Reads until `bytes` holds the first `count` bytes of the file, or all there are. `bytes` must
  /// hold what was read before. Throws BadPicture (kInputOutput).
  void read_on(std::vector<std::uint8_t>& bytes, std::size_t count);

  /// The next byte is the first again.
  void rewind();

 private:
  int fd_;
  FileState state_;
};

}  // namespace smalti::images

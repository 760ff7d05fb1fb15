#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace smalti {

/// A regular file of at most 1 GiB, read from beginning to end.
class InputFile {
 public:
  /// Throws BadPicture: kMissingInput when it cannot be opened, kBadInput when it is something else
  /// or larger. Never waits for the other end of a FIFO.
  explicit InputFile(const std::filesystem::path& path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  /// When it was opened.
  std::size_t size() const { return size_; }

  /// Reads until `bytes` holds the first `count` bytes of the file, or all there are. `bytes` must
  /// hold what was read before. Throws BadPicture (kInputOutput).
  void read_on(std::vector<std::uint8_t>& bytes, std::size_t count);

 private:
  int fd_;
  std::size_t size_ = 0;
};

}  // namespace smalti

#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string_view>

namespace smalti {

/// A file that appears at its final name whole or not at all.
///
/// It is written under a temporary name in the same folder; `commit()` makes it durable and renames
/// it. Without a commit, destruction removes it. Temporary files that a killed run left behind for
/// the same final name are removed when the next one starts. An existing output that is no regular
/// file (a device, a FIFO) is written in place and never renamed over or removed.
///
/// Owned by one thread at a time. Only the file's existence is managed here: opening `path()` for
/// writing is up to the user of the class, and must not create it anew (it exists, empty).
class OutputFile {
 public:
  /// Throws Error (kCannotCreate) when something is at the final name and `overwrite` is false,
  /// when it is a folder, or when the folder is missing or not writable.
  OutputFile(std::filesystem::path final_path, bool overwrite);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Where to write.
  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& final_path() const { return final_path_; }
  /// The final path is a device or FIFO and `path()` is the same.
  bool in_place() const { return in_place_; }

  /// Call once everything is written and closed. Throws Error (kInputOutput) when the bytes cannot
  /// be made durable or the name cannot be given; then nothing is left at the final name.
  /// With `other`, a name in the same folder, the file is put there instead.
  void commit(const std::optional<std::filesystem::path>& other = {});

 private:
  std::filesystem::path final_path_;
  std::filesystem::path path_;
  int lock_ = -1;  ///< open and locked as long as the temporary file is in use
  bool overwrite_ = false;
  bool in_place_ = false;
  bool committed_ = false;
};

/// Makes a whole file of `bytes`. Throws Error as OutputFile does, kInputOutput when it cannot be
/// written, or `stop` (which may be null) becomes true while a FIFO waits for its reader.
void write_file(const std::filesystem::path& final_path, bool overwrite, std::string_view bytes,
                const std::atomic<bool>* stop = nullptr);

/// Throws what the constructor would, without making anything: for checks before long work.
void check_output(const std::filesystem::path& final_path, bool overwrite);

/// Where an output of this name is written: a link to a file stays a link, and what it leads to is
/// replaced.
std::filesystem::path through_links(std::filesystem::path path);

/// Whether both names lead to one file, through links too. False when either does not exist.
bool same_file(const std::filesystem::path& a, const std::filesystem::path& b);

}  // namespace smalti

#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "base/output_file.h"

namespace smalti {

/// The open file of an OutputFile, for C libraries that write by calling back: they cannot pass an
/// exception on, so the first failure is kept until someone asks. After it nothing more is written.
/// One thread at a time.
class OutputHandle {
 public:
  /// Opens what `output` made. The reader of a FIFO is waited for, here and when it is slow, until
  /// `stop` (Events::stop, or null) becomes true: then that is the failure. Throws Error
  /// (kInputOutput).
  explicit OutputHandle(const OutputFile& output, const std::atomic<bool>* stop = nullptr);
  ~OutputHandle();
  OutputHandle(const OutputHandle&) = delete;
  OutputHandle& operator=(const OutputHandle&) = delete;

  /// All of it, at the position where the last call ended. False once something has failed.
  bool write(const void* bytes, std::size_t count) noexcept;
  /// What there is up to `count` bytes, or -1. Not of a device or FIFO.
  ssize_t read(void* bytes, std::size_t count) noexcept;
  /// As lseek: the new position, or -1.
  off_t seek(off_t offset, int whence) noexcept;

  /// How long the file has become.
  std::uint64_t size() const { return static_cast<std::uint64_t>(end_); }
  /// What messages call it.
  const std::filesystem::path& name() const { return name_; }

  /// Throws Error (kInputOutput) with the system's reason if something has failed.
  void check() const;
  /// The same; without such a reason, throws kFailure and `reason`.
  [[noreturn]] void fail(const std::string& reason) const;
  /// Throws as check() does, and when closing fails.
  void close();

 private:
  void wait() noexcept;

  std::filesystem::path name_;
  const std::atomic<bool>* stop_;
  int fd_ = -1;
  int error_ = 0;  ///< errno of the first failure
  off_t position_ = 0;
  off_t end_ = 0;
};

}  // namespace smalti

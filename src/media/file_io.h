#pragma once

#include <filesystem>
#include <memory>

#include "media/handles.h"
#include "smalti/events.h"

namespace smalti::media {

/// A local file, FIFO or device as libav reads or writes it.
///
/// Waiting for the other end of a FIFO, when opening it too, ends once `events.stop` is set: then
/// the call fails with AVERROR_EXIT. Stateful; one thread at a time.
class FileIo {
 public:
  enum class Mode { kRead, kWrite };

  /// Opens what is there. Throws Error: kMissingInput when it cannot be read, kInputOutput when it
  /// cannot be written.
  FileIo(const NamedFile& file, Mode mode, const Events& events);
  ~FileIo();
  FileIo(FileIo&&) noexcept;

  AVIOContext* get() const;
  AVIOContext* operator->() const { return get(); }
  AVIOContext& operator*() const { return *get(); }

  /// Flushes and closes, so that what fails only now is known too. Returns a libav error code.
  int close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smalti::media

#pragma once

#include <cstdint>

#include "smalti/picture.h"

namespace smalti {

/// Where the frames of an animation go, in order, all of one size and 8-bit RGB. Stateful; one
/// thread at a time. Destroyed at any time, it leaves the file as it is.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  /// Whether every frame is to be shown to study() before the first is written.
  virtual bool studies() const { return false; }
  virtual void study(const Picture& /*frame*/) {}
  virtual void write(const Picture& frame) = 0;
  /// After the last frame: completes and closes the file; returns its bytes.
  virtual std::uint64_t finish() = 0;
};

}  // namespace smalti

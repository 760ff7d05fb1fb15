#pragma once

#include <cstdint>

#include "base/picture.h"
#include "products/run/temporary.h"

namespace smalti {

/// Frames of one size on the disk, to be read as often as one likes: in a temporary file, which is
/// gone with the object, however the program ends. One thread at a time.
class FrameSpool {
 public:
  /// Throws Error as TemporaryFile does, as all of it.
  explicit FrameSpool(Size size) : size_(size) {}

  /// 8-bit RGB without alpha.
  void add(const Picture& frame);
  std::uint64_t frames() const { return frames_; }
  /// Planar RGB. Any thread.
  Picture get(std::uint64_t number) const;

 private:
  std::size_t frame_bytes() const;

  Size size_;
  TemporaryFile file_;
  std::uint64_t frames_ = 0;
};

}  // namespace smalti

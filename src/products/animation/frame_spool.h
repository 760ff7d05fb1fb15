#pragma once

#include <cstdint>

#include "base/picture.h"

namespace smalti {

/// Frames of one size on the disk, to be read as often as one likes: in a file without a name in
/// the folder for temporary files, which is gone with the object, however the program ends. One
/// thread at a time.
class FrameSpool {
 public:
  /// Throws Error (kInputOutput), as all of it, when the folder has no room.
  explicit FrameSpool(Size size);
  ~FrameSpool();
  FrameSpool(const FrameSpool&) = delete;
  FrameSpool& operator=(const FrameSpool&) = delete;

  /// 8-bit RGB without alpha.
  void add(const Picture& frame);
  std::uint64_t frames() const { return frames_; }
  /// Planar RGB. Any thread.
  Picture get(std::uint64_t number) const;

 private:
  std::size_t frame_bytes() const;

  Size size_;
  int file_ = -1;
  std::uint64_t frames_ = 0;
};

}  // namespace smalti

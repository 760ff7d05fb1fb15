#pragma once

#include "base/picture.h"

namespace smalti::images {

/// A picture seen at another size, any part of it at a time: averaged where it shrinks, smooth
/// (bilinear) where it grows, in integers. The same pixels however it is cut into parts. Immutable;
/// any thread.
class Resampler {
 public:
  /// `rgb` is 8-bit RGB, with alpha or without.
  Resampler(const Picture& rgb, Size size);

  const PixelFormat& format() const { return source_.format; }

  /// Writes the part of the resampled picture from (`x`, `y`) on that `out` has room for; `out` is
  /// planar and of the same format.
  void fill(int x, int y, Picture& out) const;

 private:
  Picture source_;
  Size size_;
};

}  // namespace smalti::images

#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/picture.h"

namespace smalti::images {

/// Where the frames of an animation go, in order, all of one size and 8-bit RGB. Stateful; one
/// thread at a time, but for paint(). Destroyed at any time, it leaves the file as it is.
class FrameSink {
 public:
  /// A frame as a sink wants it.
  using Painted = std::shared_ptr<void>;

  virtual ~FrameSink() = default;
  /// Whether paint() is so much work that several threads should share it.
  virtual bool paints() const { return false; }
  /// Frames, best several together. Any thread, for others at the same time.
  virtual std::vector<Painted> paint(const std::vector<Picture>& frames) {
    std::vector<Painted> painted;
    for (const Picture& frame : frames) painted.push_back(std::make_shared<Picture>(frame));
    return painted;
  }
  /// In order, each as paint() gave it.
  virtual void write(const Painted& frame) = 0;
  /// After the last frame: completes and closes the file; returns its bytes.
  virtual std::uint64_t finish() = 0;

 protected:
  /// What paint() gives by itself.
  static const Picture& picture(const Painted& frame) {
    return *static_cast<const Picture*>(frame.get());
  }
};

}  // namespace smalti::images

#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "base/picture.h"

namespace smalti::media {

/// Brings pictures of any size and layout into one format, size and colour tagging, with swscale's
/// settings that give the same samples on every processor. Transfer and primaries are taken to be
/// those of the result. Any thread.
class Scaler {
 public:
  Scaler(const PixelFormat& format, const ColorTags& color, Size size);
  ~Scaler();

  /// A planar picture with samples of its own.
  Picture scaled(const Picture& picture);

 private:
  struct Context;
  std::unique_ptr<Context> take();
  void give_back(std::unique_ptr<Context> context);

  PixelFormat format_;
  ColorTags color_;
  Size size_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Context>> idle_;  // one a thread that was ever busy
};

}  // namespace smalti::media

#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "base/picture.h"
#include "media/scaler.h"
#include "smalti/splice.h"

namespace smalti {

/// How a frame is cut into pictures: scaled to `whole`, of which the parts are taken.
struct CutPlan {
  Size whole;
  std::vector<Rect> parts;  ///< each another one, from left to right or top to bottom
};

/// For a frame of `frame` square pixels. The windows have the wanted aspect and touch two opposite
/// edges; several are spread evenly along the other two. Windows that fall together count once.
CutPlan plan_cut(Size frame, const SpliceOptions& options);

/// Cuts frames into pictures of 8-bit RGB. Any thread.
class TileCutter {
 public:
  explicit TileCutter(const SpliceOptions& options) : options_(options) {}

  /// Of a frame whose samples stand for `size` square pixels.
  std::vector<Picture> cut(const Picture& frame, Size size);

 private:
  std::shared_ptr<media::Scaler> scaler_for(Size whole);

  SpliceOptions options_;
  std::mutex mutex_;
  Size scaler_size_;
  std::shared_ptr<media::Scaler> scaler_;  // of the last frame's size
};

}  // namespace smalti

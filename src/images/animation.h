#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>

#include "images/codecs.h"
#include "images/image_loader.h"
#include "smalti/image_limits.h"

/// Pictures of animated files, one after the other.
namespace smalti::images {

struct AnimationPicture {
  cv::Mat pixels;  ///< all that is seen, RGB or RGBA, not yet turned upright
  std::int64_t timestamp_us = 0;
};

/// One thread at a time. The bytes it was opened with must outlive it.
class AnimationReader {
 public:
  virtual ~AnimationReader() = default;

  /// The first is the one that decode_any gives; nothing comes after the last. Throws BadPicture.
  virtual std::optional<AnimationPicture> next() = 0;

  /// As DecodedImage has it, for all pictures.
  virtual std::vector<std::uint8_t> profile() const { return {}; }
};

/// The pixels in sRGB and upright.
cv::Mat shown(const AnimationReader& animation, AnimationPicture picture, int orientation);

/// Null for a file that is not animated. Throws BadPicture.
std::unique_ptr<AnimationReader> open_animation(Bytes bytes, const ImageLimits& limits);

/// load_image, but of the picture of an animation that begins then. Throws BadPicture.
LoadedImage load_image_at(Bytes bytes, std::int64_t timestamp_us, const DecodeRequest& request);

/// When pictures begin, from how long each is shown.
class AnimationClock {
 public:
  /// The next picture's. What is shown for 10 ms or less counts as 100 ms, as in browsers.
  std::int64_t start_of(std::int64_t shown_us);

 private:
  std::int64_t next_us_ = 0;
};

/// What becomes of a picture's rectangle before the next one is drawn.
enum class Disposal { kKeep, kClear, kRestore };

/// Where pictures that are parts of what is seen are put together, as GIF and APNG have it.
class AnimationCanvas {
 public:
  /// Transparent at first.
  explicit AnimationCanvas(Size size);

  cv::Size size() const { return canvas_.size(); }

  /// Draws RGBA, over what is there or instead of it; what lies beyond the edges is cut off.
  /// Returns all that is then seen.
  cv::Mat draw(const cv::Mat& rgba, cv::Point at, bool over, Disposal disposal);

 private:
  void dispose();

  cv::Mat canvas_;
  cv::Rect last_;
  Disposal pending_ = Disposal::kKeep;
  cv::Mat kept_;  ///< what `last_` covered, when it has to come back
};

// One reader a format, for animated files of it.
std::unique_ptr<AnimationReader> open_gif(Bytes bytes, const ImageLimits& limits);
std::unique_ptr<AnimationReader> open_apng(Bytes bytes, const ImageLimits& limits);
std::unique_ptr<AnimationReader> open_webp_animation(Bytes bytes);

}  // namespace smalti::images

#pragma once

#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "smalti/sizes.h"

namespace smalti::tiles {

/// Finds frontal faces. One thread at a time.
class FaceFinder {
 public:
  FaceFinder();
  ~FaceFinder();

  /// Whether the cascade is installed.
  bool works() const { return cascade_ != nullptr; }

  /// The largest face of an RGB picture.
  std::optional<cv::Rect> largest(const cv::Mat& rgb);
  /// All of so many pixels across or more on which so many finds agree.
  std::vector<cv::Rect> all(const cv::Mat& rgb, int least_width, int agreeing);

 private:
  struct Cascade;
  std::unique_ptr<Cascade> cascade_;
};

/// The largest window of the aspect with the box as near to its middle as the picture allows.
Rect window_around(const cv::Rect& box, Size picture, Aspect aspect);

/// The largest window of the aspect with the most gradients in it, the one nearest to the middle of
/// equals.
Rect busiest_window(const cv::Mat& rgb, Aspect aspect);

}  // namespace smalti::tiles

#pragma once

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>

#include "base/picture.h"

namespace smalti::tiles {

/// Turns 8-bit RGB into planar pictures of one format: gray, yuv or rgb, 8 to 16 bits, any chroma
/// subsampling. Integers throughout: the formulas of ITU-T H.273 rounded to the nearest code, and a
/// chroma sample is the mean of the pixels it covers. const, any thread.
class TileRenderer {
 public:
  /// Throws Error (kUsage) for a yuv matrix that is not made of luma weights, such as YCgCo.
  /// An unspecified one is taken as BT.709.
  TileRenderer(const PixelFormat& format, const ColorTags& color);

  /// `rgb` is CV_8UC3.
  Picture render(const cv::Mat& rgb) const;

 private:
  /// A code is weights . rgb + offset, in fixed point.
  struct Formula {
    std::array<std::int64_t, 3> weights{};
    std::int64_t offset = 0;
  };

  template <typename Sample>
  void fill(const cv::Mat& rgb, const Formula& formula, const Plane& plane) const;
  template <typename Sample>
  void fill_means(const cv::Mat& rgb, const Formula& formula, const Plane& plane) const;
  template <typename Sample>
  void fill_planes(const cv::Mat& rgb, const Picture& picture) const;

  PixelFormat format_;
  ColorTags color_;
  std::array<Formula, 3> formulas_;  ///< one a component
};

}  // namespace smalti::tiles

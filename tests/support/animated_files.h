#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "support/pictures.h"

/// Animated files of known parts: GIF and APNG written by hand, WebP by libwebp.
namespace smalti::test {

/// What becomes of a part before the next one: as it is, cleared, or as it was before.
enum class After { kKeep = 0, kClear = 1, kRestore = 2 };

struct AnimationPart {
  cv::Mat rgba;  ///< alpha 0 or 255 for GIF, and few colours
  cv::Point at{};
  int shown_ms = 100;
  After after = After::kKeep;
};

/// `interlaced` as GIF has it.
File gif_file(Size canvas, const std::vector<AnimationPart>& parts, bool interlaced = false);
/// With `still`, a picture that is not part of the animation comes first.
File apng_file(Size canvas, const std::vector<AnimationPart>& parts, const cv::Mat& still = {});
/// Whole pictures, without loss.
File webp_animation(const std::vector<AnimationPart>& parts);

/// `count` pictures of that size that all differ, each shown for 100 ms.
std::vector<AnimationPart> differing_parts(int count, Size size);

}  // namespace smalti::test

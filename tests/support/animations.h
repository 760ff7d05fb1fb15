#pragma once

#include <filesystem>
#include <opencv2/core.hpp>
#include <vector>

/// Animations as others read them: the ffmpeg program, and libwebp's WebPAnimDecoder for WebP.
namespace smalti::test {

struct ShownFrame {
  cv::Mat pixels;  ///< RGB
  double start_s = 0;
  double length_s = 0;
};

/// Fails the test when it cannot be read.
std::vector<ShownFrame> shown_frames(const std::filesystem::path& file);

/// Whether a GIF, APNG or WebP says that it plays for ever.
bool loops_for_ever(const std::filesystem::path& file);

}  // namespace smalti::test

// The sample clip: three shots of four seconds.
#pragma once

#include <filesystem>
#include <opencv2/core.hpp>

#include "balloon.h"
#include "eye.h"

namespace samples {

inline constexpr int kFramesPerSecond = 30;
inline constexpr int kShotSeconds = 4;
inline constexpr int kShots = 3;
inline constexpr int kClipFrames = kFramesPerSecond * kShotSeconds * kShots;

class ClipPainter {
 public:
  ClipPainter();

  // The finished frame of that number. May be called from several threads at once.
  cv::Mat_<cv::Vec3b> frame(int number) const;

 private:
  EyePainter eye_;
  BalloonScene balloon_;
};

// Renders all frames and encodes them with the sound.
void make_clip(const std::filesystem::path& sound, const std::filesystem::path& clip);

}  // namespace samples

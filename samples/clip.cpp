#include "clip.h"

#include <vector>

#include "encoder.h"

namespace samples {
namespace {

const cv::Size kFrameSize{1280, 720};
constexpr int kMirrorSize = 360;  // side of the scene that the eye mirrors
// Wide enough that the balloon and the sun both fall into the pupil.
const View kMirrorView{{0.08F, -0.03F}, 1.72F};
constexpr int kBatch = 24;  // frames rendered side by side; bounds the memory

// Half the time it takes to close and open again.
constexpr float kBlinkTime = 0.16F;

// 0 at the middle of a blink, 1 well away from it; lids shut faster than they open.
float blink(float time, float when) {
  return time < when ? 1.0F - smooth(when - 0.8F * kBlinkTime, when, time)
                     : smooth(when, when + 1.6F * kBlinkTime, time);
}

// Moves from one point to another during [start, start + duration].
Point glide(Point from, Point to, float time, float start, float duration) {
  return from + (to - from) * smooth(start, start + duration, time);
}

// The first shot: opening, a look to the left, one to the upper right, back ahead, a blink.
EyePose waking_eye(float time) {
  EyePose pose;
  pose.open = smooth(0.15F, 0.95F, time) * blink(time, 3.15F);
  const Point ahead{0.0F, -0.02F};
  const Point left{-0.34F, 0.0F};
  const Point up_right{0.33F, -0.08F};
  pose.gaze = glide(ahead, left, time, 1.25F, 0.22F);
  pose.gaze += glide({}, up_right - left, time, 1.95F, 0.30F);
  pose.gaze += glide({}, ahead - up_right, time, 2.75F, 0.28F);
  // The pupil narrows in the sudden light and then never quite rests.
  pose.pupil = mix(0.52F, 0.36F, smooth(0.5F, 1.3F, time)) + 0.010F * std::sin(time * 5.0F);
  pose.zoom = 1.0F + 0.012F * time;
  pose.focus = {0.0F, -0.03F};
  return pose;
}

// The third shot: wide open and still, while the picture moves in on the pupil.
EyePose dreaming_eye(float time) {
  EyePose pose;
  pose.open = 1.0F - 0.06F * smooth(1.5F, 3.0F, time);
  pose.gaze = {0.02F, -0.01F};
  pose.pupil = 0.58F + 0.07F * smooth(0.0F, 3.5F, time);
  const float push = smooth(-1.0F, 4.6F, time);
  pose.zoom = mix(1.22F, 1.86F, push);
  pose.focus = {0.02F, mix(-0.04F, -0.02F, push)};
  return pose;
}

}  // namespace

ClipPainter::ClipPainter() : eye_(kFrameSize) {}

cv::Mat_<cv::Vec3b> ClipPainter::frame(int number) const {
  const int shot = number / (kShotSeconds * kFramesPerSecond);
  const float time =
      static_cast<float>(number % (kShotSeconds * kFramesPerSecond)) / kFramesPerSecond;
  Canvas canvas(kFrameSize);
  if (shot == 0) {
    eye_.paint(waking_eye(time), {}, canvas);
  } else if (shot == 1) {
    balloon_.paint({}, time, canvas);
  } else {
    Canvas mirror(kMirrorSize, kMirrorSize);
    balloon_.paint(kMirrorView, time + kShotSeconds, mirror);
    eye_.paint(dreaming_eye(time), {1.0F, &mirror}, canvas);
  }
  cv::Mat_<cv::Vec3b> bgr;
  develop(canvas, bgr);
  return bgr;
}

void make_clip(const std::filesystem::path& sound, const std::filesystem::path& clip) {
  const ClipPainter painter;
  Encoder encoder(sound, clip, kFrameSize, kFramesPerSecond);
  for (int first = 0; first < kClipFrames; first += kBatch) {
    const int count = std::min(kBatch, kClipFrames - first);
    std::vector<cv::Mat_<cv::Vec3b>> frames(static_cast<std::size_t>(count));
    cv::parallel_for_({0, count}, [&](const cv::Range& range) {
      for (int i = range.start; i < range.end; ++i) {
        frames[static_cast<std::size_t>(i)] = painter.frame(first + i);
      }
    });
    for (const auto& frame : frames) encoder.write(frame);
  }
  encoder.finish();
}

}  // namespace samples

#include "images/animation.h"

#include <algorithm>
#include <utility>

#include "images/color_profile.h"
#include "images/pixels.h"

namespace smalti::images {
namespace {

// Where the one below is opaque too, that is exact.
void blend(const cv::Vec4b& above, cv::Vec4b& below) {
  const int alpha = above[3];
  if (alpha == 0) return;
  if (alpha == 255 || below[3] == 0) {
    below = above;
    return;
  }
  const int rest = below[3] * (255 - alpha);  // of 255 * 255
  const int whole = alpha * 255 + rest;
  for (int c = 0; c < 3; ++c)
    below[c] =
        static_cast<std::uint8_t>((above[c] * alpha * 255 + below[c] * rest + whole / 2) / whole);
  below[3] = static_cast<std::uint8_t>((whole + 127) / 255);
}

}  // namespace

std::int64_t AnimationClock::start_of(std::int64_t shown_us) {
  constexpr std::int64_t kTooShort_us = 10'000;
  constexpr std::int64_t kInstead_us = 100'000;
  const std::int64_t start = next_us_;
  next_us_ += shown_us > kTooShort_us ? shown_us : kInstead_us;
  return start;
}

AnimationCanvas::AnimationCanvas(Size size)
    : canvas_(size.height, size.width, CV_8UC4, cv::Scalar::all(0)) {}

void AnimationCanvas::dispose() {
  if (last_.empty()) return;
  if (pending_ == Disposal::kClear) canvas_(last_).setTo(cv::Scalar::all(0));
  if (pending_ == Disposal::kRestore) kept_.copyTo(canvas_(last_));
}

cv::Mat AnimationCanvas::draw(const cv::Mat& rgba, cv::Point at, bool over, Disposal disposal) {
  dispose();
  const cv::Rect place(at, rgba.size());
  last_ = place & cv::Rect(0, 0, canvas_.cols, canvas_.rows);
  pending_ = disposal;
  if (last_.empty()) return canvas_.clone();
  if (disposal == Disposal::kRestore) kept_ = canvas_(last_).clone();
  const cv::Mat from = rgba(last_ - at);
  cv::Mat to = canvas_(last_);
  if (!over) from.copyTo(to);
  for (int y = 0; over && y < to.rows; ++y) {
    const auto* above = from.ptr<cv::Vec4b>(y);
    auto* below = to.ptr<cv::Vec4b>(y);
    for (int x = 0; x < to.cols; ++x) blend(above[x], below[x]);
  }
  return canvas_.clone();
}

std::unique_ptr<AnimationReader> open_animation(Bytes bytes, const ImageLimits& limits) {
  switch (sniff_image(bytes).value_or(ImageFormat::kJpeg)) {
    case ImageFormat::kGif:
      return open_gif(bytes, limits);
    case ImageFormat::kPng:
      return open_apng(bytes, limits);
    case ImageFormat::kWebp:
      return open_webp_animation(bytes);
    default:
      return nullptr;
  }
}

cv::Mat shown(const AnimationReader& animation, AnimationPicture picture, int orientation) {
  if (const auto conversion = conversion_to_srgb(animation.profile()))
    conversion->convert(picture.pixels);
  return upright(without_opaque_alpha(picture.pixels), orientation);
}

LoadedImage load_image_at(Bytes bytes, std::int64_t timestamp_us, const DecodeRequest& request) {
  LoadedImage image = load_image(bytes, request);
  if (timestamp_us == 0) return image;
  const auto reader = image.animated ? open_animation(bytes, request.limits) : nullptr;
  if (!reader) throw BadPicture("it is not animated");
  while (const auto picture = reader->next()) {
    if (picture->timestamp_us != timestamp_us) continue;
    image.picture = to_picture(shown(*reader, *picture, image.orientation));
    return image;
  }
  throw BadPicture("ends before that picture");
}

}  // namespace smalti::images

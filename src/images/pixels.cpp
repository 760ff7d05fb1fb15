#include "images/pixels.h"

#include <algorithm>
#include <cassert>
#include <opencv2/imgproc.hpp>

#include "base/packed.h"

namespace smalti::images {
namespace {

constexpr ColorTags kSrgb = {.primaries = 1, .transfer = 13, .matrix = 0, .full_range = true};

/// Whether one matrix header can describe all planes.
bool lies_packed(const Picture& picture, int channels) {
  for (int c = 0; c < channels; ++c) {
    const Plane& plane = picture.planes[static_cast<std::size_t>(c)];
    if (plane.step != channels || plane.stride <= 0 || plane.stride != picture.planes[0].stride ||
        plane.data != picture.planes[0].data + c) {
      return false;
    }
  }
  return true;
}

/// Weighted with alpha; black when there is nothing to be seen.
cv::Vec3b mean_color(const cv::Mat& rgba) {
  std::int64_t weight = 0;
  std::array<std::int64_t, 3> sums{};
  for (int y = 0; y < rgba.rows; ++y) {
    const auto* p = rgba.ptr<cv::Vec4b>(y);
    for (int x = 0; x < rgba.cols; ++x) {
      weight += p[x][3];
      for (int c = 0; c < 3; ++c) sums[static_cast<std::size_t>(c)] += p[x][c] * p[x][3];
    }
  }
  cv::Vec3b mean(0, 0, 0);
  if (weight == 0) return mean;
  for (int c = 0; c < 3; ++c) {
    const std::int64_t sum = sums[static_cast<std::size_t>(c)];
    mean[c] = static_cast<std::uint8_t>((sum + weight / 2) / weight);
  }
  return mean;
}

/// Colours times alpha, and alpha times 255, so that both reach 255 * 255.
cv::Mat multiplied(const cv::Mat& rgba) {
  cv::Mat result(rgba.size(), CV_16UC4);
  for (int y = 0; y < rgba.rows; ++y) {
    const auto* from = rgba.ptr<cv::Vec4b>(y);
    auto* to = result.ptr<cv::Vec4w>(y);
    for (int x = 0; x < rgba.cols; ++x) {
      const int alpha = from[x][3];
      for (int c = 0; c < 3; ++c) to[x][c] = static_cast<std::uint16_t>(from[x][c] * alpha);
      to[x][3] = static_cast<std::uint16_t>(255 * alpha);
    }
  }
  return result;
}

/// The way back from multiplied(), after averaging.
cv::Mat divided(const cv::Mat& multiplied_rgba) {
  cv::Mat result(multiplied_rgba.size(), CV_8UC4);
  for (int y = 0; y < result.rows; ++y) {
    const auto* from = multiplied_rgba.ptr<cv::Vec4w>(y);
    auto* to = result.ptr<cv::Vec4b>(y);
    for (int x = 0; x < result.cols; ++x) {
      const int weight = from[x][3];
      to[x][3] = static_cast<std::uint8_t>((weight + 127) / 255);
      for (int c = 0; c < 3; ++c) {
        to[x][c] = static_cast<std::uint8_t>(
            weight == 0 ? 0 : std::min(255, (from[x][c] * 255 + weight / 2) / weight));
      }
    }
  }
  return result;
}

}  // namespace

Picture to_picture(const cv::Mat& pixels) {
  assert(pixels.type() == CV_8UC3 || pixels.type() == CV_8UC4);
  const int channels = pixels.channels();
  Picture picture;
  picture.format = {.model = ColorModel::kRgb, .alpha = channels == 4};
  picture.width = pixels.cols;
  picture.height = pixels.rows;
  picture.color = kSrgb;
  for (int c = 0; c < channels; ++c) {
    picture.planes[static_cast<std::size_t>(c)] = {
        .data = reinterpret_cast<std::byte*>(pixels.data) + c,
        .stride = static_cast<std::ptrdiff_t>(pixels.step[0]),
        .step = channels,
        .width = pixels.cols,
        .height = pixels.rows};
  }
  picture.owner = std::make_shared<cv::Mat>(pixels);
  return picture;
}

cv::Mat to_mat(const Picture& picture) {
  assert(picture.format.model == ColorModel::kRgb && picture.format.depth == 8);
  const int channels = picture.format.components();
  const int type = CV_8UC(channels);
  if (lies_packed(picture, channels)) {
    return {picture.height, picture.width, type, picture.planes[0].data,
            static_cast<std::size_t>(picture.planes[0].stride)};
  }
  cv::Mat pixels(picture.height, picture.width, type);
  for (int y = 0; y < picture.height; ++y) pack_row(picture, y, pixels.ptr(y));
  return pixels;
}

cv::Mat without_opaque_alpha(const cv::Mat& pixels) {
  if (pixels.channels() != 4) return pixels;
  for (int y = 0; y < pixels.rows; ++y) {
    const auto* p = pixels.ptr<cv::Vec4b>(y);
    if (std::any_of(p, p + pixels.cols, [](const cv::Vec4b& v) { return v[3] != 255; })) {
      return pixels;
    }
  }
  cv::Mat rgb;
  cv::cvtColor(pixels, rgb, cv::COLOR_RGBA2RGB);
  return rgb;
}

void divide_by_alpha(cv::Mat& rgba) {
  for (int y = 0; y < rgba.rows; ++y) {
    auto* p = rgba.ptr<cv::Vec4b>(y);
    for (int x = 0; x < rgba.cols; ++x) {
      const int alpha = p[x][3];
      if (alpha == 0 || alpha == 255) continue;
      for (int c = 0; c < 3; ++c) {
        p[x][c] = static_cast<std::uint8_t>(std::min(255, (p[x][c] * 255 + alpha / 2) / alpha));
      }
    }
  }
}

cv::Mat reduced(const cv::Mat& pixels, Size size) {
  if (size == Size{pixels.cols, pixels.rows}) return pixels;
  const bool has_alpha = pixels.channels() == 4;
  cv::Mat small;
  cv::resize(has_alpha ? multiplied(pixels) : pixels, small, {size.width, size.height}, 0, 0,
             cv::INTER_AREA);
  return has_alpha ? divided(small) : small;
}

cv::Mat with_mean_under_transparent(const cv::Mat& rgba) {
  const cv::Vec3b mean = mean_color(rgba);
  cv::Mat result = rgba.clone();
  for (int y = 0; y < result.rows; ++y) {
    auto* p = result.ptr<cv::Vec4b>(y);
    for (int x = 0; x < result.cols; ++x) {
      if (p[x][3] == 0) p[x] = {mean[0], mean[1], mean[2], 0};
    }
  }
  return result;
}

cv::Mat over_mean_color(const cv::Mat& rgba) {
  const cv::Vec3b mean = mean_color(rgba);
  cv::Mat rgb(rgba.size(), CV_8UC3);
  for (int y = 0; y < rgba.rows; ++y) {
    const auto* from = rgba.ptr<cv::Vec4b>(y);
    auto* to = rgb.ptr<cv::Vec3b>(y);
    for (int x = 0; x < rgba.cols; ++x) {
      const int alpha = from[x][3];
      for (int c = 0; c < 3; ++c) {
        to[x][c] =
            static_cast<std::uint8_t>((from[x][c] * alpha + mean[c] * (255 - alpha) + 127) / 255);
      }
    }
  }
  return rgb;
}

}  // namespace smalti::images

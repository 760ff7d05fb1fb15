#include "tiles/attention.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <vector>

#include "images/pixels.h"
#include "tiles/crops.h"
#include "tiles/faces.h"

// Which part of a picture people look at: a face, when there is one. Viola and Jones (2001: "Rapid
// object detection using a boosted cascade of simple features") find upright frontal faces, with
// the cascade that OpenCV brings; of several the largest is meant. Otherwise people look where
// there is detail: the window with the largest sum of gradients (Sobel), which running sums along
// the one free direction find among all windows at once. Of equals the one nearest to the middle
// wins, so that even pictures are cropped around their centre.

namespace smalti::tiles {
namespace {

// Where Debian's opencv-data and OpenCV's own installation put it.
constexpr std::array kCascades = {
    "/usr/share/opencv4/haarcascades/haarcascade_frontalface_default.xml",
    "/usr/local/share/opencv4/haarcascades/haarcascade_frontalface_default.xml",
    "/usr/share/opencv/haarcascades/haarcascade_frontalface_default.xml"};

cv::Mat gray_of(const cv::Mat& rgb) {
  cv::Mat gray;
  cv::cvtColor(rgb, gray, rgb.channels() == 4 ? cv::COLOR_RGBA2GRAY : cv::COLOR_RGB2GRAY);
  return gray;
}

}  // namespace

struct FaceFinder::Cascade {
  cv::CascadeClassifier classifier;
};

FaceFinder::FaceFinder() {
  for (const char* file : kCascades) {
    std::error_code error;
    if (!std::filesystem::exists(file, error)) continue;
    auto cascade = std::make_unique<Cascade>();
    if (!cascade->classifier.load(file)) continue;
    cascade_ = std::move(cascade);
    return;
  }
}

FaceFinder::~FaceFinder() = default;

std::optional<cv::Rect> FaceFinder::largest(const cv::Mat& rgb) {
  if (!works()) return std::nullopt;
  std::vector<cv::Rect> faces;
  cascade_->classifier.detectMultiScale(gray_of(rgb), faces);
  if (faces.empty()) return std::nullopt;
  return *std::max_element(faces.begin(), faces.end(), [](const cv::Rect& a, const cv::Rect& b) {
    return std::tuple(a.area(), -a.y, -a.x) < std::tuple(b.area(), -b.y, -b.x);
  });
}

std::vector<cv::Rect> FaceFinder::all(const cv::Mat& rgb, int least_width, int agreeing) {
  constexpr double kStep = 1.1;
  std::vector<cv::Rect> faces;
  if (works())
    cascade_->classifier.detectMultiScale(gray_of(rgb), faces, kStep, agreeing, 0,
                                          {least_width, least_width});
  return faces;
}

ShownFaces::ShownFaces() : finder_(std::make_unique<FaceFinder>()) {}
ShownFaces::~ShownFaces() = default;

std::vector<Rect> ShownFaces::in(const Picture& rgb) {
  constexpr int kAgreeing = 6;  // with fewer, clothes and leaves become faces
  const int least = std::max(24, rgb.width / 30);
  const std::vector<cv::Rect> found = finder_->all(images::to_mat(rgb), least, kAgreeing);
  int widest = 0;
  for (const cv::Rect& face : found) widest = std::max(widest, face.width);
  std::vector<Rect> shown;
  for (const cv::Rect& face : found)
    if (2 * face.width >= widest) shown.push_back({face.x, face.y, face.width, face.height});
  return shown;
}

Rect window_around(const cv::Rect& box, Size picture, Aspect aspect) {
  Rect window = centre_crop(picture, aspect);
  const auto begin = [](int box_begin, int box_length, int length, int side) {
    return std::clamp(box_begin + (box_length - length) / 2, 0, side - length);
  };
  window.x = begin(box.x, box.width, window.width, picture.width);
  window.y = begin(box.y, box.height, window.height, picture.height);
  return window;
}

Rect busiest_window(const cv::Mat& rgb, Aspect aspect) {
  const Size size{rgb.cols, rgb.rows};
  const Rect centre = centre_crop(size, aspect);
  const cv::Mat gray = gray_of(rgb);
  cv::Mat across, down;
  cv::Sobel(gray, across, CV_16S, 1, 0);
  cv::Sobel(gray, down, CV_16S, 0, 1);

  const bool moves_across = centre.width < size.width;
  const int side = moves_across ? size.width : size.height;
  const int length = moves_across ? centre.width : centre.height;
  std::vector<std::int64_t> before(static_cast<std::size_t>(side) + 1);
  std::vector<std::int64_t> lines(static_cast<std::size_t>(side));
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x)
      lines[static_cast<std::size_t>(moves_across ? x : y)] +=
          std::abs(across.at<std::int16_t>(y, x)) + std::abs(down.at<std::int16_t>(y, x));
  }
  for (std::size_t i = 0; i < lines.size(); ++i) before[i + 1] = before[i] + lines[i];

  const int middle = (side - length) / 2;
  int best = middle;
  const auto sum_at = [&](int at) {
    return before[static_cast<std::size_t>(at + length)] - before[static_cast<std::size_t>(at)];
  };
  for (int at = 0; at + length <= side; ++at) {
    if (sum_at(at) > sum_at(best) ||
        (sum_at(at) == sum_at(best) && std::abs(at - middle) < std::abs(best - middle)))
      best = at;
  }
  Rect window = centre;
  (moves_across ? window.x : window.y) = best;
  return window;
}

}  // namespace smalti::tiles

#include "tiles/tile_pixels.h"

#include <algorithm>
#include <cmath>

#include "images/codecs.h"
#include "images/pixels.h"

namespace smalti::tiles {
namespace {

// The same part of a picture as `crop` is of its thumbnail.
cv::Rect scaled_crop(const Rect& crop, Size thumbnail, Size picture) {
  const auto place = [](int at, int of, int to) {
    return static_cast<int>(std::floor(static_cast<double>(at) * to / of + 0.5));
  };
  const int left = place(crop.x, thumbnail.width, picture.width);
  const int top = place(crop.y, thumbnail.height, picture.height);
  const int right = place(crop.x + crop.width, thumbnail.width, picture.width);
  const int bottom = place(crop.y + crop.height, thumbnail.height, picture.height);
  return {left, top, std::max(right - left, 1), std::max(bottom - top, 1)};
}

// The window, with the mean colour where it reaches beyond the picture.
cv::Mat padded(const cv::Mat& picture, const cv::Rect& window, const cv::Rect& there) {
  const cv::Mat rgb = picture.channels() == 4 ? images::over_mean_color(picture) : picture;
  cv::Mat result(window.height, window.width, CV_8UC3, cv::mean(rgb));
  rgb(there).copyTo(result(there - window.tl()));
  return result;
}

}  // namespace

cv::Mat shown_part(const cv::Mat& picture, Size thumbnail, const TileId& id) {
  constexpr int kMostTimes = 64;  // no shape of tiles needs more
  const Size size{picture.cols, picture.rows};
  const Rect& crop = id.crop;
  const cv::Rect all(0, 0, picture.cols, picture.rows);
  const cv::Rect wanted(crop.x, crop.y, crop.width, crop.height);
  const cv::Rect small(0, 0, thumbnail.width, thumbnail.height);
  const cv::Rect common = wanted & small;
  const bool within = !wanted.empty() && common == wanted;
  const bool holds_all = common == small && crop.width <= kMostTimes * thumbnail.height &&
                         crop.height <= kMostTimes * thumbnail.width;
  if (!within && !holds_all) throw images::BadPicture("its crop lies outside of the thumbnail");
  const cv::Rect window = scaled_crop(crop, thumbnail, size);
  const cv::Rect there = window & all;
  cv::Mat part = there == window ? picture(window) : padded(picture, window, there);
  if (!id.mirrored) return part;
  cv::Mat mirrored;
  cv::flip(part, mirrored, 1);
  return mirrored;
}

}  // namespace smalti::tiles

#include "tiles/crops.h"

#include <fmt/format.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

#include "base/content_hash.h"
#include "base/wording.h"
#include "images/animation.h"
#include "images/codecs.h"
#include "images/image_loader.h"
#include "images/pixels.h"
#include "match/near_duplicates.h"
#include "smalti/crop_options.h"
#include "smalti/error.h"
#include "tiles/attention.h"
#include "tiles/description.h"
#include "tiles/tile_pixels.h"

namespace smalti::tiles {
namespace {

constexpr int kFaceEdge = 640;

void check(const CropOptions& options) {
  if (options.count < 1)
    throw Error(ErrorKind::kUsage, "there must be at least one crop of a picture",
                worded("{crops} starts at 1"));
  if (options.count > 1 && options.kind != CropKind::kCentre)
    throw Error(ErrorKind::kUsage,
                worded("several crops have no meaning with {crop} attention or fit"),
                worded("leave out {crops} or {crop}"));
}

// The smallest rectangle of the aspect that holds the whole picture.
Rect holding(Size picture, Aspect aspect) {
  Rect rect{0, 0, picture.width, picture.height};
  const double width = picture.height * aspect.ratio();
  if (width > picture.width) {
    rect.width = static_cast<int>(std::lround(width));
    rect.x = -(rect.width - picture.width) / 2;
  } else {
    rect.height =
        std::max(picture.height, static_cast<int>(std::lround(picture.width / aspect.ratio())));
    rect.y = -(rect.height - picture.height) / 2;
  }
  return rect;
}

std::vector<Rect> spread(Size picture, Aspect aspect, int count) {
  std::vector<Rect> windows;
  for (int i = 0; i < count; ++i) {
    Rect window = centre_crop(picture, aspect);
    window.x = window_start(i, count, window.width, picture.width);
    window.y = window_start(i, count, window.height, picture.height);
    if (windows.empty() || window != windows.back()) windows.push_back(window);
  }
  return windows;
}

// The picture that faces are looked for in: the source at a good size, else the thumbnail.
cv::Mat picture_of(const Tile& tile, const cv::Mat& thumbnail) {
  if (tile.is_video_frame) return thumbnail;
  try {
    const std::vector<std::uint8_t> file = images::read_file(tile.source);
    if (content_hash(file) == ContentHash{tile.id.hash_high, tile.id.hash_low}) {
      const auto loaded =
          images::load_image_at(file, tile.id.timestamp_us, {.long_edge = kFaceEdge, .limits = {}});
      return images::to_mat(loaded.picture).clone();  // which only looks at the picture's samples
    }
  } catch (const Error&) {  // gone: then the thumbnail has to do
  } catch (const images::BadPicture&) {
  }
  return thumbnail;
}

Rect attended(const Tile& tile, const cv::Mat& thumbnail, Aspect aspect, FaceFinder& faces) {
  const cv::Mat picture = picture_of(tile, thumbnail);
  const auto face = faces.largest(picture);
  if (!face) return busiest_window(thumbnail, aspect);
  // Outwards to whole pixels of the thumbnail, so that nothing of it is lost.
  const auto down = [](int at, int of, int to) {
    return static_cast<int>(std::floor(static_cast<double>(at) * to / of));
  };
  const auto up = [](int at, int of, int to) {
    return static_cast<int>(std::ceil(static_cast<double>(at) * to / of));
  };
  const int left = down(face->x, picture.cols, thumbnail.cols);
  const int top = down(face->y, picture.rows, thumbnail.rows);
  const cv::Rect box(left, top, up(face->br().x, picture.cols, thumbnail.cols) - left,
                     up(face->br().y, picture.rows, thumbnail.rows) - top);
  return window_around(box, {thumbnail.cols, thumbnail.rows}, aspect);
}

bool shows_nothing(const cv::Mat& part) {
  if (part.channels() != 4) return false;
  std::vector<cv::Mat> channels;
  cv::split(part, channels);
  return cv::countNonZero(channels[3]) == 0;
}

void add(const Tile& tile, const cv::Mat& thumbnail, const Rect& crop, bool mirrored,
         const MatchOptions& match, std::vector<DescribedTile>& made) {
  DescribedTile one{tile, {}, {}};
  one.tile.id.crop = crop;
  one.tile.id.mirrored = mirrored;
  const cv::Mat part = shown_part(thumbnail, {thumbnail.cols, thumbnail.rows}, one.tile.id).clone();
  if (shows_nothing(part)) return;
  Description described =
      describe_crop(images::to_picture(part), Rect{0, 0, part.cols, part.rows}, match);
  one.descriptor = described.descriptor;
  one.other_view = std::move(described.other_view);
  made.push_back(std::move(one));
}

std::vector<DescribedTile> make(const Tile& tile, Aspect aspect, const CropOptions& options,
                                const MatchOptions& match, FaceFinder& faces) {
  const cv::Mat thumbnail = images::unpack_thumbnail(thumbnail_of(tile));
  const Size size{thumbnail.cols, thumbnail.rows};
  std::vector<Rect> crops;
  switch (options.kind) {
    case CropKind::kCentre:
      crops = spread(size, aspect, options.count);
      break;
    case CropKind::kAttention:
      crops = {attended(tile, thumbnail, aspect, faces)};
      break;
    case CropKind::kFit:
      crops = {holding(size, aspect)};
      break;
  }
  std::vector<DescribedTile> made;
  for (const Rect& crop : crops) {
    add(tile, thumbnail, crop, false, match, made);
    if (options.flip) add(tile, thumbnail, crop, true, match, made);
  }
  return made;
}

TileSet only_distinct(TileSet set) {
  const match::NearDuplicates near(set.descriptors);
  return subset(std::move(set), near.firsts());
}

}  // namespace

Rect centre_crop(Size picture, Aspect aspect) {
  assert(aspect.width > 0 && aspect.height > 0);
  const auto share = [](std::int64_t side, std::int64_t of, std::int64_t to) {
    const std::int64_t length = (2 * side * of + to) / (2 * to);
    return static_cast<int>(std::clamp<std::int64_t>(length, 1, std::numeric_limits<int>::max()));
  };
  Rect crop;
  crop.width = std::min(picture.width, share(picture.height, aspect.width, aspect.height));
  crop.height = std::min(picture.height, share(picture.width, aspect.height, aspect.width));
  crop.x = (picture.width - crop.width) / 2;
  crop.y = (picture.height - crop.height) / 2;
  return crop;
}

int window_start(int i, int count, int window, int whole) {
  if (count == 1) return (whole - window) / 2;
  const std::int64_t room = whole - window;
  const std::int64_t all = std::int64_t{count} * window;
  const auto rounded = [](std::int64_t number, std::int64_t by) {
    return static_cast<int>((2 * number + by) / (2 * by));
  };
  if (all >= whole) return rounded(room * i, count - 1);
  return rounded((2 * std::int64_t{i} + 1) * whole - all, 2 * std::int64_t{count});
}

TileSet crop_anew(TileSet set, Aspect aspect, const CropOptions& options, const Events& events,
                  const MatchOptions& match) {
  check(options);
  tbb::enumerable_thread_specific<FaceFinder> faces;
  if (options.kind == CropKind::kAttention && !faces.local().works())
    events.warning(
        worded("OpenCV's face cascade is not installed (Debian: opencv-data): {crop} attention "
               "goes by detail alone"));
  std::vector<std::vector<DescribedTile>> made(set.size());
  tbb::parallel_for(std::size_t{0}, set.size(), [&](std::size_t i) {
    if (events.stop_requested()) return;
    const Tile& tile = set.tiles[i];
    try {
      made[i] = make(tile, aspect, options, match, faces.local());
    } catch (const images::BadPicture& bad) {
      throw Error(bad.kind(), fmt::format("cannot use the tile made of '{}': {}",
                                          tile.source.native(), bad.what()));
    }
  });
  std::vector<DescribedTile> all;
  for (auto& some : made)
    all.insert(all.end(), std::make_move_iterator(some.begin()),
               std::make_move_iterator(some.end()));
  TileSet result = make_tile_set(std::move(all), match);
  return options.distinct ? only_distinct(std::move(result)) : result;
}

}  // namespace smalti::tiles

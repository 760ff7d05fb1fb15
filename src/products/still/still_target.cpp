#include "products/still/still_target.h"

#include <fmt/format.h>

#include <vector>

#include "base/wording.h"
#include "images/image_loader.h"
#include "media/scaler.h"
#include "media/video_reader.h"
#include "smalti/error.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

bool is_gif(const fs::path& path) { return images::sniff_file(path) == images::ImageFormat::kGif; }

StillTarget read_picture_file(const StillOptions& options, const Events& events) {
  if (options.at_s)
    throw Error(
        ErrorKind::kUsage,
        fmt::format("{} has no effect: '{}' is a picture", worded("{at}"), options.target.string()),
        "leave it out");
  const std::vector<std::uint8_t> bytes = images::read_file(options.target);
  images::LoadedImage image =
      images::decode_image(bytes, options.target.string(), {}, {options.max_pixels});
  if (!image.warning.empty()) {
    const std::string line =
        fmt::format("'{}' is damaged ({})", options.target.string(), image.warning);
    if (options.strict)
      throw Error(ErrorKind::kBadInput, line, worded("leave out {strict} to take it as it is"));
    events.warning(line);
  }
  if (image.animated)
    events.warning(
        fmt::format("'{}' is animated: its first picture is taken", options.target.string()));
  return {image.picture, image.picture.size(), content_hash(bytes), 0};
}

// Frames keep their own samples, so that a still matches as the same frame in a video does.
StillTarget read_frame(const StillOptions& options, const Events& events) {
  const fs::path& path = options.target;
  const auto open = [&](double start_s) {
    return media::VideoReader(path, {start_s, {}, {}, options.threads}, events);
  };
  const auto target_of = [](media::VideoReader& reader) {
    const std::optional<media::SourceFrame> frame = reader.read();
    return StillTarget{frame->picture, reader.info().size, {}, reader.seconds(frame->pts)};
  };
  if (options.at_s) {
    media::VideoReader reader = open(*options.at_s);
    return target_of(reader);
  }
  media::VideoReader reader = open(0);
  const double fps = reader.info().fps.value();
  const auto frames = reader.info().frames;
  if (is_gif(path)) {
    const StillTarget first = target_of(reader);
    if (reader.read())
      events.warning(
          fmt::format("'{}' is animated: its first picture is taken; {} TIME takes another",
                      path.string(), worded("{at}")));
    return first;
  }
  if (!frames || *frames < 3 || fps <= 0) return target_of(reader);
  const double middle_s = static_cast<double>(*frames) / fps / 2;
  media::VideoReader later = open(middle_s);
  events.warning(
      fmt::format("'{}' is a video: its frame at {:.1f} s is taken; {} TIME takes another",
                  path.string(), middle_s, worded("{at}")));
  return target_of(later);
}

// The largest whole factor up to kDefaultEnlarge that keeps the mosaic at a sane size.
LayoutOptions with_default_size(LayoutOptions options, Size target) {
  if (options.chooses_canvas()) return options;
  const std::int64_t pixels = std::int64_t{target.width} * target.height;
  int factor = kDefaultEnlarge;
  while (factor > 1 && pixels * factor * factor > kMostPixelsByDefault) --factor;
  options.enlarge = factor;
  return options;
}

}  // namespace

StillTarget read_still_target(const StillOptions& options, const Events& events) {
  return is_picture_file(options.target) ? read_picture_file(options, events)
                                         : read_frame(options, events);
}

bool is_picture_file(const fs::path& path) {
  const auto format = images::sniff_file(path);
  return format && *format != images::ImageFormat::kGif;
}

Size counted_size(Size target, const StillOptions& options) {
  return options.fit_px ? fit_long_edge(target, *options.fit_px) : target;
}

mosaic::Layout still_layout(const StillOptions& options, Size target) {
  const Size size = counted_size(target, options);
  return mosaic::plan_layout(with_default_size(options.layout, size), size, {1, 1},
                             kLargestStillSide);
}

Picture as_rgb(const Picture& picture) {
  if (picture.format.model == ColorModel::kRgb && picture.format.depth == 8) return picture;
  const PixelFormat rgb{ColorModel::kRgb, 8, 0, 0, picture.format.alpha};
  return media::Scaler(rgb, {}, picture.size()).scaled(picture);
}

bool is_still(const fs::path& file) {
  if (is_picture_file(file)) return true;
  if (!is_gif(file)) return false;
  try {
    media::VideoReader reader(file, {}, {});
    reader.read();
    return !reader.read();
  } catch (const Error&) {
    return false;  // whoever opens it next says why
  }
}

}  // namespace smalti

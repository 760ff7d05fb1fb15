// Picture files, one target a format, through decode_image and, where they may be animated, picture
// after picture through open_animation. The limit of pixels is small: whatever a file claims,
// neither its pixels nor the memory they take may be more. What comes out is as large as it says,
// and a thumbnail can be made of it and read again; the pictures of an animation are of one size,
// each begins after the one before it, and the first is the still. Bytes of another format are
// passed over. Checksums in PNG files are set right, too: behind a wrong one nothing is looked at.

#include <algorithm>
#include <array>

#include "fuzz/feed.h"
#include "fuzz/picture_files.h"
#include "images/animation.h"
#include "images/image_loader.h"
#include "smalti/image_limits.h"

namespace smalti::fuzz {
namespace {

constexpr ImageLimits kLimits{.max_pixels = 1 << 18};

std::int64_t pixels_in(Size size) { return std::int64_t{size.width} * size.height; }
int long_edge_of(Size size) { return std::max(size.width, size.height); }

void check_thumbnail(const Picture& picture) {
  constexpr int kEdge = 128;
  const Picture shown = images::decode_thumbnail(images::make_thumbnail(picture, kEdge));
  must_hold(long_edge_of(shown.size()) == std::min(kEdge, long_edge_of(picture.size())),
            "the thumbnail is as large as it was to be");
}

void load(images::Bytes bytes, std::optional<int> long_edge) {
  images::LoadedImage image;
  try {
    image = images::decode_image(bytes, "input", long_edge, kLimits);
  } catch (const Error& error) {
    must_hold(error.kind() == ErrorKind::kBadInput, "it is the input that is bad");
    return;
  }
  const Size size = image.picture.size();
  const Size full = image.full_size;
  must_hold(size.width > 0 && size.height > 0 && pixels_in(size) <= kLimits.max_pixels &&
                pixels_in(full) <= kLimits.max_pixels,
            "there are pixels, within the limit");
  if (long_edge) {
    must_hold(long_edge_of(size) >= std::min(*long_edge, long_edge_of(full)),
              "it is not reduced below what was asked for");
  } else {
    must_hold(size == full, "the picture is as large as it says");
  }
  must_hold(image.orientation >= 1 && image.orientation <= 8, "the orientation is one");
  check_thumbnail(image.picture);
}

std::optional<images::DecodedImage> still_of(images::Bytes bytes) {
  try {
    return images::decode_any(bytes, {.long_edge = {}, .limits = kLimits});
  } catch (const images::BadPicture&) {
    return std::nullopt;
  } catch (const cv::Exception&) {
    return std::nullopt;
  }
}

// Colours that nobody sees do not count.
cv::Mat seen(const cv::Mat& pixels) {
  if (pixels.channels() != 4) return pixels;
  cv::Mat seen = pixels.clone();
  cv::Mat alpha;
  cv::extractChannel(pixels, alpha, 3);
  seen.setTo(cv::Scalar::all(0), alpha == 0);
  return seen;
}

bool look_alike(const cv::Mat& a, const cv::Mat& b) {
  return a.type() == b.type() && a.size() == b.size() &&
         cv::norm(seen(a), seen(b), cv::NORM_INF) == 0;
}

void play(images::Bytes bytes) {
  constexpr int kEnough = 12;
  const std::optional<images::DecodedImage> still = still_of(bytes);
  // Nobody plays what could not be loaded, or is not animated.
  if (!still || !still->animated) return;
  try {
    const auto reader = images::open_animation(bytes, kLimits);
    cv::Size size;
    std::int64_t begun_us = -1;
    for (int i = 0; i < kEnough; ++i) {
      const auto picture = reader->next();
      if (!picture) break;
      must_hold(picture->timestamp_us > begun_us, "a picture begins after the one before it");
      begun_us = picture->timestamp_us;
      if (i == 0) size = picture->pixels.size();
      must_hold(picture->pixels.size() == size, "all pictures are of one size");
      if (i == 0 && picture->pixels.channels() == still->pixels.channels())
        must_hold(look_alike(picture->pixels, still->pixels), "the first picture is the still");
      images::shown(*reader, *picture, 6);
    }
  } catch (const images::BadPicture&) {
  } catch (const cv::Exception&) {
  }
}

int read_as(std::initializer_list<images::ImageFormat> formats, images::Bytes bytes) {
  const auto format = images::sniff_image(bytes);
  if (!format || std::find(formats.begin(), formats.end(), *format) == formats.end()) return 0;
  load(bytes, std::nullopt);
  load(bytes, 16);
  play(bytes);
  return 0;
}

}  // namespace

int fuzz_jpeg(const std::uint8_t* data, std::size_t size) {
  return read_as({images::ImageFormat::kJpeg}, {data, size});
}
int fuzz_webp(const std::uint8_t* data, std::size_t size) {
  return read_as({images::ImageFormat::kWebp}, {data, size});
}
int fuzz_tiff(const std::uint8_t* data, std::size_t size) {
  return read_as({images::ImageFormat::kTiff}, {data, size});
}
int fuzz_bmp(const std::uint8_t* data, std::size_t size) {
  return read_as({images::ImageFormat::kBmp}, {data, size});
}
int fuzz_heif(const std::uint8_t* data, std::size_t size) {
  return read_as({images::ImageFormat::kHeic, images::ImageFormat::kAvif}, {data, size});
}
int fuzz_gif(const std::uint8_t* data, std::size_t size) {
  return read_as({images::ImageFormat::kGif}, {data, size});
}
int fuzz_png(const std::uint8_t* data, std::size_t size) {
  const Input mended = with_right_checksums({data, size});
  read_as({images::ImageFormat::kPng}, mended);
  if (!std::equal(mended.begin(), mended.end(), data, data + size))
    read_as({images::ImageFormat::kPng}, {data, size});
  return 0;
}

}  // namespace smalti::fuzz

#include <algorithm>

#include "images/codecs.h"
#include "images/image_loader.h"
#include "images/pixels.h"
#include "smalti/error.h"

namespace smalti::images {
namespace {

constexpr int kQuality = 90;

}  // namespace

std::vector<std::uint8_t> make_thumbnail(const Picture& picture, int long_edge) {
  const cv::Mat small = reduced(to_mat(picture), fit_long_edge(picture.size(), long_edge));
  return small.channels() == 4 ? encode_webp(with_mean_under_transparent(small), kQuality)
                               : encode_jpeg(small, kQuality);
}

std::optional<Size> thumbnail_size(Bytes thumbnail) {
  try {
    const std::optional<ImageFormat> format = sniff_image(thumbnail);
    if (format != ImageFormat::kJpeg && format != ImageFormat::kWebp) return std::nullopt;
    const Size size = format == ImageFormat::kJpeg ? jpeg_size(thumbnail) : webp_size(thumbnail);
    const bool is_small = std::max(size.width, size.height) <= kThumbnailEdge;
    return is_small ? std::optional(size) : std::nullopt;
  } catch (const BadPicture&) {
    return std::nullopt;
  }
}

cv::Mat unpack_thumbnail(Bytes thumbnail) {
  if (!thumbnail_size(thumbnail)) throw BadPicture("it is none that smalti makes");
  return decode_any(thumbnail, {}).pixels;
}

Picture decode_thumbnail(std::span<const std::uint8_t> thumbnail) {
  try {
    return to_picture(unpack_thumbnail(thumbnail));
  } catch (const BadPicture& bad) {
    throw Error(bad.kind(), std::string("cannot use a tile's thumbnail: ") + bad.what());
  }
}

}  // namespace smalti::images

#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "images/image_loader.h"
#include "images/orientation.h"
#include "smalti/error.h"
#include "smalti/image_limits.h"

namespace smalti::images {

using Bytes = std::span<const std::uint8_t>;

/// Why a file is no usable picture, as the end of a sentence that begins with its name: "breaks off
/// in mid-picture". Inside this room only; whoever knows the name makes an Error of it.
class BadPicture : public std::runtime_error {
 public:
  explicit BadPicture(const std::string& why, ErrorKind kind = ErrorKind::kBadInput,
                      std::string hint = {})
      : std::runtime_error(why), kind_(kind), hint_(std::move(hint)) {}
  ErrorKind kind() const { return kind_; }
  const std::string& hint() const { return hint_; }

 private:
  ErrorKind kind_;
  std::string hint_;
};

/// What a decoder needs to know besides the bytes.
struct DecodeRequest {
  std::optional<int> long_edge;  ///< as in decode_image
  ImageLimits limits;
};

/// What a decoder hands on.
struct DecodedImage {
  cv::Mat pixels;         ///< 8 bit, RGB or RGBA (in that order, alpha not multiplied in)
  Size full_size;         ///< of the file's picture before any reduction, as `pixels` lies
  ExifFacts exif;         ///< its orientation is how `pixels` has still to be turned
  std::string warning;    ///< what the decoder complained about and went on
  bool animated = false;  ///< the file has more pictures, shown one after the other
  std::vector<std::uint8_t> profile = {};  ///< the ICC profile of `pixels`, as far as there is one
};

// One decoder a format. They check the header's size before they decode, never print, and throw
// BadPicture for what cannot be used. Any thread.
DecodedImage decode_jpeg(Bytes bytes, const DecodeRequest& request);
DecodedImage decode_png(Bytes bytes, const DecodeRequest& request);
DecodedImage decode_webp(Bytes bytes, const DecodeRequest& request);
DecodedImage decode_tiff(Bytes bytes, const DecodeRequest& request);
DecodedImage decode_bmp(Bytes bytes, const DecodeRequest& request);
DecodedImage decode_heif(Bytes bytes, const DecodeRequest& request);
DecodedImage decode_gif(Bytes bytes, const DecodeRequest& request);

// What the header claims. Throw BadPicture where there is none.
Size jpeg_size(Bytes bytes);
Size webp_size(Bytes bytes);

/// What is said of bytes that are in none of the formats.
std::string no_picture();

/// The whole picture by its format, not yet turned. Throws BadPicture, for foreign bytes too.
DecodedImage decode_any(Bytes bytes, const DecodeRequest& request);

/// What a thumbnail of make_thumbnail says of its size; nothing for what is none by its format, its
/// header, or because it is larger than thumbnails are.
std::optional<Size> thumbnail_size(Bytes thumbnail);

/// The samples of a thumbnail of make_thumbnail. Throws BadPicture for anything else.
cv::Mat unpack_thumbnail(Bytes thumbnail);

/// decode_image for those who name the file themselves. Throws BadPicture.
LoadedImage load_image(Bytes bytes, const DecodeRequest& request);

/// The same picture gives the same bytes, whatever the processor and the number of threads.
std::vector<std::uint8_t> encode_jpeg(const cv::Mat& rgb, int quality);
std::vector<std::uint8_t> encode_webp(const cv::Mat& rgba, int quality);

/// Throws BadPicture when a header claims no pixels or more than the limit.
void check_claimed_size(std::int64_t width, std::int64_t height, const ImageLimits& limits);

}  // namespace smalti::images

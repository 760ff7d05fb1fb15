#include <cstdlib>
#include <opencv2/imgproc.hpp>

#include "images/codecs.h"

namespace smalti::images {
namespace {

constexpr std::size_t kFileHeaderSize = 14;
constexpr std::uint32_t kOs2HeaderSize = 12;
constexpr std::size_t kLongestHeaderRead = 34;

struct Header {
  std::int64_t width = 0;
  std::int64_t height = 0;
  std::int64_t bits_per_pixel = 0;
  std::int64_t data_offset = 0;
  bool run_lengths = false;
};

std::uint32_t little_endian(Bytes bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value |= std::uint32_t{bytes[at + i]} << (8 * i);
  return value;
}

Header read_header(Bytes bytes) {
  if (bytes.size() < kLongestHeaderRead) throw BadPicture("breaks off in mid-picture");
  Header header;
  header.data_offset = little_endian(bytes, 10, 4);
  if (little_endian(bytes, kFileHeaderSize, 4) == kOs2HeaderSize) {
    header.width = little_endian(bytes, 18, 2);
    header.height = little_endian(bytes, 20, 2);
    header.bits_per_pixel = little_endian(bytes, 24, 2);
    return header;
  }
  header.width = static_cast<std::int32_t>(little_endian(bytes, 18, 4));
  // Negative when the rows come from top to bottom.
  header.height = std::abs(std::int64_t{static_cast<std::int32_t>(little_endian(bytes, 22, 4))});
  header.bits_per_pixel = little_endian(bytes, 28, 2);
  const std::uint32_t compression = little_endian(bytes, 30, 4);
  header.run_lengths = compression == 1 || compression == 2;
  return header;
}

/// Asked beforehand, because OpenCV prints when data ends early. Run lengths tell only at the end.
bool is_complete(const Header& header, std::size_t file_size) {
  if (header.run_lengths) return true;
  const std::int64_t row_bytes = (header.width * header.bits_per_pixel + 31) / 32 * 4;
  return header.data_offset + row_bytes * header.height <= static_cast<std::int64_t>(file_size);
}

}  // namespace

DecodedImage decode_bmp(Bytes bytes, const DecodeRequest& request) {
  const Header header = read_header(bytes);
  check_claimed_size(header.width, header.height, request.limits);
  if (!is_complete(header, bytes.size())) throw BadPicture("breaks off in mid-picture");
  const cv::Mat decoded = decode_with_opencv(bytes);
  if (decoded.empty() || decoded.depth() != CV_8U) throw BadPicture("broken or unusual BMP");
  cv::Mat pixels;
  cv::cvtColor(decoded, pixels,
               decoded.channels() == 1   ? cv::COLOR_GRAY2RGB
               : decoded.channels() == 4 ? cv::COLOR_BGRA2RGBA
                                         : cv::COLOR_BGR2RGB);
  return {pixels, {pixels.cols, pixels.rows}, {}, {}};
}

}  // namespace smalti::images

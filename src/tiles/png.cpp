#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>
#include <string_view>

#include "tiles/codecs.h"
#include "tiles/orientation.h"

// OpenCV decodes, but only what is left when a file has been taken apart here: the chunks that make
// up the (first) picture, complete and with right checksums. So a file that breaks off is known as
// such, libpng finds nothing to print about odd colour profiles and comments, and animations are
// still pictures to any version of OpenCV.

namespace smalti {
namespace {

constexpr std::size_t kSignatureSize = 8;
constexpr std::size_t kChunkFrame = 12;  // length, type, checksum
constexpr std::size_t kHeaderSize = 13;

std::uint32_t big_endian_32(const std::uint8_t* p) {
  return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
}

constexpr auto kCrcTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit) c = (c & 1) != 0 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
    table[i] = c;
  }
  return table;
}();

std::uint32_t crc_32(Bytes bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const std::uint8_t byte : bytes) crc = kCrcTable[(crc ^ byte) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

struct Chunk {
  std::string_view type;
  Bytes data;
  Bytes whole;  ///< with length, type and checksum

  bool is_part_of_picture() const {
    return type == "IHDR" || type == "PLTE" || type == "tRNS" || type == "IDAT" || type == "IEND";
  }
  bool checksum_is_right() const {
    const Bytes checked = whole.subspan(4, data.size() + 4);
    return crc_32(checked) == big_endian_32(whole.data() + whole.size() - 4);
  }
};

Chunk read_chunk(Bytes rest) {
  if (rest.size() < kChunkFrame) throw BadPicture("breaks off in mid-picture");
  const std::size_t length = big_endian_32(rest.data());
  if (length > rest.size() - kChunkFrame) throw BadPicture("breaks off in mid-picture");
  return {.type = {reinterpret_cast<const char*>(rest.data()) + 4, 4},
          .data = rest.subspan(8, length),
          .whole = rest.first(length + kChunkFrame)};
}

struct Header {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  int depth = 0;
  bool is_gray = false;
};

Header read_header(const Chunk& first) {
  if (first.type != "IHDR" || first.data.size() != kHeaderSize) {
    throw BadPicture("broken PNG: does not start with a header");
  }
  const std::uint8_t* p = first.data.data();
  return {.width = big_endian_32(p),
          .height = big_endian_32(p + 4),
          .depth = p[8],
          .is_gray = p[9] == 0};
}

struct Parts {
  Header header;
  std::vector<std::uint8_t> picture;      ///< a PNG file of its own
  std::optional<std::uint16_t> gray_key;  ///< the grey that stands for transparent
  int orientation = 1;
};

Parts take_apart(Bytes file, const ImageLimits& limits) {
  Bytes rest = file.subspan(kSignatureSize);
  Parts parts;
  parts.header = read_header(read_chunk(rest));
  check_claimed_size(parts.header.width, parts.header.height, limits);
  parts.picture.reserve(file.size());
  parts.picture.assign(file.begin(), file.begin() + kSignatureSize);
  bool has_data = false;
  for (bool ended = false; !ended;) {
    const Chunk chunk = read_chunk(rest);
    rest = rest.subspan(chunk.whole.size());
    ended = chunk.type == "IEND";
    has_data = has_data || chunk.type == "IDAT";
    if (chunk.type == "eXIf") parts.orientation = exif_orientation(chunk.data);
    if (!chunk.is_part_of_picture()) continue;
    if (!chunk.checksum_is_right()) throw BadPicture("broken PNG: wrong checksum");
    // OpenCV forgets this kind of transparency.
    if (chunk.type == "tRNS" && parts.header.is_gray && chunk.data.size() == 2) {
      parts.gray_key = static_cast<std::uint16_t>(chunk.data[0] << 8 | chunk.data[1]);
      continue;
    }
    parts.picture.insert(parts.picture.end(), chunk.whole.begin(), chunk.whole.end());
  }
  if (!has_data) throw BadPicture("broken PNG: holds no picture data");
  return parts;
}

/// Opaque but for the pixels of that grey.
cv::Mat alpha_from_key(const cv::Mat& gray, int key, int depth) {
  const int shown_key = depth < 8 ? key * 255 / ((1 << depth) - 1) : key;
  cv::Mat alpha;
  cv::compare(gray, cv::Scalar(shown_key), alpha, cv::CMP_NE);
  return alpha;
}

cv::Mat to_8_bit_rgb(const cv::Mat& decoded) {
  cv::Mat samples = decoded;
  if (decoded.depth() == CV_16U) decoded.convertTo(samples, CV_8U, 1.0 / 257);
  cv::Mat rgb;
  cv::cvtColor(samples, rgb,
               samples.channels() == 1   ? cv::COLOR_GRAY2RGB
               : samples.channels() == 4 ? cv::COLOR_BGRA2RGBA
                                         : cv::COLOR_BGR2RGB);
  return rgb;
}

}  // namespace

DecodedImage decode_png(Bytes bytes, const DecodeRequest& request) {
  if (bytes.size() < kSignatureSize) throw BadPicture("breaks off in mid-picture");
  const Parts parts = take_apart(bytes, request.limits);
  const cv::Mat decoded = decode_with_opencv(parts.picture);
  if (decoded.empty()) throw BadPicture("broken PNG: its picture data cannot be decoded");
  cv::Mat pixels = to_8_bit_rgb(decoded);
  if (parts.gray_key && decoded.channels() == 1) {
    const cv::Mat alpha = alpha_from_key(decoded, *parts.gray_key, parts.header.depth);
    cv::merge(std::vector<cv::Mat>{pixels, alpha}, pixels);
  }
  return {pixels, {pixels.cols, pixels.rows}, parts.orientation, {}};
}

}  // namespace smalti

#include <zlib.h>

#include <algorithm>

#include "images/png_file.h"

// libpng decodes (png_pixels.cpp), but only what is left when a file has been taken apart here: the
// chunks that make up the (first) picture, complete and with right checksums. So a file that breaks
// off is known as such, and odd colour profiles and comments are nobody's business.

namespace smalti::images {
namespace {

constexpr std::size_t kChunkFrame = 12;  // length, type, checksum
constexpr std::size_t kHeaderSize = 13;

std::uint32_t crc_32(Bytes bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, bytes.data(), bytes.size()));
}

void append_number(std::vector<std::uint8_t>& file, std::size_t number) {
  for (const int shift : {24, 16, 8, 0}) file.push_back(number >> shift & 0xFF);
}

PngParts read_header(const PngChunk& first) {
  if (first.type != "IHDR" || first.data.size() != kHeaderSize) {
    throw BadPicture("broken PNG: does not start with a header");
  }
  const std::uint8_t* p = first.data.data();
  PngParts parts;
  parts.width = png_number(p);
  parts.height = png_number(p + 4);
  parts.depth = p[8];
  parts.is_gray = p[9] == 0;
  return parts;
}

/// Behind a name, a zero and the number of the compression, deflate.
std::vector<std::uint8_t> unpack_profile(Bytes chunk) {
  constexpr std::size_t kMostBytes = std::size_t{4} << 20;
  const auto name_end = std::find(chunk.begin(), chunk.end(), 0);
  if (chunk.end() - name_end < 3 || name_end[1] != 0) return {};
  const Bytes packed(name_end + 2, chunk.end());
  for (std::size_t size = 8192; size <= kMostBytes; size *= 4) {
    std::vector<std::uint8_t> profile(size);
    uLongf written = size;
    const int result = uncompress(profile.data(), &written, packed.data(), packed.size());
    if (result == Z_BUF_ERROR) continue;  // it is larger, or breaks off
    if (result != Z_OK) return {};
    profile.resize(written);
    return profile;
  }
  return {};
}

}  // namespace

std::uint32_t png_number(const std::uint8_t* p) {
  return std::uint32_t{p[0]} << 24 | std::uint32_t{p[1]} << 16 | std::uint32_t{p[2]} << 8 | p[3];
}

void PngChunk::check() const {
  const Bytes checked = whole.subspan(4, data.size() + 4);
  if (crc_32(checked) != png_number(whole.data() + whole.size() - 4))
    throw BadPicture("broken PNG: wrong checksum");
}

PngChunk read_png_chunk(Bytes rest) {
  if (rest.size() < kChunkFrame) throw BadPicture("breaks off in mid-picture");
  const std::size_t length = png_number(rest.data());
  if (length > rest.size() - kChunkFrame) throw BadPicture("breaks off in mid-picture");
  return {.type = {reinterpret_cast<const char*>(rest.data()) + 4, 4},
          .data = rest.subspan(8, length),
          .whole = rest.first(length + kChunkFrame)};
}

void append_png_chunk(std::vector<std::uint8_t>& file, std::string_view type, Bytes data) {
  append_number(file, data.size());
  const std::size_t checked_from = file.size();
  file.insert(file.end(), type.begin(), type.end());
  file.insert(file.end(), data.begin(), data.end());
  append_number(file, crc_32(Bytes(file).subspan(checked_from)));
}

PngParts take_png_apart(Bytes file, const ImageLimits& limits) {
  if (file.size() < kPngSignature) throw BadPicture("breaks off in mid-picture");
  Bytes rest = file.subspan(kPngSignature);
  PngParts parts = read_header(read_png_chunk(rest));
  check_claimed_size(parts.width, parts.height, limits);
  parts.picture.reserve(file.size());
  parts.picture.assign(file.begin(), file.begin() + kPngSignature);
  bool has_data = false;
  for (bool ended = false; !ended;) {
    const PngChunk chunk = read_png_chunk(rest);
    rest = rest.subspan(chunk.whole.size());
    ended = chunk.type == "IEND";
    has_data = has_data || chunk.type == "IDAT";
    if (chunk.type == "eXIf") parts.exif = read_exif(chunk.data);
    if (chunk.type == "iCCP") parts.profile = unpack_profile(chunk.data);
    if (chunk.type == "acTL" && !has_data) parts.animated = true;
    if (!chunk.is_part_of_picture()) continue;
    chunk.check();
    // Kept apart: pixels of grey pictures are decoded as one sample each.
    if (chunk.type == "tRNS" && parts.is_gray && chunk.data.size() == 2) {
      parts.gray_key = static_cast<std::uint16_t>(chunk.data[0] << 8 | chunk.data[1]);
      continue;
    }
    parts.picture.insert(parts.picture.end(), chunk.whole.begin(), chunk.whole.end());
  }
  if (!has_data) throw BadPicture("broken PNG: holds no picture data");
  return parts;
}

DecodedImage decode_png(Bytes bytes, const DecodeRequest& request) {
  const PngParts parts = take_png_apart(bytes, request.limits);
  const cv::Mat pixels = decode_png_parts(parts);
  return {pixels, {pixels.cols, pixels.rows}, parts.exif, {}, parts.animated, parts.profile};
}

}  // namespace smalti::images

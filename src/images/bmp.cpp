extern "C" {
#include <libavcodec/avcodec.h>
#include <libswscale/swscale.h>
}

#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <new>

#include "base/free_by.h"
#include "images/codecs.h"

// Through libavcodec: OpenCV's codecs bring GDAL, which takes longer to load than all else
// together.

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

/// Whether run lengths end where they say so, or at least after the last row.
bool runs_are_complete(const Header& header, Bytes runs) {
  std::int64_t rows = 0;
  std::size_t at = 0;
  while (at + 2 <= runs.size()) {
    const std::size_t count = runs[at];
    const std::size_t code = runs[at + 1];
    at += 2;
    if (count > 0) continue;
    if (code == 1) return true;
    if (code == 0) ++rows;
    if (code == 2) at += 2;
    if (code > 2) at += (code * header.bits_per_pixel + 15) / 16 * 2;
  }
  return rows >= header.height;
}

/// Asked beforehand, because libavcodec fills up what is missing.
bool is_complete(const Header& header, Bytes bytes) {
  const auto size = static_cast<std::int64_t>(bytes.size());
  if (header.data_offset > size) return false;
  if (header.run_lengths) return runs_are_complete(header, bytes.subspan(header.data_offset));
  const std::int64_t row_bytes = (header.width * header.bits_per_pixel + 31) / 32 * 4;
  return row_bytes * header.height <= size - header.data_offset;
}

using UniqueCodec = std::unique_ptr<AVCodecContext, FreeByAddress<avcodec_free_context>>;
using UniquePacket = std::unique_ptr<AVPacket, FreeByAddress<av_packet_free>>;
using UniqueFrame = std::unique_ptr<AVFrame, FreeByAddress<av_frame_free>>;
using UniqueConversion = std::unique_ptr<SwsContext, FreeBy<sws_freeContext>>;

void check(int result) {
  if (result == AVERROR(ENOMEM)) throw std::bad_alloc();
  if (result < 0) throw BadPicture("broken or unusual BMP");
}

/// As the file has it: with a palette, or in one of several layouts of red, green and blue.
UniqueFrame decoded(Bytes bytes) {
  if (bytes.size() > std::numeric_limits<int>::max()) throw BadPicture("broken or unusual BMP");
  const UniqueCodec codec(avcodec_alloc_context3(avcodec_find_decoder(AV_CODEC_ID_BMP)));
  const UniquePacket packet(av_packet_alloc());
  UniqueFrame frame(av_frame_alloc());
  if (!codec || !packet || !frame) throw std::bad_alloc();
  codec->log_level_offset = AV_LOG_TRACE;  // what it would print is thrown
  codec->thread_count = 1;
  check(avcodec_open2(codec.get(), nullptr, nullptr));
  check(av_new_packet(packet.get(), static_cast<int>(bytes.size())));
  std::memcpy(packet->data, bytes.data(), bytes.size());
  check(avcodec_send_packet(codec.get(), packet.get()));
  check(avcodec_receive_frame(codec.get(), frame.get()));
  return frame;
}

cv::Mat as_rgb(const AVFrame& frame) {
  const auto format = static_cast<AVPixelFormat>(frame.format);
  const bool alpha = format == AV_PIX_FMT_BGRA || format == AV_PIX_FMT_ABGR ||
                     format == AV_PIX_FMT_RGBA || format == AV_PIX_FMT_ARGB;
  const UniqueConversion conversion(
      sws_getContext(frame.width, frame.height, format, frame.width, frame.height,
                     alpha ? AV_PIX_FMT_RGBA : AV_PIX_FMT_RGB24,
                     SWS_POINT | SWS_ACCURATE_RND | SWS_BITEXACT, nullptr, nullptr, nullptr));
  if (!conversion) throw std::bad_alloc();
  cv::Mat pixels(frame.height, frame.width, alpha ? CV_8UC4 : CV_8UC3);
  std::uint8_t* to[] = {pixels.data};
  const int row_bytes[] = {static_cast<int>(pixels.step)};
  check(sws_scale(conversion.get(), frame.data, frame.linesize, 0, frame.height, to, row_bytes));
  return pixels;
}

}  // namespace

DecodedImage decode_bmp(Bytes bytes, const DecodeRequest& request) {
  const Header header = read_header(bytes);
  check_claimed_size(header.width, header.height, request.limits);
  if (!is_complete(header, bytes)) throw BadPicture("breaks off in mid-picture");
  const cv::Mat pixels = as_rgb(*decoded(bytes));
  return {pixels, {pixels.cols, pixels.rows}, {}, {}};
}

}  // namespace smalti::images

#include "media/decoder.h"

#include <algorithm>
#include <thread>

namespace smalti::media {
namespace {

// Each frame thread keeps a picture of its own alive, besides those the codec refers back to.
constexpr std::int64_t kFrameThreadBytes = 256 << 20;
constexpr int kMostThreads = 16;

void choose_threads(AVCodecContext& codec, int threads) {
  const int processors = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const int wanted = std::min(threads > 0 ? threads : processors, kMostThreads);
  constexpr std::int64_t kBytesAPixel = 3;  // 4:2:0 above 8 bits
  const std::int64_t frame_bytes =
      std::max<std::int64_t>(std::int64_t{codec.width} * codec.height * kBytesAPixel, 1);
  const auto affordable =
      static_cast<int>(std::clamp<std::int64_t>(kFrameThreadBytes / frame_bytes, 1, kMostThreads));
  codec.thread_type = affordable > 1 ? FF_THREAD_FRAME | FF_THREAD_SLICE : FF_THREAD_SLICE;
  codec.thread_count = affordable > 1 ? std::min(wanted, affordable) : wanted;
}

}  // namespace

Decoder::Decoder(const AVStream& stream, int threads, const std::string& name) {
  const AVCodec* decoder = avcodec_find_decoder(stream.codecpar->codec_id);
  codec_.reset(allocated(avcodec_alloc_context3(decoder)));
  const std::string action = "cannot decode " + name;
  check(avcodec_parameters_to_context(codec_.get(), stream.codecpar), action, ErrorKind::kBadInput);
  codec_->pkt_timebase = stream.time_base;
  choose_threads(*codec_, threads);
  check(avcodec_open2(codec_.get(), decoder, nullptr), action, ErrorKind::kBadInput);
}

void Decoder::send(const AVPacket* packet) {
  const int result = avcodec_send_packet(codec_.get(), packet);
  if (result == AVERROR(ENOMEM)) throw std::bad_alloc();
  if (result < 0 && result != AVERROR_EOF) ++damaged_;
}

UniqueFrame Decoder::receive() {
  UniqueFrame frame = make_frame();
  for (;;) {
    const int result = avcodec_receive_frame(codec_.get(), frame.get());
    if (result >= 0) return frame;
    if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return nullptr;
    if (result == AVERROR(ENOMEM)) throw std::bad_alloc();
    ++damaged_;
  }
}

void Decoder::restart() { avcodec_flush_buffers(codec_.get()); }

void Decoder::skip_unreferenced(bool skip) {
  codec_->skip_frame = skip ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
}

bool is_damaged(const AVFrame& frame) {
  return frame.decode_error_flags != 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0;
}

bool is_interlaced(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
  return (frame.flags & AV_FRAME_FLAG_INTERLACED) != 0;
#else
  return frame.interlaced_frame != 0;
#endif
}

std::int64_t stated_duration(const AVFrame& frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
  return frame.duration;
#else
  return frame.pkt_duration;
#endif
}

}  // namespace smalti::media

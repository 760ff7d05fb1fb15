#include "media/encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <future>
#include <string_view>
#include <thread>

#include "media/containers.h"
#include "media/encoder_settings.h"
#include "media/log.h"
#include "media/pictures.h"
#include "media/time_line.h"

namespace smalti::media {
namespace {

void set_picture(AVCodecContext& codec, const EncoderPlan& plan, Size size) {
  codec.width = size.width;
  codec.height = size.height;
  codec.pix_fmt = static_cast<AVPixelFormat>(plan.pixel_format);
  codec.sample_aspect_ratio = {1, 1};
  codec.color_primaries = static_cast<AVColorPrimaries>(plan.color.primaries);
  codec.color_trc = static_cast<AVColorTransferCharacteristic>(plan.color.transfer);
  codec.colorspace = static_cast<AVColorSpace>(plan.color.matrix);
  codec.color_range = plan.color.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
}

void set_container(AVCodecContext& codec, const AVOutputFormat& muxer) {
  if (muxer.flags & AVFMT_GLOBALHEADER) codec.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  // AVI keeps no presentation times, so pictures must come in their order.
  if (std::string_view(muxer.name) == "avi") codec.max_b_frames = 0;
}

constexpr auto kClosedSoon = std::chrono::seconds(2);

bool is_svt_av1(const AVCodecContext& codec) {
  return std::string_view(codec.codec->name) == "libsvtav1";
}

// SVT-AV1, when closed, waits for the end of its stream, be it told of one or not; and to a stream
// without a single frame it finds no end.
void end_stream(AVCodecContext& codec) {
  const UniqueFrame frame = make_frame();
  frame->format = codec.pix_fmt;
  frame->width = codec.width;
  frame->height = codec.height;
  frame->pts = kFarthest;
  if (av_frame_get_buffer(frame.get(), 0) >= 0) avcodec_send_frame(&codec, frame.get());
  const UniquePacket packet = make_packet();
  avcodec_send_frame(&codec, nullptr);
  while (avcodec_receive_packet(&codec, packet.get()) >= 0) continue;
}

}  // namespace

void CloseEncoder::operator()(AVCodecContext* codec) const {
  if (avcodec_is_open(codec) == 0 || !is_svt_av1(*codec)) {
    avcodec_free_context(&codec);
    return;
  }
  std::promise<void> closed;
  const std::future<void> soon = closed.get_future();
  std::thread([codec, closed = std::move(closed)]() mutable {
    end_stream(*codec);
    avcodec_free_context(&codec);
    closed.set_value();
  }).detach();
  soon.wait_for(kClosedSoon);
}

UniqueEncoder open_encoder(const EncoderPlan& plan, const EncodeOptions& options,
                           const EncoderSetup& setup) {
  const AVCodec* encoder = avcodec_find_encoder_by_name(plan.encoder.c_str());
  assert(encoder != nullptr);
  const AVOutputFormat& muxer = find_muxer(plan.container);

  UniqueEncoder codec(allocated(avcodec_alloc_context3(encoder)));
  codec->thread_count = options.threads;
  set_picture(*codec, plan, setup.size);
  set_rate(*codec, muxer, setup);
  set_container(*codec, muxer);
  set_options(*codec, options);
  forget_error_line();
  check(avcodec_open2(codec.get(), encoder, nullptr),
        fmt::format("encoder '{}' refuses {}x{} pixels or its options", plan.encoder,
                    setup.size.width, setup.size.height),
        ErrorKind::kUsage);
  return codec;
}

Encoder::Encoder(const EncoderPlan& plan, const EncodeOptions& options, const EncoderSetup& setup)
    : source_time_base_(setup.time_base),
      pixel_format_(static_cast<AVPixelFormat>(plan.pixel_format)),
      codec_(open_encoder(plan, options, setup)) {}

void Encoder::send(const Picture& picture, std::int64_t pts, std::int64_t duration) {
  assert(picture.size() == (Size{codec_->width, codec_->height}));
  UniqueFrame frame = as_frame(picture, pixel_format_);
  frame->pts = av_rescale_q(pts, source_time_base_, codec_->time_base);
  if (last_pts_) frame->pts = std::max(frame->pts, *last_pts_ + 1);
  last_pts_ = frame->pts;
  durations_[frame->pts] =
      std::max<std::int64_t>(av_rescale_q(duration, source_time_base_, codec_->time_base), 1);

  frame->sample_aspect_ratio = codec_->sample_aspect_ratio;
  frame->color_primaries = codec_->color_primaries;
  frame->color_trc = codec_->color_trc;
  frame->colorspace = codec_->colorspace;
  frame->color_range = codec_->color_range;
  check(avcodec_send_frame(codec_.get(), frame.get()), "cannot encode a frame");
}

void Encoder::finish() { check(avcodec_send_frame(codec_.get(), nullptr), "cannot end encoding"); }

bool Encoder::receive(AVPacket& packet) {
  const int result = avcodec_receive_packet(codec_.get(), &packet);
  if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return false;
  check(result, "cannot encode a frame");
  if (const auto known = durations_.find(packet.pts); known != durations_.end()) {
    packet.duration = known->second;
    durations_.erase(known);
  }
  return true;
}

}  // namespace smalti::media

#include "media/encoder.h"

extern "C" {
#include <libavutil/opt.h>
}

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <future>
#include <string_view>
#include <thread>
#include <vector>

#include "media/containers.h"
#include "media/log.h"
#include "media/pictures.h"
#include "media/time_line.h"

namespace smalti::media {
namespace {

constexpr AVRational kRateWhenUnknown{30, 1};
constexpr int kLargestRateNumber = 60'000;  // MPEG-4 has 16 bits for it

bool was_given(const EncodeOptions& options, std::string_view key) {
  return std::any_of(options.encoder_options.begin(), options.encoder_options.end(),
                     [&](const auto& option) { return option.first == key; });
}

bool needs_constant_rate(const AVOutputFormat& muxer, const AVCodec& encoder) {
  if (counts_frames(muxer)) return true;
  switch (encoder.id) {
    case AV_CODEC_ID_MPEG1VIDEO:
    case AV_CODEC_ID_MPEG2VIDEO:
    case AV_CODEC_ID_MPEG4:
    case AV_CODEC_ID_H263:
    case AV_CODEC_ID_FLV1:
    case AV_CODEC_ID_MSMPEG4V2:
    case AV_CODEC_ID_MSMPEG4V3:
    case AV_CODEC_ID_WMV1:
    case AV_CODEC_ID_WMV2:
    case AV_CODEC_ID_THEORA:
      return true;
    default:
      return false;
  }
}

AVRational constant_rate(const AVCodec& encoder, AVRational wanted) {
  if (wanted.num <= 0) wanted = kRateWhenUnknown;
  if (encoder.supported_framerates != nullptr) {
    return encoder
        .supported_framerates[av_find_nearest_q_idx(wanted, encoder.supported_framerates)];
  }
  av_reduce(&wanted.num, &wanted.den, wanted.num, wanted.den, kLargestRateNumber);
  return wanted;
}

void set_option(AVCodecContext& codec, const std::string& key, const std::string& value) {
  const char* name = codec.codec->name;
  const AVOption* option = av_opt_find(&codec, key.c_str(), nullptr, 0, AV_OPT_SEARCH_CHILDREN);
  constexpr int kOfVideoEncoders = AV_OPT_FLAG_ENCODING_PARAM | AV_OPT_FLAG_VIDEO_PARAM;
  if (option == nullptr || (option->flags & kOfVideoEncoders) != kOfVideoEncoders) {
    throw Error(ErrorKind::kUsage, fmt::format("encoder '{}' has no {}", name, key));
  }
  forget_error_line();
  if (av_opt_set(&codec, key.c_str(), value.c_str(), AV_OPT_SEARCH_CHILDREN) < 0) {
    const std::string line = last_error_line();
    throw Error(ErrorKind::kUsage, fmt::format("encoder '{}' does not take '{}' for {}{}", name,
                                               value, key, line.empty() ? "" : ": " + line));
  }
}

// Encoders that would otherwise aim at a bit rate of some 200 kb/s, whatever the size.
void set_default_quality(AVCodecContext& codec, const EncodeOptions& options) {
  if (options.crf || was_given(options, "b") || was_given(options, "qscale") ||
      was_given(options, "global_quality")) {
    return;
  }
  int quality = 0;
  switch (codec.codec_id) {
    case AV_CODEC_ID_VP9:
      set_option(codec, "crf", "31");
      return;
    case AV_CODEC_ID_VP8:
      set_option(codec, "crf", "10");
      codec.bit_rate = 8'000'000;  // the ceiling that goes with it
      return;
    case AV_CODEC_ID_MPEG1VIDEO:
    case AV_CODEC_ID_MPEG2VIDEO:
    case AV_CODEC_ID_MPEG4:
    case AV_CODEC_ID_MJPEG:
    case AV_CODEC_ID_H263:
    case AV_CODEC_ID_FLV1:
    case AV_CODEC_ID_MSMPEG4V2:
    case AV_CODEC_ID_MSMPEG4V3:
    case AV_CODEC_ID_WMV1:
    case AV_CODEC_ID_WMV2:
      quality = 3;
      break;
    case AV_CODEC_ID_THEORA:
      quality = 8;
      break;
    default:
      return;
  }
  codec.flags |= AV_CODEC_FLAG_QSCALE;
  codec.global_quality = quality * FF_QP2LAMBDA;
}

// Encoders whose own default takes minutes for a second of video.
void set_default_speed(AVCodecContext& codec, const EncodeOptions& options) {
  const std::string_view name = codec.codec->name;
  if (options.preset || was_given(options, "cpu-used")) return;
  if (name == "libvpx-vp9" || name == "libvpx") {
    set_option(codec, "deadline", "good");
    set_option(codec, "cpu-used", "4");
  } else if (name == "libaom-av1") {
    set_option(codec, "cpu-used", "6");
  }
  if (name == "libvpx-vp9" || name == "libaom-av1") set_option(codec, "row-mt", "1");
}

// x264 keeps some sixty pictures by default: 6.5 GB at 7680x4320, and 1.8 GB with these.
void bound_memory(AVCodecContext& codec, const EncodeOptions& options) {
  constexpr std::int64_t kManyPixels = 4096 * 2304;
  if (std::string_view(codec.codec->name) != "libx264" ||
      std::int64_t{codec.width} * codec.height <= kManyPixels) {
    return;
  }
  if (!was_given(options, "rc-lookahead")) set_option(codec, "rc-lookahead", "4");
  if (!was_given(options, "refs")) codec.refs = 1;
  if (!was_given(options, "bf")) codec.max_b_frames = 0;
}

void set_colors(AVCodecContext& codec, const ColorTags& color) {
  codec.color_primaries = static_cast<AVColorPrimaries>(color.primaries);
  codec.color_trc = static_cast<AVColorTransferCharacteristic>(color.transfer);
  codec.colorspace = static_cast<AVColorSpace>(color.matrix);
  codec.color_range = color.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
}

// x264 complains of words it does not know on standard error, past libav's log.
void check_x264_words(std::string_view key, const std::string& value) {
  struct Words {
    std::string_view key;
    std::vector<std::string_view> known;
  };
  static const std::vector<Words> kWords = {
      {"preset",
       {"ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower",
        "veryslow", "placebo"}},
      {"tune",
       {"film", "animation", "grain", "stillimage", "psnr", "ssim", "fastdecode", "zerolatency",
        "touhou"}},
      {"profile", {"baseline", "main", "high", "high10", "high422", "high444"}}};
  for (const Words& words : kWords) {
    if (words.key != key) continue;
    std::size_t end = 0;
    for (std::size_t at = 0; at <= value.size(); at = end + 1) {
      end = key == "tune" ? std::min(value.find_first_of(",./-+", at), value.size()) : value.size();
      const std::string word = value.substr(at, end - at);
      if (std::find(words.known.begin(), words.known.end(), word) != words.known.end()) continue;
      throw Error(ErrorKind::kUsage,
                  fmt::format("encoder 'libx264' does not take '{}' for {}", word, key),
                  fmt::format("it knows {}", fmt::join(words.known, ", ")));
    }
  }
}

void check_crf(double crf, std::string_view encoder) {
  constexpr double kMost = 51;  // above, both take this silently
  if ((encoder != "libx264" && encoder != "libx265") || (crf >= 0 && crf <= kMost)) return;
  throw Error(ErrorKind::kUsage,
              fmt::format("encoder '{}' does not take {:g} for crf", encoder, crf),
              "choose it from 0 (nothing lost) to 51 (hardly anything left)");
}

void set_user_options(AVCodecContext& codec, const EncodeOptions& options) {
  const std::string_view name = codec.codec->name;
  const auto set = [&](const std::string& key, const std::string& value) {
    if (name == "libx264") check_x264_words(key, value);
    set_option(codec, key, value);
  };
  // x265, too, speaks past libav's log.
  const std::string quiet_x265 = "log-level=error";
  if (name == "libx265") set("x265-params", quiet_x265);
  if (options.crf) {
    check_crf(*options.crf, name);
    set("crf", fmt::format("{:g}", *options.crf));
  }
  if (options.preset) set("preset", *options.preset);
  for (const auto& [key, value] : options.encoder_options)
    set(key, key == "x265-params" ? quiet_x265 + ":" + value : value);
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
  codec->width = setup.size.width;
  codec->height = setup.size.height;
  codec->pix_fmt = static_cast<AVPixelFormat>(plan.pixel_format);
  codec->sample_aspect_ratio = {1, 1};
  codec->framerate = setup.fps;
  codec->time_base = setup.time_base;
  if (needs_constant_rate(muxer, *encoder)) {
    codec->framerate = constant_rate(*encoder, setup.fps);
    codec->time_base = av_inv_q(codec->framerate);
  }
  codec->thread_count = options.threads;
  set_colors(*codec, plan.color);
  if (muxer.flags & AVFMT_GLOBALHEADER) codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  // AVI keeps no presentation times, so pictures must come in their order.
  if (plan.container == "avi") codec->max_b_frames = 0;

  set_default_quality(*codec, options);
  set_default_speed(*codec, options);
  bound_memory(*codec, options);
  set_user_options(*codec, options);
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

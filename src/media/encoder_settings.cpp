#include "media/encoder_settings.h"

extern "C" {
#include <libavutil/opt.h>
}

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>

#include "media/containers.h"
#include "media/log.h"

namespace smalti::media {
namespace {

constexpr AVRational kRateWhenUnknown{30, 1};
constexpr int kLargestRateNumber = 60'000;  // MPEG-4 has 16 bits for it

// Codecs that know none but a constant rate.
constexpr AVCodecID kOfConstantRate[] = {
    AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO, AV_CODEC_ID_MPEG4,     AV_CODEC_ID_H263,
    AV_CODEC_ID_FLV1,       AV_CODEC_ID_MSMPEG4V2,  AV_CODEC_ID_MSMPEG4V3, AV_CODEC_ID_WMV1,
    AV_CODEC_ID_WMV2,       AV_CODEC_ID_THEORA,
};

// Codecs whose encoders would otherwise aim at a bit rate of some 200 kb/s, whatever the size.
struct DefaultQuality {
  AVCodecID codec;
  const char* crf;        // null where they have none
  int scale;              // otherwise, on the codec's own scale
  std::int64_t bit_rate;  // the ceiling that goes with it; 0: none
};
constexpr DefaultQuality kDefaultQualities[] = {
    {AV_CODEC_ID_VP9, "31", 0, 0},           {AV_CODEC_ID_VP8, "10", 0, 8'000'000},
    {AV_CODEC_ID_MPEG1VIDEO, nullptr, 3, 0}, {AV_CODEC_ID_MPEG2VIDEO, nullptr, 3, 0},
    {AV_CODEC_ID_MPEG4, nullptr, 3, 0},      {AV_CODEC_ID_MJPEG, nullptr, 3, 0},
    {AV_CODEC_ID_H263, nullptr, 3, 0},       {AV_CODEC_ID_FLV1, nullptr, 3, 0},
    {AV_CODEC_ID_MSMPEG4V2, nullptr, 3, 0},  {AV_CODEC_ID_MSMPEG4V3, nullptr, 3, 0},
    {AV_CODEC_ID_WMV1, nullptr, 3, 0},       {AV_CODEC_ID_WMV2, nullptr, 3, 0},
    {AV_CODEC_ID_THEORA, nullptr, 8, 0},
};

// Encoders whose own default takes minutes for a second of video.
struct DefaultSpeed {
  std::string_view encoder;
  const char* key;
  const char* value;
};
constexpr DefaultSpeed kDefaultSpeeds[] = {
    {"libvpx", "deadline", "good"},     {"libvpx", "cpu-used", "4"},
    {"libvpx-vp9", "deadline", "good"}, {"libvpx-vp9", "cpu-used", "4"},
    {"libvpx-vp9", "row-mt", "1"},      {"libaom-av1", "cpu-used", "6"},
    {"libaom-av1", "row-mt", "1"},
};

// What x264 knows. It complains of other words on standard error, past libav's log.
constexpr std::string_view kPresets[] = {"ultrafast", "superfast", "veryfast", "faster",
                                         "fast",      "medium",    "slow",     "slower",
                                         "veryslow",  "placebo"};
constexpr std::string_view kTunes[] = {"film", "animation",  "grain",       "stillimage", "psnr",
                                       "ssim", "fastdecode", "zerolatency", "touhou"};
constexpr std::string_view kProfiles[] = {"baseline", "main",    "high",
                                          "high10",   "high422", "high444"};
struct Words {
  std::string_view key;
  std::span<const std::string_view> known;
};
constexpr Words kX264Words[] = {{"preset", kPresets}, {"tune", kTunes}, {"profile", kProfiles}};

bool was_given(const EncodeOptions& options, std::string_view key) {
  return std::any_of(options.encoder_options.begin(), options.encoder_options.end(),
                     [&](const auto& option) { return option.first == key; });
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

void set_default_quality(AVCodecContext& codec, const EncodeOptions& options) {
  if (options.crf || was_given(options, "b") || was_given(options, "qscale") ||
      was_given(options, "global_quality")) {
    return;
  }
  for (const DefaultQuality& quality : kDefaultQualities) {
    if (quality.codec != codec.codec_id) continue;
    if (quality.bit_rate > 0) codec.bit_rate = quality.bit_rate;
    if (quality.crf != nullptr) {
      set_option(codec, "crf", quality.crf);
    } else {
      codec.flags |= AV_CODEC_FLAG_QSCALE;
      codec.global_quality = quality.scale * FF_QP2LAMBDA;
    }
  }
}

void set_default_speed(AVCodecContext& codec, const EncodeOptions& options) {
  if (options.preset || was_given(options, "cpu-used")) return;
  for (const DefaultSpeed& speed : kDefaultSpeeds)
    if (speed.encoder == codec.codec->name) set_option(codec, speed.key, speed.value);
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

void check_x264_words(std::string_view key, const std::string& value) {
  for (const Words& words : kX264Words) {
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

bool needs_constant_rate(const AVOutputFormat& muxer, const AVCodec& encoder) {
  return counts_frames(muxer) || std::find(std::begin(kOfConstantRate), std::end(kOfConstantRate),
                                           encoder.id) != std::end(kOfConstantRate);
}

}  // namespace

void set_rate(AVCodecContext& codec, const AVOutputFormat& muxer, const EncoderSetup& setup) {
  codec.framerate = setup.fps;
  codec.time_base = setup.time_base;
  if (!needs_constant_rate(muxer, *codec.codec)) return;
  codec.framerate = constant_rate(*codec.codec, setup.fps);
  codec.time_base = av_inv_q(codec.framerate);
}

void set_options(AVCodecContext& codec, const EncodeOptions& options) {
  set_default_quality(codec, options);
  set_default_speed(codec, options);
  bound_memory(codec, options);
  set_user_options(codec, options);
}

}  // namespace smalti::media

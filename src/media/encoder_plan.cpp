#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "media/containers.h"
#include "media/encoder.h"
#include "media/pictures.h"
#include "media/video_writer.h"

namespace smalti::media {
namespace {

constexpr std::uint8_t kBt709 = 1;
constexpr std::uint8_t kBt470bg = 5;

const AVCodec& find_encoder(const std::string& name) {
  const AVCodec* encoder = avcodec_find_encoder_by_name(name.c_str());
  if (encoder == nullptr) {
    const AVCodecDescriptor* codec = avcodec_descriptor_get_by_name(name.c_str());
    const AVCodec* other = codec != nullptr ? avcodec_find_encoder(codec->id) : nullptr;
    throw Error(ErrorKind::kUsage, fmt::format("this FFmpeg has no encoder '{}'", name),
                other != nullptr ? fmt::format("for {}, use '{}'", name, other->name)
                                 : "'ffmpeg -encoders' lists those there are");
  }
  if (encoder->type != AVMEDIA_TYPE_VIDEO) {
    throw Error(ErrorKind::kUsage, fmt::format("encoder '{}' makes no video", name));
  }
  return *encoder;
}

std::vector<AVPixelFormat> formats_of(const AVCodec& encoder) {
  std::vector<AVPixelFormat> formats;
  for (const AVPixelFormat* format = encoder.pix_fmts;
       format != nullptr && *format != AV_PIX_FMT_NONE; ++format) {
    formats.push_back(*format);
  }
  if (formats.empty()) formats.push_back(AV_PIX_FMT_YUV420P);  // it takes whatever it is given
  return formats;
}

bool can_be_composed(AVPixelFormat format) {
  const auto ours = picture_format(format);
  return ours && !ours->alpha && is_planar(format);
}

// Whether mosaics would lose nothing but precision of colour in it.
bool has_color(AVPixelFormat format) { return picture_format(format)->model != ColorModel::kGray; }

AVPixelFormat choose_pixel_format(const AVCodec& encoder) {
  std::vector<AVPixelFormat> formats = formats_of(encoder);
  // An encoder whose first word is full range is one of JPEG's kin and means it.
  const bool full_range = formats.front() == AV_PIX_FMT_YUVJ420P;
  const AVPixelFormat favourite = full_range ? AV_PIX_FMT_YUVJ420P : AV_PIX_FMT_YUV420P;

  std::erase_if(formats, [](AVPixelFormat format) { return !can_be_composed(format); });
  if (std::any_of(formats.begin(), formats.end(), has_color)) {
    std::erase_if(formats, [](AVPixelFormat format) { return !has_color(format); });
  } else if (encoder.pix_fmts != nullptr && encoder.pix_fmts[0] != AV_PIX_FMT_GRAY8) {
    formats.clear();  // it does colour, but packed
  }
  if (formats.empty()) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("encoder '{}' takes no pixel format that mosaics are made in", encoder.name),
        "use libx264, libx265, libvpx-vp9, libsvtav1 or ffv1");
  }
  if (std::find(formats.begin(), formats.end(), favourite) != formats.end()) return favourite;
  formats.push_back(AV_PIX_FMT_NONE);
  return avcodec_find_best_pix_fmt_of_list(formats.data(), favourite, 0, nullptr);
}

ColorTags tags_for(AVPixelFormat libav_format, const PixelFormat& format) {
  ColorTags color{.primaries = kBt709, .transfer = kBt709, .matrix = kBt709, .full_range = false};
  if (format.model == ColorModel::kRgb) {
    color.matrix = 0;
    color.full_range = true;
  } else if (is_full_range(libav_format)) {
    color.matrix = kBt470bg;
    color.full_range = true;
  }
  return color;
}

// Some values only the encoder itself can judge: better now than after hours of reading tiles.
void try_options(const EncoderPlan& plan, const EncodeOptions& options) {
  if (!options.crf && !options.preset && options.encoder_options.empty()) return;
  open_encoder(plan, options, {.size = {1280, 720}, .time_base = {1, 25}, .fps = {25, 1}});
}

}  // namespace

EncoderPlan plan_encoder(const std::filesystem::path& output, const EncodeOptions& options) {
  const Container& container = container_for(output);
  const AVOutputFormat& muxer = find_muxer(container.muxer);
  const AVCodec& encoder = find_encoder(options.encoder.value_or(container.encoder));
  if (!takes(muxer, encoder.id)) {
    throw Error(ErrorKind::kUsage,
                fmt::format("{} files cannot hold what encoder '{}' makes", container.extension,
                            encoder.name),
                "an .mkv output takes nearly everything");
  }

  EncoderPlan plan;
  plan.container = container.muxer;
  plan.encoder = encoder.name;
  const AVPixelFormat format = choose_pixel_format(encoder);
  plan.pixel_format = format;
  plan.format = *picture_format(format);
  plan.color = tags_for(format, plan.format);
  try_options(plan, options);
  return plan;
}

}  // namespace smalti::media

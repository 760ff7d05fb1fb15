#include "media/pictures.h"

extern "C" {
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <bit>
#include <cassert>

namespace smalti::media {
namespace {

constexpr int kLinesOfHighDefinition = 720;

bool samples_are_plain(const AVPixFmtDescriptor& format) {
  constexpr std::uint64_t kForeign = AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM |
                                     AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_FLOAT |
                                     AV_PIX_FMT_FLAG_BAYER;
  if (format.flags & kForeign) return false;

  const AVComponentDescriptor& first = format.comp[0];
  if (first.depth < 8 || first.depth > 16) return false;
  const int sample_bytes = first.depth > 8 ? 2 : 1;
  const bool big_endian = (format.flags & AV_PIX_FMT_FLAG_BE) != 0;
  if (sample_bytes == 2 && big_endian != (std::endian::native == std::endian::big)) return false;

  return std::all_of(
      format.comp, format.comp + format.nb_components, [&](const AVComponentDescriptor& component) {
        return component.depth == first.depth && component.shift == 0 &&
               component.step % sample_bytes == 0 && component.offset % sample_bytes == 0;
      });
}

int shifted_up(int length, int shift) { return -((-length) >> shift); }

// Whether the components lie to each other as the format has them. Components in planes of their
// own may lie anywhere.
bool lies_as(const Picture& picture, const AVPixFmtDescriptor& format) {
  const int sample_bytes = picture.format.bytes_per_sample();
  for (int c = 0; c < picture.format.components(); ++c) {
    const AVComponentDescriptor& component = format.comp[c];
    const Plane& plane = picture.planes[static_cast<std::size_t>(c)];
    if (plane.step * sample_bytes != component.step) return false;
    for (int d = 0; d < c; ++d) {
      const AVComponentDescriptor& other = format.comp[d];
      const Plane& other_plane = picture.planes[static_cast<std::size_t>(d)];
      const bool shares = component.plane == other.plane;
      if (shares && plane.data - other_plane.data != component.offset - other.offset) return false;
    }
  }
  return true;
}

bool is_chroma(const PixelFormat& format, int component) {
  return format.model == ColorModel::kYuv && (component == 1 || component == 2);
}

}  // namespace

std::optional<PixelFormat> picture_format(AVPixelFormat format) {
  const AVPixFmtDescriptor* desc = av_pix_fmt_desc_get(format);
  if (desc == nullptr || !samples_are_plain(*desc)) return std::nullopt;

  PixelFormat result;
  result.alpha = (desc->flags & AV_PIX_FMT_FLAG_ALPHA) != 0;
  const int colors = desc->nb_components - (result.alpha ? 1 : 0);
  if (colors == 1) {
    result.model = ColorModel::kGray;
  } else if (colors == 3) {
    result.model = desc->flags & AV_PIX_FMT_FLAG_RGB ? ColorModel::kRgb : ColorModel::kYuv;
  } else {
    return std::nullopt;
  }
  result.depth = desc->comp[0].depth;
  result.log2_chroma_width = desc->log2_chroma_w;
  result.log2_chroma_height = desc->log2_chroma_h;
  return result;
}

bool is_planar(AVPixelFormat format) {
  const AVPixFmtDescriptor* desc = av_pix_fmt_desc_get(format);
  return desc != nullptr && av_pix_fmt_count_planes(format) == desc->nb_components;
}

bool is_full_range(AVPixelFormat format) {
  switch (format) {
    case AV_PIX_FMT_YUVJ411P:
    case AV_PIX_FMT_YUVJ420P:
    case AV_PIX_FMT_YUVJ422P:
    case AV_PIX_FMT_YUVJ440P:
    case AV_PIX_FMT_YUVJ444P:
      return true;
    default:
      return false;
  }
}

std::vector<AVPixelFormat> expressible_formats() {
  std::vector<AVPixelFormat> formats;
  for (const AVPixFmtDescriptor* desc = av_pix_fmt_desc_next(nullptr); desc != nullptr;
       desc = av_pix_fmt_desc_next(desc)) {
    const AVPixelFormat format = av_pix_fmt_desc_get_id(desc);
    if (picture_format(format)) formats.push_back(format);
  }
  return formats;
}

AVPixelFormat libav_format_of(const Picture& picture) {
  for (const AVPixelFormat format : expressible_formats()) {
    // The yuvj formats are the same with the range in their name, which ColorTags says.
    if (picture_format(format) == picture.format && !is_full_range(format) &&
        lies_as(picture, *av_pix_fmt_desc_get(format)))
      return format;
  }
  assert(false);
  return AV_PIX_FMT_NONE;
}

void settle_matrix(AVFrame& frame) {
  if (frame.colorspace != AVCOL_SPC_UNSPECIFIED) return;
  const AVPixFmtDescriptor* desc = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  if (desc == nullptr) return;
  if (desc->flags & AV_PIX_FMT_FLAG_RGB) {
    frame.colorspace = AVCOL_SPC_RGB;
  } else {
    frame.colorspace =
        frame.height >= kLinesOfHighDefinition ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
  }
}

Picture as_picture(UniqueFrame frame) {
  const auto libav_format = static_cast<AVPixelFormat>(frame->format);
  const std::optional<PixelFormat> format = picture_format(libav_format);
  assert(format);

  Picture picture;
  picture.format = *format;
  picture.width = frame->width;
  picture.height = frame->height;
  picture.color.primaries = static_cast<std::uint8_t>(frame->color_primaries);
  picture.color.transfer = static_cast<std::uint8_t>(frame->color_trc);
  picture.color.matrix = static_cast<std::uint8_t>(frame->colorspace);
  picture.color.full_range = format->model == ColorModel::kRgb ||
                             frame->color_range == AVCOL_RANGE_JPEG || is_full_range(libav_format);

  const AVPixFmtDescriptor& desc = *av_pix_fmt_desc_get(libav_format);
  for (int c = 0; c < format->components(); ++c) {
    const AVComponentDescriptor& component = desc.comp[c];
    Plane& plane = picture.planes[static_cast<std::size_t>(c)];
    plane.data = reinterpret_cast<std::byte*>(frame->data[component.plane] + component.offset);
    plane.stride = frame->linesize[component.plane];
    plane.step = component.step / format->bytes_per_sample();
    const bool chroma = is_chroma(*format, c);
    plane.width = shifted_up(frame->width, chroma ? format->log2_chroma_width : 0);
    plane.height = shifted_up(frame->height, chroma ? format->log2_chroma_height : 0);
  }
  picture.owner = std::shared_ptr<const AVFrame>(std::move(frame));
  return picture;
}

UniqueFrame as_frame(const Picture& picture, AVPixelFormat format) {
  assert(picture_format(format) == picture.format && is_planar(format));
  UniqueFrame frame = make_frame();
  frame->format = format;
  frame->width = picture.width;
  frame->height = picture.height;

  const AVPixFmtDescriptor& desc = *av_pix_fmt_desc_get(format);
  for (int c = 0; c < picture.format.components(); ++c) {
    const Plane& plane = picture.planes[static_cast<std::size_t>(c)];
    assert(plane.step == 1 && plane.stride > 0);
    const int slot = desc.comp[c].plane;
    auto* data = reinterpret_cast<std::uint8_t*>(plane.data);
    const auto bytes = static_cast<std::size_t>(plane.stride) * plane.height;

    auto owner = std::make_unique<std::shared_ptr<const void>>(picture.owner);
    const auto release = [](void* held, std::uint8_t*) {
      delete static_cast<std::shared_ptr<const void>*>(held);
    };
    frame->buf[slot] =
        allocated(av_buffer_create(data, bytes, release, owner.get(), AV_BUFFER_FLAG_READONLY));
    static_cast<void>(owner.release());
    frame->data[slot] = data;
    frame->linesize[slot] = static_cast<int>(plane.stride);
  }
  return frame;
}

}  // namespace smalti::media

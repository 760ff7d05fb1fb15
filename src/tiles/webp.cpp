#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>

#include <memory>

#include "tiles/codecs.h"
#include "tiles/orientation.h"

namespace smalti {
namespace {

struct DemuxerDeleter {
  void operator()(WebPDemuxer* demuxer) const { WebPDemuxDelete(demuxer); }
};
using UniqueDemuxer = std::unique_ptr<WebPDemuxer, DemuxerDeleter>;

struct AnimDecoderDeleter {
  void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
};
using UniqueAnimDecoder = std::unique_ptr<WebPAnimDecoder, AnimDecoderDeleter>;

struct PictureFree {
  void operator()(WebPPicture* picture) const { WebPPictureFree(picture); }
};
using UniqueContents = std::unique_ptr<WebPPicture, PictureFree>;

struct WriterClear {
  void operator()(WebPMemoryWriter* writer) const { WebPMemoryWriterClear(writer); }
};
using UniqueWritten = std::unique_ptr<WebPMemoryWriter, WriterClear>;

/// Both of the first mean that the data ended before the picture did.
[[noreturn]] void refuse(VP8StatusCode status) {
  if (status == VP8_STATUS_NOT_ENOUGH_DATA || status == VP8_STATUS_SUSPENDED) {
    throw BadPicture("breaks off in mid-picture");
  }
  if (status == VP8_STATUS_OUT_OF_MEMORY) throw std::bad_alloc();
  throw BadPicture("broken WebP");
}

cv::Mat decode_still(Bytes bytes, const WebPBitstreamFeatures& features) {
  WebPDecoderConfig config;
  if (WebPInitDecoderConfig(&config) == 0) throw BadPicture("libwebp does not fit its header");
  const bool alpha = features.has_alpha != 0;
  cv::Mat pixels(features.height, features.width, alpha ? CV_8UC4 : CV_8UC3);
  config.output.colorspace = alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA = {.rgba = pixels.data,
                          .stride = static_cast<int>(pixels.step[0]),
                          .size = pixels.step[0] * static_cast<std::size_t>(pixels.rows)};
  const VP8StatusCode status = WebPDecode(bytes.data(), bytes.size(), &config);
  if (status != VP8_STATUS_OK) refuse(status);
  return pixels;
}

/// Frames may cover but a part of the canvas, so the animation decoder puts them onto it.
cv::Mat decode_first_frame(Bytes bytes) {
  WebPAnimDecoderOptions options;
  WebPAnimDecoderOptionsInit(&options);
  options.color_mode = MODE_RGBA;
  const WebPData data = {bytes.data(), bytes.size()};
  const UniqueAnimDecoder decoder(WebPAnimDecoderNew(&data, &options));
  WebPAnimInfo info;
  std::uint8_t* rgba = nullptr;
  int timestamp_ms = 0;
  if (!decoder || WebPAnimDecoderGetInfo(decoder.get(), &info) == 0 ||
      WebPAnimDecoderGetNext(decoder.get(), &rgba, &timestamp_ms) == 0) {
    throw BadPicture("breaks off in mid-picture, or is a broken WebP animation");
  }
  // A copy: the samples are the decoder's.
  return cv::Mat(static_cast<int>(info.canvas_height), static_cast<int>(info.canvas_width), CV_8UC4,
                 rgba)
      .clone();
}

int read_orientation(Bytes bytes) {
  const WebPData data = {bytes.data(), bytes.size()};
  const UniqueDemuxer demuxer(WebPDemux(&data));
  if (!demuxer) return 1;
  WebPChunkIterator chunk;
  if (WebPDemuxGetChunk(demuxer.get(), "EXIF", 1, &chunk) == 0) return 1;
  const int orientation = exif_orientation({chunk.chunk.bytes, chunk.chunk.size});
  WebPDemuxReleaseChunkIterator(&chunk);
  return orientation;
}

}  // namespace

DecodedImage decode_webp(Bytes bytes, const DecodeRequest& request) {
  WebPBitstreamFeatures features;
  const VP8StatusCode status = WebPGetFeatures(bytes.data(), bytes.size(), &features);
  if (status != VP8_STATUS_OK) refuse(status);
  check_claimed_size(features.width, features.height, request.limits);
  const cv::Mat pixels =
      features.has_animation != 0 ? decode_first_frame(bytes) : decode_still(bytes, features);
  return {pixels, {pixels.cols, pixels.rows}, read_orientation(bytes), {}};
}

std::vector<std::uint8_t> encode_webp(const cv::Mat& rgba, int quality) {
  WebPConfig config;
  WebPPicture picture;
  if (WebPConfigInit(&config) == 0 || WebPPictureInit(&picture) == 0) {
    throw BadPicture("libwebp does not fit its header");
  }
  config.quality = static_cast<float>(quality);
  // Half the time of the defaults, and thumbnails of the same size.
  config.method = 2;
  config.alpha_filtering = 0;
  const UniqueContents contents(&picture);
  picture.width = rgba.cols;
  picture.height = rgba.rows;
  if (WebPPictureImportRGBA(&picture, rgba.data, static_cast<int>(rgba.step[0])) == 0) {
    throw std::bad_alloc();
  }
  WebPMemoryWriter writer;
  WebPMemoryWriterInit(&writer);
  const UniqueWritten written(&writer);
  picture.writer = WebPMemoryWrite;
  picture.custom_ptr = &writer;
  if (WebPEncode(&config, &picture) == 0) throw BadPicture("cannot be packed as WebP");
  return {writer.mem, writer.mem + writer.size};
}

}  // namespace smalti

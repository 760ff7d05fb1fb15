#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>

#include <memory>

#include "images/animation.h"
#include "images/codecs.h"

namespace smalti::images {
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

/// What a chunk beside the picture holds; empty where there is none.
std::vector<std::uint8_t> chunk_of(Bytes bytes, const char* name) {
  const WebPData data = {bytes.data(), bytes.size()};
  const UniqueDemuxer demuxer(WebPDemux(&data));
  WebPChunkIterator chunk;
  if (!demuxer || WebPDemuxGetChunk(demuxer.get(), name, 1, &chunk) == 0) return {};
  std::vector<std::uint8_t> found(chunk.chunk.bytes, chunk.chunk.bytes + chunk.chunk.size);
  WebPDemuxReleaseChunkIterator(&chunk);
  return found;
}

/// Frames may cover but a part of the canvas, so libwebp's animation decoder puts them onto it.
class WebpAnimation : public AnimationReader {
 public:
  explicit WebpAnimation(Bytes bytes) : bytes_(bytes) {
    WebPAnimDecoderOptions options;
    WebPAnimDecoderOptionsInit(&options);
    options.color_mode = MODE_RGBA;
    const WebPData data = {bytes.data(), bytes.size()};
    decoder_.reset(WebPAnimDecoderNew(&data, &options));
    if (!decoder_ || WebPAnimDecoderGetInfo(decoder_.get(), &info_) == 0) refuse_animation();
  }

  std::optional<AnimationPicture> next() override {
    if (WebPAnimDecoderHasMoreFrames(decoder_.get()) == 0) return std::nullopt;
    std::uint8_t* rgba = nullptr;
    int end_ms = 0;
    if (WebPAnimDecoderGetNext(decoder_.get(), &rgba, &end_ms) == 0) refuse_animation();
    const std::int64_t shown_us = std::int64_t{end_ms - last_end_ms_} * 1000;
    last_end_ms_ = end_ms;
    // A copy: the samples are the decoder's.
    return AnimationPicture{cv::Mat(static_cast<int>(info_.canvas_height),
                                    static_cast<int>(info_.canvas_width), CV_8UC4, rgba)
                                .clone(),
                            clock_.start_of(shown_us)};
  }

  std::vector<std::uint8_t> profile() const override { return chunk_of(bytes_, "ICCP"); }

 private:
  [[noreturn]] static void refuse_animation() {
    throw BadPicture("breaks off in mid-picture, or is a broken WebP animation");
  }

  Bytes bytes_;
  UniqueAnimDecoder decoder_;
  WebPAnimInfo info_{};
  int last_end_ms_ = 0;
  AnimationClock clock_;
};

cv::Mat decode_first_frame(Bytes bytes) {
  auto first = WebpAnimation(bytes).next();
  if (!first) throw BadPicture("holds no picture");
  return first->pixels;
}

}  // namespace

DecodedImage decode_webp(Bytes bytes, const DecodeRequest& request) {
  WebPBitstreamFeatures features;
  const VP8StatusCode status = WebPGetFeatures(bytes.data(), bytes.size(), &features);
  if (status != VP8_STATUS_OK) refuse(status);
  check_claimed_size(features.width, features.height, request.limits);
  const bool animated = features.has_animation != 0;
  const cv::Mat pixels = animated ? decode_first_frame(bytes) : decode_still(bytes, features);
  const ExifFacts exif = read_exif(chunk_of(bytes, "EXIF"));
  return {pixels, {pixels.cols, pixels.rows}, exif, {}, animated, chunk_of(bytes, "ICCP")};
}

std::unique_ptr<AnimationReader> open_webp_animation(Bytes bytes) {
  return std::make_unique<WebpAnimation>(bytes);
}

Size webp_size(Bytes bytes) {
  Size size;
  if (WebPGetInfo(bytes.data(), bytes.size(), &size.width, &size.height) == 0)
    throw BadPicture("broken WebP");
  return size;
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

}  // namespace smalti::images

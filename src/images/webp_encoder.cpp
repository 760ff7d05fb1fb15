#include <webp/encode.h>

#include <array>
#include <new>

#include "images/row_encoder.h"

namespace smalti::images {
namespace {

/// A lossy WebP holds its detail in one part of at most 16 MB. Eight of them, which libwebp can
/// only fill in a plainer way that packs a little worse, are for pictures that this is too small
/// for.
struct Attempt {
  int method;
  int log2_parts;
};
constexpr std::array<Attempt, 2> kAttempts = {{{4, 0}, {2, 3}}};

struct Contents : WebPPicture {
  Contents() : WebPPicture{} {}
  ~Contents() { WebPPictureFree(this); }
  Contents(const Contents&) = delete;
  Contents& operator=(const Contents&) = delete;
};

/// The encoder's output: whether it fits is known only when some of it has been written.
struct Packed : WebPMemoryWriter {
  Packed() { WebPMemoryWriterInit(this); }
  ~Packed() { WebPMemoryWriterClear(this); }
  Packed(const Packed&) = delete;
  Packed& operator=(const Packed&) = delete;
};

const char* reason(WebPEncodingError error) {
  switch (error) {
    case VP8_ENC_ERROR_PARTITION0_OVERFLOW:
    case VP8_ENC_ERROR_PARTITION_OVERFLOW:
    case VP8_ENC_ERROR_FILE_TOO_BIG:
      return "it has more detail than a WebP can hold";
    case VP8_ENC_ERROR_BAD_DIMENSION:
      return "libwebp takes no picture of this size";
    default:
      return "libwebp cannot encode it";
  }
}

class WebpEncoder : public RowEncoder {
 public:
  WebpEncoder(OutputHandle& file, const StillSettings& settings)
      : file_(file), alpha_(settings.alpha) {
    if (WebPConfigInit(&config_) == 0 || WebPPictureInit(&picture_) == 0)
      file_.fail("libwebp does not fit its header");
    config_.quality = static_cast<float>(settings.quality);
    picture_.use_argb = 1;
    picture_.width = settings.size.width;
    picture_.height = settings.size.height;
    if (WebPPictureAlloc(&picture_) == 0) throw std::bad_alloc();
  }

  void write_row(const std::uint8_t* row) override {
    std::uint32_t* to = picture_.argb + std::ptrdiff_t{rows_++} * picture_.argb_stride;
    for (int x = 0; x < picture_.width; ++x, row += alpha_ ? 4 : 3) {
      const std::uint32_t alpha = alpha_ ? row[3] : 255;
      to[x] = alpha << 24 | std::uint32_t{row[0]} << 16 | std::uint32_t{row[1]} << 8 | row[2];
    }
  }

  void finish() override {
    for (const Attempt& attempt : kAttempts) {
      Packed packed;
      if (encode(attempt, packed)) {
        file_.write(packed.mem, packed.size);
        return file_.check();
      }
      if (picture_.error_code == VP8_ENC_ERROR_OUT_OF_MEMORY) throw std::bad_alloc();
    }
    file_.fail(reason(picture_.error_code));
  }

 private:
  bool encode(const Attempt& attempt, Packed& packed) {
    config_.method = attempt.method;
    config_.partitions = attempt.log2_parts;
    picture_.writer = WebPMemoryWrite;
    picture_.custom_ptr = &packed;
    picture_.error_code = VP8_ENC_OK;
    return WebPEncode(&config_, &picture_) != 0;
  }

  OutputHandle& file_;
  bool alpha_;
  int rows_ = 0;
  WebPConfig config_{};
  Contents picture_;
};

}  // namespace

std::unique_ptr<RowEncoder> make_webp_encoder(OutputHandle& file, const StillSettings& settings) {
  return std::make_unique<WebpEncoder>(file, settings);
}

}  // namespace smalti::images

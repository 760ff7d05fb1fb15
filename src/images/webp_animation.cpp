#include "images/webp_animation.h"

#include <webp/encode.h>
#include <webp/mux.h>

#include <cmath>
#include <new>
#include <string>

#include "base/output_handle.h"
#include "base/packed.h"

namespace smalti::images {
namespace {

struct FreeEncoder {
  void operator()(WebPAnimEncoder* encoder) const { WebPAnimEncoderDelete(encoder); }
};

struct Frame : WebPPicture {
  Frame() : WebPPicture{} {}
  ~Frame() { WebPPictureFree(this); }
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;
};

struct Data : WebPData {
  Data() { WebPDataInit(this); }
  ~Data() { WebPDataClear(this); }
  Data(const Data&) = delete;
  Data& operator=(const Data&) = delete;
};

class WebpAnimation : public FrameSink {
 public:
  WebpAnimation(const OutputFile& file, const WebpAnimationSetup& setup)
      : file_(file, setup.stop), fps_(setup.fps) {
    WebPAnimEncoderOptions options;
    if (WebPAnimEncoderOptionsInit(&options) == 0 || WebPConfigInit(&config_) == 0)
      file_.fail("libwebp does not fit its header");
    options.anim_params.loop_count = 0;  // for ever
    config_.quality = static_cast<float>(setup.quality);
    encoder_.reset(WebPAnimEncoderNew(setup.size.width, setup.size.height, &options));
    if (!encoder_) throw std::bad_alloc();
  }

  void write(const Painted& painted) override {
    const Picture& rgb = picture(painted);
    Frame frame;
    if (WebPPictureInit(&frame) == 0) file_.fail("libwebp does not fit its header");
    frame.use_argb = 1;
    frame.width = rgb.width;
    frame.height = rgb.height;
    if (WebPPictureAlloc(&frame) == 0) throw std::bad_alloc();
    copy(rgb, frame);
    if (WebPAnimEncoderAdd(encoder_.get(), &frame, time_ms(written_), &config_) == 0)
      file_.fail(WebPAnimEncoderGetError(encoder_.get()));
    ++written_;
  }

  std::uint64_t finish() override {
    Data data;
    if (WebPAnimEncoderAdd(encoder_.get(), nullptr, time_ms(written_), nullptr) == 0 ||
        WebPAnimEncoderAssemble(encoder_.get(), &data) == 0)
      file_.fail(WebPAnimEncoderGetError(encoder_.get()));
    if (!file_.write(data.bytes, data.size)) file_.check();
    const std::uint64_t bytes = file_.size();
    file_.close();
    return bytes;
  }

 private:
  static void copy(const Picture& rgb, WebPPicture& frame) {
    for (int y = 0; y < rgb.height; ++y)
      pack_argb_row(rgb, y, frame.argb + std::ptrdiff_t{y} * frame.argb_stride);
  }

  int time_ms(std::int64_t number) const {
    return static_cast<int>((number * 1000 * fps_.den * 2 + fps_.num) / (2 * fps_.num));
  }

  OutputHandle file_;
  Rational fps_;
  WebPConfig config_{};
  std::unique_ptr<WebPAnimEncoder, FreeEncoder> encoder_;
  std::int64_t written_ = 0;
};

}  // namespace

std::unique_ptr<FrameSink> make_webp_animation(const OutputFile& file,
                                               const WebpAnimationSetup& setup) {
  return std::make_unique<WebpAnimation>(file, setup);
}

}  // namespace smalti::images

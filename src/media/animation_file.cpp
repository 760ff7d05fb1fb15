#include "media/animation_file.h"

extern "C" {
#include <libavutil/opt.h>
}

#include <cmath>
#include <deque>
#include <string>
#include <utility>

#include "base/packed.h"
#include "media/containers.h"
#include "media/muxer.h"
#include "media/palette.h"

namespace smalti::media {
namespace {

constexpr AVRational kHundredth{1, 100};

// The time at which a frame is first shown, in hundredths.
std::int64_t hundredths(std::int64_t number, Rational fps) {
  return av_rescale_q(number, {fps.den, fps.num}, kHundredth);
}

// The GIF and APNG encoders, opened.
UniqueCodec open_codec(const char* name, AVPixelFormat format, Size size, AVRational time_base) {
  const AVCodec* encoder = avcodec_find_encoder_by_name(name);
  if (encoder == nullptr)
    throw Error(ErrorKind::kUsage, std::string("this FFmpeg has no encoder '") + name + "'");
  UniqueCodec codec(allocated(avcodec_alloc_context3(encoder)));
  codec->width = size.width;
  codec->height = size.height;
  codec->pix_fmt = format;
  codec->time_base = time_base;
  codec->thread_count = 1;
  codec->flags |= AV_CODEC_FLAG_BITEXACT;
  // Of few colours, neighbours tell little.
  if (std::string(name) == "apng" && format != AV_PIX_FMT_PAL8)
    check(av_opt_set(codec.get(), "pred", "paeth", AV_OPT_SEARCH_CHILDREN), "cannot set up APNG");
  check(avcodec_open2(codec.get(), encoder, nullptr), std::string("cannot set up ") + name,
        ErrorKind::kUsage);
  return codec;
}

UniqueFrame packed_rgb(const Picture& rgb) {
  UniqueFrame frame = make_frame();
  frame->format = AV_PIX_FMT_RGB24;
  frame->width = rgb.width;
  frame->height = rgb.height;
  check(av_frame_get_buffer(frame.get(), 0), "cannot take up a frame");
  for (int y = 0; y < rgb.height; ++y)
    pack_row(rgb, y, frame->data[0] + std::ptrdiff_t{y} * frame->linesize[0]);
  return frame;
}

// Frames with their times on their way through an encoder into a file.
class Writer {
 public:
  Writer(UniqueCodec codec, UniqueOutput output, const OutputFile& file, const Events& events)
      : codec_(std::move(codec)),
        muxer_(std::move(output), file.path(), file.final_path(), 0, events) {}

  void send(AVFrame& frame, std::int64_t pts, std::int64_t duration) {
    frame.pts = pts;
    durations_.push_back(duration);
    check(avcodec_send_frame(codec_.get(), &frame), "cannot encode a frame");
    write_encoded();
  }

  std::uint64_t finish() {
    check(avcodec_send_frame(codec_.get(), nullptr), "cannot end encoding");
    write_encoded();
    return muxer_.finish();
  }

 private:
  void write_encoded() {
    for (;;) {
      const int result = avcodec_receive_packet(codec_.get(), packet_.get());
      if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return;
      check(result, "cannot encode a frame");
      packet_->duration = durations_.front();
      durations_.pop_front();
      muxer_.write(*packet_, 0, codec_->time_base);
    }
  }

  UniqueCodec codec_;
  UniquePacket packet_ = make_packet();
  std::deque<std::int64_t> durations_;  // of frames on their way: encoders do not pass them on
  Muxer muxer_;
};

// Frames in the colours of one palette.
class Paletted : public images::FrameSink {
 public:
  explicit Paletted(const AnimationSetup& setup)
      : setup_(setup),
        dither_(has_all(*setup.counted, setup.colors.value()) ? Dither::kNone : setup.dither),
        palette_(find_palette(*setup.counted, setup.colors.value())) {}

  bool paints() const override { return true; }

  std::vector<Painted> paint(const std::vector<Picture>& frames) override {
    Painter painter(setup_.size, *palette_, dither_);
    for (std::size_t i = 0; i < frames.size(); ++i)
      painter.push(frames[i], static_cast<std::int64_t>(i));
    painter.close();
    std::vector<Painted> painted;
    while (UniqueFrame frame = painter.pull())
      painted.push_back(std::shared_ptr<AVFrame>(std::move(frame)));
    return painted;
  }

  void write(const Painted& frame) override {
    take(*static_cast<AVFrame*>(frame.get()), written_++);
  }

 protected:
  virtual void take(AVFrame& frame, std::int64_t number) = 0;

  const AnimationSetup setup_;

 private:
  Dither dither_;
  UniqueFrame palette_;
  std::int64_t written_ = 0;
};

class Gif : public Paletted {
 public:
  Gif(const OutputFile& file, const AnimationSetup& setup, const Events& events) : Paletted(setup) {
    UniqueCodec codec = open_codec("gif", AV_PIX_FMT_PAL8, setup.size, kHundredth);
    UniqueOutput output = open_container("gif", file, *codec);
    const auto last = static_cast<std::int64_t>(setup.frames) - 1;
    check(av_opt_set_int(output->priv_data, "loop", 0, 0), "cannot set up GIF");
    check(av_opt_set_int(output->priv_data, "final_delay", length(last), 0), "cannot set up GIF");
    writer_.emplace(std::move(codec), std::move(output), file, events);
  }

  std::uint64_t finish() override { return writer_->finish(); }

 private:
  std::int64_t length(std::int64_t number) const {
    return hundredths(number + 1, setup_.fps) - hundredths(number, setup_.fps);
  }
  void take(AVFrame& frame, std::int64_t number) override {
    writer_->send(frame, hundredths(number, setup_.fps), length(number));
  }

  std::optional<Writer> writer_;
};

Writer apng_writer(const OutputFile& file, const AnimationSetup& setup, AVPixelFormat format,
                   const Events& events) {
  const AVRational tick{setup.fps.den, setup.fps.num};
  UniqueCodec codec = open_codec("apng", format, setup.size, tick);
  UniqueOutput output = open_container("apng", file, *codec);
  check(av_opt_set_int(output->priv_data, "plays", 0, 0), "cannot set up APNG");
  check(av_opt_set_q(output->priv_data, "final_delay", tick, 0), "cannot set up APNG");
  return {std::move(codec), std::move(output), file, events};
}

class PalettedApng : public Paletted {
 public:
  PalettedApng(const OutputFile& file, const AnimationSetup& setup, const Events& events)
      : Paletted(setup), writer_(apng_writer(file, setup, AV_PIX_FMT_PAL8, events)) {}

  std::uint64_t finish() override { return writer_.finish(); }

 private:
  void take(AVFrame& frame, std::int64_t number) override { writer_.send(frame, number, 1); }

  Writer writer_;
};

class Apng : public images::FrameSink {
 public:
  Apng(const OutputFile& file, const AnimationSetup& setup, const Events& events)
      : writer_(apng_writer(file, setup, AV_PIX_FMT_RGB24, events)) {}

  void write(const Painted& frame) override {
    writer_.send(*packed_rgb(picture(frame)), written_++, 1);
  }
  std::uint64_t finish() override { return writer_.finish(); }

 private:
  Writer writer_;
  std::int64_t written_ = 0;
};

}  // namespace

std::unique_ptr<images::FrameSink> make_gif(const OutputFile& file, const AnimationSetup& setup,
                                            const Events& events) {
  return std::make_unique<Gif>(file, setup, events);
}

std::unique_ptr<images::FrameSink> make_apng(const OutputFile& file, const AnimationSetup& setup,
                                             const Events& events) {
  if (setup.colors) return std::make_unique<PalettedApng>(file, setup, events);
  return std::make_unique<Apng>(file, setup, events);
}

}  // namespace smalti::media

#include "media/animation_file.h"
#include "media/containers.h"
#include "media/encoder.h"
#include "media/muxer.h"
#include "media/scaler.h"

namespace smalti::media {
namespace {

UniqueOutput open_output(const EncoderPlan& plan, const OutputFile& file,
                         const AVCodecContext& codec) {
  UniqueOutput output = open_container(plan.container, file, codec);
  output->streams[0]->avg_frame_rate = codec.framerate;
  return output;
}

EncodeOptions encode_options(const AnimationSetup& setup) {
  EncodeOptions options;
  options.crf = setup.crf;
  options.threads = setup.threads;
  return options;
}

class Video : public images::FrameSink {
 public:
  Video(const OutputFile& file, const AnimationSetup& setup, const Events& events)
      : plan_(plan_encoder(file.final_path(), encode_options(setup))),
        scaler_(plan_.format, plan_.color, setup.size),
        encoder_(plan_, encode_options(setup),
                 {.size = setup.size,
                  .time_base = {setup.fps.den, setup.fps.num},
                  .fps = {setup.fps.num, setup.fps.den}}),
        muxer_(open_output(plan_, file, encoder_.context()), file.path(), file.final_path(), 0,
               events) {}

  void write(const Painted& painted) override {
    const Picture& frame = picture(painted);
    encoder_.send(scaler_.scaled(frame), written_++, 1);
    write_encoded();
  }

  std::uint64_t finish() override {
    encoder_.finish();
    write_encoded();
    return muxer_.finish();
  }

 private:
  void write_encoded() {
    while (encoder_.receive(*packet_)) muxer_.write(*packet_, 0, encoder_.context().time_base);
  }

  EncoderPlan plan_;
  Scaler scaler_;
  Encoder encoder_;
  Muxer muxer_;
  UniquePacket packet_ = make_packet();
  std::int64_t written_ = 0;
};

}  // namespace

std::unique_ptr<images::FrameSink> make_video(const OutputFile& file, const AnimationSetup& setup,
                                              const Events& events) {
  return std::make_unique<Video>(file, setup, events);
}

bool names_video(const std::filesystem::path& path) { return find_container(path) != nullptr; }

Size video_step(const std::filesystem::path& path) {
  return plan_encoder(path, {}).format.chroma_step();
}

bool video_needs_seeking(const std::filesystem::path& path) {
  return needs_seeking(find_muxer(container_for(path).muxer));
}

}  // namespace smalti::media

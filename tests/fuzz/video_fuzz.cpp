// Videos: what a target is read by, and what tiles are sampled by, over the same file. Frames come
// in the order of their times, of a size that their pictures can have; after some it is enough.
// Containers and codecs are libav's, so most of what is found here is in how we answer them.

#include "fuzz/feed.h"
#include "media/frame_sampler.h"
#include "media/log.h"
#include "media/video_reader.h"
#include "support/clips.h"

namespace smalti::fuzz {
namespace {

namespace fs = std::filesystem;
using media::Nanoseconds;

constexpr int kEnough = 6;

template <typename Reading>
void may_fail(Reading reading) {
  try {
    reading();
  } catch (const Error& error) {
    must_hold(error.kind() == ErrorKind::kBadInput || error.kind() == ErrorKind::kUsage,
              "it is the file that is bad, or shorter than was asked for");
  }
}

void read_target(const fs::path& file, media::ReadOptions options, const Events& events) {
  options.threads = 1;
  media::VideoReader reader(file, options, events);
  const media::TargetInfo& info = reader.info();
  must_hold(info.size.width > 0 && info.size.height > 0, "the target has a size");
  must_hold(info.time_base.num > 0 && info.time_base.den > 0, "times have a unit");
  std::int64_t last_pts = INT64_MIN;
  for (int i = 0; i < kEnough; ++i) {
    const std::optional<media::SourceFrame> frame = reader.read();
    if (!frame) break;
    must_hold(frame->pts > last_pts && frame->duration > 0, "frames follow each other");
    must_hold(!frame->picture.empty(), "a frame has pixels");
    last_pts = frame->pts;
  }
  reader.take_remaining_packets();
  reader.damaged();
  reader.missing_bytes();
}

void sample(const fs::path& file, const Events& events) {
  constexpr Nanoseconds kApart = 70'000'000;
  media::FrameSampler sampler(file, 1, false, events);
  for (int i = 0; i < kEnough; ++i) {
    const auto frame = sampler.shown_at(i * kApart);
    if (!frame) break;
    must_hold(frame->size.width > 0 && frame->size.height > 0 && !frame->picture.empty(),
              "a frame has pixels");
  }
}

Input clip(const char* name, const clips::ClipOptions& options) {
  const fs::path file = workplace() / name;
  clips::make_clip(file, options);
  return read_bytes(file);
}

}  // namespace

int fuzz_video(const std::uint8_t* data, std::size_t size) {
  const Events events;
  const media::LogCapture silence(events);
  const fs::path file = workplace() / "video";
  write_bytes(file, {data, size});
  may_fail([&] { read_target(file, {}, events); });
  may_fail([&] { read_target(file, {.start_s = 0.1, .fps = Rational{50, 1}}, events); });
  may_fail([&] { sample(file, events); });
  may_fail([&] { media::look_at_video(file, events); });
  return 0;
}

std::vector<Input> video_seeds() {
  const Events events;
  const media::LogCapture silence(events);
  clips::ClipOptions plain;
  plain.size = {32, 24};
  plain.frames = 6;
  plain.key_interval = 3;
  const auto with = [&](const char* encoder, const char* format) {
    clips::ClipOptions options = plain;
    options.encoder = encoder;
    options.pixel_format = format;
    options.b_frames = 0;
    return options;
  };
  clips::ClipOptions turned = plain;
  turned.matrix = {0, 1, -1, 0};
  turned.sample_aspect = {4, 3};
  turned.pts_ms = {0, 40, 41, 200, 1000};
  clips::ClipOptions rich = plain;
  rich.audio = {{.length_s = 0.1}};
  rich.subtitles = {"hello"};
  rich.chapters = {{0, 1, "one"}};
  return {clip("plain.mp4", plain),
          clip("turned.mov", turned),
          clip("rich.mkv", rich),
          clip("mpeg4.avi", with("mpeg4", "yuv420p")),
          clip("mpeg2.ts", with("mpeg2video", "yuv420p")),
          clip("mpeg1.mpg", with("mpeg1video", "yuv420p")),
          clip("ffv1.nut", with("ffv1", "yuv422p10le")),
          clip("flv.flv", with("flv", "yuv420p")),
          clip("wmv.asf", with("wmv2", "yuv420p")),
          clip("mjpeg.mov", with("mjpeg", "yuvj420p")),
          clip("vp8.webm", with("libvpx", "yuv420p")),
          clip("gif.gif", with("gif", "gray")),
          clip("apng.apng", with("apng", "rgba"))};
}

}  // namespace smalti::fuzz

// Reading targets: frames, times, orientation, ranges, and everything that is no proper video.

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <functional>
#include <thread>

#include "media/log.h"
#include "media/video_reader.h"
#include "smalti/error.h"
#include "support/clips.h"
#include "support/probe.h"
#include "support/temp_folder.h"

namespace smalti {
namespace {

using clips::ClipOptions;
using clips::make_clip;
using media::ReadOptions;
using media::VideoReader;
using test::TempFolder;
namespace fs = std::filesystem;

struct Read {
  std::vector<std::int64_t> pts;
  std::vector<std::int64_t> durations;
  std::vector<int> greys;  // mean of the first component, as 8 bits
  std::vector<std::string> warnings;
  media::TargetInfo info;
  Picture first;
  std::uint64_t damaged = 0;
};

int mean_grey(const Picture& picture, Rect part) {
  const Plane& plane = picture.planes[0];
  std::uint64_t sum = 0;
  for (int y = part.y; y < part.y + part.height; ++y) {
    for (int x = part.x; x < part.x + part.width; ++x) {
      sum += picture.format.depth > 8
                 ? plane.row<std::uint16_t>(y)[x * plane.step] >> (picture.format.depth - 8)
                 : plane.row<std::uint8_t>(y)[x * plane.step];
    }
  }
  const auto samples = static_cast<std::uint64_t>(part.width) * part.height;
  return static_cast<int>((sum + samples / 2) / samples);
}

int mean_grey(const Picture& picture) {
  return mean_grey(picture, {0, 0, picture.width, picture.height});
}

Read read_all(const fs::path& path, const ReadOptions& options = {}) {
  Read read;
  const media::LogCapture silence({});
  Events events;
  events.warn = [&](const std::string& line) { read.warnings.push_back(line); };
  VideoReader reader(path, options, events);
  read.info = reader.info();
  while (const std::optional<media::SourceFrame> frame = reader.read()) {
    CHECK(frame->index == read.pts.size());
    if (!read.pts.empty()) CHECK(frame->pts > read.pts.back());
    if (read.pts.empty()) read.first = frame->picture;
    read.pts.push_back(frame->pts);
    read.durations.push_back(frame->duration);
    read.greys.push_back(mean_grey(frame->picture));
  }
  CHECK(!reader.read());
  read.damaged = reader.damaged();
  return read;
}

ReadOptions range(double start_s, std::optional<double> duration_s = {}) {
  ReadOptions options;
  options.start_s = start_s;
  options.duration_s = duration_s;
  return options;
}

ReadOptions at_rate(Rational fps) {
  ReadOptions options;
  options.fps = fps;
  return options;
}

double seconds(std::int64_t time, Rational time_base) {
  return static_cast<double>(time) * time_base.num / time_base.den;
}

Error error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  FAIL("no Error was thrown");
  return Error(ErrorKind::kFailure, "");
}

Error refusal(const fs::path& path, const ReadOptions& options = {}) {
  return error_of([&] { read_all(path, options); });
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("media: every frame comes once, in order, with its time") {
  const TempFolder folder;
  for (const std::string name : {"a.mp4", "a.mkv", "a.ts", "a.avi", "a.mov", "a.nut"}) {
    CAPTURE(name);
    make_clip(folder / name, {.frames = 40, .b_frames = name == "a.avi" ? 0 : 3});
    const Read read = read_all(folder / name);
    const clips::Probed probed = clips::probe(folder / name);
    REQUIRE(read.pts.size() == 40);
    for (std::size_t i = 0; i < 40; ++i) {
      CHECK(seconds(read.pts[i], read.info.time_base) ==
            doctest::Approx(probed.frame_times_s[i]).epsilon(1e-9));
      CHECK(read.greys[i] == probed.frame_greys[i]);
      CHECK(seconds(read.durations[i], read.info.time_base) == doctest::Approx(0.04).epsilon(0.03));
    }
    CHECK(read.info.size == Size{64, 48});
    CHECK(read.damaged == 0);
  }
}

TEST_CASE("media: uneven frame times are kept, and durations are the gaps") {
  const TempFolder folder;
  const std::vector<std::int64_t> times{0, 40, 47, 130, 131, 400, 440, 900};
  for (const std::string name : {"vfr.mp4", "vfr.mkv"}) {
    CAPTURE(name);
    make_clip(folder / name, {.pts_ms = times});
    const Read read = read_all(folder / name);
    REQUIRE(read.pts.size() == times.size());
    for (std::size_t i = 0; i < times.size(); ++i) {
      CHECK(seconds(read.pts[i], read.info.time_base) * 1000 == doctest::Approx(times[i]));
      if (i + 1 < times.size()) CHECK(read.durations[i] == read.pts[i + 1] - read.pts[i]);
    }
    CHECK(read.durations.back() > 0);
  }
}

TEST_CASE("media: all eight display matrices turn the picture upright") {
  const TempFolder folder;
  const std::vector<std::array<int, 4>> matrices{{1, 0, 0, 1},   {-1, 0, 0, 1}, {1, 0, 0, -1},
                                                 {-1, 0, 0, -1}, {0, 1, -1, 0}, {0, -1, 1, 0},
                                                 {0, 1, 1, 0},   {0, -1, -1, 0}};
  for (const auto& m : matrices) {
    CAPTURE(m[0]);
    CAPTURE(m[1]);
    CAPTURE(m[2]);
    CAPTURE(m[3]);
    make_clip(folder / "turned.mp4", {.frames = 2, .sample_aspect = {2, 1}, .matrix = m});
    const Read read = read_all(folder / "turned.mp4");
    const bool swapped = m[0] == 0;
    CHECK(read.info.size == (swapped ? Size{48, 128} : Size{128, 48}));
    CHECK(read.first.size() == (swapped ? Size{48, 64} : Size{64, 48}));
    // Where the matrix sends the middle of each stored quadrant.
    for (int stored = 0; stored < 4; ++stored) {
      const int x = stored % 2 * 2 - 1;
      const int y = stored / 2 * 2 - 1;
      const int shown_x = m[0] * x + m[2] * y;
      const int shown_y = m[1] * x + m[3] * y;
      const int w = read.first.width / 4;
      const int h = read.first.height / 4;
      const Rect middle{(shown_x > 0 ? 5 : 1) * w / 2, (shown_y > 0 ? 5 : 1) * h / 2, w, h};
      CHECK(std::abs(mean_grey(read.first, middle) -
                     clips::kQuadrants[static_cast<std::size_t>(stored)]) <= 4);
    }
  }
}

TEST_CASE("media: pixel formats are handed out as they are where Picture can express them") {
  const TempFolder folder;
  struct Case {
    const char* encoder;
    const char* pixel_format;
    PixelFormat expected;
  };
  const std::vector<Case> cases{
      {"ffv1", "yuv420p", {ColorModel::kYuv, 8, 1, 1, false}},
      {"ffv1", "yuv422p10le", {ColorModel::kYuv, 10, 1, 0, false}},
      {"ffv1", "yuva444p", {ColorModel::kYuv, 8, 0, 0, true}},
      {"ffv1", "gray", {ColorModel::kGray, 8, 0, 0, false}},
      {"ffv1", "gray16le", {ColorModel::kGray, 16, 0, 0, false}},
      {"ffv1", "gbrp10le", {ColorModel::kRgb, 10, 0, 0, false}},
      {"png", "rgba", {ColorModel::kRgb, 8, 0, 0, true}},
  };
  for (const Case& c : cases) {
    INFO(std::string(c.pixel_format));
    make_clip(folder / "p.mkv",
              {.frames = 2, .encoder = c.encoder, .pixel_format = c.pixel_format, .b_frames = 0});
    const Read read = read_all(folder / "p.mkv");
    CHECK(read.first.format == c.expected);
    CHECK(read.greys[0] == clips::probe(folder / "p.mkv").frame_greys[0]);
  }
}

TEST_CASE("media: what is said and not said of colours") {
  const TempFolder folder;
  make_clip(folder / "small.mkv", {.frames = 1});
  make_clip(folder / "large.mkv", {.size = {64, 720}, .frames = 1});
  make_clip(folder / "full.mkv", {.frames = 1, .pixel_format = "yuvj420p", .full_range = true});
  constexpr int kBt709 = 1;
  constexpr int kBt601 = 6;
  CHECK(read_all(folder / "small.mkv").first.color.matrix == kBt601);
  CHECK(read_all(folder / "large.mkv").first.color.matrix == kBt709);
  CHECK_FALSE(read_all(folder / "small.mkv").first.color.full_range);
  CHECK(read_all(folder / "full.mkv").first.color.full_range);
}

TEST_CASE("media: odd sizes, and one frame alone") {
  const TempFolder folder;
  make_clip(folder / "odd.mkv", {.size = {37, 21}, .frames = 1, .encoder = "libvpx-vp9"});
  const Read read = read_all(folder / "odd.mkv");
  CHECK(read.pts.size() == 1);
  CHECK(read.info.size == Size{37, 21});
  CHECK(read.first.planes[1].width == 19);
  CHECK(read.durations[0] > 0);
}

TEST_CASE("media: pixels that are not square enlarge the shorter side") {
  const TempFolder folder;
  make_clip(folder / "wide.mp4", {.frames = 1, .sample_aspect = {64, 45}});
  make_clip(folder / "tall.mp4", {.frames = 1, .sample_aspect = {45, 64}});
  CHECK(read_all(folder / "wide.mp4").info.size == Size{91, 48});
  CHECK(read_all(folder / "tall.mp4").info.size == Size{64, 68});
}

TEST_CASE("media: a later start gives the frames that the full run gives") {
  const TempFolder folder;
  for (const std::string name : {"s.mp4", "s.mkv", "s.ts"}) {
    CAPTURE(name);
    make_clip(folder / name, {.frames = 200, .b_frames = 3, .key_interval = 25});
    const Read full = read_all(folder / name);
    for (const int first : {1, 26, 77, 150, 199}) {
      CAPTURE(first);
      const Read part = read_all(folder / name, range(first / 25.0));
      REQUIRE(part.pts.size() == static_cast<std::size_t>(200 - first));
      CHECK(std::equal(part.pts.begin(), part.pts.end(), full.pts.begin() + first));
      CHECK(std::equal(part.greys.begin(), part.greys.end(), full.greys.begin() + first));
    }
    const Read few = read_all(folder / name, range(2, 0.4));
    REQUIRE(few.pts.size() == 10);
    CHECK(few.pts.front() == full.pts[50]);
    REQUIRE(few.info.frames);
    CHECK(*few.info.frames == 10);
    CHECK(refusal(folder / name, range(30)).kind() == ErrorKind::kUsage);
    CHECK(contains(refusal(folder / name, range(2.01, 0.02)).what(), "no frame"));
  }
}

TEST_CASE("media: a constant rate repeats and drops frames") {
  const TempFolder folder;
  make_clip(folder / "r.mp4", {.frames = 50});
  const Read half = read_all(folder / "r.mp4", at_rate({25, 2}));
  CHECK(half.pts.size() == 25);
  CHECK(half.info.time_base.num == 2);
  CHECK(half.info.time_base.den == 25);
  const Read twice = read_all(folder / "r.mp4", at_rate({50, 1}));
  CHECK(twice.pts.size() == 100);
  for (std::size_t i = 1; i < twice.pts.size(); ++i) CHECK(twice.pts[i] == twice.pts[i - 1] + 1);
}

TEST_CASE("media: a frame that is shown for days is repeated only as often as it is read") {
  const TempFolder folder;
  ClipOptions clip;
  constexpr std::int64_t kDays_ms = std::int64_t{20} * 24 * 3600 * 1000;
  clip.pts_ms = {0, kDays_ms};
  make_clip(folder / "clip.mkv", clip);
  VideoReader reader(folder / "clip.mkv", at_rate({100, 1}), {});
  for (std::int64_t i = 0; i < 20; ++i) CHECK(reader.read()->pts == i);
}

TEST_CASE("media: packets of copied streams come along, in order and whole") {
  const TempFolder folder;
  make_clip(folder / "first.mkv", {.frames = 50, .audio = {{.length_s = 30}}, .audio_first = true});
  VideoReader reader(folder / "first.mkv", {}, {});
  reader.copy_streams({0});
  std::size_t packets = 0;
  std::size_t frames = 0;
  while (const std::optional<media::SourceFrame> frame = reader.read()) {
    packets += frame->packets.size();
    ++frames;
  }
  packets += reader.take_remaining_packets().size();
  CHECK(frames == 50);
  CHECK(packets == clips::probe(folder / "first.mkv").stream("audio").packets.size());
}

TEST_CASE("media: names with every kind of character are just names") {
  const TempFolder folder;
  for (const std::string name : {"a:b.mp4", "it's \"one\".mp4", "two\nlines.mp4", "\xff\xfe.mp4",
                                 "%03d.mp4", "http:x.mp4", "pipe:0.mp4", "-y.mp4"}) {
    make_clip(folder / "plain.mp4", {.frames = 2});
    fs::rename(folder / "plain.mp4", folder / name);
    CHECK(read_all(folder / name).pts.size() == 2);
  }
}

TEST_CASE("media: a pipe can be read, from the start and from later") {
  const TempFolder folder;
  make_clip(folder / "p.mkv", {.frames = 60});
  const std::string bytes = clips::read_bytes(folder / "p.mkv");
  for (const double start_s : {0.0, 1.0}) {
    const fs::path pipe = folder / ("pipe" + std::to_string(start_s));
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    std::thread feeder([&] { clips::write_file(pipe, bytes); });
    const Read read = read_all(pipe, range(start_s));
    feeder.join();
    CHECK(read.pts.size() == (start_s > 0 ? 35 : 60));
  }
}

TEST_CASE("media: what is no video is refused, and says what it is") {
  const TempFolder folder;
  CHECK(refusal(folder / "nowhere.mp4").kind() == ErrorKind::kMissingInput);
  CHECK(refusal(folder.path()).kind() == ErrorKind::kBadInput);

  clips::write_file(folder / "empty.mp4", "");
  clips::write_file(folder / "text.mp4", "not a video at all\n");
  CHECK(contains(refusal(folder / "empty.mp4").what(), "is empty"));
  CHECK(refusal(folder / "text.mp4").kind() == ErrorKind::kBadInput);

  make_clip(folder / "sound.mp4", {.picture = false, .audio = {{}}});
  CHECK(contains(refusal(folder / "sound.mp4").what(), "holds sound but no video"));

  make_clip(folder / "real.png",
            {.frames = 1, .encoder = "png", .pixel_format = "rgb24", .b_frames = 0});
  CHECK(contains(refusal(folder / "real.png").what(), "still picture"));
}

TEST_CASE("media: a playlist with a video's name leads nowhere") {
  const TempFolder folder;
  make_clip(folder / "part.ts", {});
  const std::string part = (folder / "part.ts").string();
  clips::write_file(folder / "hls.mp4",
                    "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:1.2,\n" + part +
                        "\n#EXT-X-ENDLIST\n");
  clips::write_file(folder / "concat.mp4", "ffconcat version 1.0\nfile '" + part + "'\n");
  for (const std::string name : {"hls.mp4", "concat.mp4"}) {
    const Error error = refusal(folder / name);
    CHECK(error.kind() == ErrorKind::kBadInput);
    CHECK(contains(error.what(), "playlist"));
  }
}

TEST_CASE("media: files cut off or filled with noise give what they have, or an error") {
  const TempFolder folder;
  for (const std::string name : {"whole.mkv", "whole.ts", "whole.mp4"}) {
    make_clip(folder / name, {.frames = 60, .audio = {{.length_s = 2}}});
    const std::string bytes = clips::read_bytes(folder / name);
    for (int tenth = 0; tenth < 10; ++tenth) {
      CAPTURE(name);
      CAPTURE(tenth);
      const std::size_t at = bytes.size() * static_cast<std::size_t>(tenth) / 10;
      std::string noisy = bytes;
      for (std::size_t i = at; i < std::min(at + 300, noisy.size()); ++i) {
        noisy[i] = static_cast<char>(i * 2654435761U >> 13);
      }
      for (const std::string& damaged : {bytes.substr(0, at), noisy}) {
        clips::write_file(folder / "damaged", damaged);
        try {
          const std::size_t frames = read_all(folder / "damaged").pts.size();
          CHECK(frames <= 61);
        } catch (const Error& error) {
          CHECK(error.kind() == ErrorKind::kBadInput);
        }
      }
    }
  }
}

TEST_CASE("media: the shared clips give as many frames as a plain decoder") {
  const auto shared = test::media_folder();
  if (!shared) return;
  const std::vector<std::pair<const char*, Size>> expected{
      {"bad-truncated.mp4", {960, 540}},
      {"bbb-800x640-sar64x45-bpyramid.mp4", {1138, 640}},
      {"derived-odd-427x239-vp9-opus.webm", {427, 239}},
      {"derived-vfr-irregular-360p-noaudio.mp4", {640, 360}},
      {"dog-bed-720p30-rot270-aac.mp4", {720, 1280}},
      {"newtonscradle.gif", {200, 150}},
      {"phone-hlg-hevc10-1080p-rot90-vfr-editlist.mp4", {1080, 1920}},
      {"roadtrip-vp9p2-10bit-240p.webm", {426, 240}},
      {"talkinghead-1080x720-rotate-and-reflect.mp4", {720, 1080}},
  };
  for (const auto& [name, size] : expected) {
    INFO(std::string(name));
    const Read read = read_all(*shared / "video" / name);
    CHECK(read.pts.size() == clips::probe(*shared / "video" / name).frame_times_s.size());
    CHECK(read.info.size == size);
  }
}

TEST_CASE("media: the shared clips whose headers lie") {
  const auto shared = test::media_folder();
  if (!shared) return;
  const fs::path folder = *shared / "video";
  CHECK_FALSE(read_all(folder / "talkinghead-1080x720-fragmented-huge-duration.mp4").info.frames);
  CHECK(contains(refusal(folder / "bad-unsupported-vvc.mp4").what(), "unknown to this FFmpeg"));
  CHECK(refusal(folder / "bad-malformed-box.mp4").kind() == ErrorKind::kBadInput);
  CHECK(read_all(folder / "bad-missing-stsd.mp4").pts.size() == 30);

  const Read interlaced = read_all(folder / "derived-pal-576i25-sar64x45-mpeg2-mp2.mpg");
  REQUIRE(interlaced.warnings.size() == 1);
  CHECK(contains(interlaced.warnings[0], "interlaced"));
  const Read hdr = read_all(folder / "phone-hdr10-av1-10bit-720x1280-aac.mp4");
  REQUIRE(hdr.warnings.size() == 1);
  CHECK(contains(hdr.warnings[0], "HDR (PQ)"));
}

}  // namespace
}  // namespace smalti

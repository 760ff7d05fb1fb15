// Writing mosaics: what comes back out of the file, what is copied, and what is refused.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <functional>
#include <thread>

#include "media/log.h"
#include "media/video_writer.h"
#include "smalti/error.h"
#include "support/clips.h"
#include "support/probe.h"
#include "support/temp_folder.h"

namespace smalti {
namespace {

using clips::ClipOptions;
using clips::make_clip;
using clips::Probed;
using media::ReadOptions;
using media::VideoReader;
using media::VideoWriter;
using test::TempFolder;
namespace fs = std::filesystem;

constexpr double kMillisecond = 0.00101;

// Stands in for a mosaic: one grey all over, the mean of the target's frame.
Picture plain_mosaic(const media::EncoderPlan& plan, Size size, std::uint64_t index) {
  Picture mosaic = Picture::allocate(plan.format, size, plan.color);
  for (int c = 0; c < plan.format.components(); ++c) {
    const Plane& plane = mosaic.planes[static_cast<std::size_t>(c)];
    const int value = c == 0 ? 40 + static_cast<int>(index * 7 % 160) : 128;
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        if (plan.format.depth > 8) {
          plane.row<std::uint16_t>(y)[x] =
              static_cast<std::uint16_t>(value << (plan.format.depth - 8));
        } else {
          plane.row<std::uint8_t>(y)[x] = static_cast<std::uint8_t>(value);
        }
      }
    }
  }
  return mosaic;
}

Size canvas_for(Size target, Size step) {
  return {(target.width + step.width - 1) / step.width * step.width,
          (target.height + step.height - 1) / step.height * step.height};
}

struct Written {
  media::OutputSummary summary;
  std::vector<std::string> warnings;
};

Written transcode(const fs::path& from, const fs::path& to, const ReadOptions& read_options = {},
                  const EncodeOptions& encode_options = {}) {
  Written written;
  Events events;
  events.warn = [&](const std::string& line) { written.warnings.push_back(line); };
  const media::LogCapture silence({});
  VideoReader reader(from, read_options, events);
  const media::EncoderPlan plan = media::plan_encoder(to, encode_options);
  const Size canvas = canvas_for(reader.info().size, plan.format.chroma_step());
  VideoWriter writer(to, false, plan, encode_options, canvas, reader, events);
  while (const std::optional<media::SourceFrame> frame = reader.read()) {
    writer.write(*frame, plain_mosaic(plan, canvas, frame->index));
  }
  written.summary = writer.finish(reader.take_remaining_packets());
  return written;
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

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void check_same_times(const Probed& source, const Probed& result, double tolerance_s) {
  REQUIRE(result.frame_times_s.size() == source.frame_times_s.size());
  for (std::size_t i = 0; i < source.frame_times_s.size(); ++i) {
    const double wanted = source.frame_times_s[i] - source.frame_times_s[0];
    CHECK(std::abs(result.frame_times_s[i] - result.frame_times_s[0] - wanted) <= tolerance_s);
  }
}

// Each packet's bytes, and its time against the first frame. Transport streams wrap AAC in headers.
void check_same_sound(const Probed& source, const Probed& result, bool same_wrapping = true) {
  REQUIRE(result.count("audio") == source.count("audio"));
  for (int track = 0; track < source.count("audio"); ++track) {
    const clips::ProbedStream& before = source.stream("audio", track);
    const clips::ProbedStream& after = result.stream("audio", track);
    CHECK(after.codec == before.codec);
    REQUIRE(after.packets.size() == before.packets.size());
    for (std::size_t i = 0; i < before.packets.size(); ++i) {
      if (same_wrapping) CHECK(after.packets[i].hash == before.packets[i].hash);
      const double wanted = before.packets[i].pts_s - source.frame_times_s[0];
      CHECK(std::abs(after.packets[i].pts_s - result.frame_times_s[0] - wanted) <= kMillisecond);
    }
  }
}

EncodeOptions with_encoder(const std::string& name) {
  EncodeOptions options;
  options.encoder = name;
  return options;
}

EncodeOptions with_option(const std::string& key, const std::string& value) {
  EncodeOptions options;
  options.encoder_options.emplace_back(key, value);
  return options;
}

TEST_CASE("media: a mosaic has the target's frame times, sound and length") {
  const TempFolder folder;
  make_clip(folder / "in.mkv", {.frames = 50, .audio = {{.length_s = 2.2}}});
  make_clip(folder / "late.mkv", {.frames = 50, .audio = {{.start_s = 0.7, .length_s = 1}}});
  make_clip(folder / "behind.ts", {.frames = 50, .start_s = 0.5, .audio = {{.length_s = 2}}});
  make_clip(folder / "first.mkv", {.frames = 50, .audio = {{.length_s = 20}}, .audio_first = true});
  make_clip(folder / "uneven.mkv", {.pts_ms = {0, 40, 47, 130, 131, 400, 440, 900}, .audio = {{}}});
  for (const std::string name : {"in.mkv", "late.mkv", "behind.ts", "first.mkv", "uneven.mkv"}) {
    const Probed source = clips::probe(folder / name);
    for (const std::string extension : {".mp4", ".mkv", ".mov", ".ts", ".nut"}) {
      CAPTURE(name);
      CAPTURE(extension);
      const fs::path output = folder / (name + "-out" + extension);
      const Written written = transcode(folder / name, output);
      const Probed result = clips::probe(output);
      CHECK(written.warnings.empty());
      CHECK(written.summary.frames == source.frame_times_s.size());
      CHECK(written.summary.bytes == fs::file_size(output));
      check_same_times(source, result, kMillisecond);
      check_same_sound(source, result, extension != ".ts" && name != "behind.ts");
      CHECK(std::abs(result.duration_s - source.duration_s) < 0.1);
    }
  }
}

TEST_CASE("media: two sound tracks keep their languages and which is the default") {
  const TempFolder folder;
  make_clip(folder / "in.mkv", {.audio = {{.language = "eng"}, {.language = "fra"}}});
  for (const std::string name : {"out.mp4", "out.mkv"}) {
    transcode(folder / "in.mkv", folder / name);
    const Probed result = clips::probe(folder / name);
    REQUIRE(result.count("audio") == 2);
    CHECK(result.stream("audio", 0).metadata.at("language") == "eng");
    CHECK(result.stream("audio", 1).metadata.at("language") == "fra");
    CHECK(result.stream("audio", 0).is_default);
    CHECK_FALSE(result.stream("audio", 1).is_default);
    check_same_sound(clips::probe(folder / "in.mkv"), result);
  }
}

TEST_CASE("media: subtitles, chapters, attachments and titles go where they can") {
  const TempFolder folder;
  make_clip(folder / "in.mkv", {.frames = 75,
                                .audio = {{.length_s = 3}},
                                .subtitles = {"one", "two", "three"},
                                .chapters = {{0, 1, "Start"}, {1, 3, "End"}},
                                .attachment = true});
  CHECK(transcode(folder / "in.mkv", folder / "out.mkv").warnings.empty());
  const Probed mkv = clips::probe(folder / "out.mkv");
  CHECK(mkv.stream("subtitle").packets.size() == 3);
  CHECK(mkv.stream("attachment").metadata.at("filename") == "letters.ttf");
  CHECK(mkv.metadata.at("title") == "made for a test");
  REQUIRE(mkv.chapters.size() == 2);
  CHECK(mkv.chapters[1].title == "End");
  CHECK(std::abs(mkv.chapters[1].start_s - 1) < 0.05);

  const Written written = transcode(folder / "in.mkv", folder / "out.mp4");
  REQUIRE(written.warnings.size() == 2);
  CHECK(contains(written.warnings[0], "subtitle stream #2 (subrip, fra) is left out"));
  CHECK(contains(written.warnings[0], ".mkv"));
  CHECK(contains(written.warnings[1], "attachment stream #3"));
  const Probed mp4 = clips::probe(folder / "out.mp4");
  CHECK(mp4.chapters.size() == 2);
  CHECK(mp4.metadata.at("title") == "made for a test");

  transcode(folder / "in.mkv", folder / "later.mkv", {.start_s = 1.2, .duration_s = 1, .fps = {}});
  const Probed later = clips::probe(folder / "later.mkv");
  CHECK(later.frame_times_s.size() == 25);
  CHECK(later.chapters.size() == 1);
  CHECK(later.stream("subtitle").packets.size() == 2);
  CHECK(std::abs(later.duration_s - 1) < 0.06);
}

TEST_CASE("media: the picture is tagged and is no longer turned") {
  const TempFolder folder;
  make_clip(folder / "in.mp4", {.frames = 3, .matrix = {{0, 1, -1, 0}}});
  transcode(folder / "in.mp4", folder / "out.mp4");
  const Probed result = clips::probe(folder / "out.mp4");
  CHECK(result.size == Size{48, 64});
  CHECK_FALSE(result.has_display_matrix);
  constexpr int kBt709 = 1;
  CHECK(result.color_matrix == kBt709);
}

TEST_CASE("media: every common container gets an encoder and holds all frames") {
  const TempFolder folder;
  make_clip(folder / "in.mkv", {.frames = 12});
  for (const std::string name : {"a.mp4", "a.m4v", "a.mov", "a.mkv", "a.webm", "a.avi", "a.ts",
                                 "a.m2ts", "a.flv", "a.nut", "a.ogv", "a.mpg", "UPPER.MKV"}) {
    CAPTURE(name);
    transcode(folder / "in.mkv", folder / name);
    CHECK(clips::probe(folder / name).frame_times_s.size() == 12);
  }
}

TEST_CASE("media: lossless encoders give the mosaic back as it was") {
  const TempFolder folder;
  make_clip(folder / "in.mkv", {.frames = 5});
  for (const std::string encoder : {"ffv1", "utvideo", "rawvideo"}) {
    CAPTURE(encoder);
    transcode(folder / "in.mkv", folder / (encoder + ".nut"), {}, with_encoder(encoder));
    const Probed result = clips::probe(folder / (encoder + ".nut"));
    for (std::size_t i = 0; i < 5; ++i)
      CHECK(result.frame_greys[i] == 40 + static_cast<int>(i) * 7);
  }
}

TEST_CASE("media: encoder options are judged before any work") {
  const auto refused = [](const fs::path& output, const EncodeOptions& options) {
    const media::LogCapture silence({});
    const Error error = error_of([&] { media::plan_encoder(output, options); });
    CHECK(error.kind() == ErrorKind::kUsage);
    return std::string(error.what());
  };
  CHECK(contains(refused("out.xyz", {}), "extension"));
  CHECK(contains(refused("out", {}), "extension"));
  CHECK(contains(refused("out.mkv", with_encoder("nonsense")), "no encoder 'nonsense'"));
  CHECK(contains(refused("out.mkv", with_encoder("aac")), "makes no video"));
  CHECK(contains(refused("out.webm", with_encoder("libx264")), "cannot hold"));
  for (const std::string packed : {"gif", "png", "libx264rgb"}) {
    CHECK(contains(refused("out.mkv", with_encoder(packed)), "takes no pixel format"));
  }

  EncodeOptions crf_for_ffv1 = with_encoder("ffv1");
  crf_for_ffv1.crf = 20;
  CHECK(contains(refused("out.mkv", crf_for_ffv1), "encoder 'ffv1' has no crf"));
  EncodeOptions wrong_preset;
  wrong_preset.preset = "hasty";
  CHECK(contains(refused("out.mp4", wrong_preset), "libx264"));
  CHECK(contains(refused("out.mp4", with_option("no-such-key", "1")), "has no no-such-key"));
  CHECK(contains(refused("out.mp4", with_option("refs", "many")), "does not take 'many'"));
  CHECK(contains(refused("out.mp4", with_option("skip_frame", "all")), "has no skip_frame"));
  CHECK_NOTHROW(media::plan_encoder("out.mp4", with_option("tune", "film")));
}

TEST_CASE("media: plans name pixels that mosaics can be made in") {
  CHECK(media::plan_encoder("a.mp4", {}).encoder == "libx264");
  CHECK(media::plan_encoder("a.webm", {}).encoder == "libvpx-vp9");
  const media::EncoderPlan jpeg = media::plan_encoder("a.mkv", with_encoder("mjpeg"));
  CHECK(jpeg.color.full_range);
  CHECK(jpeg.color.matrix == 5);
  const media::EncoderPlan prores = media::plan_encoder("a.mov", with_encoder("prores_ks"));
  CHECK(prores.format == PixelFormat{ColorModel::kYuv, 10, 1, 0, false});
}

TEST_CASE("media: a writer that does not finish leaves nothing") {
  const TempFolder folder;
  make_clip(folder / "in.mp4", {.audio = {{}}});
  {
    const media::LogCapture silence({});
    VideoReader reader(folder / "in.mp4", {}, {});
    const media::EncoderPlan plan = media::plan_encoder(folder / "out.mp4", {});
    VideoWriter writer(folder / "out.mp4", false, plan, {}, {64, 48}, reader, {});
    const std::optional<media::SourceFrame> frame = reader.read();
    writer.write(*frame, plain_mosaic(plan, {64, 48}, 0));
  }
  const auto names = fs::directory_iterator(folder.path());
  CHECK(std::distance(begin(names), end(names)) == 1);
}

TEST_CASE("media: a full device and a closed pipe are errors of writing") {
  const TempFolder folder;
  make_clip(folder / "in.mp4", {.size = {640, 480}, .frames = 60, .audio = {{}}});
  std::signal(SIGPIPE, SIG_IGN);

  fs::create_symlink("/dev/full", folder / "full.mkv");
  CHECK(error_of([&] { transcode(folder / "in.mp4", folder / "full.mkv"); }).kind() ==
        ErrorKind::kInputOutput);
  fs::create_symlink("/dev/full", folder / "full.mp4");
  const Error seeking = error_of([&] { transcode(folder / "in.mp4", folder / "full.mp4"); });
  CHECK(seeking.kind() == ErrorKind::kUsage);
  CHECK(contains(seeking.hint(), ".mkv"));

  const fs::path pipe = folder / "pipe.mkv";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  std::thread reader([&] { close(open(pipe.c_str(), O_RDONLY)); });
  CHECK(error_of([&] { transcode(folder / "in.mp4", pipe); }).kind() == ErrorKind::kInputOutput);
  reader.join();
  CHECK(fs::is_fifo(pipe));
}

TEST_CASE("media: a mosaic can go into a pipe") {
  const TempFolder folder;
  make_clip(folder / "in.mp4", {.frames = 20, .audio = {{}}});
  const fs::path pipe = folder / "pipe.mkv";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  std::string bytes;
  std::thread reader([&] { bytes = clips::read_bytes(pipe); });
  const Written written = transcode(folder / "in.mp4", pipe);
  reader.join();
  CHECK(written.summary.bytes == bytes.size());
  clips::write_file(folder / "copy.mkv", bytes);
  CHECK(clips::probe(folder / "copy.mkv").frame_times_s.size() == 20);
}

TEST_CASE("media: without an output name the mosaic's container follows the target's") {
  const TempFolder folder;
  const media::LogCapture silence({});
  const auto extension_for = [&](const std::string& name, const ClipOptions& options) {
    make_clip(folder / name, options);
    return media::default_extension(VideoReader(folder / name, {}, {}).streams());
  };
  CHECK(extension_for("a.mkv", {.frames = 2}) == ".mkv");
  CHECK(extension_for("a.mov", {.frames = 2}) == ".mov");
  CHECK(extension_for("a.avi", {.frames = 2, .b_frames = 0}) == ".mp4");
  CHECK(extension_for("a.webm", {.frames = 2, .encoder = "libvpx-vp9"}) == ".mp4");
}

TEST_CASE("media: the shared clips' sound stays in step with the picture") {
  const auto shared = test::media_folder();
  if (!shared) return;
  const TempFolder folder;
  const std::vector<std::string> names{
      "bt601-640x428-audio-first.mov",     "derived-multiaudio-720p25-aac51-aac.mkv",
      "derived-odd-427x239-vp9-opus.webm", "phone-hlg-hevc10-1080p-rot90-vfr-editlist.mp4",
      "seabirds-960x400-mpeg4asp-mp3.avi", "talkinghead-1080x720-h264-ac3-mono.mkv"};
  EncodeOptions fast;
  fast.preset = "ultrafast";
  for (const std::string& name : names) {
    const Probed source = clips::probe(*shared / "video" / name);
    for (const std::string extension : {".mp4", ".mkv"}) {
      CAPTURE(name);
      CAPTURE(extension);
      const fs::path output = folder / (name + extension);
      transcode(*shared / "video" / name, output, {}, fast);
      const Probed result = clips::probe(output);
      check_same_times(source, result, kMillisecond);
      check_same_sound(source, result);
    }
  }
}

}  // namespace
}  // namespace smalti

// The program on real clips, checked against what ffprobe says of source and result.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "support/probe.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::Ended;
using test::Probe;
using test::ProbedStream;
using test::TempFolder;

struct Clip {
  const char* name;
  const char* output;      // extension that takes all its sound
  const char* first = "";  // only that many seconds, for clips that are long
};

// Every clip of the media folder that FFmpeg 5.1 can decode.
const std::vector<Clip> kClips = {
    {"8k24-hevc-8frames-aac.mp4", ".mp4"},
    {"bad-missing-stsd.mp4", ".mp4"},
    {"bad-truncated.mp4", ".mp4"},
    {"bbb-1080p24-mpeg2-mp2.ts", ".mp4"},
    {"bbb-1080p60-1s-vp8-vorbis51.webm", ".mkv"},
    {"bbb-480p24-30s-aac51-cuts.mp4", ".mp4"},
    {"bbb-642x642-vp9.webm", ".mp4"},
    {"bbb-720p25-5s-aac51.mp4", ".mp4"},
    {"bbb-800x640-sar64x45-bpyramid.mp4", ".mp4"},
    {"bedroom-540p30-noaudio.mp4", ".mp4"},
    {"black-1080p30-363s-aac.mp4", ".mp4", "2"},
    {"bt601-640x428-audio-first.mov", ".mov"},
    {"carphone-qcif-sar128x117.mp4", ".mp4"},
    {"cups-static-720p30-aac-silent.mp4", ".mp4"},
    {"derived-1080p30-5cuts-11s-aac.mp4", ".mp4"},
    {"derived-multiaudio-720p25-aac51-aac.mkv", ".mp4"},
    {"derived-odd-427x239-vp9-opus.webm", ".mp4"},
    {"derived-pal-576i25-sar64x45-mpeg2-mp2.mpg", ".mp4"},
    {"derived-vfr-irregular-360p-noaudio.mp4", ".mp4"},
    {"dialogue-static-480p30-bw-aac.mp4", ".mp4"},
    {"dog-ball-720p30-aac-silent.mp4", ".mp4"},
    {"dog-bed-720p30-rot270-aac.mp4", ".mp4"},
    {"flower-540p30-aac.mp4", ".mp4"},
    {"flower-540p30-vp8-vorbis.webm", ".mkv"},
    {"nasa-2video-2audio-2subs.mp4", ".mp4"},
    {"newtonscradle.gif", ".mp4"},
    {"one-frame-540p-noaudio.mp4", ".mp4"},
    {"park-street-1080p30-aac.mp4", ".mp4"},
    {"person-signing-static-480p30-noaudio.mkv", ".mkv"},
    {"phone-4k60-h264-rot90-0.3s.mp4", ".mp4"},
    {"phone-hdr10-av1-10bit-720x1280-aac.mp4", ".mp4"},
    {"phone-hevc-3frames-rot90-datatrack.mp4", ".mp4"},
    {"phone-hlg-hevc10-1080p-rot90-vfr-editlist.mp4", ".mp4"},
    {"phone-motionphoto-2hevc-rot90.mp4", ".mp4"},
    {"plant-handheld-240p30-1.2s-aac-mono.mp4", ".mp4"},
    {"roadtrip-vp9p2-10bit-240p.webm", ".mp4"},
    {"seabirds-960x400-mpeg4asp-mp3.avi", ".mp4"},
    {"stream-360p-aac-mono.mp4", ".mp4"},
    {"talkinghead-1080x720-fragmented-huge-duration.mp4", ".mp4"},
    {"talkinghead-1080x720-h264-ac3-ass.mkv", ".mkv"},
    {"talkinghead-1080x720-h264-ac3-mono.mkv", ".mp4"},
    {"talkinghead-1080x720-h264-ac3-srt.mkv", ".mkv"},
    {"talkinghead-1080x720-rotate-and-reflect.mp4", ".mp4"},
    {"talkinghead-720x1080-portrait.mp4", ".mp4"},
    {"traffic-static-432p12.5-30s-aac-silent.mp4", ".mp4"},
    {"watch-screen-518x488-vfr-aac.mp4", ".mp4"},
};

// A folder with few photos: what is checked here does not depend on their number.
fs::path few_tiles(const fs::path& media, const TempFolder& folder) {
  const fs::path tiles = folder / "tiles";
  fs::create_directory(tiles);
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(media / "tiles/photos-1k"))
    if (entry.path().extension() == ".jpg") all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  for (std::size_t i = 0; i < all.size(); i += 20)
    fs::create_symlink(fs::canonical(all[i]), tiles / all[i].filename());
  return tiles;
}

const ProbedStream& target_stream(const Probe& probe) {
  const auto found = std::find_if(probe.streams.begin(), probe.streams.end(), [](const auto& s) {
    return s.kind == "video" && !s.attached_picture;
  });
  REQUIRE(found != probe.streams.end());
  return *found;
}

// Times within a tick of the coarser clock: both sides were rounded once.
void check_times(const std::vector<double>& source, const std::vector<double>& result,
                 double tick_s) {
  REQUIRE(result.size() == source.size());
  double worst = 0;
  for (std::size_t i = 0; i < source.size(); ++i)
    worst = std::max(worst, std::abs((result[i] - result[0]) - (source[i] - source[0])));
  CHECK(worst <= tick_s * 1.001);
}

std::vector<std::string> hashes(const std::vector<test::ProbedPacket>& packets) {
  std::vector<std::string> out;
  for (const auto& p : packets) out.push_back(p.hash);
  return out;
}

// MP4 has one name for MPEG-1's audio layers.
std::string mp4_name(const std::string& codec) { return codec == "mp3" ? "mp2" : codec; }

std::string known_language(const ProbedStream& stream) {
  return stream.language == "und" ? "" : stream.language;
}

void check_audio(const fs::path& source, const ProbedStream& in, double source_start_s,
                 const fs::path& result, const ProbedStream& out, double result_start_s) {
  CHECK(mp4_name(out.codec) == mp4_name(in.codec));
  CHECK(known_language(out) == known_language(in));
  const auto sent = test::packets(source, in.index);
  const auto arrived = test::packets(result, out.index);
  CHECK(hashes(arrived) == hashes(sent));
  REQUIRE_FALSE(arrived.empty());
  if (sent[0].pts_s && arrived[0].pts_s) {
    const double offset_before = *sent[0].pts_s - source_start_s;
    const double offset_after = *arrived[0].pts_s - result_start_s;
    CHECK(std::abs(offset_after - offset_before) <= 0.001);
  }
}

void check_clip(const Clip& clip, const fs::path& media, const TempFolder& folder,
                const fs::path& tiles) {
  const fs::path source = media / "video" / clip.name;
  const fs::path result = folder / (std::string("out") + clip.output);
  std::vector<std::string> arguments = {"video", source,      "--tiles",  tiles,       "-o",
                                        result,  "-y",        "--preset", "ultrafast", "--columns",
                                        "40",    "--enlarge", "0.5"};
  const bool part = clip.first[0] != '\0';
  if (part) arguments.insert(arguments.end(), {"--duration", clip.first});
  const Ended ended = test::run_smalti(arguments);
  INFO(ended.errors);
  REQUIRE(ended.code == 0);

  const Probe before = test::probe(source);
  const Probe after = test::probe(result);
  const ProbedStream& in = target_stream(before);
  const ProbedStream& out = target_stream(after);
  CHECK_FALSE(out.has_rotation);
  CHECK(out.profile_tags == "tv/bt709/bt709/bt709");

  std::vector<double> times = test::frame_times(source, in.index);
  if (part) {
    const double end = times[0] + std::stod(clip.first);
    times.erase(std::find_if(times.begin(), times.end(), [&](double t) { return t >= end; }),
                times.end());
  }
  const std::vector<double> new_times = test::frame_times(result, out.index);
  check_times(times, new_times, std::max(in.time_base_s, out.time_base_s));

  std::size_t next = 0;
  const auto sounds = after.of_kind("audio");
  for (const ProbedStream& sound : before.of_kind("audio")) {
    if (part || sound.codec.empty()) continue;  // no codec: a track that its header does not name
    REQUIRE(next < sounds.size());
    check_audio(source, sound, times[0], result, sounds[next++], new_times[0]);
  }
}

TEST_CASE("real clips keep their frames, times, sound and colours") {
  const auto media = test::media_folder();
  if (!media) return;
  const TempFolder folder;
  const fs::path tiles = few_tiles(*media, folder);
  for (const Clip& clip : kClips) {
    CAPTURE(clip.name);
    check_clip(clip, *media, folder, tiles);
  }
}

}  // namespace
}  // namespace smalti

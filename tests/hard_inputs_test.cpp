// What may be handed to the program and is no ordinary clip, name or number, and how it answers.
// Each row is a promise; HardCase says what else holds in all of them.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "media/cut_short.h"
#include "media/time_line.h"
#include "support/clips.h"
#include "support/hard_shop.h"
#include "support/probe.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using clips::ClipOptions;
using clips::make_clip;
using clips::read_bytes;
using clips::write_file;
using test::Ended;
using test::HardCase;
using test::HardShop;
using test::says;

const std::string kOddName = "a \"b\" 'c' $d\n\x1b[31m\xff\xfe %d;*?";

// ISO files: bytes put over those at `offset` behind the name of the box's `number`th occurrence.
std::string with_patch(std::string file, const std::string& box, std::size_t offset,
                       const std::string& bytes, int number = 0) {
  std::size_t at = file.find(box);
  for (; number > 0 && at != std::string::npos; --number) at = file.find(box, at + 1);
  REQUIRE(at != std::string::npos);
  return file.replace(at + offset, bytes.size(), bytes);
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos;)
    text.replace(at, from.size(), to);
}

const std::string kAllOnes = "\xff\xff\xff\xff";
const std::string kZero("\0\0\0\0", 4);
const std::string kLargest = "\x7f\xff\xff\xff";

TEST_CASE("hard targets") {
  const HardShop shop;
  const std::string clip = read_bytes(shop.clip());
  const auto written = [&](const std::string& name, const std::string& bytes) {
    write_file(shop / name, bytes);
    return shop / name;
  };
  const auto patched = [&](const std::string& name, const std::string& box, std::size_t offset,
                           const std::string& bytes, int number = 0) {
    return written(name + ".mp4", with_patch(clip, box, offset, bytes, number));
  };
  ClipOptions only_sound;
  only_sound.picture = false;
  only_sound.audio = {{}};
  make_clip(shop / "sound.mp4", only_sound);
  std::string corrupt = clip;
  const std::size_t middle = corrupt.find("mdat") + 1200;
  corrupt.replace(middle, 400, std::string(400, '\xa5'));
  ClipOptions ten = only_sound;
  ten.picture = true;
  ten.audio = std::vector<clips::AudioTrack>(10);
  make_clip(shop / "ten.mp4", ten);
  std::string unknown = read_bytes(shop / "ten.mp4");
  replace_all(unknown, "soun", "zzzz");
  replace_all(unknown, "mp4a", "zz4a");
  std::string all_unknown = unknown;
  replace_all(all_unknown, "vide", "zzzz");
  replace_all(all_unknown, "avc1", "zzz1");

  const auto job = [&](const std::string& target) { return shop.job(target, shop.tiles()); };
  const std::vector<HardCase> cases = {
      {"no such file", job(shop / "none.mp4"), 66, "none.mp4"},
      {"a folder", job(shop.tiles()), 65, "is a folder"},
      {"a device", job("/dev/zero"), 65, "neither a file nor a pipe"},
      {"text by the name of a video", job(written("text.mp4", "not a video")), 65,
       "no video in any"},
      {"zero bytes", job(written("empty.mp4", "")), 65, "is empty"},
      {"a million zeros", job(written("zeros.mp4", std::string(1'000'000, '\0'))), 65, "zeros.mp4"},
      {"sound alone", job(shop / "sound.mp4"), 65, "sound but no video"},
      {"a picture", job(shop.tiles() + "/tile-1.png"), 65, "is a still picture"},
      {"a codec from the future", job(patched("codec", "avc1", 0, "zzz1", 1)), 65, "'zzz1'"},
      {"no sample description", job(patched("stsd", "stsd", 0, "zzzz")), 65, "stsd.mp4"},
      {"no sample description of the sound", job(patched("stsd-sound", "stsd", 0, "zzzz", 1)), 0,
       "is left out"},
      {"a corrupt packet in the middle", job(written("corrupt.mp4", corrupt)), 0,
       "could not be decoded"},
      {"ten streams of unknown kind beside the video", job(written("ten-odd.mp4", unknown)), 0, ""},
      {"ten streams of unknown kind", job(written("odd.mp4", all_unknown)), 65, "no video"},
      // Headers that lie.
      {"a duration of a month", job(patched("long", "mvhd", 20, kLargest)), 0, ""},
      {"a video of a month", job(patched("long-video", "mdhd", 20, kLargest)), 0, ""},
      {"no duration", job(patched("no-duration", "mdhd", 20, kZero)), 0, ""},
      {"four billion ticks a second", job(patched("fast", "mdhd", 16, kAllOnes)), 0, ""},
      {"no ticks at all", job(patched("slow", "mdhd", 16, kZero)), 0, ""},
      {"frames of a month each", job(patched("rate", "stts", 16, kLargest)), 0, ""},
      {"frames that go back in time", job(patched("back", "stts", 16, kAllOnes)), 0, ""},
      {"two billion frames", job(patched("many", "stts", 12, kLargest)), 0, ""},
      {"a first frame of two gigabytes", job(patched("frame", "stsz", 16, kLargest)), 65,
       "nothing in"},
      {"a later frame of half a gigabyte", job(patched("later", "stsz", 56, "\x20")), 0,
       "15 of its frames could"},
      {"frames of two gigabytes each", job(patched("frames", "stsz", 8, kLargest)), 65, "decoded"},
      {"two billion sizes of frames", job(patched("sizes", "stsz", 12, kLargest)), 65, ""},
      {"another size than the frames", job(patched("size", "avc1", 28, kLargest, 1)), 0, ""},
      {"a shape of 65535 to 1",
       job(patched("shape", "tkhd", 80, "\xff\xff" + std::string("\0\0\0\1\0\0", 6))), 0, ""},
      {"no size", job(patched("no-size", "tkhd", 80, kZero + kZero)), 0, ""},
      {"a movie box without end", job(patched("moov", "moov", -4, kLargest)), 0, ""}};
  shop.meet_all(cases);
}

// The number that stands before some words; 0 when they are not said.
std::size_t count_before(const std::string& text, const std::string& words) {
  const std::size_t end = text.find(words);
  if (end == std::string::npos) return 0;
  return std::stoul(text.substr(text.rfind(' ', end - 1)));
}

TEST_CASE("clips cut short anywhere: what is left of them, and how much is not, or 65") {
  const HardShop shop;
  test::ffmpeg({"-i", shop.clip(), "-c", "copy", shop / "clip.mkv"});
  constexpr std::size_t kPlaces = test::kSanitized ? 16 : 50;
  for (const std::string name : {"clip.mp4", "clip.mkv", "plain.mp4"}) {
    const std::string whole = read_bytes(shop / name);
    const std::string cut = shop / ("cut-" + name);
    int used = 0;
    for (std::size_t i = 0; i < kPlaces; ++i) {
      // From the very first bytes to the very last one.
      const std::size_t length = 1 + (whole.size() - 2) * i / (kPlaces - 1);
      CAPTURE(length);
      write_file(cut, whole.substr(0, length));
      const Ended ended = test::run_smalti(shop.job(cut, shop.tiles()));
      CAPTURE(ended.errors);
      const bool is_used = ended.code == 0;
      used += is_used ? 1 : 0;
      CHECK((is_used || ended.code == 65));
      CHECK(shop.outputs().size() == (is_used ? 1 : 0));
      if (!is_used) continue;
      CHECK(says(ended.errors, fmt::format("cut short: {} of its bytes", whole.size() - length)));
      const std::size_t frames = clips::probe(shop.output()).frame_times_s.size();
      CHECK(frames > 0);
      // MP4 tells how many there were.
      if (name == "clip.mp4") CHECK(frames + count_before(ended.errors, " of its frames") >= 25);
      fs::remove(shop.output());
    }
    // A header at the end is gone at the first cut.
    CHECK(used > (name == "plain.mp4" ? -1 : static_cast<int>(kPlaces / 3)));
  }
  const HardCase strict{"a clip cut short, taken strictly",
                        shop.job(shop / "cut-clip.mp4", shop.tiles(), {"--strict"}), 65,
                        "cut short: 1 of its bytes"};
  shop.meet(strict);
}

TEST_CASE("what a file lacks of its own account") {
  const test::TempFolder folder;
  const auto missing = [&](const std::string& bytes) {
    write_file(folder / "file", bytes);
    return media::missing_bytes(folder / "file");
  };
  const std::string ftyp(
      "\0\0\0\x08"
      "ftyp",
      8);
  CHECK(missing("") == 0);
  CHECK(missing("text of no kind at all") == 0);
  CHECK(missing(ftyp) == 0);
  CHECK(missing(ftyp + std::string("\0\0\0\x20mdat", 8)) == 24);
  CHECK(missing(ftyp + std::string("\0\0\0\0mdat", 8)) == 0);  // to the end, wherever that is
  CHECK(missing(ftyp + std::string("\0\0\0\1mdat\0\0\0\0\0\0\0\x30", 16)) == 32);
  CHECK(missing(ftyp + std::string("\xff\xff\xff\xff\0\0\0\0", 8)) ==
        0);  // no box, but an appendix
  CHECK(missing(ftyp + std::string("\0\0\0\1mdat\xff\xff\xff\xff\xff\xff\xff\xff", 16)) == 0);
  const std::string ebml("\x1a\x45\xdf\xa3\x81\x01\x18\x53\x80\x67", 10);
  CHECK(missing(ebml + "\x85yz") == 3);
  CHECK(missing(ebml + "\x82yz") == 0);
  CHECK(missing(ebml + "\xffyz") == 0);
  CHECK(missing(std::string("RIFF\x10\0\0\0AVI more", 16)) == 8);
  CHECK(media::missing_bytes("/dev/null") == 0);
  CHECK(media::missing_bytes(folder / "none") == 0);
}

TEST_CASE("times near the end of all numbers") {
  const HardShop shop;
  test::ffmpeg({"-i", shop.clip(), "-c", "copy", "-movflags", "frag_keyframe+empty_moov",
                shop / "fragments.mp4"});
  const std::string fragments = read_bytes(shop / "fragments.mp4");
  using namespace std::string_literals;
  for (const std::string& time :
       {"\x7f\xff\xff\xff\xff\xff\xff\xff"s, "\x7f\xff\xff\xff\xff\xff\xf0\0"s,
        "\x40\0\0\0\0\0\0\0"s, "\x3f\xff\xff\xff\xff\xff\xff\xf0"s,
        "\x1f\xff\xff\xff\xff\xff\xff\xff"s, "\x80\0\0\0\0\0\0\0"s,
        "\xff\xff\xff\xff\xff\xff\xff\0"s}) {
    for (const int number : {0, 1, 2}) {
      write_file(shop / "far.mp4", with_patch(fragments, "tfdt", 8, time, number));
      const Ended ended = test::run_smalti(shop.job(shop / "far.mp4", shop.tiles(), {"-y"}));
      CAPTURE(ended.errors);
      CHECK((ended.code == 0 || ended.code == 65));
    }
  }
  constexpr AVRational kTicks{1, 12800};
  CHECK(media::is_possible(0, kTicks));
  CHECK_FALSE(media::is_possible(AV_NOPTS_VALUE, kTicks));
  CHECK_FALSE(media::is_possible(INT64_MAX, kTicks));
  CHECK_FALSE(media::is_possible(-media::kFarthest, kTicks));
  CHECK(media::to_ns(INT64_MAX, kTicks) == media::kFarthest);
  CHECK(media::to_ns(INT64_MIN + 1, kTicks) == -media::kFarthest);
  CHECK(media::from_ns(INT64_MAX, {1, INT32_MAX}) == media::kFarthest);
}

TEST_CASE("sizes that nobody films in") {
  const HardShop shop;
  const auto made = [&](const std::string& name, const std::string& encoder, Size size,
                        const std::string& format) {
    ClipOptions options;
    options.size = size;
    options.encoder = encoder;
    options.pixel_format = format;
    options.frames = 5;
    options.b_frames = 0;
    make_clip(shop / name, options);
    return shop / name;
  };
  const auto alone = [&](const std::string& target, const std::string& columns) {
    return std::vector<std::string>{"video",     target,        "--tiles",    shop.tiles(),
                                    "--columns", columns,       "--preset",   "ultrafast",
                                    "--output",  shop.output(), "--progress", "json"};
  };
  ClipOptions stretched;
  stretched.size = {320, 200};
  stretched.sample_aspect = {100, 1};
  stretched.encoder = "ffv1";
  stretched.b_frames = 0;
  make_clip(shop / "stretched.mkv", stretched);
  const std::string one = made("one.mkv", "ffv1", {1, 1}, "yuv444p");
  shop.meet_all({
      {"1x1", alone(one, "1"), 0, ""},
      {"1x1 in eighty columns", alone(one, "80"), 0, ""},
      {"2x2", alone(made("two.mkv", "ffv1", {2, 2}, "yuv420p"), "2"), 0, ""},
      {"1 wide", alone(made("thin.mkv", "ffv1", {1, 77}, "yuv444p"), "1"), 0, ""},
      {"1 high", alone(made("flat.mkv", "ffv1", {77, 1}, "yuv444p"), "9"), 0, ""},
      {"3x5, a GIF", alone(made("small.gif", "gif", {3, 5}, "gray"), "3"), 0, ""},
      {"odd, 4:2:0", alone(made("odd.mkv", "ffv1", {33, 17}, "yuv420p"), "11"), 0, ""},
      {"odd, 4:4:4", alone(made("odd.mp4", "libx264", {35, 19}, "yuv444p"), "7"), 0, ""},
      {"pixels a hundred times as wide as high", alone(shop / "stretched.mkv", "9"), 0, ""},
  });
}

TEST_CASE("hard clips from life") {
  const auto media = test::media_folder();
  if (!media) return;
  const HardShop shop;
  const auto job = [&](const std::string& name) {
    return shop.job(*media / "video" / name, shop.tiles());
  };
  shop.meet_all({
      {"VVC", job("bad-unsupported-vvc.mp4"), 65, "unknown to this FFmpeg"},
      {"a broken box", job("bad-malformed-box.mp4"), 65, "moov atom not found"},
      {"a track without stsd", job("bad-missing-stsd.mp4"), 0, "is left out"},
      {"cut short", job("bad-truncated.mp4"), 0, "of its bytes are missing"},
      {"sound alone", job("bad-audio-only-15s.mp4"), 65, "sound but no video"},
      {"a duration of years", job("talkinghead-1080x720-fragmented-huge-duration.mp4"), 0, ""},
  });
  std::vector<std::string> eight_k = {"video",      *media / "video/8k24-hevc-8frames-aac.mp4",
                                      "--tiles",    shop.tiles(),
                                      "--preset",   "ultrafast",
                                      "--progress", "json",
                                      "--output",   shop.output()};
  shop.meet({"8K", eight_k, 0, ""});
}

// Whether anybody opened a file since this was made.
class OpenWatch {
 public:
  explicit OpenWatch(const std::string& file) : queue_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
    REQUIRE(::inotify_add_watch(queue_, file.c_str(), IN_OPEN) >= 0);
  }
  ~OpenWatch() { ::close(queue_); }
  OpenWatch(const OpenWatch&) = delete;
  OpenWatch& operator=(const OpenWatch&) = delete;
  bool was_opened() const {
    char event[4096];
    return ::read(queue_, event, sizeof(event)) > 0;
  }

 private:
  int queue_;
};

TEST_CASE("playlists in disguise are refused, and nothing they name is opened") {
  const HardShop shop;
  test::ffmpeg({"-i", shop.clip(), "-c", "copy", shop / "inside.ts"});
  const std::string hls =
      "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXT-X-MEDIA-SEQUENCE:0\n"
      "#EXTINF:1.0,\n{}\n#EXT-X-ENDLIST\n";
  const auto named = [](std::string text, const std::string& file) {
    return text.replace(text.find("{}"), 2, file);
  };
  const std::vector<std::pair<const char*, std::string>> disguises = {
      {"HLS", named(hls, "inside.ts")},
      {"HLS, an absolute name", named(hls, shop / "inside.ts")},
      {"HLS, a URL", named(hls, "file://" + (shop / "inside.ts"))},
      {"HLS of /etc/passwd", named(hls, "/etc/passwd")},
      {"ffconcat", "ffconcat version 1.0\nfile inside.ts\n"},
      {"a concat script", "file 'inside.ts'\nfile 'inside.ts'\n"},
      {"DASH",
       "<?xml version=\"1.0\"?>\n<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" "
       "type=\"static\"><Period><AdaptationSet><Representation id=\"0\" "
       "mimeType=\"video/mp2t\"><BaseURL>inside.ts</BaseURL></Representation>"
       "</AdaptationSet></Period></MPD>\n"},
      {"SDP",
       "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
       "m=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n"}};
  for (const auto& [given, text] : disguises) {
    for (const char* name : {"x.mp4", "x.m3u8", "x.jpg"}) write_file(shop / name, text);
    const OpenWatch watch(shop / "inside.ts");
    const OpenWatch passwords("/etc/passwd");
    for (const char* name : {"x.mp4", "x.m3u8"})
      shop.meet({given, shop.job(shop / name, shop.tiles()), 65, "the target '"});
    shop.meet({given, shop.job(shop.clip(), shop / "x.jpg"), 65, "no usable tile"});
    CHECK_FALSE(watch.was_opened());
    const Ended told = shop.meet({given, shop.job(shop / "x.mp4", shop.tiles(), {"-v"}), 65, ""});
    CHECK_FALSE(says(told.errors, "root:"));
    if (std::string(given) == "HLS of /etc/passwd") CHECK_FALSE(passwords.was_opened());
  }
}

TEST_CASE("names of any bytes, for target, tiles and output, are shown without harm") {
  const HardShop shop;
  fs::create_directory(shop / kOddName);
  fs::copy_file(shop.clip(), shop / (kOddName + ".mp4"));
  fs::copy_file(shop.tiles() + "/tile-1.png", shop / (kOddName + "/" + kOddName));
  write_file(shop / (kOddName + "/" + kOddName + ".jpg"), "text");
  const auto job = [&](const std::string& target, const std::string& output) {
    return shop.job(target, shop / kOddName, {"--output", output});
  };
  const std::string shown = "a \"b\" 'c' $d\\n\\x1b[31m\\xff\\xfe %d;*?";
  const std::string clip = shop / (kOddName + ".mp4");
  const std::string longest = std::string(251, 'n') + ".mp4";
  shop.meet_all({
      {"odd names all over", job(clip, shop.output(kOddName + ".mkv")), 0, shown + ".jpg"},
      {"the same, faststart", job(clip, shop.output(kOddName + ".mp4")), 0, ""},
      {"a missing target", job(shop / (kOddName + ".avi"), shop.output()), 66, shown + ".avi"},
      {"the longest name there is", job(shop.clip(), shop.output(longest)), 0, ""},
      {"a name too long", job(shop.clip(), shop.output("n" + longest)), 73, "too long"},
  });
}

TEST_CASE("numbers and names that no option takes end with 2, before any work") {
  const HardShop shop;
  const std::vector<std::string> refused = {"--columns=-5",
                                            "--columns=0",
                                            "--columns=2147483647",
                                            "--columns=99999999999999999999",
                                            "--columns=nan",
                                            "--columns=1.5",
                                            "--scale=-3",
                                            "--scale=0",
                                            "--scale=99999999999",
                                            "--tile-size=0x0",
                                            "--tile-size=-1x5",
                                            "--tile-size=99999999999x1",
                                            "--tile-aspect=0:0",
                                            "--tile-aspect=-3:4",
                                            "--tile-aspect=2147483647:1",
                                            "--width-aspect=-1",
                                            "--height-aspect=0",
                                            "--enlarge=-1",
                                            "--enlarge=0",
                                            "--enlarge=1e9",
                                            "--enlarge=nan",
                                            "--enlarge=inf",
                                            "--enlarge=1e-9",
                                            "--size=0x0",
                                            "--size=-5x5",
                                            "--size=2147483647x2147483647",
                                            "--size=99999x2",
                                            "--start=nan",
                                            "--start=inf",
                                            "--start=-5",
                                            "--start=1e300",
                                            "--start=99999",
                                            "--duration=0",
                                            "--duration=-1",
                                            "--duration=nan",
                                            "--duration=1e300",
                                            "--fps=-1",
                                            "--fps=0",
                                            "--fps=nan",
                                            "--fps=1e9",
                                            "--fps=1/0",
                                            "--fps=1/2147483647",
                                            "--crf=-10",
                                            "--crf=nan",
                                            "--crf=inf",
                                            "--crf=1e9",
                                            "--crf=52",
                                            "--stabilization-threshold=-1",
                                            "--stabilization-threshold=1.5",
                                            "--stabilization-threshold=nan",
                                            "--threads=-1",
                                            "--threads=0",
                                            "--threads=99999999999",
                                            "--encoder=libx999",
                                            "--encoder=pcm_s16le",
                                            "--encoder=h264",
                                            "--encoder-option=nonsense=1",
                                            "--encoder-option=nonsense",
                                            "--encoder-option==5",
                                            "--encoder-option=threads=-5",
                                            "--encoder-option=b=-5",
                                            "--encoder-option=tune=foo",
                                            "--encoder-option=tune=film,foo",
                                            "--encoder-option=profile=foo",
                                            "--encoder-option=preset=foo",
                                            "--preset=glacial"};
  for (const std::string& flag : refused) {
    const Ended ended = shop.meet(
        {flag, {"video", shop.clip(), "-t", shop.tiles(), "-o", shop.output(), flag}, 2, ""});
    CAPTURE(flag);
    // No word of anybody else. (Thresholds are judged once there are tiles.)
    if (!flag.starts_with("--stab")) CHECK(ended.errors.starts_with("smalti: error: "));
    CHECK(ended.output.empty());
  }
  // The clip is 64x48, a chroma sample covers 2x2.
  const auto crowded = [&](std::vector<std::string> cells) {
    cells.insert(cells.begin(),
                 {"video", shop.clip(), "-t", shop.tiles(), "-o", shop.output(), "--enlarge", "1"});
    return HardCase{cells.back(), cells, 2, "do not fit"};
  };
  shop.meet_all({crowded({"--columns", "33"}), crowded({"--tile-size", "1x1"}),
                 crowded({"--columns", "32", "--tile-aspect", "9:1"})});
}

}  // namespace
}  // namespace smalti

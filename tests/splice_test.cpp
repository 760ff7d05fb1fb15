// Pictures spliced of videos: the right frames, in the right shape, under the right names.

#include "smalti/splice.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <set>

#include "measure/sharpness.h"
#include "products/splice/tile_cutter.h"
#include "support/pictures.h"
#include "support/probe.h"
#include "support/spliced.h"
#include "support/synthetic.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::Ended;
using test::pictures_in;
using test::spliced_names;
using test::SpliceShop;
using test::time_in;

constexpr const char* kMoving = "testsrc2=size=320x180:rate=25:duration=6";

// What the ffmpeg program shows: frame `number`, upright, in square pixels, as large as `like`.
cv::Mat frame_by_ffmpeg(const fs::path& video, std::size_t number, const cv::Mat& like) {
  const test::TempFolder folder;
  const std::string filters =
      "select=eq(n\\," + std::to_string(number) + "),scale=" + std::to_string(like.cols) + ":" +
      std::to_string(like.rows) + ":flags=bicubic+accurate_rnd+full_chroma_int";
  const Ended ended =
      test::run_program({"ffmpeg", "-v", "error", "-i", video, "-map", "0:V:0", "-vf", filters,
                         "-fps_mode", "passthrough", "-frames:v", "1", folder / "frame.png"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  return cv::imread(folder / "frame.png");
}

// The frame of those at `times` that is shown at `time`.
std::size_t shown_at(const std::vector<double>& times, double time) {
  const auto after = std::upper_bound(times.begin(), times.end(), time + 1e-9);
  return after == times.begin() ? 0 : static_cast<std::size_t>(after - times.begin()) - 1;
}

// Every picture is the frame that its name says, and the frames are those shown every so often.
void check_against_ffmpeg(const fs::path& video, const fs::path& out, double every_s,
                          double begin_s = 0) {
  CAPTURE(video.string());
  const int stream = test::probe(video).of_kind("video").at(0).index;
  std::vector<double> times = test::frame_times(video, stream);
  for (double& time : times) time -= begin_s;
  std::set<std::size_t> expected;
  // The last frame is shown as long as the one before it, but not beyond the end of the file.
  const double end =
      std::min(2 * times.back() - times.at(times.size() - 2), test::probe(video).duration_s);
  for (double t = 0; t < end - 1e-6; t += every_s) expected.insert(shown_at(times, t));
  const std::vector<std::string> names = spliced_names(out);
  CHECK(names.size() == expected.size());
  std::size_t i = 0;
  for (const std::size_t number : expected) {
    if (i == names.size()) break;
    const std::string& name = names[i++];
    CAPTURE(name);
    CHECK(std::abs(time_in(name) - std::max(times[number], 0.0)) < 0.0006);
    const cv::Mat picture = cv::imread(out / name);
    CHECK(test::difference(picture, frame_by_ffmpeg(video, number, picture)) < 4);
  }
}

TEST_CASE("pictures are the frames that ffmpeg shows at these times") {
  const SpliceShop shop;
  const fs::path clip = shop.video("clip.mp4", kMoving, {"-pix_fmt", "yuv420p", "-g", "30"});
  const Ended ended = shop.splice({clip}, "out", {"--every", "0.7"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  check_against_ffmpeg(clip, shop / "out", 0.7);
  CHECK(spliced_names(shop / "out").at(1) == "clip-00-00-00.680.jpg");
}

TEST_CASE("jumping and passing over frames give the files that decoding all gives") {
  const SpliceShop shop;
  const std::string noisy =
      "testsrc2=size=160x120:rate=25:duration=20,noise=alls=20:allf=t,format=yuv420p";
  std::vector<fs::path> videos = {
      shop.video("short-gop.mp4", noisy, {"-g", "10", "-bf", "3"}),
      shop.video("long-gop.mp4", noisy, {"-g", "250", "-bf", "3"}),
      shop.video("open-gop.mkv", noisy, {"-x264-params", "open-gop=1:keyint=20:bframes=3"}),
      shop.video("mpeg2.ts", noisy, {"-c:v", "mpeg2video", "-g", "12", "-bf", "2", "-q:v", "4"}),
      shop.video("mpeg4.avi", noisy, {"-c:v", "mpeg4", "-g", "15", "-bf", "2", "-q:v", "4"}),
      shop.video("vp9.webm", noisy, {"-c:v", "libvpx-vp9", "-g", "25", "-cpu-used", "8"}),
      // Frames shown so long that the one wanted begins well before its time.
      shop.video("slow.mp4", "testsrc2=size=160x120:rate=0.7:duration=40,format=yuv420p",
                 {"-g", "5", "-bf", "2"})};
  const auto media = test::media_folder("video");
  if (media && !test::kSanitized) {
    for (const char* name :
         {"derived-vfr-irregular-360p-noaudio.mp4", "bbb-1080p24-mpeg2-mp2.ts",
          "bbb-800x640-sar64x45-bpyramid.mp4", "roadtrip-vp9p2-10bit-240p.webm",
          "derived-pal-576i25-sar64x45-mpeg2-mp2.mpg", "seabirds-960x400-mpeg4asp-mp3.avi",
          "talkinghead-1080x720-h264-ac3-mono.mkv", "phone-motionphoto-2hevc-rot90.mp4",
          "watch-screen-518x488-vfr-aac.mp4", "bbb-480p24-30s-aac51-cuts.mp4",
          "traffic-static-432p12.5-30s-aac-silent.mp4", "newtonscradle.gif"})
      videos.push_back(*media / name);
  }
  for (const fs::path& video : videos) {
    CAPTURE(video.string());
    for (const double every_s : {0.9, 3.1}) {
      CAPTURE(every_s);
      SpliceOptions options;
      options.videos = {video};
      options.every_s = every_s;
      options.long_edge = 160;
      options.output = shop / ("quick-" + video.stem().string() + std::to_string(every_s));
      CHECK_FALSE(splice(options, {}).failed);
      const auto quick = pictures_in(options.output);
      options.decode_all = true;
      options.output = shop / ("all-" + video.stem().string() + std::to_string(every_s));
      CHECK_FALSE(splice(options, {}).failed);
      CHECK(quick.size() >= 1);
      CHECK(quick == pictures_in(options.output));
    }
  }
}

TEST_CASE("scenes: one picture a shot, of its sharp part and not of its ends") {
  const SpliceShop shop;
  // Shots of 2 s, sharp only from 0.8 to 1.2 s and, not to be taken, in the first frames.
  const std::string blurred =
      ",gblur=sigma=1.5:enable='between(mod(t,2),0.12,0.8)+between(mod(t,2),1.2,2)',format=yuv420p";
  shop.video("1.mp4", "testsrc2=size=320x180:rate=25:duration=2" + blurred);
  shop.video("2.mp4", "mandelbrot=size=320x180:rate=25,trim=duration=2,negate" + blurred);
  shop.video("3.mp4", "smptebars=size=320x180:rate=25:duration=2,hue=h=90" + blurred);
  std::ofstream(shop / "list.txt") << "file 1.mp4\nfile 2.mp4\nfile 3.mp4\n";
  const fs::path clip = shop / "clip.mp4";
  REQUIRE(test::run_program({"ffmpeg", "-v", "error", "-f", "concat", "-i", shop / "list.txt", "-c",
                             "copy", clip})
              .code == 0);
  REQUIRE(shop.splice({clip}, "out", {"--scenes"}).code == 0);
  const std::vector<std::string> names = spliced_names(shop / "out");
  REQUIRE(names.size() == 3);
  for (std::size_t i = 0; i < names.size(); ++i) {
    CAPTURE(names[i]);
    CHECK(time_in(names[i]) >= 2.0 * static_cast<double>(i) + 0.78);
    CHECK(time_in(names[i]) <= 2.0 * static_cast<double>(i) + 1.22);
  }
  REQUIRE(shop.splice({clip}, "two", {"--scenes", "--limit", "2"}).code == 0);
  CHECK(spliced_names(shop / "two") == std::vector<std::string>{names[0], names[2]});
}

TEST_CASE("scenes of a real film begin at its cuts") {
  const auto media = test::media_folder("video");
  if (!media) return;
  const SpliceShop shop;
  REQUIRE(shop.splice({*media / "derived-1080p30-5cuts-11s-aac.mp4"}, "out", {"--scenes"}).code ==
          0);
  const std::vector<double> cuts = {0, 60 / 30.0, 120 / 30.0, 165 / 30.0};
  const std::vector<std::string> names = spliced_names(shop / "out");
  REQUIRE(names.size() == 6);
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    CHECK(time_in(names[i]) > cuts[i] + 0.19);
    CHECK(time_in(names[i]) < cuts[i + 1] - 0.19);
  }
}

TEST_CASE("real clips: upright, in square pixels, at their own times") {
  const auto media = test::media_folder("video");
  if (!media) return;
  const SpliceShop shop;
  struct Clip {
    const char* name;
    Size size;
    double begin_s = 0;
  };
  for (const Clip& clip :
       std::vector<Clip>{{"derived-vfr-irregular-360p-noaudio.mp4", {640, 360}},
                         {"dog-bed-720p30-rot270-aac.mp4", {360, 640}},
                         {"phone-4k60-h264-rot90-0.3s.mp4", {360, 640}},
                         {"talkinghead-720x1080-portrait.mp4", {427, 640}},
                         {"bbb-800x640-sar64x45-bpyramid.mp4", {640, 360}},
                         {"carphone-qcif-sar128x117.mp4", {193, 144}},
                         {"bt601-640x428-audio-first.mov", {640, 428}},
                         {"person-signing-static-480p30-noaudio.mkv", {640, 480}, 0.033}}) {
    CAPTURE(clip.name);
    const std::string out = std::string("out-") + clip.name;
    const Ended ended = shop.splice({*media / clip.name}, out);
    INFO(ended.errors);
    REQUIRE(ended.code == 0);
    const cv::Mat first = cv::imread(shop / out / spliced_names(shop / out).at(0));
    CHECK(first.cols == clip.size.width);
    CHECK(first.rows == clip.size.height);
    check_against_ffmpeg(*media / clip.name, shop / out, 1, clip.begin_s);
  }
}

TEST_CASE("names sort by time, and two videos of one name keep apart") {
  const SpliceShop shop;
  const fs::path a = shop.video("a/clip.mp4", kMoving, {"-pix_fmt", "yuv420p"});
  const fs::path b = shop.video("b/clip.mkv", "smptebars=size=320x180:rate=25:duration=2");
  REQUIRE(shop.splice({a, b}, "out", {"--every", "1"}).code == 0);
  const std::vector<std::string> names = spliced_names(shop / "out");
  REQUIRE(names.size() == 8);
  CHECK(names[0] == "clip-00-00-00.000.jpg");
  CHECK(names[5] == "clip-00-00-05.000.jpg");
  CHECK(names[6].size() == names[0].size() + 9);
  CHECK(names[6].ends_with("-00-00-00.000.jpg"));
  // One after the other comes to the same as both at once, and each alone to the same pictures.
  REQUIRE(shop.splice({a}, "later", {"--every", "1"}).code == 0);
  REQUIRE(shop.splice({a, b}, "later", {"--every", "1"}).code == 0);
  CHECK(pictures_in(shop / "later") == pictures_in(shop / "out"));
}

TEST_CASE("folders are looked through, what is hidden and what is no video left out") {
  const SpliceShop shop;
  const std::string bars = "smptebars=size=64x36:rate=5:duration=1,format=yuv420p";
  shop.video("in/one.mp4", bars);
  shop.video("in/deep/er/two.webm", bars, {"-c:v", "libvpx"});
  shop.video("in/.hidden.mp4", bars);
  std::ofstream(shop / "in/notes.txt") << "no video";
  test::write_file(shop / "in/photo.jpg", test::jpeg_file(test::photo({64, 48})));
  const Ended ended = shop.splice({shop / "in"}, "in/out");
  INFO(ended.errors);
  CHECK(ended.code == 0);
  CHECK(spliced_names(shop / "in/out") ==
        std::vector<std::string>{"one-00-00-00.000.jpg", "two-00-00-00.000.jpg"});
  CHECK(ended.errors.find("2 files are no videos") != std::string::npos);
  CHECK(shop.splice({shop / "in"}, "in/out").errors.find("2 files are no videos") !=
        std::string::npos);
}

TEST_CASE("limits spread over the whole video") {
  const SpliceShop shop;
  const fs::path clip = shop.video("clip.mp4", kMoving, {"-pix_fmt", "yuv420p"});
  REQUIRE(shop.splice({clip}, "out", {"--every", "0.5", "--limit", "3"}).code == 0);
  CHECK(spliced_names(shop / "out") == std::vector<std::string>{"clip-00-00-01.000.jpg",
                                                                "clip-00-00-03.000.jpg",
                                                                "clip-00-00-05.000.jpg"});
  REQUIRE(shop.splice({clip}, "more", {"--every", "2", "--limit", "99"}).code == 0);
  CHECK(spliced_names(shop / "more").size() == 3);
  // However high the limit is, the video is all there is to it.
  const Ended high = shop.splice({clip}, "high", {"--every", "2", "--limit", "1000000000"});
  REQUIRE(high.code == 0);
  CHECK(high.peak_bytes < 1'000'000'000 * (test::kSanitized ? 4 : 1));
  CHECK(test::pictures_in(shop / "high") == test::pictures_in(shop / "more"));
}

TEST_CASE("crops are windows of the shape, spread over the frame") {
  SpliceOptions options;
  options.aspect = Aspect{1, 1};
  options.crops = 2;
  const CutPlan squares = plan_cut({1920, 1080}, options);
  CHECK(squares.parts == std::vector<Rect>{{0, 0, 640, 640}, {498, 0, 640, 640}});
  CHECK(squares.whole == Size{1138, 640});
  options.crops = 1;
  CHECK(plan_cut({1920, 1080}, options).parts == std::vector<Rect>{{249, 0, 640, 640}});
  options.aspect = Aspect{1, 4};  // room to spare: each in the middle of its half
  options.crops = 2;
  CHECK(plan_cut({400, 200}, options).parts ==
        std::vector<Rect>{{75, 0, 50, 200}, {275, 0, 50, 200}});
  options.aspect = Aspect{1, 1};
  options.crops = 3;
  CHECK(plan_cut({100, 300}, options).parts ==
        std::vector<Rect>{{0, 0, 100, 100}, {0, 100, 100, 100}, {0, 200, 100, 100}});
  CHECK(plan_cut({300, 300}, options).parts == std::vector<Rect>{{0, 0, 300, 300}});
  options.crops = 1;
  options.size = Size{96, 128};
  CHECK(plan_cut({400, 200}, options).parts == std::vector<Rect>{{80, 0, 96, 128}});
  CHECK(plan_cut({40, 20}, options).whole == Size{256, 128});
}

TEST_CASE("crops show the parts of the frame that they are cut from") {
  const SpliceShop shop;
  const fs::path clip =
      shop.video("clip.mkv",
                 "color=red:size=160x80:rate=5:duration=1,drawbox=x=80:w=80:h=80:color=blue:t=fill",
                 {"-c:v", "ffv1"});
  REQUIRE(shop.splice({clip}, "out", {"--tile-aspect", "1:1", "--crops", "2"}).code == 0);
  CHECK(spliced_names(shop / "out") ==
        std::vector<std::string>{"clip-00-00-00.000-1.jpg", "clip-00-00-00.000-2.jpg"});
  const cv::Scalar left = cv::mean(cv::imread(shop / "out/clip-00-00-00.000-1.jpg"));
  const cv::Scalar right = cv::mean(cv::imread(shop / "out/clip-00-00-00.000-2.jpg"));
  CHECK(left[2] > 240);
  CHECK(left[0] < 15);
  CHECK(right[0] > 240);
  CHECK(right[2] < 15);
}

TEST_CASE("distinct: what looks nearly the same is taken once, of all videos") {
  const SpliceShop shop;
  const std::string still = "smptebars=size=160x90:rate=5:duration=8,noise=alls=8:allf=t";
  const fs::path a = shop.video("a.mkv", still, {"-c:v", "ffv1"});
  const fs::path b = shop.video("b.mkv", still, {"-c:v", "ffv1"});
  const fs::path c = shop.video("c.mkv", still + ",negate", {"-c:v", "ffv1"});
  const Ended ended = shop.splice({a, b, c}, "out", {"--distinct"});
  CHECK(ended.code == 0);
  CHECK(spliced_names(shop / "out") ==
        std::vector<std::string>{"a-00-00-00.000.jpg", "c-00-00-00.000.jpg"});
  CHECK(ended.errors.find("22 left out as nearly the same") != std::string::npos);
  // What was left out is not made by the next run either.
  CHECK(shop.splice({a, b, c}, "out", {"--distinct"}).code == 0);
  CHECK(spliced_names(shop / "out").size() == 2);
  REQUIRE(shop.splice({a}, "all").code == 0);
  CHECK(spliced_names(shop / "all").size() == 8);
}

TEST_CASE("sharpness falls with blur, and is nothing for flat colours") {
  const auto stripes = [](int period) {
    return test::make_picture(test::kYuv420, {640, 360}, [&](int c, int x, int) {
      return c == 0 ? 128 + static_cast<int>(std::lround(100 * std::sin(x * 6.2832 / period)))
                    : 128;
    });
  };
  CHECK(measure::sharpness(test::solid(test::kYuv420, {640, 360}, {90, 128, 128, 0})) == 0);
  CHECK(measure::sharpness(stripes(16)) > measure::sharpness(stripes(32)));
  CHECK(measure::sharpness(stripes(32)) > measure::sharpness(stripes(128)));
  CHECK(measure::sharpness(stripes(128)) > 0);
}

}  // namespace
}  // namespace smalti

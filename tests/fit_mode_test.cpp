// `--fit-mode`: what a mosaic shows of a target when it is to have another shape. Judged by pixels
// as OpenCV and ffmpeg read them.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "base/picture.h"
#include "mosaic/layout.h"
#include "smalti/error.h"
#include "smalti/layout_options.h"
#include "support/pictures.h"
#include "support/workshop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::Ended;
using test::run_smalti;
using test::says;
using Words = std::vector<std::string>;

const cv::Scalar kRed(40, 40, 200);  // B, G, R
const cv::Scalar kGreen(60, 180, 40);
const cv::Scalar kBlue(200, 60, 50);
const cv::Scalar kYellow(40, 200, 220);

// A target three times as wide as high: red, then green over blue, then yellow; and tiles of these.
class Shop {
 public:
  Shop() {
    fs::create_directory(folder_ / "tiles");
    for (const auto& [name, color] :
         {std::pair{"r", kRed}, {"g", kGreen}, {"b", kBlue}, {"y", kYellow}})
      write(fs::path("tiles") / (std::string(name) + ".png"), cv::Mat(40, 30, CV_8UC3, color));
    cv::Mat wide(100, 300, CV_8UC3, kRed);
    wide(cv::Rect(100, 0, 100, 50)) = kGreen;
    wide(cv::Rect(100, 50, 100, 50)) = kBlue;
    wide(cv::Rect(200, 0, 100, 100)) = kYellow;
    write("wide.png", wide);
    write("middle.png", wide(cv::Rect(100, 0, 100, 100)));
  }

  fs::path operator/(const fs::path& name) const { return folder_ / name; }

  void write(const fs::path& name, const cv::Mat& bgr) const {
    REQUIRE(cv::imwrite((folder_ / name).string(), bgr));
  }

  Ended run(const std::string& command, const fs::path& target, const Words& more,
            const std::string& out) const {
    Words words = {command, target, "-t", (folder_ / "tiles").string(),
                   "-q",    "-y",   "-o", (folder_ / out).string()};
    // Tiles as they are, so that their colours tell them apart.
    const bool chooses = std::find(more.begin(), more.end(), "--from-placements") == more.end();
    if (chooses) words.insert(words.end(), {"--look", "exact"});
    words.insert(words.end(), more.begin(), more.end());
    return run_smalti(words);
  }

  cv::Mat image(const fs::path& target, const Words& more) const {
    const Ended ended = run("image", target, more, "out.png");
    INFO(ended.errors);
    REQUIRE(ended.code == 0);
    return cv::imread((folder_ / "out.png").string());
  }
  cv::Mat wide(const Words& more) const { return image(folder_ / "wide.png", more); }

  fs::path clip() const {
    const fs::path path = folder_ / "wide.mp4";
    const Ended ended =
        test::run_program({"ffmpeg", "-v", "error", "-y", "-loop", "1", "-i", folder_ / "wide.png",
                           "-t", "0.4", "-pix_fmt", "yuv420p", path});
    REQUIRE(ended.code == 0);
    return path;
  }

  // The first frame of a mosaic of the clip.
  cv::Mat video(const Words& more) const {
    const Ended ended = run("video", clip(), more, "out.mp4");
    INFO(ended.errors);
    REQUIRE(ended.code == 0);
    REQUIRE(test::run_program({"ffmpeg", "-v", "error", "-y", "-i", folder_ / "out.mp4",
                               "-frames:v", "1", folder_ / "frame.png"})
                .code == 0);
    return cv::imread((folder_ / "frame.png").string());
  }

 private:
  test::TempFolder folder_;
};

bool is_near(const cv::Mat& picture, int x, int y, const cv::Scalar& color) {
  const cv::Vec3b is = picture.at<cv::Vec3b>(y, x);
  for (int c = 0; c < 3; ++c)
    if (std::abs(is[c] - color[c]) > 25) return false;
  return true;
}

bool is_black(const cv::Mat& part) {
  double most = 0;
  cv::minMaxLoc(part.clone().reshape(1), nullptr, &most);
  return most <= 4;
}

bool same(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && cv::norm(a, b, cv::NORM_INF) == 0;
}

TEST_CASE("layouts show the middle of the target, or place the canvas in the picture") {
  LayoutOptions options;
  options.columns = 20;
  options.size = Size{600, 600};
  const auto planned = [&](Size target) { return mosaic::plan_layout(options, target, {2, 2}); };
  const mosaic::Layout cropped = planned({1280, 720});
  CHECK(cropped.shown == Size{720, 720});
  CHECK(cropped.cells.canvas() == Size{600, 600});
  CHECK(cropped.cells.fields().rows() == 15);  // 20 columns of 3:4 in a square
  CHECK(planned({300, 1000}).shown == Size{300, 300});

  options.fit_mode = FitMode::kPad;
  const mosaic::Layout padded = planned({1280, 720});
  CHECK(padded.shown == Size{1280, 720});
  CHECK(padded.picture == Size{600, 600});
  CHECK(padded.place == Rect{0, 130, 600, 338});
  CHECK(padded.cells.canvas() == Size{600, 338});

  options.fit_mode = FitMode::kStretch;
  const mosaic::Layout stretched = planned({1280, 720});
  CHECK(stretched.shown == Size{1280, 720});
  CHECK(stretched.place == Rect{0, 0, 600, 600});

  // What rounding makes of the target's shape is that shape.
  options.fit_mode = FitMode::kCrop;
  options.size = Size{640, 360};
  CHECK(planned({426, 240}).shown == Size{426, 240});
  options.size = Size{1920, 1080};
  CHECK(planned({854, 480}).shown == Size{854, 480});
  options.size = Size{1920, 1088};
  CHECK(planned({1920, 1080}).shown == Size{1906, 1080});
  options.size = Size{2147483647, 1};
  CHECK_THROWS_AS(planned({1280, 720}), Error);
}

TEST_CASE("what is shown of a picture lies in its middle, on whole chroma samples") {
  LayoutOptions options;
  options.columns = 4;
  options.size = Size{100, 100};
  const mosaic::Layout layout = mosaic::plan_layout(options, {1001, 500}, {1, 1});
  const PixelFormat yuv{ColorModel::kYuv, 8, 1, 1, false};
  const Picture picture = Picture::allocate(yuv, {501, 251}, {});
  const Picture part = mosaic::shown_part(picture, layout);
  CHECK(part.size() == Size{250, 251});
  CHECK(part.planes[0].data - picture.planes[0].data == 124);
  CHECK(part.planes[1].data - picture.planes[1].data == 62);
  options.size.reset();
  const Picture all =
      mosaic::shown_part(picture, mosaic::plan_layout(options, {1001, 500}, {1, 1}));
  CHECK(all.planes[0].data == picture.planes[0].data);
  CHECK(all.size() == picture.size());
}

TEST_CASE("a still of another shape is that of the target's middle, in all that is made of it") {
  const Shop shop;
  for (const Words& more :
       {Words{}, Words{"--opacity", "0.5", "--side-by-side"},
        Words{"--color-adjust", "0.5", "--report", (shop / "r.json").string()}}) {
    Words words = {"--columns", "10", "--size", "200x200"};
    words.insert(words.end(), more.begin(), more.end());
    CHECK(same(shop.wide(words), shop.image(shop / "middle.png", words)));
  }
  const cv::Mat square = shop.wide({"--columns", "10", "--size", "200x200"});
  CHECK(is_near(square, 0, 0, kGreen));
  CHECK(is_near(square, 199, 199, kBlue));
}

TEST_CASE("a padded still keeps its shape, in the middle of black") {
  const Shop shop;
  const Words grid = {"--columns", "30", "--fit-mode", "pad", "--size"};
  const auto padded = [&](const std::string& size, Words more) {
    Words words = grid;
    words.push_back(size);
    words.insert(words.end(), more.begin(), more.end());
    return shop.wide(words);
  };
  const cv::Mat alone = shop.wide({"--columns", "30", "--size", "300"});
  const cv::Mat high = padded("300x200", {});
  REQUIRE(high.size() == cv::Size(300, 200));
  CHECK(same(high.rowRange(50, 150), alone));
  CHECK(is_black(high.rowRange(0, 50)));
  CHECK(is_black(high.rowRange(150, 200)));
  const cv::Mat long_one = padded("401x100", {});
  REQUIRE(long_one.size() == cv::Size(401, 100));
  CHECK(same(long_one.colRange(50, 350), alone));
  CHECK(is_black(long_one.colRange(0, 50)));
  CHECK(is_black(long_one.colRange(350, 401)));

  const cv::Mat both = padded("300x200", {"--side-by-side", "--memory", "1M"});
  REQUIRE(both.size() == cv::Size(600, 200));
  CHECK(same(both.colRange(300, 600), high));
  CHECK(same(both(cv::Rect(0, 50, 300, 100)), cv::imread((shop / "wide.png").string())));
  CHECK(is_black(both.rowRange(0, 50)));
}

TEST_CASE("only who asks for it has a target squashed") {
  const Shop shop;
  const cv::Mat squashed =
      shop.wide({"--columns", "9", "--size", "90x90", "--fit-mode", "stretch"});
  CHECK(is_near(squashed, 0, 45, kRed));
  CHECK(is_near(squashed, 45, 5, kGreen));
  CHECK(is_near(squashed, 89, 45, kYellow));

  const auto refused = [&](const Words& more) {
    const Ended ended = shop.run("image", shop / "wide.png", more, "never.png");
    CHECK(ended.code == 2);
    CHECK_FALSE(fs::exists(shop / "never.png"));
    return ended.errors;
  };
  CHECK(says(refused({"--fit-mode", "pad"}), "--size"));
  CHECK(says(refused({"--fit-mode", "pad", "--size", "90"}), "--size of one number"));
  CHECK(says(refused({"--fit-mode", "squash", "--size", "90x90"}), "squash"));
}

TEST_CASE("what was written down is shown again as it was, and not cut to another shape") {
  const Shop shop;
  const std::string kept = shop / "kept.ndjson";
  for (const std::string mode : {"crop", "pad", "stretch"}) {
    CAPTURE(mode);
    const cv::Mat first = shop.wide({"--columns", "10", "--size", "200x200", "--fit-mode", mode,
                                     "--opacity", "0.6", "--save-placements", kept});
    CHECK(same(first, shop.wide({"--from-placements", kept})));
  }
  const Words crop = {"--columns", "10", "--size", "200x200", "--save-placements", kept};
  shop.wide(crop);
  CHECK(shop.wide({"--from-placements", kept, "--size", "300"}).size() == cv::Size(300, 300));
  const Ended other = shop.run("image", shop / "wide.png",
                               {"--from-placements", kept, "--size", "300x100"}, "never.png");
  CHECK(other.code == 2);
  CHECK(says(other.errors, "another shape"));
  const cv::Mat padded =
      shop.wide({"--from-placements", kept, "--size", "300x100", "--fit-mode", "pad"});
  REQUIRE(padded.size() == cv::Size(300, 100));
  CHECK(is_black(padded.colRange(0, 100)));
  CHECK(is_near(padded, 100, 0, kGreen));
  CHECK(is_near(padded, 199, 99, kBlue));
  CHECK(is_black(padded.colRange(200, 300)));

  // Files of before say nothing of it: their targets were made to fill the canvas.
  const cv::Mat squashed = shop.wide({"--columns", "9", "--size", "90x90", "--fit-mode", "stretch",
                                      "--opacity", "0.6", "--save-placements", kept});
  std::ifstream in(kept);
  std::ofstream out(shop / "old.ndjson");
  for (std::string line; std::getline(in, line);) {
    auto json = nlohmann::json::parse(line);
    json.erase("fit_mode");
    out << json.dump() << '\n';
  }
  out.close();
  CHECK(same(squashed, shop.wide({"--from-placements", shop / "old.ndjson"})));
}

TEST_CASE("videos are cropped and padded as stills are") {
  const Shop shop;
  const cv::Mat square =
      shop.video({"--columns", "10", "--size", "200x200", "--opacity", "0.5", "--side-by-side"});
  REQUIRE(square.size() == cv::Size(400, 200));
  for (const int left : {0, 200}) {
    for (const int x : {6, 100, 193}) {
      CHECK(is_near(square, left + x, 20, kGreen));
      CHECK(is_near(square, left + x, 180, kBlue));
    }
  }
  const cv::Mat padded =
      shop.video({"--columns", "30", "--size", "300x200", "--fit-mode", "pad", "--side-by-side"});
  REQUIRE(padded.size() == cv::Size(600, 200));
  CHECK(is_black(padded.rowRange(0, 46)));
  CHECK(is_black(padded.rowRange(154, 200)));
  for (const int left : {0, 300}) {
    CHECK(is_near(padded, left + 10, 100, kRed));
    CHECK(is_near(padded, left + 150, 60, kGreen));
    CHECK(is_near(padded, left + 290, 140, kYellow));
  }
  const cv::Mat squashed =
      shop.video({"--columns", "9", "--size", "90x90", "--fit-mode", "stretch"});
  CHECK(is_near(squashed, 4, 45, kRed));

  const Ended dry = shop.run(
      "video", shop.clip(),
      {"--columns", "30", "--size", "300x200", "--fit-mode", "pad", "--dry-run"}, "dry.mp4");
  CHECK(says(dry.output, "300x200 pixels"));
  CHECK(says(dry.output, "--size 300x200 --fit-mode pad"));
}

}  // namespace
}  // namespace smalti

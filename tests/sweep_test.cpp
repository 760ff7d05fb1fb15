// `smalti sweep` and `smalti animate`, run as users run them; their frames are held against those
// of `smalti image`.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "smalti/animate.h"
#include "support/animations.h"
#include "support/pictures.h"
#include "support/probe.h"
#include "support/sweep_shop.h"
#include "support/workshop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::Ended;
using test::read_png;
using test::run_program;
using test::run_smalti;
using test::says;
using test::ShownFrame;
using test::SweepShop;
using test::write_png;

// The mosaics of some scales, by scale.
std::map<int, cv::Mat> images(const SweepShop& shop, int first, int last) {
  std::map<int, cv::Mat> images;
  for (int scale = first; scale <= last; ++scale) images[scale] = shop.image(scale);
  return images;
}

TEST_CASE("every frame of a sweep is the mosaic of its scale") {
  const SweepShop shop;
  const std::map<int, cv::Mat> mosaics = images(shop, 3, 8);
  struct Case {
    const char* name;
    double within;
  };
  for (const Case& c : {Case{"a.gif", 9}, Case{"a.apng", 0}, Case{"a.webp", 12}}) {
    CAPTURE(c.name);
    const std::vector<ShownFrame> frames =
        shop.swept(c.name, {"--min-scale", "3", "--max-scale", "8"});
    REQUIRE(frames.size() == 6);
    for (int scale = 3; scale <= 8; ++scale) {
      const cv::Mat& shown = frames[static_cast<std::size_t>(scale - 3)].pixels;
      REQUIRE(shown.size() == cv::Size(240, 160));
      CHECK(test::difference(shown, mosaics.at(scale)) <= c.within);
      if (c.within > 0 && scale > 3)
        CHECK(test::difference(shown, mosaics.at(scale - 1)) > c.within + 4);
    }
  }
}

TEST_CASE("a frame is shown for a third of a second, or as long as is asked") {
  const SweepShop shop;
  for (const char* name : {"a.gif", "a.apng", "a.webp"}) {
    CAPTURE(name);
    const std::vector<ShownFrame> frames = shop.swept(name, {"--min-scale", "10"});
    // WebP's encoder makes one long frame of equal ones.
    if (std::string(name) != "a.webp") {
      REQUIRE(frames.size() == 16);
      for (const ShownFrame& frame : frames) CHECK(std::abs(frame.length_s - 1.0 / 3) < 0.0101);
    }
    CHECK(std::abs(frames.back().start_s + frames.back().length_s - 16.0 / 3) < 0.0051);
  }
  const std::vector<ShownFrame> quick = shop.swept("b.gif", {"--min-scale", "10", "--fps", "20"});
  for (const ShownFrame& frame : quick) CHECK(frame.length_s == doctest::Approx(0.05));
}

TEST_CASE("scales come in the order that is asked for") {
  const SweepShop shop;
  const std::map<int, cv::Mat> mosaics = images(shop, 4, 6);
  const auto order = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"--min-scale", "4", "--max-scale", "6"});
    const std::vector<ShownFrame> frames = shop.swept("a.apng", more);
    std::vector<int> scales;
    for (const ShownFrame& frame : frames)
      for (const auto& [scale, mosaic] : mosaics)
        if (test::difference(frame.pixels, mosaic) == 0) scales.push_back(scale);
    REQUIRE(scales.size() == frames.size());
    return scales;
  };
  CHECK(order({}) == std::vector<int>{4, 5, 6});
  CHECK(order({"--order", "descending"}) == std::vector<int>{6, 5, 4});
  CHECK(order({"--order", "bounce"}) == std::vector<int>{4, 5, 6, 5});
  CHECK(order({"--ascending", "0"}) == std::vector<int>{6, 5, 4});
  CHECK(order({"--ascending", "1"}) == std::vector<int>{4, 5, 6});
}

TEST_CASE("frames are as large as the target, 800 pixels, or what is asked") {
  const SweepShop shop;
  const std::vector<std::string> one = {"--min-scale", "9", "--max-scale", "9"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), one.begin(), one.end());
    const std::vector<ShownFrame> frames = shop.swept("a.apng", more);
    REQUIRE(frames.size() == 1);
    return frames.front().pixels;
  };
  CHECK(with({}).size() == cv::Size(240, 160));
  CHECK(with({"--side-by-side"}).size() == cv::Size(480, 160));
  CHECK(with({"--size", "101"}).size() == cv::Size(101, 67));
  const cv::Mat asked = with({"--size", "301x99"});
  CHECK(test::difference(asked, shop.image(9, {"--size", "301x99"})) == 0);
  CHECK(test::difference(with({"--fit", "120"}),
                         shop.image(9, {"--fit", "120", "--enlarge", "1"})) == 0);
  write_png(shop / "beach.png", test::photo({2400, 1200}));
  CHECK(says(shop.sweep({"--min-scale", "9", "--max-scale", "9", "-o", shop / "b.gif"}).errors,
             "--fit 800"));
  CHECK(with({}).size() == cv::Size(800, 400));
  write_png(shop / "beach.png", test::photo({160, 240}));
  CHECK(with({"--size", "120"}).size() == cv::Size(80, 120));
  CHECK(shop.swept("a.mp4", {"--size", "101x67", "--min-scale", "9", "--max-scale", "9"})
            .front()
            .pixels.size() == cv::Size(102, 68));
}

TEST_CASE("controls of a still are controls of a sweep") {
  const SweepShop shop;
  for (const std::vector<std::string>& look :
       {std::vector<std::string>{"--look", "painterly"},
        {"--opacity", "0.6", "--best-k", "3", "--seed", "7"},
        {"--tile-aspect", "1:1", "--spacing", "1", "--randomness", "0.2"}}) {
    std::vector<std::string> more = look;
    more.insert(more.end(), {"--min-scale", "7", "--max-scale", "8"});
    const std::vector<ShownFrame> frames = shop.swept("a.apng", more);
    std::vector<std::string> image = look;
    image.insert(image.end(), {"--enlarge", "1"});
    CHECK(test::difference(frames.at(1).pixels, shop.image(8, image)) == 0);
  }
}

TEST_CASE("what pictures are cropped to is as of a still") {
  const SweepShop shop;
  const auto swept = [&](const std::vector<std::string>& crops) {
    std::vector<std::string> more = {"--tile-aspect", "2:1", "--min-scale", "9",
                                     "--max-scale",   "9"};
    more.insert(more.end(), crops.begin(), crops.end());
    const cv::Mat frame = shop.swept("a.apng", more).front().pixels;
    more = {"--tile-aspect", "2:1", "--enlarge", "1"};
    more.insert(more.end(), crops.begin(), crops.end());
    CHECK(test::difference(frame, shop.image(9, more)) == 0);
    return frame;
  };
  const cv::Mat plain = swept({});
  for (const std::vector<std::string>& crops : {std::vector<std::string>{"--crop", "fit"},
                                                {"--crop", "attention"},
                                                {"--crops", "3"},
                                                {"--crops", "2", "--flip", "--distinct"}}) {
    CAPTURE(crops.front());
    CHECK(test::difference(swept(crops), plain) > 0.1);
  }
}

TEST_CASE("a sweep is named after its target and scales") {
  const SweepShop shop;
  const auto named = [&](std::vector<std::string> more, const std::string& name) {
    std::vector<std::string> words = {"sh",
                                      "-c",
                                      "cd \"$0\" && exec \"$@\"",
                                      shop / ".",
                                      test::smalti_program(),
                                      "sweep",
                                      shop.target(),
                                      "-t",
                                      shop.tiles(),
                                      "--min-scale",
                                      "9",
                                      "--max-scale",
                                      "11",
                                      "-q"};
    words.insert(words.end(), more.begin(), more.end());
    const Ended ended = run_program(words);
    INFO(ended.errors);
    CHECK(ended.code == 0);
    CHECK(fs::exists(shop / name));
  };
  named({}, "beach-from-9-to-11.gif");
  named({"--savepath", "x-%s-from-%d-to-%d.gif"}, "x-beach-from-9-to-11.gif");
  named({"-o", "y-{stem}-{min}-{max}.webp"}, "y-beach-9-11.webp");
}

TEST_CASE("scales larger than the picture are left out, and one scale will do") {
  const SweepShop shop;
  const Ended ended =
      shop.sweep({"--min-scale", "38", "--max-scale", "4000", "-o", shop / "a.apng"});
  CHECK(ended.code == 0);
  CHECK(says(ended.errors, "scales end at 40"));
  CHECK(test::shown_frames(shop / "a.apng").size() == 3);
  CHECK(shop.swept("b.apng", {"--min-scale", "500", "--max-scale", "600"}).size() == 1);
  CHECK(shop.swept("c.gif", {"--min-scale", "12", "--max-scale", "12"}).size() == 1);
}

TEST_CASE("hundreds of scales need little memory") {
  if (std::getenv("SMALTI_LONG_TESTS") == nullptr) return;
  const SweepShop shop;
  write_png(shop / "beach.png", test::photo({1000, 800}));
  std::vector<std::string> words = {
      "sweep",         shop.target(), "-t",  shop.tiles(),  "--size", "300",         "--fit",
      "1000",          "--memory",    "30M", "--min-scale", "4",      "--max-scale", "200",
      "--tile-aspect", "1:1",         "-o",  shop / "a.gif"};
  const Ended many = run_smalti(words);
  INFO(many.errors);
  REQUIRE(many.code == 0);
  CHECK(test::shown_frames(shop / "a.gif").size() == 197);
  // 197 frames would take 43 MB by themselves.
  words[13] = "12";
  words.insert(words.end(), {"-y"});
  const Ended few = run_smalti(words);
  CHECK(few.code == 0);
  if (!test::kSanitized) CHECK(many.peak_bytes < few.peak_bytes + 30'000'000);
}

TEST_CASE("the summary says how large it is and how to change it") {
  const SweepShop shop;
  const Ended ended = shop.sweep({"--min-scale", "9", "-o", shop / "a.gif"});
  CHECK(ended.code == 0);
  for (const char* part : {"17 frames of 240x160 pixels", "colours", "--size", "--colors",
                           "--max-file-size", "smalti image", "17 of 17 frames"})
    CHECK(says(ended.errors, part));
  CHECK_FALSE(says(ended.errors, "--fit"));
  const std::string begin = "a mosaic of one scale: smalti ";
  const std::size_t at = ended.errors.find(begin) + begin.size();
  const std::string words = ended.errors.substr(at, ended.errors.find('\n', at) - at);
  const Ended one = run_program(
      {"sh", "-c", test::smalti_program() + " " + words + " -q -o " + (shop / "one.png").string()});
  INFO(one.errors);
  REQUIRE(one.code == 0);
  CHECK(test::difference(read_png(shop / "one.png"), shop.image(17, {"--enlarge", "8"})) == 0);
  const Ended json =
      shop.sweep({"--min-scale", "9", "-y", "-o", shop / "a.gif", "--progress", "json"});
  const auto line = nlohmann::json::parse(
      json.output.substr(json.output.rfind('\n', json.output.size() - 2) + 1));
  CHECK(line["frames"] == 17);
  CHECK(line["bytes"] == fs::file_size(shop / "a.gif"));
  for (const char* phase : {"frames", "frames written"})
    CHECK(says(json.output, "\"phase\":\"" + std::string(phase) + "\",\"done\":17"));
}

TEST_CASE("a sweep can be told how large it may be") {
  const SweepShop shop;
  const Ended ended = shop.sweep({"--max-file-size", "60k", "-o", shop / "a.gif"});
  INFO(ended.errors);
  CHECK(ended.code == 0);
  CHECK(fs::file_size(shop / "a.gif") <= 60'000);
  CHECK(says(ended.errors, "to keep the file small"));
  CHECK(test::shown_frames(shop / "a.gif").size() == 21);
}

TEST_CASE("of a video, a frame is swept") {
  const test::Workshop shop;
  const Ended ended = run_smalti({"sweep", shop.clip(), "-t", shop.tiles(), "--at", "2",
                                  "--min-scale", "8", "--max-scale", "9", "-o", shop / "a.apng"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  const Ended image = run_smalti({"image", shop.clip(), "-t", shop.tiles(), "--at", "2", "--scale",
                                  "9", "--enlarge", "1", "-o", shop / "b.png"});
  REQUIRE(image.code == 0);
  CHECK(test::difference(test::shown_frames(shop / "a.apng").at(1).pixels,
                         read_png(shop / "b.png")) == 0);
}

TEST_CASE("what cannot be swept is said, and nothing is left") {
  const SweepShop shop;
  fs::create_directory(shop / "empty");
  std::ofstream(shop / "text.png") << "no picture";
  struct Case {
    std::vector<std::string> words;
    int code;
    const char* says;
  };
  const std::string target = shop.target();
  const std::string tiles = shop.tiles();
  const std::vector<Case> cases = {
      {{"sweep"}, 2, "no target"},
      {{"sweep", target}, 2, "no tiles"},
      {{"sweep", target, "-t", tiles, "--min-scale", "9", "--max-scale", "8"}, 2, "--min-scale"},
      {{"sweep", target, "-t", tiles, "--min-scale", "0"}, 2, "--min-scale"},
      {{"sweep", target, "-t", tiles, "--order", "sideways"}, 2, "--order"},
      {{"sweep", target, "-t", tiles, "--ascending"}, 2, "missing"},
      {{"sweep", target, "-t", tiles, "--ascending", "1", "--order", "bounce"}, 2, "excludes"},
      {{"sweep", target, "-t", tiles, "--fps", "0"}, 2, "--fps"},
      {{"sweep", target, "-t", tiles, "--fps", "60"}, 2, "50"},
      {{"sweep", target, "-t", tiles, "--colors", "1"}, 2, "--colors"},
      {{"sweep", target, "-t", tiles, "--columns", "9"}, 2, "--columns"},
      {{"sweep", target, "-t", tiles, "--size", "12y"}, 2, "--size"},
      {{"sweep", target, "-t", tiles, "--size", "9"}, 2, "--min-scale"},
      {{"sweep", target, "-t", tiles, "--at", "3"}, 2, "--at has no effect"},
      {{"sweep", target, "-t", tiles, "--max-file-size", "10"}, 2, "--max-file-size"},
      {{"sweep", target, "-t", tiles, "-o", shop / "a.xyz"}, 2, ".gif"},
      {{"sweep", target, "-t", tiles, "-o", shop / "a.mp4", "--colors", "9"}, 2, "colours"},
      {{"sweep", target, "-t", tiles, "-o", target}, 2, "target itself"},
      {{"sweep", shop / "none.png", "-t", tiles}, 66, "none.png"},
      {{"sweep", target, "-t", shop / "none"}, 66, "none"},
      {{"sweep", target, "-t", shop / "empty", "-o", shop / "a.gif"}, 65, "empty"},
      {{"sweep", shop / "text.png", "-t", tiles, "-o", shop / "a.gif"}, 65, "text.png"},
      {{"sweep", target, "-t", tiles, "-o", shop / "no/a.gif"}, 73, "no/a.gif"},
      {{"sweep", target, "-t", tiles, "-o", "/dev/full"}, 2, "extension"},
      {{"animate"}, 2, "no pictures"},
      {{"animate", shop / "empty", "-o", shop / "a.gif"}, 65, "no pictures in"},
      {{"animate", shop / "none", "-o", shop / "a.gif"}, 66, "none"},
      {{"animate", shop / "text.png", "-o", shop / "a.gif"}, 65, "none of 1"},
      {{"animate", target, "-o", target}, 2, "the picture itself"},
      {{"animate", target, "-y", "-o", target}, 2, "the picture itself"},
      {{"animate", target, "-o", shop / "no/a.gif"}, 73, "no/a.gif"},
      {{"animate", target, shop / "text.png", "--strict", "-o", shop / "a.gif"}, 65, "text.png"},
      {{"animate", target, "-o", shop / "a.gif", "--order", "sideways"}, 2, "--order"},
  };
  const std::size_t before = shop.entries();
  for (const Case& c : cases) {
    CAPTURE(c.words.size());
    CAPTURE(c.says);
    const Ended ended = run_smalti(c.words);
    CAPTURE(ended.errors);
    CHECK(ended.code == c.code);
    CHECK(says(ended.errors, c.says));
    CHECK(shop.entries() == before);
  }
  fs::create_symlink("/dev/full", shop / "full.gif");
  const Ended full = shop.sweep({"-o", shop / "full.gif", "-y"});
  // libav's GIF muxer keeps its last packet when it cannot be ended, and LeakSanitizer says so.
  if (!test::kSanitized) CHECK(full.code == 74);
}

TEST_CASE("numbers in names count by their value") {
  CHECK(comes_before("a2.png", "a10.png"));
  CHECK_FALSE(comes_before("a10.png", "a2.png"));
  CHECK(comes_before("a.png", "b.png"));
  CHECK(comes_before("a", "a1"));
  CHECK(comes_before("A2", "a3"));
  CHECK(comes_before("a9/1", "a10/0"));
  CHECK(comes_before("a99999999999999999999", "a100000000000000000000"));
  for (const char* name : {"", "a", "a1", "07"}) CHECK_FALSE(comes_before(name, name));
  CHECK(comes_before("a01", "a1") != comes_before("a1", "a01"));
}

// Pictures of one grey each: 10, 20, 30 ...
class GreyShop {
 public:
  explicit GreyShop(const std::vector<std::string>& names) {
    fs::create_directory(photos());
    int grey = 0;
    for (const std::string& name : names)
      write_png(photos() / name, cv::Mat(30, 40, CV_8UC3, cv::Scalar::all(grey += 10)));
  }
  fs::path photos() const { return folder_ / "photos"; }
  fs::path operator/(const fs::path& name) const { return folder_ / name; }

  std::vector<ShownFrame> frames(std::vector<std::string> more) const {
    more.insert(more.begin(), "animate");
    more.insert(more.end(), {"-q", "-y", "-o", folder_ / "a.apng"});
    const Ended ended = run_smalti(more);
    INFO(ended.errors);
    REQUIRE(ended.code == 0);
    return test::shown_frames(folder_ / "a.apng");
  }

  std::vector<int> greys(std::vector<std::string> more) const {
    std::vector<int> greys;
    for (const ShownFrame& frame : frames(std::move(more)))
      greys.push_back(frame.pixels.at<cv::Vec3b>(15, 20)[0]);
    return greys;
  }

 private:
  test::TempFolder folder_;
};

TEST_CASE("pictures come by name, by date, or backwards") {
  const GreyShop shop({"p10.png", "p2.png", "p1.png"});
  const std::string photos = shop.photos();
  CHECK(shop.greys({photos}) == std::vector<int>{30, 20, 10});
  CHECK(shop.greys({"--photos-dir", photos, "--order", "name"}) == std::vector<int>{30, 20, 10});
  CHECK(shop.greys({photos, "--order", "descending"}) == std::vector<int>{10, 20, 30});
  CHECK(shop.greys({shop.photos() / "p10.png", shop.photos() / "p2.png"}) ==
        std::vector<int>{20, 10});
  const auto now = fs::file_time_type::clock::now();
  fs::last_write_time(shop.photos() / "p2.png", now - std::chrono::hours(3));
  fs::last_write_time(shop.photos() / "p10.png", now - std::chrono::hours(2));
  fs::last_write_time(shop.photos() / "p1.png", now - std::chrono::hours(1));
  CHECK(shop.greys({photos, "--order", "date"}) == std::vector<int>{20, 10, 30});
  // Later than nanoseconds can tell.
  const timespec far[] = {{15'000'000'000, 0}, {15'000'000'000, 0}};
  REQUIRE(::utimensat(AT_FDCWD, (shop.photos() / "p2.png").c_str(), far, 0) == 0);
  CHECK(shop.greys({photos, "--order", "date"}) == std::vector<int>{10, 30, 20});
}

TEST_CASE("what is no picture is left out of an animation") {
  const GreyShop shop({"1.png", "2.png"});
  std::ofstream(shop.photos() / "notes.txt") << "text";
  std::ofstream(shop.photos() / ".hidden.png") << "text";
  fs::create_directory(shop.photos() / "more");
  const Ended ended = run_smalti({"animate", shop.photos(), "-o", shop.photos() / "a.webp"});
  CHECK(ended.code == 0);
  CHECK(says(ended.errors, "2 frames of 40x30"));
  CHECK_FALSE(says(ended.errors, "left out"));
  // The animation made before is not one of its own pictures.
  CHECK(run_smalti({"animate", shop.photos(), "-y", "-q", "-o", shop.photos() / "a.webp"}).code ==
        0);
  CHECK(test::shown_frames(shop.photos() / "a.webp").size() == 2);
  fs::remove(shop.photos() / "a.webp");
  std::ofstream(shop.photos() / "3.png") << "\x89PNG\r\n\x1a\n broken";
  const Ended broken = run_smalti({"animate", shop.photos(), "--fuzz", "3", "-o", shop / "b.gif"});
  CHECK(broken.code == 0);
  CHECK(says(broken.errors, "3.png"));
  CHECK(says(broken.errors, "1 picture left out"));
  CHECK(says(broken.errors, "--fuzz is not needed"));
}

TEST_CASE("pictures of other shapes are fitted into the first one's") {
  const GreyShop shop({"1.png"});
  write_png(shop.photos() / "2.png", cv::Mat(60, 20, CV_8UC3, cv::Scalar::all(100)));
  write_png(shop.photos() / "3.png", cv::Mat(300, 400, CV_8UC3, cv::Scalar::all(110)));
  const std::vector<ShownFrame> frames = shop.frames({shop.photos()});
  REQUIRE(frames.size() == 3);
  for (const ShownFrame& frame : frames) CHECK(frame.pixels.size() == cv::Size(40, 30));
  CHECK(frames[1].pixels.at<cv::Vec3b>(15, 20) == cv::Vec3b(100, 100, 100));
  CHECK(frames[1].pixels.at<cv::Vec3b>(15, 2) == cv::Vec3b(255, 255, 255));
  CHECK(frames[1].pixels.at<cv::Vec3b>(15, 37) == cv::Vec3b(255, 255, 255));
  CHECK(frames[2].pixels.at<cv::Vec3b>(0, 0) == cv::Vec3b(110, 110, 110));
  const Ended ended = run_smalti({"animate", shop.photos(), "-o", shop / "b.gif"});
  CHECK(says(ended.errors, "one picture is of another shape"));
}

TEST_CASE("pictures are turned upright, and large ones shrunk") {
  const GreyShop shop({});
  const cv::Mat upright = test::photo({64, 48});
  test::write_file(shop.photos() / "1.jpg",
                   test::jpeg_with_exif(test::jpeg_file(test::stored_as(upright, 6)), 6));
  const std::vector<ShownFrame> frames = shop.frames({shop.photos()});
  REQUIRE(frames.size() == 1);
  REQUIRE(frames[0].pixels.size() == upright.size());
  CHECK(test::difference(frames[0].pixels, upright) < 5);
  write_png(shop.photos() / "0.png", test::photo({1200, 1600}));
  CHECK(shop.frames({shop.photos()}).front().pixels.size() == cv::Size(600, 800));
  CHECK(shop.frames({shop.photos(), "--size", "90"}).front().pixels.size() == cv::Size(68, 90));
}

TEST_CASE("animations have seven frames a second unless it is said otherwise") {
  const GreyShop shop({"1.png", "2.png", "3.png", "4.png", "5.png", "6.png", "7.png"});
  const std::vector<ShownFrame> frames = shop.frames({shop.photos()});
  REQUIRE(frames.size() == 7);
  CHECK(std::abs(frames.back().start_s + frames.back().length_s - 1) < 0.002);
}

// A photo, the tiles and the bounds that people are promised.
TEST_CASE("21 scales of a photo stay below 8 MB, with 128 colours or more") {
  const auto media = test::media_folder();
  if (!media) return;
  const test::TempFolder folder;
  const Ended photo =
      run_program({"ffmpeg", "-v", "error", "-i", *media / "image/canyon-3072x2048.jpg", "-vf",
                   "scale=800:534", folder / "photo.png"});
  REQUIRE(photo.code == 0);
  const Ended ended = run_smalti({"sweep", folder / "photo.png", "-t", *media / "tiles/photos-1k",
                                  "-o", folder / "a.gif", "--progress", "json"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  CHECK(fs::file_size(folder / "a.gif") < 8'000'000);
  const auto line = nlohmann::json::parse(
      ended.output.substr(ended.output.rfind('\n', ended.output.size() - 2) + 1));
  CHECK(line["colors"] >= 128);
  CHECK(line["frames"] == 21);
  CHECK(line["frame"]["width"] == 800);
}

}  // namespace
}  // namespace smalti

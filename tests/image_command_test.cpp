// `smalti image`: what comes out, judged by its pixels as OpenCV, ffmpeg and poppler read them.

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <set>
#include <string>

#include "support/pictures.h"
#include "support/probe.h"
#include "support/workshop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::Ended;
using test::run_program;
using test::run_smalti;
using test::says;

// Tiles of one colour each, so that a cell tells which tile it is.
const std::vector<cv::Vec3b> kColors = {{20, 20, 20},    {235, 235, 235}, {200, 40, 40},
                                        {40, 180, 60},   {50, 60, 200},   {220, 200, 40},
                                        {190, 60, 190},  {60, 190, 190},  {128, 128, 128},
                                        {240, 150, 100}, {90, 60, 30},    {170, 220, 250}};

class StillShop {
 public:
  StillShop() {
    fs::create_directory(tiles());
    for (std::size_t i = 0; i < kColors.size(); ++i)
      write("tiles/" + std::to_string(i) + ".png",
            cv::Mat(40, 30, CV_8UC3, cv::Scalar(kColors[i][0], kColors[i][1], kColors[i][2])));
  }

  fs::path tiles() const { return folder_ / "tiles"; }
  fs::path operator/(const fs::path& name) const { return folder_ / name; }

  // `pixels` in the order R, G, B (and alpha).
  fs::path write(const fs::path& name, const cv::Mat& pixels) const {
    cv::Mat stored;
    cv::cvtColor(pixels, stored, pixels.channels() == 4 ? cv::COLOR_RGBA2BGRA : cv::COLOR_RGB2BGR);
    REQUIRE(cv::imwrite((folder_ / name).string(), stored));
    return folder_ / name;
  }

  Ended image(const fs::path& target, std::vector<std::string> more) const {
    // Tiles as they are, so that their colours tell them apart.
    std::vector<std::string> arguments = {"image", target, "-t", tiles(), "--look", "exact"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_smalti(arguments);
  }

  // Runs and reads back.
  cv::Mat made(const fs::path& target, std::vector<std::string> more,
               const std::string& name = "out.png") const {
    more.insert(more.end(), {"-q", "-y", "-o", (folder_ / name).string()});
    const Ended ended = image(target, more);
    INFO(ended.errors);
    REQUIRE(ended.code == 0);
    return read(name);
  }

  cv::Mat read(const fs::path& name) const {
    const cv::Mat stored = cv::imread((folder_ / name).string(), cv::IMREAD_UNCHANGED);
    REQUIRE_FALSE(stored.empty());
    cv::Mat pixels;
    cv::cvtColor(stored, pixels, stored.channels() == 4 ? cv::COLOR_BGRA2RGBA : cv::COLOR_BGR2RGB);
    return pixels;
  }

 private:
  test::TempFolder folder_;
};

// The number of the colour nearest to a pixel, which must be near.
std::size_t color_at(const cv::Mat& pixels, int x, int y) {
  const cv::Mat rgb = pixels.channels() == 4 ? cv::Mat() : pixels;
  const auto pixel = pixels.channels() == 4
                         ? cv::Vec3b(pixels.at<cv::Vec4b>(y, x)[0], pixels.at<cv::Vec4b>(y, x)[1],
                                     pixels.at<cv::Vec4b>(y, x)[2])
                         : pixels.at<cv::Vec3b>(y, x);
  std::size_t best = 0;
  double nearest = 1e9;
  for (std::size_t i = 0; i < kColors.size(); ++i) {
    const double d = cv::norm(cv::Vec3i(pixel) - cv::Vec3i(kColors[i]));
    if (d < nearest) {
      nearest = d;
      best = i;
    }
  }
  CHECK(nearest < 12);
  return best;
}

TEST_CASE("a size of one number is the longer edge, of an upright picture too") {
  const StillShop shop;
  const fs::path wide = shop.write("wide.png", test::photo({90, 60}));
  const fs::path upright = shop.write("upright.png", test::photo({60, 90}));
  CHECK(shop.made(wide, {"--columns", "9", "--size", "181"}).size() == cv::Size(181, 121));
  CHECK(shop.made(upright, {"--columns", "9", "--size", "181"}).size() == cv::Size(121, 181));
  CHECK(shop.made(wide, {"--columns", "9", "--size", "45"}).size() == cv::Size(45, 30));
  CHECK(shop.image(wide, {"--size", "100", "--enlarge", "2"}).code == 2);
}

TEST_CASE("mirrored twins are one picture, for --unique and for what is counted") {
  const StillShop shop;
  const fs::path target = shop.write("target.png", test::photo({120, 120}));
  const Ended refused = shop.image(
      target, {"--columns", "5", "--unique", "--flip", "-o", (shop / "never.png").string()});
  CHECK(refused.code == 2);
  CHECK(says(refused.errors,
             "20 cells cannot each have a tile of their own: there are 12 different "
             "tiles"));
  shop.made(target,
            {"--columns", "4", "--unique", "--flip", "--report", (shop / "report.json").string(),
             "--save-placements", (shop / "placements.ndjson").string()});
  const auto tiles = nlohmann::json::parse(std::ifstream(shop / "report.json"))["tiles"];
  CHECK(tiles["available"] == 12);
  CHECK(tiles["used"] == 12);
  std::set<std::string> shown;
  std::ifstream in(shop / "placements.ndjson");
  for (std::string line; std::getline(in, line);) {
    const auto json = nlohmann::json::parse(line);
    if (json.contains("tile")) shown.insert(json["path"].get<std::string>());
  }
  CHECK(shown.size() == 12);
}

TEST_CASE("every pixel belongs to one cell, whatever the sizes") {
  const StillShop shop;
  struct Case {
    cv::Size target;
    cv::Size canvas;
    int columns;
  };
  for (const Case& c : {Case{{1, 1}, {1, 1}, 1}, Case{{1, 1}, {37, 53}, 5}, Case{{2, 1}, {7, 3}, 7},
                        Case{{97, 61}, {211, 131}, 11}, Case{{13, 200}, {101, 1009}, 3},
                        Case{{300, 7}, {1013, 29}, 50}}) {
    CAPTURE(c.canvas.width);
    const cv::Mat photo = test::photo({c.target.width, c.target.height});
    const fs::path target = shop.write("target.png", photo);
    const cv::Mat out =
        shop.made(target, {"--columns", std::to_string(c.columns), "--size",
                           std::to_string(c.canvas.width) + "x" + std::to_string(c.canvas.height)});
    REQUIRE(out.size() == c.canvas);
    // A run of one colour along a row is a whole number of cells; cells differ by a pixel at most.
    const int narrow = c.canvas.width / c.columns;
    int run = 1;
    for (int x = 0; x + 1 < out.cols; ++x) {
      const bool same = color_at(out, x, 0) == color_at(out, x + 1, 0);
      if (!same) CHECK(run >= narrow);
      run = same ? run + 1 : 1;
    }
    CHECK(run >= narrow);
  }
}

TEST_CASE("strips do not show: little memory gives the same file") {
  const StillShop shop;
  const fs::path target = shop.write("target.png", test::photo({300, 200}));
  for (const char* name : {"a.png", "a.jpg", "a.tif"}) {
    const std::string small = std::string("small-") + name;
    const auto run = [&](const std::string& file, std::vector<std::string> more) {
      more.insert(more.end(), {"--columns", "13", "--size", "601x401", "--opacity", "0.7", "-q",
                               "-o", (shop / file).string()});
      const Ended ended = shop.image(target, more);
      INFO(ended.errors);
      REQUIRE(ended.code == 0);
    };
    run(name, {});
    run(small, {"--memory", "1M", "--threads", "3"});
    std::ifstream a(shop / name, std::ios::binary), b(shop / small, std::ios::binary);
    const std::string first((std::istreambuf_iterator<char>(a)), {});
    const std::string second((std::istreambuf_iterator<char>(b)), {});
    CHECK(first.size() > 1000);
    CHECK(first == second);
  }
}

TEST_CASE("a still is matched as a lossless clip of it") {
  const StillShop shop;
  const fs::path target = shop.write("target.png", test::photo({192, 128}));
  const Ended clip = run_program({"ffmpeg", "-v", "error", "-i", target, "-frames:v", "1", "-c:v",
                                  "ffv1", "-pix_fmt", "gbrp", shop / "clip.mkv"});
  REQUIRE(clip.code == 0);
  const std::vector<std::string> grid = {"--columns", "12", "--size", "384x256"};
  const cv::Mat still = shop.made(target, grid);

  std::vector<std::string> video = {
      "video", shop / "clip.mkv", "-t", shop.tiles(), "-q", "--encoder", "ffv1",
      "-o",    shop / "out.mkv"};
  video.insert(video.end(), {"--look", "exact"});
  video.insert(video.end(), grid.begin(), grid.end());
  REQUIRE(run_smalti(video).code == 0);
  REQUIRE(run_program({"ffmpeg", "-v", "error", "-i", shop / "out.mkv", "-frames:v", "1",
                       shop / "frame.png"})
              .code == 0);
  const cv::Mat frame = shop.read("frame.png");
  REQUIRE(frame.size() == still.size());
  std::size_t used = 0;
  std::size_t last = kColors.size();
  for (int y = 16; y < still.rows; y += 32) {
    for (int x = 16; x < still.cols; x += 32) {
      const std::size_t color = color_at(still, x, y);
      CHECK(color == color_at(frame, x, y));
      used += color != last ? 1 : 0;
      last = color;
    }
  }
  CHECK(used > 10);  // it is not one colour all over
}

TEST_CASE("transparent cells stay empty, or white where there is no transparency") {
  const StillShop shop;
  cv::Mat pixels(120, 120, CV_8UC4, cv::Scalar(200, 40, 40, 255));
  pixels(cv::Rect(0, 0, 52, 120))
      .setTo(cv::Scalar(0, 0, 0, 0));  // of the third cell more than half
  const fs::path target = shop.write("target.png", pixels);
  const std::vector<std::string> grid = {"--columns", "6",         "--tile-aspect",
                                         "1:1",       "--enlarge", "2"};
  const cv::Mat out = shop.made(target, grid);
  REQUIRE(out.channels() == 4);
  CHECK(out.at<cv::Vec4b>(100, 60)[3] == 0);
  CHECK(out.at<cv::Vec4b>(100, 200)[3] == 255);
  CHECK(color_at(out, 200, 100) == 2);

  std::vector<std::string> jpeg = grid;
  jpeg.insert(jpeg.end(), {"-o", shop / "out.jpg"});
  const Ended ended = shop.image(target, jpeg);
  CHECK(ended.code == 0);
  CHECK(says(ended.errors, "JPEG has no transparency: it is laid over white"));
  CHECK(says(ended.errors, "18 cells left empty"));
  const cv::Mat flat = shop.read("out.jpg");
  CHECK(cv::norm(cv::Vec3i(flat.at<cv::Vec3b>(100, 60)) - cv::Vec3i(255, 255, 255)) < 6);
  CHECK(color_at(flat, 200, 100) == 2);
}

TEST_CASE("opacity and the target beside the mosaic") {
  const StillShop shop;
  const cv::Mat photo = test::photo({160, 120});
  const fs::path target = shop.write("target.png", photo);
  const std::vector<std::string> grid = {"--columns", "8", "--enlarge", "1"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), grid.begin(), grid.end());
    return shop.made(target, more);
  };
  const cv::Mat opaque = with({});
  CHECK(test::difference(with({"--opacity", "0"}), photo) < 0.01);
  cv::Mat half;
  cv::addWeighted(photo, 0.5, opaque, 0.5, 0, half);
  CHECK(test::difference(with({"--opacity", "0.5"}), half) < 0.6);

  const cv::Mat both = with({"--side-by-side"});
  REQUIRE(both.size() == cv::Size(320, 120));
  CHECK(test::difference(both(cv::Rect(0, 0, 160, 120)).clone(), photo) < 0.01);
  CHECK(test::difference(both(cv::Rect(160, 0, 160, 120)).clone(), opaque) == 0);
}

TEST_CASE("a large cell shows its picture in full") {
  const StillShop shop;
  // Stripes two pixels wide, far finer than a thumbnail holds.
  const fs::path fine = shop / "fine";
  fs::create_directory(fine);
  cv::Mat stripes(800, 600, CV_8UC3);
  for (int x = 0; x < stripes.cols; ++x)
    stripes.col(x).setTo(x / 2 % 2 == 0 ? cv::Scalar(255, 255, 255) : cv::Scalar(0, 0, 0));
  shop.write("fine/stripes.png", stripes);
  const fs::path target = shop.write("target.png", cv::Mat(80, 60, CV_8UC3, cv::Scalar::all(128)));
  const Ended ended = run_smalti({"image", target, "-t", fine, "--columns", "1", "--size",
                                  "600x800", "-q", "-o", shop / "out.png"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  CHECK(test::difference(shop.read("out.png"), stripes) < 1);
}

TEST_CASE("the target is taken upright and fitted") {
  const StillShop shop;
  const cv::Mat photo = test::photo({120, 80});
  for (int orientation = 1; orientation <= 8; ++orientation) {
    CAPTURE(orientation);
    test::write_file(
        shop / "turned.png",
        test::png_with_exif(test::png_file(test::stored_as(photo, orientation)), orientation));
    const cv::Mat out = shop.made(shop / "turned.png", {"--opacity", "0", "--enlarge", "1"});
    CHECK(test::difference(out, photo) < 0.01);
  }
  const fs::path target = shop.write("target.png", photo);
  CHECK(shop.made(target, {"--fit", "60", "--enlarge", "2"}).size() == cv::Size(120, 80));
  CHECK(shop.made(target, {"--fit", "600", "--enlarge", "2"}).size() == cv::Size(240, 160));
}

TEST_CASE("how large it becomes by itself, on screen and on paper") {
  const StillShop shop;
  const auto text = [&](const fs::path& target) {
    const Ended ended = shop.image(target, {"-y", "-o", shop / "out.jpg", "--columns", "80"});
    CHECK(ended.code == 0);
    return ended.errors;
  };
  const std::string small = text(shop.write("small.png", test::photo({300, 200})));
  CHECK(says(small, "2400x1600 pixels (8 times the target)"));
  CHECK(says(small, "printed at 300 dpi: 20.3 x 13.5 cm, a tile 2.5 x 3.4 mm"));
  CHECK(says(text(shop.write("large.png", test::photo({1920, 1080}))),
             "(5 times the target, not 8, to stay within 64 megapixels)"));
}

TEST_CASE("a frame of a video, and of animations the first picture") {
  const StillShop shop;
  // Red for a second, then green, then blue.
  const Ended clip = run_program({"ffmpeg",
                                  "-v",
                                  "error",
                                  "-f",
                                  "lavfi",
                                  "-i",
                                  "color=0xC82828:size=64x48:rate=10:duration=1",
                                  "-f",
                                  "lavfi",
                                  "-i",
                                  "color=0x28B43C:size=64x48:rate=10:duration=1",
                                  "-f",
                                  "lavfi",
                                  "-i",
                                  "color=0x323CC8:size=64x48:rate=10:duration=1",
                                  "-filter_complex",
                                  "concat=n=3",
                                  "-pix_fmt",
                                  "yuv444p",
                                  shop / "clip.mp4"});
  REQUIRE(clip.code == 0);
  const auto color = [&](const fs::path& target, std::vector<std::string> more) {
    more.insert(more.end(), {"--columns", "4"});
    return color_at(shop.made(target, more), 10, 10);
  };
  CHECK(color(shop / "clip.mp4", {"--at", "0.5"}) == 2);
  CHECK(color(shop / "clip.mp4", {"--at", "0:02.5"}) == 4);
  CHECK(color(shop / "clip.mp4", {}) == 3);
  const Ended middle = shop.image(shop / "clip.mp4", {"-o", shop / "middle.png"});
  CHECK(says(middle.errors, "its frame at 1.5 s is taken; --at TIME takes another"));
  CHECK(shop.image(shop / "clip.mp4", {"--at", "9", "-o", shop / "late.png"}).code == 2);

  for (const char* name : {"clip.gif", "clip.apng"}) {
    CAPTURE(name);
    REQUIRE(run_program({"ffmpeg", "-v", "error", "-i", shop / "clip.mp4", "-f",
                         fs::path(name).extension().string().substr(1), shop / name})
                .code == 0);
    CHECK(color(shop / name, {}) == 2);
    const Ended said = shop.image(shop / name, {"-y", "-o", shop / "first.png"});
    CHECK(says(said.errors, "is animated: its first picture is taken"));
  }
}

TEST_CASE("the target says which command is meant, and how the output is called") {
  const StillShop shop;
  const fs::path target = shop.write("beach.png", test::photo({60, 40}));
  const fs::path before = fs::current_path();
  fs::current_path(shop / ".");
  CHECK(run_smalti({target, "-t", shop.tiles(), "-q"}).code == 0);
  CHECK(fs::exists(shop / "beach-mosaic.png"));
  CHECK(
      run_smalti({"-t", shop.tiles(), "--fit", "50", "-q", "-o", shop / "fit.jpg", target}).code ==
      0);
  const Ended again = run_smalti({target, "-t", shop.tiles(), "-q"});
  CHECK(again.code == 73);
  CHECK(run_smalti({target, "-t", shop.tiles(), "-q", "--pages", "a4"}).code == 0);
  CHECK(fs::exists(shop / "beach-mosaic.pdf"));
  fs::current_path(before);
}

TEST_CASE("looks: equal tiles apart, and colours brought near the target's") {
  const StillShop shop;
  const fs::path target =
      shop.write("flat.png", cv::Mat(90, 90, CV_8UC3, cv::Scalar(120, 140, 120)));
  const auto made = [&](const std::string& look) {
    const fs::path out = shop / (look + ".png");
    const Ended ended = run_smalti({"image", target, "-t", shop.tiles(), "--columns", "9",
                                    "--tile-aspect", "1:1", "--look", look, "-o", out});
    CHECK(ended.code == 0);
    CHECK(says(ended.errors, "12 tiles are too few") == (look != "exact"));
    return shop.read(look + ".png");
  };
  const cv::Mat exact = made("exact");
  const cv::Mat natural = made("natural");
  const cv::Mat painterly = made("Painterly");
  const int cell = exact.cols / 9;
  const auto at = [&](const cv::Mat& m, int column, int row) {
    return cv::Vec3i(m.at<cv::Vec3b>(row * cell + cell / 2, column * cell + cell / 2));
  };
  CHECK(at(exact, 0, 0) == at(exact, 1, 0));
  CHECK(at(natural, 0, 0) != at(natural, 1, 0));
  CHECK(at(natural, 4, 4) != at(natural, 5, 5));
  const auto error = [&](const cv::Mat& m) {
    return cv::norm(cv::mean(m) - cv::Scalar(120, 140, 120));
  };
  CHECK(error(painterly) < error(natural));
}

TEST_CASE("the target is no tile of its own mosaic") {
  const StillShop shop;
  const fs::path target = shop.write("tiles/me.png", test::photo({90, 120}));
  const Ended ended = shop.image(target, {"--columns", "1", "-o", shop / "o.png"});
  CHECK(ended.code == 0);
  CHECK(says(ended.errors, "the target is among the tiles, and left out"));
  CHECK(says(ended.errors, "1 of 12 tiles used"));
  fs::create_directory(shop / "alone");
  fs::copy(target, shop / "alone" / "copy.png");
  CHECK(run_smalti({"image", target, "-t", shop / "alone", "-o", shop / "p.png"}).code == 65);
}

TEST_CASE("pages of a mural show the mosaic") {
  const StillShop shop;
  const fs::path target = shop.write("target.png", test::photo({200, 120}));
  const std::vector<std::string> grid = {"--columns", "10", "--size", "2000x1200", "--dpi", "100"};
  const cv::Mat whole = shop.made(target, grid);
  std::vector<std::string> pages = grid;
  pages.insert(pages.end(), {"--pages", "A4", "--overlap", "8", "-o", shop / "mural.pdf"});
  const Ended ended = shop.image(target, pages);
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  CHECK(
      says(ended.errors, "printed at 100 dpi: 50.8 x 30.5 cm, a tile 50.8 x 61.0 mm, on 4 pages"));
  REQUIRE(run_program({"pdfimages", "-list", shop / "mural.pdf"}).code == 0);
  REQUIRE(run_program({"pdfimages", "-j", shop / "mural.pdf", shop / "page"}).code == 0);
  const cv::Mat first = shop.read("page-000.jpg");
  CHECK(test::difference(first, whole(cv::Rect(0, 0, first.cols, first.rows)).clone()) < 3);
}

// The larger copies that faces are looked for in must live as long as somebody looks.
TEST_CASE("attention looks at whole photos") {
  const StillShop shop;
  for (int i = 0; i < 3; ++i)
    shop.write("tiles/photo" + std::to_string(i) + ".jpg", test::photo({1600, 1200}));
  const fs::path target = shop.write("target.png", test::photo({120, 90}));
  const std::vector<std::string> wish = {"--crop", "attention", "--columns", "10", "--no-cache"};
  const cv::Mat first = shop.made(target, wish, "first.png");
  CHECK(cv::norm(first, shop.made(target, wish, "second.png"), cv::NORM_INF) == 0);
}

TEST_CASE("the report of a still has the keys of a video's") {
  const StillShop shop;
  const fs::path target = shop.write("target.png", test::photo({300, 200}));
  const Ended ended = shop.image(
      target, {"-o", shop / "out.jpg", "--report", shop / "r.json", "--progress", "json"});
  REQUIRE(ended.code == 0);
  std::ifstream file(shop / "r.json");
  const auto report = nlohmann::json::parse(file);
  CHECK(report["layout"] == "adaptive");
  CHECK(report["cells"] <= 300);  // of so few tiles
  CHECK(report["frames"]["written"] == 1);
  CHECK(report["encoder"] == "JPEG");
  CHECK(report["fidelity"]["mean_delta_e"] > 1);
  CHECK(report["time_s"]["compose"] > 0);
  CHECK(says(ended.output, "\"event\":\"done\""));
  CHECK(says(ended.output, "\"phase\":\"rows\""));
}

TEST_CASE("a mosaic as large as a wall takes less than a gigabyte") {
  if (std::getenv("SMALTI_LONG_TESTS") == nullptr) return;
  const StillShop shop;
  const fs::path target = shop.write("target.png", test::photo({800, 600}));
  const Ended ended = shop.image(target, {"--size", "60000x45000", "-o", shop / "wall.jpg", "-q"});
  INFO(ended.errors);
  CHECK(ended.code == 0);
  CHECK(ended.peak_bytes < 1'000'000'000);
}

TEST_CASE("hard stills") {
  const StillShop shop;
  const auto media = test::media_folder("image");
  if (!media) return;
  fs::create_directory(shop / "folder.jpg");
  const fs::path good = shop.write("good.png", test::photo({60, 40}));
  struct Case {
    fs::path target;
    std::vector<std::string> more;
    int code;
    std::string says;
  };
  std::vector<Case> cases = {
      {*media / "bad-empty.jpg", {}, 65, "bad-empty.jpg"},
      {*media / "bad-truncated-half.jpg", {}, 65, "breaks off in mid-picture"},
      {*media / "bad-truncated-half.png", {}, 65, "bad-truncated-half.png"},
      {*media / "bad-text.jpg", {}, 65, "bad-text.jpg"},
      {*media / "bomb-65536x65536.png", {}, 65, "more than the limit of 128 megapixels"},
      {*media / "big-280MP-gray-20000x14000.jpg", {}, 65, "--max-megapixels 280"},
      {*media / "nowhere.jpg", {}, 66, "nowhere.jpg"},
      {shop / ".", {}, 65, "folder"},
      {good, {"-o", shop / "out.xyz"}, 2, ".xyz"},
      {good, {"-o", shop / "out"}, 2, "extension"},
      {good, {"-o", shop / "no/out.jpg"}, 73, "no"},
      {good, {"-o", shop / "folder.jpg"}, 73, "folder"},
      {good, {"-o", good}, 2, "is the target itself"},
      {good, {"-o", shop / "a.jpg", "--size", "70000x1000"}, 2, "65,500"},
      {good, {"-o", shop / "a.png", "--quality", "50"}, 2, "quality"},
      {good, {"-o", shop / "a.pdf"}, 2, "add --pages"},
      {good, {"-o", shop / "a.jpg", "--pages", "A4"}, 2, "call it OUT.pdf"},
      {good, {"-o", shop / "a.jpg", "--overlap", "3"}, 2, "--pages"},
      {good, {"-o", shop / "a.jpg", "--at", "3"}, 2, "--at has no effect"},
      {good, {"-o", shop / "a.jpg", "--opacity", "1.5"}, 2, "--opacity"},
      {good, {"-o", shop / "a.jpg", "--columns", "100", "--size", "99x99"}, 2, "at most 99"},
      {*media / "derived-1x1.png", {}, 0, "1x1 cells"},
      {*media / "gray16-interlaced-32x32.png", {}, 0, ""},
      {*media / "cmyk-noprofile-500x333.jpg", {}, 0, ""},
      {*media / "gray-concert-400x267.jpg", {}, 0, ""},
      {*media / "palette-trns-32x32.png", {}, 0, ""},
      {*media / "animated-loop-3.webp", {}, 0, "is animated"},
      {*media / "animated-alpha.gif", {}, 0, "is animated"},
      {*media / "apng-ball.png", {}, 0, "is animated"},
      {*media / "still-800x533.gif", {}, 0, ""},
      {*media / "wrong-extension-webp.jpg", {}, 0, ""},
      {*media / "full-transparent.png", {}, 0, "laid over white"},
  };
  for (Case& c : cases) {
    const bool names_output = std::find(c.more.begin(), c.more.end(), "-o") != c.more.end();
    if (!names_output) c.more.insert(c.more.end(), {"-o", shop / "hard.jpg", "-y"});
    if (c.code == 0) c.more.insert(c.more.end(), {"--enlarge", "1", "--columns", "1"});
    const auto entries = std::distance(fs::directory_iterator(shop / "."), {});
    const Ended ended = shop.image(c.target, c.more);
    CAPTURE(c.target.string());
    CAPTURE(ended.errors);
    CHECK(ended.code == c.code);
    CHECK(says(ended.errors, c.says));
    if (c.code != 0) CHECK(std::distance(fs::directory_iterator(shop / "."), {}) == entries);
    fs::remove(shop / "hard.jpg");
  }
}

}  // namespace
}  // namespace smalti

// `smalti try`, run as users run it; what is on its sheets is held against `smalti image`.

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "base/json.h"
#include "smalti/try_sheet.h"
#include "support/pictures.h"
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
using test::SweepShop;
using test::write_png;

constexpr std::size_t kMosaics = 12;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What a run says at its end.
nlohmann::json told(const Ended& ended) {
  const std::string& out = ended.output;
  return nlohmann::json::parse(out.substr(out.rfind('\n', out.size() - 2) + 1));
}

Ended try_out(const fs::path& target, const fs::path& tiles, std::vector<std::string> more) {
  more.insert(more.begin(), {"try", target, "-t", tiles});
  return run_smalti(more);
}

// The runs of lines that are not of one colour throughout: where they begin, and how many.
std::vector<std::pair<int, int>> runs(const cv::Mat& picture, bool of_columns) {
  const int count = of_columns ? picture.cols : picture.rows;
  const cv::Mat ground(1, 1, CV_8UC3, picture.at<cv::Vec3b>(0, 0));
  std::vector<std::pair<int, int>> found;
  bool inside = false;
  for (int i = 0; i < count; ++i) {
    const cv::Mat line = of_columns ? picture.col(i) : picture.row(i);
    const cv::Vec3b first = picture.at<cv::Vec3b>(0, 0);
    const bool drawn = std::any_of(line.begin<cv::Vec3b>(), line.end<cv::Vec3b>(),
                                   [&](const cv::Vec3b& pixel) { return pixel != first; });
    if (drawn && !inside) found.emplace_back(i, 0);
    if (drawn) ++found.back().second;
    inside = drawn;
  }
  return found;
}

// The mosaics on a sheet, found by the ground between them.
std::vector<cv::Mat> mosaics_on(const cv::Mat& sheet, cv::Size size) {
  std::vector<cv::Mat> mosaics;
  const auto columns = runs(sheet, true);
  REQUIRE(columns.size() == 3);
  for (const auto& [y, height] :
       runs(sheet(cv::Rect(columns[0].first, 0, size.width, sheet.rows)), false)) {
    if (height != size.height) continue;  // a caption
    for (const auto& [x, width] : columns) {
      CHECK(width == size.width);
      mosaics.push_back(sheet(cv::Rect(x, y, size.width, size.height)));
    }
  }
  return mosaics;
}

// What a printed line makes, reduced.
cv::Mat made_by(const std::string& line, const fs::path& file, cv::Size size) {
  REQUIRE(line.starts_with("smalti image "));
  const Ended ended =
      run_program({"sh", "-c",
                   test::smalti_program() + line.substr(std::string("smalti").size()) +
                       " -q -y -o '" + file.string() + "'"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  cv::Mat reduced;
  cv::resize(read_png(file), reduced, size, 0, 0, cv::INTER_AREA);
  return reduced;
}

// That each mosaic on the sheet is what its line makes, and no other's.
void check_sheet(const fs::path& sheet, const nlohmann::json& done, const fs::path& scratch) {
  const cv::Size size(done["canvas"]["width"].get<int>(), done["canvas"]["height"].get<int>());
  const std::vector<cv::Mat> shown = mosaics_on(read_png(sheet), size);
  REQUIRE(shown.size() == kMosaics);
  REQUIRE(done["mosaics"].size() == kMosaics);
  std::vector<cv::Mat> made;
  for (const auto& mosaic : done["mosaics"])
    made.push_back(made_by(mosaic["command"], scratch, size));
  for (std::size_t i = 0; i < kMosaics; ++i) {
    CAPTURE(done["mosaics"][i]["command"].get<std::string>());
    const double own = test::difference(shown[i], made[i]);
    CHECK(own < 4);
    for (std::size_t j = 0; j < kMosaics; ++j)
      if (j != i) CHECK(test::difference(shown[i], made[j]) > own);
  }
}

TEST_CASE("each mosaic on the sheet is the one that its line makes") {
  const SweepShop shop;
  const fs::path sheet = shop / "sheet.png";
  const Ended ended =
      try_out(shop.target(), shop.tiles(), {"--size", "240", "-o", sheet, "--progress", "json"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  const nlohmann::json done = told(ended);
  CHECK(done["canvas"] == nlohmann::json{{"width", 240}, {"height", 160}});
  const cv::Mat pixels = read_png(sheet);
  CHECK(done["sheet"] == nlohmann::json{{"width", pixels.cols}, {"height", pixels.rows}});
  CHECK(says(ended.output, "\"phase\":\"mosaics\",\"done\":12"));
  std::size_t place = 0;
  for (const char* look : {"natural", "exact", "painterly", "collage"})
    for (const char* density : {"1,000 cells", "2,700 cells", "7,000 cells"})
      CHECK(done["mosaics"][place++]["name"] == std::string(look) + ", " + density);
  check_sheet(sheet, done, shop / "one.png");
}

TEST_CASE("what is asked for beside looks and cells holds for every mosaic, and is in its line") {
  const SweepShop shop;
  const fs::path sheet = shop / "sheet.png";
  const Ended ended =
      try_out(shop.target(), shop.tiles(),
              {"--size", "240", "-o", sheet, "--progress", "json", "--tile-aspect", "1:1",
               "--opacity", "0.7", "--best-k", "3", "--seed", "4", "--flip"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  const nlohmann::json done = told(ended);
  for (const auto& mosaic : done["mosaics"])
    for (const char* part :
         {"--tile-aspect 1:1", "--opacity 0.7", "--best-k 3", "--seed 4", "--flip"})
      CHECK(says(mosaic["command"], part));
  check_sheet(sheet, done, shop / "one.png");
}

TEST_CASE("of a video, the frame that is asked for is tried, or the middle one") {
  const test::Workshop shop;
  const SweepShop other;
  const fs::path sheet = shop / "sheet.png";
  const Ended ended = try_out(shop.clip(), other.tiles(),
                              {"--at", "1", "--size", "240", "-o", sheet, "--progress", "json"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  check_sheet(sheet, told(ended), shop / "one.png");
  const Ended middle = try_out(shop.clip(), other.tiles(),
                               {"--size", "240", "-o", shop / "b.png", "--progress", "json"});
  CHECK(says(middle.errors, "its frame at 2.5 s is taken"));
  const Ended asked =
      try_out(shop.clip(), other.tiles(), {"--at", "2.5", "--size", "240", "-o", shop / "c.png"});
  CHECK(asked.code == 0);
  CHECK(says(asked.errors, "--at 2.5 --cells 1000 --look natural\n"));
  CHECK(says(asked.errors, "smalti video"));
  CHECK(text_of(shop / "b.png") == text_of(shop / "c.png"));
  CHECK(text_of(shop / "b.png") != text_of(sheet));
}

TEST_CASE("the page has the sheet's mosaics and lines, and needs nothing else") {
  const SweepShop shop;
  const fs::path folder = shop / "a & 'b' <i>";
  fs::create_directory(folder);
  fs::copy_file(shop.target(), folder / "beach.png");
  const Ended ended = try_out(folder / "beach.png", shop.tiles(),
                              {"--size", "240", "-o", shop / "sheet.png", "--html",
                               shop / "page.html", "--progress", "json"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  const nlohmann::json done = told(ended);
  const std::string page = text_of(shop / "page.html");
  const std::vector<cv::Mat> shown = mosaics_on(read_png(shop / "sheet.png"), {240, 160});
  const std::string begin = "src=\"data:image/jpeg;base64,";
  std::size_t at = 0;
  for (std::size_t i = 0; i < kMosaics; ++i) {
    at = page.find(begin, at);
    REQUIRE(at != std::string::npos);
    at += begin.size();
    const auto bytes = from_base64(page.substr(at, page.find('"', at) - at));
    REQUIRE(bytes);
    cv::Mat picture =
        cv::imdecode(std::vector<char>(bytes->begin(), bytes->end()), cv::IMREAD_COLOR);
    cv::cvtColor(picture, picture, cv::COLOR_BGR2RGB);
    const double own = test::difference(picture, shown.at(i));
    CHECK(own < 12);
    for (std::size_t j = 0; j < kMosaics; ++j)
      if (j != i) CHECK(test::difference(picture, shown.at(j)) > own);

    const std::string name = done["mosaics"][i]["name"];
    const std::size_t line = page.find("<figcaption>" + name + "</figcaption><code>", at);
    REQUIRE(line < page.find("<figure>", at));
    std::string words = page.substr(page.find("<code>", line) + std::string("<code>").size());
    words = words.substr(0, words.find("</code>"));
    for (const auto& [entity, character] : {std::pair{"<span>", ""},
                                            {"</span>", ""},
                                            {"&lt;", "<"},
                                            {"&gt;", ">"},
                                            {"&quot;", "\""},
                                            {"&amp;", "&"}})
      for (std::size_t e = words.find(entity); e != std::string::npos;
           e = words.find(entity, e + 1))
        words.replace(e, std::string(entity).size(), character);
    CHECK(words == done["mosaics"][i]["command"]);
  }
  CHECK(page.find(begin, at) == std::string::npos);
  CHECK(page.find("<i>") == std::string::npos);
  for (const char* foreign : {"<script", "http:", "https:", "url("})
    CHECK_FALSE(says(page, foreign));
}

TEST_CASE("the summary lists the lines, and --quiet says nothing") {
  const SweepShop shop;
  const fs::path sheet = shop / "sheet.jpg";
  const std::vector<std::string> small = {"--size", "64", "-y", "-o", sheet};
  const Ended ended = try_out(shop.target(), shop.tiles(), small);
  REQUIRE(ended.code == 0);
  CHECK(says(ended.errors, "12 mosaics of 64x43 pixels"));
  CHECK_FALSE(says(ended.errors, "smalti video"));
  for (const char* look : {"natural", "exact", "painterly", "collage"})
    for (const char* cells : {"1000", "2700", "7000"})
      CHECK(says(ended.errors, "smalti image " + shop.target().string() + " --tiles " +
                                   shop.tiles().string() + " --cells " + cells + " --look " + look +
                                   "\n"));
  std::vector<std::string> quiet = small;
  quiet.push_back("-q");
  const Ended silent = try_out(shop.target(), shop.tiles(), quiet);
  CHECK(silent.code == 0);
  CHECK((silent.errors + silent.output).empty());
}

TEST_CASE("the sheet is named after its target, and is a JPEG or what its name says") {
  const SweepShop shop;
  const Ended ended =
      run_program({"sh", "-c", "cd \"$0\" && exec \"$@\"", shop / ".", test::smalti_program(),
                   "try", shop.target(), "-t", shop.tiles(), "--size", "64", "-q"});
  INFO(ended.errors);
  CHECK(ended.code == 0);
  CHECK(text_of(shop / "beach-try.jpg").starts_with("\xff\xd8"));
  CHECK(try_out(shop.target(), shop.tiles(),
                {"--size", "64", "-q", "-o", (shop / "x-{stem}.png").string()})
            .code == 0);
  CHECK(text_of(shop / "x-beach.png").starts_with("\x89PNG"));
}

TEST_CASE("threads and memory do not show") {
  const SweepShop shop;
  std::vector<std::string> files;
  for (const std::vector<std::string>& how :
       {std::vector<std::string>{"-j", "1"}, {"-j", "5"}, {"--memory", "1M", "--no-cache"}}) {
    std::vector<std::string> words = {"--size", "200",          "-y",     "-q",
                                      "-o",     shop / "a.jpg", "--html", shop / "a.html"};
    words.insert(words.end(), how.begin(), how.end());
    REQUIRE(try_out(shop.target(), shop.tiles(), words).code == 0);
    files.push_back(text_of(shop / "a.jpg") + text_of(shop / "a.html"));
  }
  CHECK(files[0] == files[1]);
  CHECK(files[0] == files[2]);
}

TEST_CASE("targets of any shape have a sheet") {
  const SweepShop shop;
  for (const cv::Size size : {cv::Size(24, 20), cv::Size(900, 60), cv::Size(60, 900)}) {
    CAPTURE(size.width);
    write_png(shop / "odd.png", test::photo({size.width, size.height}));
    const Ended ended =
        try_out(shop / "odd.png", shop.tiles(),
                {"--size", "128", "-y", "-o", shop / "a.png", "--progress", "json"});
    INFO(ended.errors);
    REQUIRE(ended.code == 0);
    const nlohmann::json done = told(ended);
    CHECK(std::max(done["canvas"]["width"], done["canvas"]["height"]) == 128);
    CHECK(read_png(shop / "a.png").cols == done["sheet"]["width"]);
  }
}

TEST_CASE("what cannot be tried is said, and nothing is left") {
  const SweepShop shop;
  fs::create_directory(shop / "empty");
  std::ofstream(shop / "text.png") << "no picture";
  fs::create_directory(shop / "mixed");
  fs::copy_file(shop.tiles() / "tile-1.png", shop / "mixed" / "tile.png");
  fs::copy_file(shop / "text.png", shop / "mixed" / "text.png");
  std::ofstream(shop / "there.jpg") << "mine";
  write_png(shop / "dot.png", cv::Mat(1, 1, CV_8UC3, cv::Scalar::all(99)));
  struct Case {
    std::vector<std::string> words;
    int code;
    const char* says;
  };
  const std::string target = shop.target();
  const std::string tiles = shop.tiles();
  const std::string out = shop / "a.jpg";
  const std::string there = shop / "there.jpg";
  const std::vector<Case> cases = {
      {{"try"}, 2, "no target"},
      {{"try", target}, 2, "no tiles"},
      {{"try", target, "-t", tiles, "--look", "exact"}, 2, "--look"},
      {{"try", target, "-t", tiles, "--spacing", "3"}, 2, "--spacing"},
      {{"try", target, "-t", tiles, "--columns", "9"}, 2, "--columns"},
      {{"try", target, "-t", tiles, "--size", "63"}, 2, "--size"},
      {{"try", target, "-t", tiles, "--size", "4097"}, 2, "--size"},
      {{"try", shop / "dot.png", "-t", tiles}, 2, "larger target"},
      {{"try", target, "-t", tiles, "--at", "3"}, 2, "--at has no effect"},
      {{"try", target, "-t", tiles, "-o", shop / "a.gif"}, 2, "a.gif"},
      {{"try", target, "-t", tiles, "-o", target}, 2, "target itself"},
      {{"try", target, "-t", tiles, "-o", out, "--html", target, "-y"}, 2, "target itself"},
      {{"try", target, "-t", tiles, "-o", out, "--html", out}, 2, "output itself"},
      {{"try", target, "-t", tiles, "-y", "-o", shop.tiles() / "tile-3.png"}, 2, "one of the"},
      {{"try", target, "-t", tiles, "-o", there}, 73, "there.jpg"},
      {{"try", target, "-t", tiles, "-o", out, "--html", there}, 73, "there.jpg"},
      {{"try", target, "-t", tiles, "-o", shop / "no/a.jpg"}, 73, "no/a.jpg"},
      {{"try", shop / "none.png", "-t", tiles}, 66, "none.png"},
      {{"try", target, "-t", shop / "none"}, 66, "none"},
      {{"try", target, "-t", shop / "empty", "-o", out}, 65, "empty"},
      {{"try", shop / "text.png", "-t", tiles, "-o", out}, 65, "text.png"},
      {{"try", target, "-t", shop / "mixed", "--strict", "-o", out}, 65, "text.png"},
  };
  const std::size_t before = shop.entries();
  for (const Case& c : cases) {
    CAPTURE(c.says);
    const Ended ended = run_smalti(c.words);
    CAPTURE(ended.errors);
    CHECK(ended.code == c.code);
    CHECK(says(ended.errors, c.says));
    CHECK(shop.entries() == before);
  }
  CHECK(text_of(there) == "mine");
  CHECK(try_out(target, shop / "mixed", {"-o", there, "-y", "--size", "64"}).code == 0);
  CHECK(text_of(there) != "mine");
  fs::create_symlink("/dev/full", shop / "full.jpg");
  CHECK(try_out(target, tiles, {"-y", "-o", shop / "full.jpg", "--size", "64"}).code == 74);
}

}  // namespace
}  // namespace smalti

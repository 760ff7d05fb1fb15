// A picture on sheets of paper, as poppler reads the PDF file.

#include "smalti/pages.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <malloc.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <sstream>

#include "paper/pages.h"
#include "smalti/error.h"
#include "support/pictures.h"
#include "support/program.h"
#include "support/synthetic.h"
#include "support/temp_folder.h"
#include "support/workshop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::says;
using test::TempFolder;

constexpr double kMmPerInch = 25.4;

/// Of the whole canvas, so that neighbours have the same pixels where they overlap.
using Painter = test::SampleFunction;

int white(int, int, int) { return 255; }
int dark_blue(int c, int, int) { return c == 2 ? 120 : 10; }
// Alike at no two places.
int rainbow(int c, int x, int y) {
  return static_cast<int>(127.5 + 60 * std::sin(1e-4 * x * x + 0.02 * y + c) +
                          60 * std::sin(1e-4 * y * y - 0.03 * x + 2 * c));
}
int stripes(int c, int x, int) { return (x % 2 == 0) == (c == 0) ? 240 : 10; }

Picture part_of(const Painter& canvas, const Rect& part) {
  return test::make_picture(test::kRgb8, {part.width, part.height},
                            [&](int c, int x, int y) { return canvas(c, x + part.x, y + part.y); });
}

std::string read_bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

std::string run(const std::vector<std::string>& words) {
  const test::Ended ended = test::run_program(words);
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  CHECK(ended.errors == "");
  return ended.output;
}

/// A PDF file of a picture, and what poppler's programs say of it.
class Document {
 public:
  Document(Size canvas, const PageOptions& options, const Painter& painter, int quality = 95)
      : Document(paper::plan_pages(canvas, options), painter, quality) {}
  Document(PagePlan plan, const Painter& painter, int quality = 95) : plan_(std::move(plan)) {
    paper::PagesWriter writer(file(), false, plan_, quality);
    for (const Page& page : plan_.pages) writer.write(part_of(painter, page.part));
    bytes_ = writer.finish();
  }

  fs::path file() const { return folder_ / "mural.pdf"; }
  const PagePlan& plan() const { return plan_; }
  std::uint64_t bytes() const { return bytes_; }
  std::string contents() const { return read_bytes(file()); }

  /// The embedded JPEGs, as they are.
  std::vector<cv::Mat> images() const {
    run({"pdfimages", "-all", file(), folder_ / "image"});
    std::vector<cv::Mat> images;
    for (fs::path name; fs::exists(
             name = folder_ / fmt::format("image-{:03}.jpg", static_cast<int>(images.size())));) {
      cv::Mat rgb;
      cv::cvtColor(cv::imread(name), rgb, cv::COLOR_BGR2RGB);
      images.push_back(rgb);
    }
    return images;
  }

  /// The sheet in grey, or a rectangle of it in the rendering's pixels.
  cv::Mat render(std::size_t page, double dpi, const Rect& crop = {}) const {
    const std::string number = fmt::format("{}", page + 1);
    run({"pdftoppm", "-gray", "-singlefile", "-f", number, "-l", number, "-r",
         fmt::format("{}", dpi), "-x", fmt::format("{}", crop.x), "-y", fmt::format("{}", crop.y),
         "-W", fmt::format("{}", crop.width), "-H", fmt::format("{}", crop.height), file(),
         folder_ / "page"});
    return cv::imread(folder_ / "page.pgm", cv::IMREAD_GRAYSCALE);
  }

 private:
  TempFolder folder_;
  PagePlan plan_;
  std::uint64_t bytes_ = 0;
};

/// A sheet rendered, measured in mm, with where its part must lie.
class Sheet {
 public:
  Sheet(const Document& document, std::size_t page, double dpi)
      : gray_(document.render(page, dpi)), scale_(dpi / kMmPerInch) {
    const PagePlan& plan = document.plan();
    const Rect& part = plan.pages[page].part;
    const double width = part.width * kMmPerInch / plan.dpi;
    const double height = part.height * kMmPerInch / plan.dpi;
    left = (plan.paper_width_mm - width) / 2;
    top = (plan.paper_height_mm - height) / 2;
    right = left + width;
    bottom = top + height;
    overlap = plan.overlap_px * kMmPerInch / plan.dpi;
  }

  double left, top, right, bottom, overlap;

  cv::Mat cut(double x0, double y0, double x1, double y1) const {
    const auto pixel = [&](double mm, int most) {
      return std::clamp(static_cast<int>(std::lround(mm * scale_)), 0, most);
    };
    return gray_(cv::Range(pixel(y0, gray_.rows), pixel(y1, gray_.rows)),
                 cv::Range(pixel(x0, gray_.cols), pixel(x1, gray_.cols)));
  }
  int darkest(double x0, double y0, double x1, double y1) const {
    double darkest = 0;
    cv::minMaxLoc(cut(x0, y0, x1, y1), &darkest);
    return static_cast<int>(darkest);
  }
  /// Some of a line, within a quarter of a mm of its place.
  bool has_vertical_line(double x, double from_y, double to_y) const {
    return darkest(x - 0.25, from_y, x + 0.25, to_y) < 150;
  }
  bool has_horizontal_line(double y, double from_x, double to_x) const {
    return darkest(from_x, y - 0.25, to_x, y + 0.25) < 150;
  }
  const cv::Mat& gray() const { return gray_; }
  double scale() const { return scale_; }

 private:
  cv::Mat gray_;
  double scale_;
};

TEST_CASE("a sheet a page, of the paper's size, with no fonts, no date and smalti's name") {
  for (const auto& [paper, width, height] :
       {std::tuple{Paper::kA4, 595.28, 841.89}, std::tuple{Paper::kA3, 841.89, 1190.55},
        std::tuple{Paper::kLetter, 612.0, 792.0}}) {
    const Document document({900, 1600}, {paper, 60, 5}, rainbow);
    const std::size_t pages = document.plan().pages.size();
    CHECK(pages > 2);
    const std::string info =
        run({"pdfinfo", "-box", "-f", "1", "-l", fmt::format("{}", pages), document.file()});
    CHECK(says(info, "Creator:         smalti\n"));
    CHECK_FALSE(says(info, "Date"));
    CHECK(says(info, fmt::format("Pages:           {}\n", pages)));
    std::istringstream lines(info);
    std::size_t boxes = 0;
    for (std::string line; std::getline(lines, line);) {
      const std::size_t at = line.find("MediaBox:");
      if (at == std::string::npos) continue;
      std::istringstream box(line.substr(at + 9));
      std::array<double, 4> sides{};
      for (double& side : sides) box >> side;
      CHECK(sides[0] == 0);
      CHECK(sides[1] == 0);
      const bool turned = document.plan().paper_width_mm > document.plan().paper_height_mm;
      CHECK(std::abs(sides[turned ? 3 : 2] - width) < 0.02);
      CHECK(std::abs(sides[turned ? 2 : 3] - height) < 0.02);
      ++boxes;
    }
    CHECK(boxes == pages);
    const std::string fonts = run({"pdffonts", document.file()});
    CHECK(std::count(fonts.begin(), fonts.end(), '\n') == 2);  // the head of an empty table
    CHECK(document.bytes() == fs::file_size(document.file()));
  }
}

TEST_CASE("each page holds its part as a JPEG, colours at full resolution") {
  for (const Painter& painter : {Painter(rainbow), Painter(stripes)}) {
    const Document document({700, 500}, {Paper::kA4, 50, 7}, painter);
    REQUIRE(document.plan().pages.size() == 2);
    const std::vector<cv::Mat> images = document.images();
    REQUIRE(images.size() == 2);
    for (std::size_t i = 0; i < images.size(); ++i) {
      const Picture part = part_of(painter, document.plan().pages[i].part);
      CHECK(test::difference(images[i], test::pixels_of(part)) < 2);
    }
  }
}

TEST_CASE("better quality is nearer and larger") {
  const Document rough({300, 300}, {}, rainbow, 30);
  const Document fine({300, 300}, {}, rainbow, 98);
  CHECK(rough.bytes() < fine.bytes());
  const cv::Mat pixels = test::pixels_of(part_of(rainbow, {0, 0, 300, 300}));
  CHECK(test::difference(fine.images().at(0), pixels) <
        test::difference(rough.images().at(0), pixels));
}

TEST_CASE("rendered at its own resolution, a page shows its part's pixels in the middle") {
  const Document document({1500, 900}, {Paper::kLetter, 100, 5}, rainbow);
  REQUIRE(document.plan().pages.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    const Sheet sheet(document, i, 100);
    const Rect& rect = document.plan().pages[i].part;
    cv::Mat part;
    cv::cvtColor(test::pixels_of(part_of(rainbow, rect)), part, cv::COLOR_RGB2GRAY);
    // Where it matches best, wherever that is.
    const cv::Rect middle(100, 100, 200, 200);
    cv::Mat match;
    cv::matchTemplate(sheet.gray(), part(middle), match, cv::TM_SQDIFF);
    cv::Point found;
    double least = 0;
    cv::minMaxLoc(match, &least, nullptr, &found, nullptr);
    CHECK(std::sqrt(least / middle.area()) < 8);  // half a pixel's shift and the JPEG
    CHECK(std::abs(found.x - middle.x - sheet.left * sheet.scale()) <= 1);
    CHECK(std::abs(found.y - middle.y - sheet.top * sheet.scale()) <= 1);
  }
}

TEST_CASE("on paper, a part is as large as its pixels and resolution say, to 0.05 mm") {
  constexpr double kFineDpi = 1200;
  constexpr int kReach = 36;  // pixels; less than the gap before the crop marks
  for (const double dpi : {72.0, 299.7}) {
    const Document document({737, 919}, {Paper::kA4, dpi, 5}, dark_blue);
    const Page& page = document.plan().pages[0];
    const double width = page.part.width * kMmPerInch / dpi;
    const double height = page.part.height * kMmPerInch / dpi;
    const double page_left = (document.plan().paper_width_mm - width) / 2;
    const double page_top = (document.plan().paper_height_mm - height) / 2;
    // From black to white along a line through the middle of a piece around a corner.
    const auto edges = [&](double x_mm, double y_mm, int inward) {
      const int x = static_cast<int>(std::lround(x_mm / kMmPerInch * kFineDpi));
      const int y = static_cast<int>(std::lround(y_mm / kMmPerInch * kFineDpi));
      const cv::Mat piece =
          document.render(0, kFineDpi, {x - kReach, y - kReach, 2 * kReach, 2 * kReach}) < 128;
      const int inside = kReach + inward * kReach / 2;
      const int dark_x = cv::countNonZero(piece.row(inside));
      const int dark_y = cv::countNonZero(piece.col(inside));
      return std::pair((x - inward * (dark_x - kReach)) / kFineDpi * kMmPerInch,
                       (y - inward * (dark_y - kReach)) / kFineDpi * kMmPerInch);
    };
    const auto [left, top] = edges(page_left, page_top, 1);
    const auto [right, bottom] = edges(page_left + width, page_top + height, -1);
    CHECK(std::abs(right - left - width) < 0.05);
    CHECK(std::abs(bottom - top - height) < 0.05);
    CHECK(std::abs(left - page_left) < 0.05);
    CHECK(std::abs(top - page_top) < 0.05);
  }
}

TEST_CASE("marks are in line with the edges, around the picture and never in it") {
  const Document document({1448, 2132}, {Paper::kA4, 100, 12}, white);
  REQUIRE(document.plan().pages.size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    CAPTURE(i);
    const Sheet s(document, i, 300);
    CHECK(s.darkest(s.left - 0.8, s.top - 0.8, s.right + 0.8, s.bottom + 0.8) > 250);
    for (const double x : {s.left, s.right}) {
      CHECK(s.has_vertical_line(x, s.top - 4.5, s.top - 3.5));
      CHECK(s.has_vertical_line(x, s.bottom + 3.5, s.bottom + 4.5));
    }
    for (const double y : {s.top, s.bottom}) {
      CHECK(s.has_horizontal_line(y, s.left - 4.5, s.left - 3.5));
      CHECK(s.has_horizontal_line(y, s.right + 3.5, s.right + 4.5));
    }
    // Printers leave the paper's edge white.
    CHECK(s.darkest(0, 0, 210, 4.5) == 255);
    CHECK(s.darkest(0, 0, 4.5, 297) == 255);
    CHECK(s.darkest(0, 297 - 4.5, 210, 297) == 255);
    CHECK(s.darkest(210 - 4.5, 0, 210, 297) == 255);
  }
}

TEST_CASE("where a neighbour follows, its edge and the strip that it covers are marked") {
  const Document document({1200, 1500}, {Paper::kA4, 100, 12}, white);
  for (std::size_t i = 0; i < 4; ++i) {
    CAPTURE(i);
    const Page& page = document.plan().pages[i];
    const Sheet s(document, i, 300);
    const bool to_the_right = page.column == 0;
    const bool below = page.row == 0;
    const double x = s.right - s.overlap;
    const double y = s.bottom - s.overlap;
    CHECK(s.has_vertical_line(x, s.top - 4.5, s.top - 2.5) == to_the_right);
    CHECK(s.has_vertical_line(x, s.bottom + 2.5, s.bottom + 4.5) == to_the_right);
    CHECK(s.has_horizontal_line(y, s.left - 4.5, s.left - 2.5) == below);
    CHECK(s.has_horizontal_line(y, s.right + 2.5, s.right + 4.5) == below);
    const auto is_gray = [&](double left, double top, double right, double bottom) {
      const double mean = cv::mean(s.cut(left, top, right, bottom))[0];
      return mean > 190 && mean < 215;
    };
    CHECK(is_gray(x + 0.5, s.top - 1.7, s.right - 0.5, s.top - 1.1) == to_the_right);
    CHECK(is_gray(x + 0.5, s.bottom + 1.1, s.right - 0.5, s.bottom + 1.7) == to_the_right);
    CHECK(is_gray(s.left - 1.7, y + 0.5, s.left - 1.1, s.bottom - 0.5) == below);
    CHECK(is_gray(s.right + 1.1, y + 0.5, s.right + 1.7, s.bottom - 0.5) == below);
  }
}

TEST_CASE("below the picture, a plan of all sheets has this one filled in") {
  const Document document({2000, 1500}, {Paper::kA4, 100, 5}, white);
  REQUIRE(document.plan().columns == 3);
  REQUIRE(document.plan().rows == 2);
  std::vector<cv::Point2d> centers;
  for (std::size_t i = 0; i < 6; ++i) {
    const Sheet s(document, i, 300);
    const cv::Mat caption = s.cut(s.left + 1, s.bottom + 1, s.left + 60, s.bottom + 5);
    const cv::Moments black = cv::moments(caption < 50, true);
    REQUIRE(black.m00 > 20);
    centers.emplace_back(black.m10 / black.m00, black.m01 / black.m00);
    CHECK(cv::countNonZero((caption > 90) & (caption < 160)) > 200);  // words and lines
  }
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = 0; j < 6; ++j) {
      const Page& a = document.plan().pages[i];
      const Page& b = document.plan().pages[j];
      if (a.column < b.column) CHECK(centers[i].x + 3 < centers[j].x);
      if (a.row < b.row) CHECK(centers[i].y + 3 < centers[j].y);
      if (a.column == b.column) CHECK(std::abs(centers[i].x - centers[j].x) < 2);
      if (a.row == b.row) CHECK(std::abs(centers[i].y - centers[j].y) < 2);
    }
  }
}

TEST_CASE("a single sheet has nothing but its crop marks, down to a canvas of one pixel") {
  for (const Size canvas : {Size{1, 1}, Size{300, 200}}) {
    const Document document(canvas, {}, dark_blue);
    REQUIRE(document.plan().pages.size() == 1);
    const Sheet s(document, 0, 300);
    CHECK(s.has_vertical_line(s.left, s.top - 4.5, s.top - 3.5));
    CHECK(s.has_horizontal_line(s.bottom, s.right + 3.5, s.right + 4.5));
    CHECK(s.darkest(s.right + 0.3, s.bottom + 0.3, 210, 297) == 255);
    const cv::Mat image = document.images().at(0);
    CHECK(image.cols == canvas.width);
    CHECK(image.rows == canvas.height);
    CHECK(test::difference(
              image, test::pixels_of(part_of(dark_blue, {0, 0, canvas.width, canvas.height}))) < 2);
  }
}

TEST_CASE("the most sheets there can be still have their caption on the paper") {
  PagePlan plan = paper::plan_pages({1400, 2100}, {Paper::kA4, 2, 0});
  REQUIRE(plan.pages.size() == 10'000);
  plan.pages = {plan.pages.back()};
  const Document document(plan, white);
  const Sheet s(document, 0, 150);
  CHECK(s.darkest(s.left + 1, s.bottom + 1, s.right - 1, s.bottom + 5) < 150);
  CHECK(s.darkest(210 - 4.5, 0, 210, 297) == 255);
}

TEST_CASE("the same pages give the same bytes") {
  const Document first({700, 500}, {Paper::kA4, 50, 5}, rainbow);
  const Document second({700, 500}, {Paper::kA4, 50, 5}, rainbow);
  CHECK(first.contents() == second.contents());
}

TEST_CASE("a page is in the file as soon as it is written, and in place only at the end") {
  const TempFolder folder;
  const PagePlan plan = paper::plan_pages({1200, 1200}, {Paper::kA4, 72, 5});
  REQUIRE(plan.pages.size() > 2);
  paper::PagesWriter writer(folder / "mural.pdf", false, plan, 90);
  REQUIRE(entries(folder.path()) == 1);
  const fs::path temporary = fs::directory_iterator(folder.path())->path();
  std::uintmax_t before = 0;
  for (const Page& page : plan.pages) {
    writer.write(part_of(rainbow, page.part));
    CHECK(fs::file_size(temporary) > before + 20'000);
    before = fs::file_size(temporary);
  }
  CHECK_FALSE(fs::exists(folder / "mural.pdf"));
  const std::uint64_t bytes = writer.finish();
  CHECK(fs::file_size(folder / "mural.pdf") == bytes);
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("memory does not grow with the number of pages") {
  const TempFolder folder;
  const PagePlan plan = paper::plan_pages({2800, 5000}, {Paper::kA4, 100, 5});
  REQUIRE(plan.pages.size() > 19);
  paper::PagesWriter writer(folder / "mural.pdf", false, plan, 90);
  std::size_t settled = 0;
  for (std::size_t i = 0; i < plan.pages.size(); ++i) {
    writer.write(part_of(white, plan.pages[i].part));
    if (i == 3) settled = ::mallinfo2().arena;
  }
  const Rect& part = plan.pages[0].part;
  const std::size_t page_bytes = picture_bytes(test::kRgb8, {part.width, part.height});
  CHECK(::mallinfo2().arena < settled + 3 * page_bytes);
  writer.finish();
}

TEST_CASE("without its end, a file leaves nothing behind and an old one as it was") {
  const TempFolder folder;
  const fs::path name = folder / "mural.pdf";
  std::ofstream(name) << "old";
  const PagePlan plan = paper::plan_pages({50, 50}, {});
  CHECK_THROWS_WITH_AS(paper::PagesWriter(name, false, plan, 90), doctest::Contains("exists"),
                       Error);
  {
    paper::PagesWriter writer(name, true, plan, 90);
    writer.write(part_of(white, plan.pages[0].part));
  }
  CHECK(read_bytes(name) == "old");
  CHECK(entries(folder.path()) == 1);
  paper::PagesWriter writer(name, true, plan, 90);
  writer.write(part_of(white, plan.pages[0].part));
  writer.finish();
  CHECK(read_bytes(name).starts_with("%PDF-"));
}

TEST_CASE("whoever reads a pipe can tell a document that was given up") {
  const TempFolder folder;
  const fs::path fifo = folder / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  const int end = ::open(fifo.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  REQUIRE(end >= 0);
  const auto read_all = [&] {
    std::string text(1 << 16, '\0');
    const ssize_t count = ::read(end, text.data(), text.size());
    return text.substr(0, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  };
  const PagePlan plan = paper::plan_pages({50, 50}, {});
  for (const bool finishes : {true, false}) {
    {
      paper::PagesWriter writer(fifo, false, plan, 90);
      writer.write(part_of(rainbow, plan.pages[0].part));
      if (finishes) CHECK(writer.finish() > 1000);
    }
    const std::string text = read_all();
    CHECK(text.starts_with("%PDF-"));
    CHECK(says(text, "%%EOF") == finishes);
  }
  ::close(end);
}

TEST_CASE("a full disk is an error that says so, and leaves nothing") {
  const PagePlan plan = paper::plan_pages({400, 300}, {});
  const Picture part = part_of(rainbow, plan.pages[0].part);
  const auto write_to = [&](const fs::path& path) {
    try {
      paper::PagesWriter writer(path, false, plan, 95);
      writer.write(part);
      writer.finish();
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::kInputOutput);
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK(write_to("/dev/full") == "cannot write '/dev/full': No space left on device");

  const TempFolder folder;
  rlimit usual{};
  ::getrlimit(RLIMIT_FSIZE, &usual);
  const auto usual_action = ::signal(SIGXFSZ, SIG_IGN);
  std::uint64_t whole = 0;
  {
    const Document document({400, 300}, {}, rainbow);
    whole = document.bytes();
  }
  // In the picture, and in what comes after the last page.
  for (const std::uint64_t room : {whole / 2, whole - 100}) {
    const rlimit little{room, usual.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &little);
    const std::string said = write_to(folder / "mural.pdf");
    ::setrlimit(RLIMIT_FSIZE, &usual);
    CHECK(says(said, "mural.pdf': File too large"));
    CHECK(entries(folder.path()) == 0);
  }
  ::signal(SIGXFSZ, usual_action);
}

}  // namespace
}  // namespace smalti

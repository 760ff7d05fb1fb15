// On which sheets of paper a picture goes.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "paper/pages.h"
#include "smalti/error.h"
#include "smalti/pages.h"

namespace smalti {
namespace {

constexpr double kMmPerInch = 25.4;

int pixels_between_margins(double paper_mm, double dpi) {
  return static_cast<int>(std::floor((paper_mm - 20) / kMmPerInch * dpi + 1e-6));
}

// By laying sheet after sheet.
int count_sheets(int length, int room, int overlap) {
  int count = 1;
  for (int covered = room; covered < length; covered += room - overlap) ++count;
  return count;
}

void check_line(const std::vector<Page>& line, int Rect::*start, int Rect::*length, int whole,
                int overlap) {
  CHECK(line.front().part.*start == 0);
  CHECK(line.back().part.*start + line.back().part.*length == whole);
  for (std::size_t i = 1; i < line.size(); ++i) {
    const Rect& before = line[i - 1].part;
    const Rect& after = line[i].part;
    CHECK(before.*start + before.*length - after.*start == overlap);
    CHECK(before.*start < after.*start);
    CHECK(std::abs(before.*length - after.*length) <= 1);
  }
}

void check_plan(Size canvas, const PageOptions& options, double short_mm, double long_mm) {
  CAPTURE(canvas.width);
  CAPTURE(canvas.height);
  CAPTURE(options.dpi);
  CAPTURE(options.overlap_mm);
  const PagePlan plan = paper::plan_pages(canvas, options);
  const int overlap = static_cast<int>(std::lround(options.overlap_mm / kMmPerInch * options.dpi));
  REQUIRE(plan.pages.size() == static_cast<std::size_t>(plan.columns) * plan.rows);
  CHECK(plan.overlap_px == overlap);
  CHECK(plan.dpi == options.dpi);
  CHECK(plan.margin_mm == 10);

  const int across = pixels_between_margins(short_mm, options.dpi);
  const int along = pixels_between_margins(long_mm, options.dpi);
  const int upright = count_sheets(canvas.width, across, overlap) *  //
                      count_sheets(canvas.height, along, overlap);
  const int turned =
      count_sheets(canvas.width, along, overlap) * count_sheets(canvas.height, across, overlap);
  const bool turns = turned < upright;
  CHECK(plan.pages.size() == static_cast<std::size_t>(std::min(upright, turned)));
  CHECK(plan.paper_width_mm == (turns ? long_mm : short_mm));
  CHECK(plan.paper_height_mm == (turns ? short_mm : long_mm));

  for (int row = 0; row < plan.rows; ++row) {
    std::vector<Page> line;
    for (int column = 0; column < plan.columns; ++column) {
      const Page& page = plan.pages[static_cast<std::size_t>(row) * plan.columns + column];
      CHECK(page.row == row);
      CHECK(page.column == column);
      CHECK(page.part.width >= 1);
      CHECK(page.part.height >= 1);
      CHECK(page.part.width <= (turns ? along : across));
      CHECK(page.part.height <= (turns ? across : along));
      CHECK(page.part.y == plan.pages[static_cast<std::size_t>(row) * plan.columns].part.y);
      line.push_back(page);
    }
    check_line(line, &Rect::x, &Rect::width, canvas.width, overlap);
  }
  for (int column = 0; column < plan.columns; ++column) {
    std::vector<Page> line;
    for (int row = 0; row < plan.rows; ++row)
      line.push_back(plan.pages[static_cast<std::size_t>(row) * plan.columns + column]);
    check_line(line, &Rect::y, &Rect::height, canvas.height, overlap);
  }
}

TEST_CASE("sheets cover the canvas, as few as can be, evenly, and neighbours share the overlap") {
  for (const Size canvas :
       {Size{1, 1}, Size{7, 5}, Size{50, 3000}, Size{2244, 3271}, Size{2245, 3271},
        Size{3271, 2244}, Size{1920, 1080}, Size{4429, 6483}, Size{9999, 7777}, Size{16384, 100}}) {
    for (const double dpi : {60.0, 150.0, 299.7, 300.0, 1200.0}) {
      for (const double overlap_mm : {0.0, 5.0, 12.7, 100.0}) {
        const auto options = [&](Paper paper) { return PageOptions{paper, dpi, overlap_mm}; };
        check_plan(canvas, options(Paper::kA4), 210, 297);
        check_plan(canvas, options(Paper::kA3), 297, 420);
        check_plan(canvas, options(Paper::kLetter), 215.9, 279.4);
      }
    }
  }
}

TEST_CASE("paper is turned where that saves sheets") {
  const PagePlan wide = paper::plan_pages({3271, 2244}, {});
  CHECK(wide.pages.size() == 1);
  CHECK(wide.paper_width_mm == 297);
  CHECK(wide.paper_height_mm == 210);
  const PagePlan high = paper::plan_pages({2244, 3271}, {});
  CHECK(high.pages.size() == 1);
  CHECK(high.paper_width_mm == 210);
  const PagePlan small = paper::plan_pages({2000, 1000}, {});  // fits both ways
  CHECK(small.paper_width_mm == 210);
}

ErrorKind kind_of_failure(Size canvas, const PageOptions& options) {
  try {
    paper::plan_pages(canvas, options);
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind{0};
}

TEST_CASE("plans without meaning are usage errors") {
  const Size hd{1920, 1080};
  CHECK(kind_of_failure(hd, {Paper::kA4, 300, 189}) == ErrorKind{0});
  CHECK(kind_of_failure(hd, {Paper::kA4, 300, 190}) == ErrorKind::kUsage);
  CHECK(kind_of_failure(hd, {Paper::kA3, 300, 190}) == ErrorKind{0});
  CHECK(kind_of_failure(hd, {Paper::kA4, 300, 1e300}) == ErrorKind::kUsage);
  CHECK(kind_of_failure(hd, {Paper::kA4, 300, -1}) == ErrorKind::kUsage);
  CHECK(kind_of_failure(hd, {Paper::kA4, 300, NAN}) == ErrorKind::kUsage);
  for (const double dpi : {0.0, -300.0, 0.01, 2400.1, double{INFINITY}, double{NAN}})
    CHECK(kind_of_failure(hd, {Paper::kA4, dpi, 0}) == ErrorKind::kUsage);
  CHECK(kind_of_failure(hd, {Paper::kA4, 2400, 0}) == ErrorKind{0});
  // A pixel takes 1/2 inch: 14 x 21 of them a sheet.
  CHECK(kind_of_failure({1400, 2100}, {Paper::kA4, 2, 0}) == ErrorKind{0});
  CHECK(kind_of_failure({1401, 2100}, {Paper::kA4, 2, 0}) == ErrorKind::kUsage);
  CHECK(kind_of_failure({2'000'000'000, 2'000'000'000}, {Paper::kA4, 1, 0}) == ErrorKind::kUsage);
}

}  // namespace
}  // namespace smalti

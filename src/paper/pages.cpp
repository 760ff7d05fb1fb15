#include "smalti/pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "paper/pages.h"
#include "smalti/error.h"

namespace smalti::paper {
namespace {

constexpr double kMmPerInch = 25.4;
constexpr double kMarginMm = 10;
constexpr double kMostDpi = 2400;  // keeps the sides of an A3 sheet within what a JPEG can have
constexpr std::int64_t kMostSheets = 10'000;

struct PaperSize {
  double width_mm;
  double height_mm;
  PaperSize turned() const { return {height_mm, width_mm}; }
};

PaperSize size_of(Paper paper) {
  switch (paper) {
    case Paper::kA3:
      return {297, 420};
    case Paper::kLetter:
      return {215.9, 279.4};
    case Paper::kA4:
      break;
  }
  return {210, 297};
}

// Whole pixels between the margins. The epsilon is for lengths that are whole but for rounding.
int pixels_between_margins(double paper_mm, double dpi) {
  constexpr double kEpsilon = 1e-6;
  return static_cast<int>((paper_mm - 2 * kMarginMm) / kMmPerInch * dpi + kEpsilon);
}

std::int64_t sheets_along(int length, int room, int overlap) {
  const std::int64_t fresh = room - overlap;
  return std::max<std::int64_t>(1, (std::int64_t{length} - overlap + fresh - 1) / fresh);
}

/// Sheets of one orientation.
struct Spread {
  PaperSize paper;
  std::int64_t columns;
  std::int64_t rows;
  std::int64_t sheets() const { return columns * rows; }
};

Spread spread(Size canvas, PaperSize paper, double dpi, int overlap) {
  const int width = pixels_between_margins(paper.width_mm, dpi);
  const int height = pixels_between_margins(paper.height_mm, dpi);
  return {paper, sheets_along(canvas.width, width, overlap),
          sheets_along(canvas.height, height, overlap)};
}

struct Span {
  int start;
  int length;
};

// The i-th of `count` equal shares of all but the last overlap, and one overlap more.
Span share(int length, std::int64_t count, int overlap, std::int64_t i) {
  const std::int64_t shared_out = std::int64_t{length} - overlap;
  const std::int64_t start = i * shared_out / count;
  const std::int64_t end = (i + 1) * shared_out / count + overlap;
  return {static_cast<int>(start), static_cast<int>(end - start)};
}

int overlap_pixels(const PageOptions& options) {
  if (!(options.dpi > 0 && options.dpi <= kMostDpi))
    throw Error(ErrorKind::kUsage,
                fmt::format("{} dots an inch cannot be printed: it must be more than 0 and at most "
                            "{}",
                            options.dpi, kMostDpi));
  if (!(options.overlap_mm >= 0))
    throw Error(ErrorKind::kUsage, "the overlap of sheets must be at least 0 mm");
  const PaperSize paper = size_of(options.paper);
  const int shorter =
      pixels_between_margins(std::min(paper.width_mm, paper.height_mm), options.dpi);
  const double overlap = std::round(options.overlap_mm / kMmPerInch * options.dpi);
  if (overlap >= shorter)
    throw Error(ErrorKind::kUsage,
                fmt::format("an overlap of {} mm at {} dots an inch leaves nothing of a sheet",
                            options.overlap_mm, options.dpi),
                "choose a smaller overlap, larger paper or more dots an inch");
  return static_cast<int>(overlap);
}

}  // namespace

PagePlan plan_pages(Size canvas, const PageOptions& options) {
  assert(canvas.width > 0 && canvas.height > 0);
  const int overlap = overlap_pixels(options);
  const PaperSize upright_paper = size_of(options.paper);
  const Spread upright = spread(canvas, upright_paper, options.dpi, overlap);
  const Spread turned = spread(canvas, upright_paper.turned(), options.dpi, overlap);
  const Spread& best = turned.sheets() < upright.sheets() ? turned : upright;
  if (best.sheets() > kMostSheets)
    throw Error(ErrorKind::kUsage,
                fmt::format("this would be {} sheets of paper: at most {} are made", best.sheets(),
                            kMostSheets),
                "choose more dots an inch, larger paper or a smaller overlap");

  PagePlan plan{.paper_width_mm = best.paper.width_mm,
                .paper_height_mm = best.paper.height_mm,
                .margin_mm = kMarginMm,
                .dpi = options.dpi,
                .overlap_px = overlap,
                .columns = static_cast<int>(best.columns),
                .rows = static_cast<int>(best.rows),
                .pages = {}};
  plan.pages.reserve(static_cast<std::size_t>(best.sheets()));
  for (int row = 0; row < plan.rows; ++row) {
    const Span y = share(canvas.height, plan.rows, overlap, row);
    for (int column = 0; column < plan.columns; ++column) {
      const Span x = share(canvas.width, plan.columns, overlap, column);
      plan.pages.push_back({column, row, {x.start, y.start, x.length, y.length}});
    }
  }
  return plan;
}

}  // namespace smalti::paper

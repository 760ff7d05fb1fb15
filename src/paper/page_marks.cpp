#include "paper/page_marks.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "paper/stroke_text.h"

// Most printers leave about 4 mm of the paper's edge white. Marks end before that wherever the
// margin is as narrow as it can be.

namespace smalti::paper {
namespace {

constexpr double kGapMm = 1;   // between the picture and any mark
constexpr double kMarkMm = 4;  // length of a mark
constexpr double kHairlineMm = 0.1;
constexpr double kBlack = 0;
constexpr double kGray = 0.45;
constexpr double kPale = 0.8;

void set_gray(cairo_t* context, double gray) { cairo_set_source_rgb(context, gray, gray, gray); }

void add_line(cairo_t* context, double x0, double y0, double x1, double y1) {
  cairo_move_to(context, x0, y0);
  cairo_line_to(context, x1, y1);
}

// In line with a vertical edge at `x`, above and below the picture; and the other way round.
void add_vertical_marks(cairo_t* context, const RectMm& picture, double x) {
  add_line(context, x, picture.top - kGapMm, x, picture.top - kGapMm - kMarkMm);
  add_line(context, x, picture.bottom() + kGapMm, x, picture.bottom() + kGapMm + kMarkMm);
}
void add_horizontal_marks(cairo_t* context, const RectMm& picture, double y) {
  add_line(context, picture.left - kGapMm, y, picture.left - kGapMm - kMarkMm, y);
  add_line(context, picture.right() + kGapMm, y, picture.right() + kGapMm + kMarkMm, y);
}

void draw_crop_marks(cairo_t* context, const RectMm& picture) {
  for (const double x : {picture.left, picture.right()}) add_vertical_marks(context, picture, x);
  for (const double y : {picture.top, picture.bottom()}) add_horizontal_marks(context, picture, y);
  set_gray(context, kBlack);
  cairo_set_line_width(context, kHairlineMm);
  cairo_stroke(context);
}

/// Where the edges of the neighbours that follow come to lie, and what they cover.
class Overlaps {
 public:
  Overlaps(const PagePlan& plan, const Page& page, const RectMm& picture)
      : picture_(picture),
        overlap_mm_(plan.overlap_px * kMmPerInch / plan.dpi),
        right_(plan.overlap_px > 0 && page.column + 1 < plan.columns),
        below_(plan.overlap_px > 0 && page.row + 1 < plan.rows) {}

  bool right() const { return right_; }
  double x() const { return picture_.right() - overlap_mm_; }

  void draw(cairo_t* context) const {
    draw_bars(context);
    draw_edges(context);
  }

 private:
  double y() const { return picture_.bottom() - overlap_mm_; }

  void draw_bars(cairo_t* context) const {
    constexpr double kBarMm = 0.8;
    if (right_) {
      for (const double bar_y : {picture_.top - kGapMm - kBarMm, picture_.bottom() + kGapMm})
        cairo_rectangle(context, x(), bar_y, overlap_mm_, kBarMm);
    }
    if (below_) {
      for (const double bar_x : {picture_.left - kGapMm - kBarMm, picture_.right() + kGapMm})
        cairo_rectangle(context, bar_x, y(), kBarMm, overlap_mm_);
    }
    set_gray(context, kPale);
    cairo_fill(context);
  }

  void draw_edges(cairo_t* context) const {
    constexpr double kDashMm = 0.5;
    if (right_) add_vertical_marks(context, picture_, x());
    if (below_) add_horizontal_marks(context, picture_, y());
    set_gray(context, kBlack);
    cairo_set_dash(context, &kDashMm, 1, 0);
    cairo_set_line_width(context, kHairlineMm);
    cairo_stroke(context);
    cairo_set_dash(context, nullptr, 0, 0);
  }

  RectMm picture_;
  double overlap_mm_;
  bool right_;
  bool below_;
};

/// All sheets side by side, this one filled in, and in words where it belongs.
class Caption {
 public:
  static constexpr double kHeightMm = 3.4;

  Caption(const PagePlan& plan, const Page& page)
      : plan_(plan),
        page_(page),
        words_(fmt::format("row {} of {}, column {} of {}", page.row + 1, plan.rows,
                           page.column + 1, plan.columns)) {
    constexpr double kWidestMm = 20;
    const double width = static_cast<double>(page.part.width) * plan.columns;
    const double height = static_cast<double>(page.part.height) * plan.rows;
    const double scale = std::min(kHeightMm / height, kWidestMm / width);
    width_mm_ = std::max(width * scale, kLeastMm);
    height_mm_ = std::max(height * scale, kLeastMm);
  }

  double width_mm() const { return width_mm_ + kSpaceMm + stroke_text_width(words_, kDigitMm); }

  void draw(cairo_t* context, double left, double top) const {
    cairo_save(context);
    cairo_translate(context, left, top + (kHeightMm - height_mm_) / 2);
    draw_this_sheet(context);
    draw_sheets(context);
    cairo_restore(context);
    set_gray(context, kGray);
    draw_stroke_text(context, words_, left + width_mm_ + kSpaceMm, top + (kHeightMm + kDigitMm) / 2,
                     kDigitMm);
  }

 private:
  static constexpr double kDigitMm = 1.7;
  static constexpr double kSpaceMm = 1.5;
  static constexpr double kLeastMm = 0.4;  // smaller things are not seen

  void draw_this_sheet(cairo_t* context) const {
    const double width = std::max(width_mm_ / plan_.columns, kLeastMm);
    const double height = std::max(height_mm_ / plan_.rows, kLeastMm);
    cairo_rectangle(context, std::min(width_mm_ * page_.column / plan_.columns, width_mm_ - width),
                    std::min(height_mm_ * page_.row / plan_.rows, height_mm_ - height), width,
                    height);
    set_gray(context, kBlack);
    cairo_fill(context);
  }

  // Lines too near to each other would make one grey patch.
  void draw_sheets(cairo_t* context) const {
    constexpr double kNearestMm = 0.7;
    cairo_rectangle(context, 0, 0, width_mm_, height_mm_);
    if (width_mm_ / plan_.columns >= kNearestMm) {
      for (int i = 1; i < plan_.columns; ++i) {
        const double x = width_mm_ * i / plan_.columns;
        add_line(context, x, 0, x, height_mm_);
      }
    }
    if (height_mm_ / plan_.rows >= kNearestMm) {
      for (int i = 1; i < plan_.rows; ++i) {
        const double y = height_mm_ * i / plan_.rows;
        add_line(context, 0, y, width_mm_, y);
      }
    }
    set_gray(context, kGray);
    cairo_set_line_width(context, kHairlineMm);
    cairo_stroke(context);
  }

  const PagePlan& plan_;
  const Page& page_;
  std::string words_;
  double width_mm_;
  double height_mm_;
};

// The left end of the first space below the picture that is wide enough between the marks, or else
// of the one right of them all, as far as the paper goes.
double find_space(const RectMm& picture, const Overlaps& overlaps, double width, double paper) {
  constexpr double kDistanceMm = 2;
  constexpr double kEdgeMm = 5;
  std::vector<double> marks = {picture.left, picture.right()};
  if (overlaps.right()) marks.push_back(overlaps.x());
  std::sort(marks.begin(), marks.end());
  for (std::size_t i = 0; i + 1 < marks.size(); ++i)
    if (marks[i + 1] - marks[i] >= width + 2 * kDistanceMm) return marks[i] + kDistanceMm;
  return std::min(marks.back() + kDistanceMm, paper - kEdgeMm - width);
}

}  // namespace

RectMm place_on_sheet(const PagePlan& plan, const Page& page) {
  const double width = page.part.width * kMmPerInch / plan.dpi;
  const double height = page.part.height * kMmPerInch / plan.dpi;
  return {(plan.paper_width_mm - width) / 2, (plan.paper_height_mm - height) / 2, width, height};
}

void draw_marks(cairo_t* context, const PagePlan& plan, const Page& page) {
  const RectMm picture = place_on_sheet(plan, page);
  draw_crop_marks(context, picture);
  const Overlaps overlaps(plan, page, picture);
  overlaps.draw(context);
  if (plan.columns == 1 && plan.rows == 1) return;
  const Caption caption(plan, page);
  caption.draw(context, find_space(picture, overlaps, caption.width_mm(), plan.paper_width_mm),
               picture.bottom() + kGapMm + (kMarkMm - Caption::kHeightMm) / 2);
}

}  // namespace smalti::paper

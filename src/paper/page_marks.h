#pragma once

#include <cairo.h>

#include "smalti/pages.h"

namespace smalti::paper {

inline constexpr double kMmPerInch = 25.4;

/// On a sheet of paper, from its upper left corner.
struct RectMm {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
  double right() const { return left + width; }
  double bottom() const { return top + height; }
};

/// Where the sheet's part of the picture lies.
RectMm place_on_sheet(const PagePlan& plan, const Page& page);

/// Everything around the picture, as PagesWriter describes it; the context's unit is 1 mm.
void draw_marks(cairo_t* context, const PagePlan& plan, const Page& page);

}  // namespace smalti::paper

#pragma once

#include <cairo.h>

#include <string_view>

namespace smalti::paper {

/// Text drawn with a pen, as plotters did: no fonts, so nothing of the machine shows. Knows the
/// words of a sheet's place: digits, comma, space and the letters of "row of column".
///
/// Sizes are in the units of the context, `height` that of a capital letter or digit.
double stroke_text_width(std::string_view text, double height);

/// From (x, y), the left end of the line that the text stands on, in the context's colour.
void draw_stroke_text(cairo_t* context, std::string_view text, double x, double y, double height);

}  // namespace smalti::paper

#include "paper/stroke_text.h"

#include <array>
#include <cassert>

namespace smalti::paper {
namespace {

/// Points as two digits, across and up, joined by lines; a space lifts the pen. Text stands on 2,
/// letters reach up to 6, their ascenders and digits to 8.
struct Glyph {
  char character;
  int width;
  std::string_view strokes;
};

constexpr int kBase = 2;
constexpr double kDigitHeight = 6;
constexpr int kGap = 2;

constexpr std::array kGlyphs = {
    Glyph{' ', 2, ""},
    Glyph{',', 1, "1200"},
    Glyph{'0', 4, "120307183847433212"},
    Glyph{'1', 3, "072822"},
    Glyph{'2', 4, "07183847460242"},
    Glyph{'3', 4, "07183847463525 354443321203"},
    Glyph{'4', 4, "32380444"},
    Glyph{'5', 4, "480805354443321203"},
    Glyph{'6', 4, "473818070312324344351504"},
    Glyph{'7', 4, "084812"},
    Glyph{'8', 4, "15060718384746351504031232434435"},
    Glyph{'9', 4, "031232434738180706153546"},
    Glyph{'c', 4, "4536160503123243"},
    Glyph{'f', 3, "38281712 0636"},
    Glyph{'l', 1, "0802"},
    Glyph{'m', 4, "0206 05162522 25364542"},
    Glyph{'n', 4, "0206 0516364542"},
    Glyph{'o', 4, "120305163645433212"},
    Glyph{'r', 3, "0206 051636"},
    Glyph{'u', 4, "0603123243 4642"},
    Glyph{'w', 4, "0612253246"},
};

const Glyph& glyph_of(char character) {
  for (const Glyph& glyph : kGlyphs)
    if (glyph.character == character) return glyph;
  assert(false);
  return kGlyphs.front();
}

void trace(cairo_t* context, const Glyph& glyph, double x, double y, double unit) {
  bool pen_down = false;
  for (std::size_t i = 0; i < glyph.strokes.size();) {
    if (glyph.strokes[i] == ' ') {
      pen_down = false;
      ++i;
      continue;
    }
    const double across = x + (glyph.strokes[i] - '0') * unit;
    const double up = y - (glyph.strokes[i + 1] - '0' - kBase) * unit;
    (pen_down ? cairo_line_to : cairo_move_to)(context, across, up);
    pen_down = true;
    i += 2;
  }
}

}  // namespace

double stroke_text_width(std::string_view text, double height) {
  int units = text.empty() ? 0 : -kGap;
  for (const char character : text) units += glyph_of(character).width + kGap;
  return units * height / kDigitHeight;
}

void draw_stroke_text(cairo_t* context, std::string_view text, double x, double y, double height) {
  const double unit = height / kDigitHeight;
  cairo_save(context);
  cairo_set_line_width(context, height / 9);
  cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND);
  for (const char character : text) {
    const Glyph& glyph = glyph_of(character);
    trace(context, glyph, x, y, unit);
    x += (glyph.width + kGap) * unit;
  }
  cairo_stroke(context);
  cairo_restore(context);
}

}  // namespace smalti::paper

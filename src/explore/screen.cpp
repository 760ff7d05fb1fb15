#include "explore/screen.h"

#include <cairo.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <string_view>

#include "base/text.h"

namespace smalti::explore {
namespace {

const cv::Scalar kBackground(36, 38, 40);
constexpr double kTextSize = 15;
constexpr double kLine = 21;
constexpr double kPad = 12;
constexpr const char* kFont = "sans-serif";

struct SurfaceDeleter {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
};
struct PenDeleter {
  void operator()(cairo_t* pen) const { cairo_destroy(pen); }
};

/// Draws on a matrix of BGRA with Cairo.
class Pen {
 public:
  explicit Pen(cv::Mat& bgra)
      : surface_(cairo_image_surface_create_for_data(bgra.data, CAIRO_FORMAT_RGB24, bgra.cols,
                                                     bgra.rows, static_cast<int>(bgra.step))),
        pen_(cairo_create(surface_.get())) {
    cairo_select_font_face(pen_.get(), kFont, CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(pen_.get(), kTextSize);
  }
  ~Pen() { cairo_surface_flush(surface_.get()); }
  Pen(const Pen&) = delete;
  Pen& operator=(const Pen&) = delete;

  cairo_t* get() const { return pen_.get(); }

  double width(const std::string& text) const {
    cairo_text_extents_t extents;
    cairo_text_extents(pen_.get(), text.c_str(), &extents);
    return extents.x_advance;
  }

  void clip(Size size) const {
    cairo_rectangle(pen_.get(), 0, 0, size.width, size.height);
    cairo_clip(pen_.get());
  }
  void unclip() const { cairo_reset_clip(pen_.get()); }

  void panel(double x, double y, double w, double h) const {
    cairo_rectangle(pen_.get(), x, y, w, h);
    cairo_set_source_rgba(pen_.get(), 0.08, 0.08, 0.08, 0.86);
    cairo_fill(pen_.get());
  }

  /// `y`: of the line's top.
  void text(double x, double y, const std::string& line, double light = 0.96) const {
    cairo_set_source_rgb(pen_.get(), light, light, light);
    cairo_move_to(pen_.get(), x, y + kTextSize);
    cairo_show_text(pen_.get(), line.c_str());
  }

 private:
  std::unique_ptr<cairo_surface_t, SurfaceDeleter> surface_;
  std::unique_ptr<cairo_t, PenDeleter> pen_;
};

// The text cut into lines that are no wider.
std::vector<std::string> wrapped(const Pen& pen, const std::string& text, double width) {
  std::vector<std::string> lines(1);
  for (std::string_view rest = text; !rest.empty();) {
    const std::string character(rest.substr(0, first_character(rest).bytes));
    if (!lines.back().empty() && pen.width(lines.back() + character) > width) lines.emplace_back();
    lines.back() += character;
    rest.remove_prefix(character.size());
  }
  return lines;
}

// The end of a text that is too wide for a line.
std::string shortened(const Pen& pen, std::string text, double width) {
  if (pen.width(text) <= width) return text;
  while (!text.empty() && pen.width("…" + text) > width) text.erase(0, first_character(text).bytes);
  return "…" + text;
}

// A picture whose pixel (0, 0) is at `first` of the window and whose pixels are `scale` large.
void lay(const cv::Mat& picture, Spot first, double scale, cv::Mat& screen) {
  const double x0 = std::max(0.0, std::floor(first.x));
  const double y0 = std::max(0.0, std::floor(first.y));
  const double x1 = std::min<double>(screen.cols, std::ceil(first.x + picture.cols * scale));
  const double y1 = std::min<double>(screen.rows, std::ceil(first.y + picture.rows * scale));
  if (x1 <= x0 || y1 <= y0) return;
  cv::Mat part = screen(cv::Rect(static_cast<int>(x0), static_cast<int>(y0),
                                 static_cast<int>(x1 - x0), static_cast<int>(y1 - y0)));
  // Averaging where it shrinks: warpAffine would pick pixels.
  cv::Mat source = picture;
  double left = scale;
  if (scale < 1) {
    const cv::Size size(std::max(1, static_cast<int>(std::lround(picture.cols * scale))),
                        std::max(1, static_cast<int>(std::lround(picture.rows * scale))));
    cv::resize(picture, source, size, 0, 0, cv::INTER_AREA);
    left = 1;
  }
  const cv::Matx23d to(left, 0, first.x - x0 + (left - 1) / 2, 0, left,
                       first.y - y0 + (left - 1) / 2);
  cv::warpAffine(source, part, to, part.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
}

void draw_mosaic(const Viewport& viewport, const ScreenState& state, cv::Mat& screen) {
  const ExplorerView& view = *state.view;
  const double pixel =
      static_cast<double>(view.cells.canvas().width) / view.picture.cols;  // 2 for coarse ones
  lay(view.picture, viewport.on_window({0, 0}), viewport.scale() * pixel, screen);
  if (state.detail == nullptr || state.detail->settings != view.settings) return;
  const Detail& detail = state.detail->detail;
  const double factor = detail.factor;
  if (factor < std::ceil(viewport.scale() - 1e-9)) return;
  lay(state.detail->picture, viewport.on_window({detail.part.x / factor, detail.part.y / factor}),
      viewport.scale() / factor, screen);
}

void draw_mark(const Pen& pen, const Viewport& viewport, const Rect& cell) {
  const Spot from = viewport.on_window({static_cast<double>(cell.x), static_cast<double>(cell.y)});
  const double w = cell.width * viewport.scale();
  const double h = cell.height * viewport.scale();
  for (const double dark : {1.0, 0.0}) {
    cairo_rectangle(pen.get(), from.x - 1.5, from.y - 1.5, w + 3, h + 3);
    cairo_set_line_width(pen.get(), dark > 0 ? 6 : 2.5);
    const double light = 1 - dark;
    cairo_set_source_rgb(pen.get(), light, light, light);
    cairo_stroke(pen.get());
  }
}

// At the side of the window where the cell is not.
void draw_facts(const Pen& pen, const Viewport& viewport, const CellFacts& facts, cv::Mat& screen) {
  constexpr double kWidth = 270;
  const double text_width = kWidth - 2 * kPad;
  std::vector<std::string> lines;
  if (facts.source.empty()) {
    lines.push_back("no picture: the target is transparent here");
  } else {
    for (const std::string& line :
         wrapped(pen, printable(facts.source.filename().string()), text_width))
      lines.push_back(line);
    lines.push_back(shortened(pen, printable(facts.source.parent_path().string()), text_width));
    if (!facts.date.empty())
      for (const std::string& line : wrapped(pen, facts.date, text_width)) lines.push_back(line);
    lines.push_back(fmt::format("distance {:.1f} ΔE", facts.delta_e));
    lines.push_back(facts.uses == 1 ? "once in this mosaic"
                                    : fmt::format("{} times in this mosaic", facts.uses));
  }
  lines.push_back(fmt::format("column {}, row {}", facts.column + 1, facts.row + 1));
  const double picture = facts.thumbnail.empty() ? 0 : facts.thumbnail.rows + kPad;
  const double height = 2 * kPad + picture + static_cast<double>(lines.size()) * kLine;
  const Spot cell = viewport.on_window(
      {facts.cell.x + facts.cell.width / 2.0, facts.cell.y + facts.cell.height / 2.0});
  const bool left = cell.x > viewport.window().width / 2.0;
  const double x = left ? kPad : viewport.window().width - kWidth - kPad;
  pen.panel(x, kPad, kWidth, height);
  double y = 2 * kPad + picture;
  for (std::size_t i = 0; i < lines.size(); ++i, y += kLine)
    pen.text(x + kPad, y, lines[i], i == 0 ? 1.0 : 0.82);
  if (picture == 0) return;
  cairo_surface_flush(cairo_get_target(pen.get()));
  const cv::Rect place(static_cast<int>(x + kPad), static_cast<int>(2 * kPad), facts.thumbnail.cols,
                       facts.thumbnail.rows);
  if ((place & cv::Rect(0, 0, screen.cols, screen.rows)) != place) return;  // a tiny window
  cv::Mat bgra;
  cv::cvtColor(facts.thumbnail, bgra, cv::COLOR_BGR2BGRA);
  bgra.copyTo(screen(place));
  cairo_surface_mark_dirty(cairo_get_target(pen.get()));
}

void draw_line(const Pen& pen, const Viewport& viewport, const std::string& text, bool at_top) {
  if (text.empty()) return;
  const double window = viewport.window().width;
  const std::string line = shortened(pen, text, window - 2 * kPad);
  constexpr double kBorder = (kStatusHeight - kLine) / 2;
  if (!at_top) return pen.text(kPad, viewport.window().height + kBorder, line, 0.9);
  const double width = pen.width(line) + 2 * kPad;
  pen.panel((window - width) / 2, kPad, width, kStatusHeight);
  pen.text((window - width) / 2 + kPad, kPad + kBorder, line, 1);
}

}  // namespace

cv::Mat draw_screen(const Viewport& viewport, const ScreenState& state) {
  const Size window = viewport.window();
  cv::Mat screen(window.height + kStatusHeight, window.width, CV_8UC3, kBackground);
  cv::Mat above = screen.rowRange(0, window.height);
  if (state.view != nullptr) draw_mosaic(viewport, state, above);
  cv::Mat bgra;
  cv::cvtColor(screen, bgra, cv::COLOR_BGR2BGRA);
  {
    const Pen pen(bgra);
    if (state.picked) {
      pen.clip(window);
      draw_mark(pen, viewport, state.picked->cell);
      pen.unclip();
      draw_facts(pen, viewport, *state.picked, bgra);
    }
    draw_line(pen, viewport, state.status, false);
    draw_line(pen, viewport, state.message, true);
  }
  cv::cvtColor(bgra, screen, cv::COLOR_BGRA2BGR);
  return screen;
}

}  // namespace smalti::explore

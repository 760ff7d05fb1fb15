#include "explore/viewport.h"

#include <algorithm>
#include <cmath>

namespace smalti::explore {

double Viewport::scale() const {
  return zoom_ * std::min(static_cast<double>(window_.width) / canvas_.width,
                          static_cast<double>(window_.height) / canvas_.height);
}

void Viewport::resize(Size window) {
  window_ = {std::max(1, window.width), std::max(1, window.height)};
  keep_within();
}

void Viewport::zoom_by(double factor, Spot window) {
  const Spot before = on_canvas(window);
  const double fit = scale() / zoom_;
  zoom_ = std::clamp(zoom_ * factor, 1.0, std::max(1.0, kMostPixelsPerPixel / fit));
  const Spot after = on_canvas(window);
  centre_.x += before.x - after.x;
  centre_.y += before.y - after.y;
  keep_within();
}

void Viewport::zoom_out() {
  zoom_ = 1;
  keep_within();
}

void Viewport::pan(double x, double y) {
  centre_.x -= x / scale();
  centre_.y -= y / scale();
  keep_within();
}

Spot Viewport::on_canvas(Spot window) const {
  return {centre_.x + (window.x - window_.width / 2.0) / scale(),
          centre_.y + (window.y - window_.height / 2.0) / scale()};
}

Spot Viewport::on_window(Spot canvas) const {
  return {(canvas.x - centre_.x) * scale() + window_.width / 2.0,
          (canvas.y - centre_.y) * scale() + window_.height / 2.0};
}

bool Viewport::is_on_canvas(Spot canvas) const {
  return canvas.x >= 0 && canvas.y >= 0 && canvas.x < canvas_.width && canvas.y < canvas_.height;
}

Detail Viewport::detail() const {
  const int factor = static_cast<int>(std::ceil(scale() - 1e-9));
  if (factor <= 1) return {};
  const Spot first = on_canvas({0, 0});
  const Spot last =
      on_canvas({static_cast<double>(window_.width), static_cast<double>(window_.height)});
  const auto low = [&](double at, int most) {
    return std::clamp(static_cast<int>(std::floor(at * factor)), 0, most * factor - 1);
  };
  const auto high = [&](double at, int most) {
    return std::clamp(static_cast<int>(std::ceil(at * factor)), 1, most * factor);
  };
  const int x = low(first.x, canvas_.width);
  const int y = low(first.y, canvas_.height);
  return {factor, {x, y, high(last.x, canvas_.width) - x, high(last.y, canvas_.height) - y}};
}

void Viewport::keep_within() {
  const auto kept = [&](double at, int canvas, int window) {
    const double half = window / scale() / 2;
    return 2 * half >= canvas ? canvas / 2.0 : std::clamp(at, half, canvas - half);
  };
  centre_ = {kept(centre_.x, canvas_.width, window_.width),
             kept(centre_.y, canvas_.height, window_.height)};
}

}  // namespace smalti::explore

#pragma once

#include "base/picture.h"
#include "explore/explorer.h"

namespace smalti::explore {

/// A place on canvas or window, in pixels.
struct Spot {
  double x = 0;
  double y = 0;
  bool operator==(const Spot&) const = default;
};

/// Which part of a canvas a window shows: how closely, and around which place. A canvas that is
/// smaller than the window stands in its middle, a larger one fills it. A value.
class Viewport {
 public:
  static constexpr double kMostPixelsPerPixel = 16;  ///< of the window, of the canvas

  explicit Viewport(Size canvas)
      : canvas_(canvas), centre_{canvas.width / 2.0, canvas.height / 2.0} {}

  void resize(Size window);
  /// 1: all of the canvas is to be seen. The place of the window stays where it is.
  void zoom_by(double factor, Spot window);
  void zoom_out();
  void pan(double x, double y);  ///< in pixels of the window

  Size window() const { return window_; }
  double zoom() const { return zoom_; }
  /// Pixels of the window a pixel of the canvas.
  double scale() const;
  Spot on_canvas(Spot window) const;
  Spot on_window(Spot canvas) const;
  bool is_on_canvas(Spot canvas) const;
  /// What has to be painted larger to be seen sharply.
  Detail detail() const;
  bool operator==(const Viewport&) const = default;

 private:
  void keep_within();

  Size canvas_;
  Size window_{1, 1};
  double zoom_ = 1;
  Spot centre_;  // of the window, on the canvas
};

}  // namespace smalti::explore

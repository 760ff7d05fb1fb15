// Sky and sea at sunset.
//
// Scene space: x to the right, y down, and 1 is half the height of the picture.
#pragma once

#include "paint.h"

namespace samples {

inline constexpr float kHorizon = 0.42F;
inline const Point kSun{0.74F, 0.24F};

// The part of the scene that a canvas shows.
struct View {
  Point middle{0.0F, 0.0F};
  float half_height = 1.0F;
};

class Sunset {
 public:
  Sunset();

  // Paints sky and sea at `time` seconds. May be called from several threads at once.
  void paint(const View& view, float time, Canvas& canvas) const;

 private:
  Color sky(Point p, float time) const;
  // `away` is the logarithmic distance of the row, the same for all its pixels.
  Color sea(Point p, float away, float time) const;

  Canvas clouds_;  // per pixel: cover, light from the sun, nothing
};

// The clear sky at a height above the horizon; far things fade into it.
Color clear_sky(float height);

}  // namespace samples

// A close-up human eye, painted pixel by pixel from formulas.
#pragma once

#include "eye_shape.h"
#include "paint.h"

namespace samples {

// The light the eye is seen in.
struct EyeLight {
  float dusk = 0.0F;                   // 0 bright day, 1 sunset
  const Canvas* reflection = nullptr;  // what the cornea mirrors; none: a window
};

class EyePainter {
 public:
  explicit EyePainter(cv::Size size);

  // Paints into `canvas`, in linear light. May be called from several threads at once.
  void paint(const EyePose& pose, const EyeLight& light, Canvas& canvas) const;

 private:
  Canvas paint_skin(const EyePose& pose, const EyeLight& light) const;
  Color eyeball_color(const EyePose& pose, const EyeLight& light, Point p, float below_upper,
                      float above_lower) const;
  Color cornea_color(const EyePose& pose, const EyeLight& light, Point q) const;

  cv::Size size_;
  Canvas iris_;
  Canvas pores_;
};

}  // namespace samples

// Colours in linear light, easing functions, and the step from a linear picture to 8-bit pixels.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>

namespace samples {

using Color = cv::Vec3f;  // linear light, in the order red, green, blue
using Point = cv::Point2f;
using Canvas = cv::Mat_<Color>;

inline float length(Point p) { return std::sqrt(p.dot(p)); }

inline float clamp01(float x) { return std::clamp(x, 0.0F, 1.0F); }

inline float mix(float a, float b, float t) { return a + (b - a) * t; }
inline Color mix(const Color& a, const Color& b, float t) { return a + (b - a) * t; }

// Goes smoothly from 0 at `from` to 1 at `to`; `from` may be the larger one.
inline float smooth(float from, float to, float x) {
  const float t = clamp01((x - from) / (to - from));
  return t * t * (3.0F - 2.0F * t);
}

// Bell curve of height 1 around 0.
inline float bell(float x, float width) {
  const float t = x / width;
  return std::exp(-t * t);
}

inline Color multiply(const Color& a, const Color& b) { return a.mul(b); }

// Colour written as in a paint program, 0xRRGGBB in sRGB.
Color srgb(std::uint32_t hex);

// The sRGB curve from linear light, both from 0 to 1.
float encode_srgb(float linear);

// Reads a picture between its pixels; outside it the border colour continues.
Color sample(const Canvas& image, float x, float y);

// Turns linear light into 8-bit BGR: bright lights roll off softly, and a fixed dither hides the
// steps of slow gradients.
void develop(const Canvas& linear, cv::Mat_<cv::Vec3b>& bgr);

}  // namespace samples

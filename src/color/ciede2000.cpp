// CIEDE2000 after Sharma, Wu and Dalal, "The CIEDE2000 color-difference formula: implementation
// notes, supplementary test data, and mathematical observations" (2005).
//
// They write it in hue angles. Here hues are directions in the plane of a' and b': the difference
// of hue comes from lengths, the mean hue is the bisector, and cosines of its multiples are
// products. That leaves one angle, in the rotation term, which only blues need.

#include "color/ciede2000.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace smalti::color {
namespace {

struct Direction {
  double cos = 1;
  double sin = 0;
};

// What the formula works with: chroma plane with a* stretched, and the length in it.
struct Chroma {
  double a;
  double b;
  double length;
  Chroma(double a_prime, double b_star)
      : a(a_prime), b(b_star), length(std::sqrt(a_prime * a_prime + b_star * b_star)) {}

  // Whether the hue angle is from 0 to below 180 degrees.
  bool in_upper_half() const { return b > 0 || (b == 0 && a > 0); }
};

constexpr double square(double x) { return x * x; }
constexpr double seventh_power(double x) { return square(x * x * x) * x; }

// C^7 / (C^7 + 25^7), rooted: from 0 for greys to 1 for strong colours.
double strength(double chroma) {
  constexpr double k25 = seventh_power(25);
  const double c = seventh_power(chroma);
  return std::sqrt(c / (c + k25));
}

// Hue of grey counts as none; that of opposite colours lies a quarter turn on from the first.
Direction mean_hue(const Chroma& p, const Chroma& q) {
  double x = p.a + q.a;
  double y = p.b + q.b;
  if (p.length > 0 && q.length > 0) {
    x = p.a * q.length + q.a * p.length;
    y = p.b * q.length + q.b * p.length;
  }
  if (x == 0 && y == 0) {
    const Chroma& first = p.in_upper_half() ? p : q;
    x = -first.b;
    y = first.a;
  }
  const double length = std::sqrt(x * x + y * y);
  if (length == 0) return {};
  return {x / length, y / length};
}

// Twice the root of both chromas times the sine of half the angle between them, with the sign of
// the turn from p to q.
double hue_difference(const Chroma& p, const Chroma& q) {
  const double squared = square(q.a - p.a) + square(q.b - p.b) - square(q.length - p.length);
  const double turn = p.a * q.b - p.b * q.a;
  const bool forward = turn != 0 ? turn > 0 : p.in_upper_half();
  const double difference = std::sqrt(std::max(squared, 0.0));
  return forward ? difference : -difference;
}

double hue_weight(const Direction& hue) {
  constexpr Direction k30{0.86602540378443865, 0.5};
  constexpr Direction k6{0.99452189536827333, 0.10452846326765347};
  constexpr Direction k63{0.45399049973954680, 0.89100652418836786};
  const double cos2 = square(hue.cos) - square(hue.sin);
  const double sin2 = 2 * hue.cos * hue.sin;
  const double cos3 = cos2 * hue.cos - sin2 * hue.sin;
  const double sin3 = sin2 * hue.cos + cos2 * hue.sin;
  const double cos4 = square(cos2) - square(sin2);
  const double sin4 = 2 * cos2 * sin2;
  return 1 - 0.17 * (hue.cos * k30.cos + hue.sin * k30.sin) + 0.24 * cos2 +
         0.32 * (cos3 * k6.cos - sin3 * k6.sin) - 0.20 * (cos4 * k63.cos + sin4 * k63.sin);
}

// The sine that turns blues, around 275 degrees.
double rotation(const Direction& hue) {
  constexpr double kDegree = std::numbers::pi / 180;
  constexpr double kFar = 0.09;  // from 5 to 175 degrees; the exponential is below 2e-7 there
  if (hue.sin > kFar) return 0;
  double degrees = std::atan2(hue.sin, hue.cos) / kDegree;
  if (degrees < 0) degrees += 360;
  return std::sin(2 * kDegree * 30 * std::exp(-square((degrees - 275) / 25)));
}

}  // namespace

double ciede2000(const Lab& p, const Lab& q) {
  const double mean_chroma =
      (std::sqrt(square(p.a) + square(p.b)) + std::sqrt(square(q.a) + square(q.b))) / 2;
  const double stretch = 1 + 0.5 * (1 - strength(mean_chroma));
  const Chroma p_chroma(p.a * stretch, p.b);
  const Chroma q_chroma(q.a * stretch, q.b);

  const double chroma = (p_chroma.length + q_chroma.length) / 2;
  const Direction hue = mean_hue(p_chroma, q_chroma);
  const double from_middle = square((p.l + q.l) / 2 - 50);

  const double l = (q.l - p.l) / (1 + 0.015 * from_middle / std::sqrt(20 + from_middle));
  const double c = (q_chroma.length - p_chroma.length) / (1 + 0.045 * chroma);
  const double h = hue_difference(p_chroma, q_chroma) / (1 + 0.015 * chroma * hue_weight(hue));
  const double turned = -2 * strength(chroma) * rotation(hue);
  return std::sqrt(std::max(square(l) + square(c) + square(h) + turned * c * h, 0.0));
}

}  // namespace smalti::color

#pragma once

namespace smalti::color {

/// CIE 1976 L*a*b*: L* from 0 to 100.
struct Lab {
  double l = 0;
  double a = 0;
  double b = 0;
};

/// How different two colours look, by CIEDE2000 with all weights 1: 0 for equal ones, about 1 for
/// those that can just be told apart side by side. Symmetric. Any thread.
double ciede2000(const Lab& p, const Lab& q);

}  // namespace smalti::color

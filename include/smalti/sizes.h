#pragma once

#include <compare>

namespace smalti {

struct Size {
  int width = 0;
  int height = 0;
  bool operator==(const Size&) const = default;
};

/// Reduced in proportion so that the longer side has `long_edge` at most, rounded, no side below 1;
/// never enlarged.
Size fit_long_edge(Size size, int long_edge);

/// In proportion, the longer side as long as this, rounded, no side below 1.
Size with_long_edge(Size size, int long_edge);

struct Rect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  auto operator<=>(const Rect&) const = default;
};

/// A width and height that stand in a ratio, such as 3:4.
struct Aspect {
  int width = 3;
  int height = 4;
  double ratio() const { return static_cast<double>(width) / height; }
  bool operator==(const Aspect&) const = default;
};

struct Rational {
  int num = 0;
  int den = 1;
  double value() const { return static_cast<double>(num) / den; }
};

}  // namespace smalti

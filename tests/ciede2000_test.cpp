#include "color/ciede2000.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <numbers>
#include <random>

namespace smalti {
namespace {

struct Pair {
  color::Lab p;
  color::Lab q;
  double difference;
};

// G. Sharma, W. Wu, E. N. Dalal: The CIEDE2000 color-difference formula: implementation notes,
// supplementary test data, and mathematical observations. Color Research and Application 30 (2005),
// table 1.
constexpr std::array<Pair, 34> kPublished = {{
    {{50.0000, 2.6772, -79.7751}, {50.0000, 0.0000, -82.7485}, 2.0425},
    {{50.0000, 3.1571, -77.2803}, {50.0000, 0.0000, -82.7485}, 2.8615},
    {{50.0000, 2.8361, -74.0200}, {50.0000, 0.0000, -82.7485}, 3.4412},
    {{50.0000, -1.3802, -84.2814}, {50.0000, 0.0000, -82.7485}, 1.0000},
    {{50.0000, -1.1848, -84.8006}, {50.0000, 0.0000, -82.7485}, 1.0000},
    {{50.0000, -0.9009, -85.5211}, {50.0000, 0.0000, -82.7485}, 1.0000},
    {{50.0000, 0.0000, 0.0000}, {50.0000, -1.0000, 2.0000}, 2.3669},
    {{50.0000, -1.0000, 2.0000}, {50.0000, 0.0000, 0.0000}, 2.3669},
    {{50.0000, 2.4900, -0.0010}, {50.0000, -2.4900, 0.0009}, 7.1792},
    {{50.0000, 2.4900, -0.0010}, {50.0000, -2.4900, 0.0010}, 7.1792},
    {{50.0000, 2.4900, -0.0010}, {50.0000, -2.4900, 0.0011}, 7.2195},
    {{50.0000, 2.4900, -0.0010}, {50.0000, -2.4900, 0.0012}, 7.2195},
    {{50.0000, -0.0010, 2.4900}, {50.0000, 0.0009, -2.4900}, 4.8045},
    {{50.0000, -0.0010, 2.4900}, {50.0000, 0.0010, -2.4900}, 4.8045},
    {{50.0000, -0.0010, 2.4900}, {50.0000, 0.0011, -2.4900}, 4.7461},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 0.0000, -2.5000}, 4.3065},
    {{50.0000, 2.5000, 0.0000}, {73.0000, 25.0000, -18.0000}, 27.1492},
    {{50.0000, 2.5000, 0.0000}, {61.0000, -5.0000, 29.0000}, 22.8977},
    {{50.0000, 2.5000, 0.0000}, {56.0000, -27.0000, -3.0000}, 31.9030},
    {{50.0000, 2.5000, 0.0000}, {58.0000, 24.0000, 15.0000}, 19.4535},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 3.1736, 0.5854}, 1.0000},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 3.2972, 0.0000}, 1.0000},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 1.8634, 0.5757}, 1.0000},
    {{50.0000, 2.5000, 0.0000}, {50.0000, 3.2592, 0.3350}, 1.0000},
    {{60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387}, 1.2644},
    {{63.0109, -31.0961, -5.8663}, {62.8187, -29.7946, -4.0864}, 1.2630},
    {{61.2901, 3.7196, -5.3901}, {61.4292, 2.2480, -4.9620}, 1.8731},
    {{35.0831, -44.1164, 3.7933}, {35.0232, -40.0716, 1.5901}, 1.8645},
    {{22.7233, 20.0904, -46.6940}, {23.0331, 14.9730, -42.5619}, 2.0373},
    {{36.4612, 47.8580, 18.3852}, {36.2715, 50.5065, 21.2231}, 1.4146},
    {{90.8027, -2.0831, 1.4410}, {91.1528, -1.6435, 0.0447}, 1.4441},
    {{90.9257, -0.5406, -0.9208}, {88.6381, -0.8985, -0.7239}, 1.5381},
    {{6.7747, -0.2908, -2.4247}, {5.8714, -0.0985, -2.2286}, 0.6377},
    {{2.0776, 0.0795, -1.1350}, {0.9033, -0.0636, -0.5514}, 0.9082},
}};

// The formula as the paper writes it, in angles: what the quick way is held against.
double by_the_paper(const color::Lab& p, const color::Lab& q) {
  constexpr double kDegree = std::numbers::pi / 180;
  const auto cosine = [](double degrees) { return std::cos(degrees * kDegree); };
  const auto hue = [](double a, double b) {
    if (a == 0 && b == 0) return 0.0;
    const double degrees = std::atan2(b, a) / kDegree;
    return degrees < 0 ? degrees + 360 : degrees;
  };
  const double mean_c = (std::hypot(p.a, p.b) + std::hypot(q.a, q.b)) / 2;
  const double c7 = std::pow(mean_c, 7);
  const double g = 0.5 * (1 - std::sqrt(c7 / (c7 + std::pow(25, 7))));
  const double a1 = p.a * (1 + g);
  const double a2 = q.a * (1 + g);
  const double c1 = std::hypot(a1, p.b);
  const double c2 = std::hypot(a2, q.b);
  const double h1 = hue(a1, p.b);
  const double h2 = hue(a2, q.b);

  double dh = 0;
  double h = h1 + h2;
  if (c1 * c2 != 0) {
    dh = h2 - h1;
    if (dh > 180) dh -= 360;
    if (dh < -180) dh += 360;
    h = (h1 + h2) / 2;
    if (std::abs(h1 - h2) > 180) h += h1 + h2 < 360 ? 180 : -180;
  }
  const double big_dh = 2 * std::sqrt(c1 * c2) * std::sin(dh / 2 * kDegree);
  const double l = (p.l + q.l) / 2;
  const double c = (c1 + c2) / 2;
  const double t = 1 - 0.17 * cosine(h - 30) + 0.24 * cosine(2 * h) + 0.32 * cosine(3 * h + 6) -
                   0.20 * cosine(4 * h - 63);
  const double theta = 30 * std::exp(-std::pow((h - 275) / 25, 2));
  const double mean_c7 = std::pow(c, 7);
  const double rc = 2 * std::sqrt(mean_c7 / (mean_c7 + std::pow(25, 7)));
  const double sl = 1 + 0.015 * (l - 50) * (l - 50) / std::sqrt(20 + (l - 50) * (l - 50));
  const double sc = 1 + 0.045 * c;
  const double sh = 1 + 0.015 * c * t;
  const double rt = -std::sin(2 * theta * kDegree) * rc;
  return std::sqrt(std::pow((q.l - p.l) / sl, 2) + std::pow((c2 - c1) / sc, 2) +
                   std::pow(big_dh / sh, 2) + rt * (c2 - c1) / sc * big_dh / sh);
}

TEST_CASE("the published pairs come out as published, either way round") {
  for (std::size_t i = 0; i < kPublished.size(); ++i) {
    const Pair& pair = kPublished[i];
    CAPTURE(i + 1);
    CHECK(std::abs(color::ciede2000(pair.p, pair.q) - pair.difference) < 1e-4);
    CHECK(std::abs(color::ciede2000(pair.q, pair.p) - pair.difference) < 1e-4);
    CHECK(std::abs(by_the_paper(pair.p, pair.q) - pair.difference) < 1e-4);
  }
}

TEST_CASE("all over the space it agrees with the formula in angles") {
  std::mt19937 random(1);
  const auto between = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  for (int i = 0; i < 200'000; ++i) {
    const color::Lab p{between(0, 100), between(-110, 110), between(-110, 110)};
    const double apart = i % 2 == 0 ? 200 : 4;
    const color::Lab q{p.l + between(-apart, apart) / 4, p.a + between(-apart, apart),
                       p.b + between(-apart, apart)};
    const double expected = by_the_paper(p, q);
    if (std::abs(color::ciede2000(p, q) - expected) > 1e-5) {
      CAPTURE(p.l);
      CAPTURE(p.a);
      CAPTURE(p.b);
      CAPTURE(q.l);
      CAPTURE(q.a);
      CAPTURE(q.b);
      CHECK(color::ciede2000(p, q) == doctest::Approx(expected));
    }
  }
}

TEST_CASE("equal colours differ by exactly nothing, greys by lightness alone") {
  for (const color::Lab& color : {color::Lab{0, 0, 0}, color::Lab{100, 0, 0},
                                  color::Lab{53, 80, 67}, color::Lab{32, 79, -108}})
    CHECK(color::ciede2000(color, color) == 0);
  CHECK(color::ciede2000({50, 0, 0}, {51, 0, 0}) == doctest::Approx(0.9991674).epsilon(1e-6));
}

}  // namespace
}  // namespace smalti

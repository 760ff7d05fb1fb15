#include "match/ssim.h"

#include <algorithm>
#include <cassert>

#include "base/picture.h"

namespace smalti::match {
namespace {

double ssim_of_window(const LightnessMap& a, const LightnessMap& b, const Rect& window) {
  constexpr double kRange = 100;
  constexpr double kC1 = (0.01 * kRange) * (0.01 * kRange);
  constexpr double kC2 = (0.03 * kRange) * (0.03 * kRange);
  double sum_a = 0, sum_b = 0, sum_aa = 0, sum_bb = 0, sum_ab = 0;
  for (int y = window.y; y < window.y + window.height; ++y) {
    for (int x = window.x; x < window.x + window.width; ++x) {
      const double p = a(x, y);
      const double q = b(x, y);
      sum_a += p;
      sum_b += q;
      sum_aa += p * p;
      sum_bb += q * q;
      sum_ab += p * q;
    }
  }
  const double n = static_cast<double>(window.width) * window.height;
  const double mean_a = sum_a / n;
  const double mean_b = sum_b / n;
  const double variance_a = sum_aa / n - mean_a * mean_a;
  const double variance_b = sum_bb / n - mean_b * mean_b;
  const double covariance = sum_ab / n - mean_a * mean_b;
  return (2 * mean_a * mean_b + kC1) * (2 * covariance + kC2) /
         ((mean_a * mean_a + mean_b * mean_b + kC1) * (variance_a + variance_b + kC2));
}

}  // namespace

SsimSum ssim(const LightnessMap& a, const LightnessMap& b) {
  assert(a.width() == b.width() && a.height() == b.height());
  constexpr int kWindow = 8;
  constexpr int kStride = 4;
  const int width = std::min(kWindow, a.width());
  const int height = std::min(kWindow, a.height());
  SsimSum total;
  for (int y = 0; y + height <= a.height(); y += kStride) {
    for (int x = 0; x + width <= a.width(); x += kStride) {
      total.sum += ssim_of_window(a, b, {x, y, width, height});
      ++total.windows;
    }
  }
  return total;
}

double ssim(Descriptor a, Descriptor b) {
  // Means and (co)variances times n and n squared.
  constexpr double kRange = 100.0 * color::kLabScale;
  const auto n = static_cast<std::int64_t>(a.size() / 3);
  std::int64_t sum_a = 0, sum_b = 0, sum_aa = 0, sum_bb = 0, sum_ab = 0;
  for (std::size_t i = 0; i < a.size(); i += 3) {
    const std::int64_t x = a[i];
    const std::int64_t y = b[i];
    sum_a += x;
    sum_b += y;
    sum_aa += x * x;
    sum_bb += y * y;
    sum_ab += x * y;
  }
  const auto number = [](std::int64_t v) { return static_cast<double>(v); };
  const double c1 = 0.01 * kRange * 0.01 * kRange * number(n * n);
  const double c2 = 0.03 * kRange * 0.03 * kRange * number(n * n);
  const double means =
      (2 * number(sum_a * sum_b) + c1) / (number(sum_a * sum_a + sum_b * sum_b) + c1);
  const double covariance = number(n * sum_ab - sum_a * sum_b);
  const double variances = number(n * (sum_aa + sum_bb) - sum_a * sum_a - sum_b * sum_b);
  return means * (2 * covariance + c2) / (variances + c2);
}

}  // namespace smalti::match

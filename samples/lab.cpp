#include "lab.h"

#include <array>

namespace samples {
namespace {

constexpr std::array<float, 3> kWhite{0.95047F, 1.0F, 1.08883F};
constexpr float kLinearLimit = 6.0F / 29.0F;  // below it the Lab curve is a straight line
constexpr int kEncodeSize = 1 << 13;

float lab_curve(float t) {
  return t > kLinearLimit * kLinearLimit * kLinearLimit
             ? std::cbrt(t)
             : t / (3.0F * kLinearLimit * kLinearLimit) + 4.0F / 29.0F;
}

float inverse_lab_curve(float t) {
  return t > kLinearLimit ? t * t * t : 3.0F * kLinearLimit * kLinearLimit * (t - 4.0F / 29.0F);
}

}  // namespace

Color lab_to_linear(const Lab& lab) {
  const float fy = (lab[0] + 16.0F) / 116.0F;
  const float x = kWhite[0] * inverse_lab_curve(fy + lab[1] / 500.0F);
  const float y = kWhite[1] * inverse_lab_curve(fy);
  const float z = kWhite[2] * inverse_lab_curve(fy - lab[2] / 200.0F);
  return {3.2404542F * x - 1.5371385F * y - 0.4985314F * z,
          -0.9692660F * x + 1.8760108F * y + 0.0415560F * z,
          0.0556434F * x - 0.2040259F * y + 1.0572252F * z};
}

Lab linear_to_lab(const Color& c) {
  const float x = 0.4124564F * c[0] + 0.3575761F * c[1] + 0.1804375F * c[2];
  const float y = 0.2126729F * c[0] + 0.7151522F * c[1] + 0.0721750F * c[2];
  const float z = 0.0193339F * c[0] + 0.1191920F * c[1] + 0.9503041F * c[2];
  const float fx = lab_curve(x / kWhite[0]);
  const float fy = lab_curve(y / kWhite[1]);
  const float fz = lab_curve(z / kWhite[2]);
  return {116.0F * fy - 16.0F, 500.0F * (fx - fy), 200.0F * (fy - fz)};
}

cv::Vec3b linear_to_bgr(const Color& linear) {
  // Indexed by the square root of light, so that dark colours get enough entries.
  static const auto table = [] {
    std::array<std::uint8_t, kEncodeSize> values{};
    for (int i = 0; i < kEncodeSize; ++i) {
      const float root = static_cast<float>(i) / (kEncodeSize - 1);
      values[static_cast<std::size_t>(i)] =
          static_cast<std::uint8_t>(255.0F * encode_srgb(root * root) + 0.5F);
    }
    return values;
  }();
  cv::Vec3b bgr;
  for (int channel = 0; channel < 3; ++channel) {
    const float root = std::sqrt(clamp01(linear[channel]));
    bgr[2 - channel] = table[static_cast<std::size_t>(root * (kEncodeSize - 1) + 0.5F)];
  }
  return bgr;
}

bool in_gamut(const Lab& lab) {
  const Color c = lab_to_linear(lab);
  constexpr float kTolerance = 0.001F;
  return std::min({c[0], c[1], c[2]}) >= -kTolerance &&
         std::max({c[0], c[1], c[2]}) <= 1.0F + kTolerance;
}

std::vector<Lab> gamut_lattice(float spacing) {
  constexpr float kDarkest = 4.0F;
  constexpr float kChromaReach = 132.0F;  // no sRGB colour has a larger |a| or |b|
  const int reach = static_cast<int>(kChromaReach / spacing);
  std::vector<Lab> points;
  for (float lightness = kDarkest; lightness < 98.0F; lightness += spacing) {
    for (int a = -reach; a <= reach; ++a) {
      for (int b = -reach; b <= reach; ++b) {
        const Lab lab(lightness, static_cast<float>(a) * spacing, static_cast<float>(b) * spacing);
        if (in_gamut(lab)) points.push_back(lab);
      }
    }
  }
  return points;
}

}  // namespace samples

#include "match/lab.h"

#include <algorithm>
#include <cstddef>

#include "smalti/descriptor.h"

// The tables are made at start from +, -, * and / on doubles alone. These are the same on every
// IEEE 754 machine as long as nothing is contracted (the build forbids it), which pow() and cbrt()
// of different C libraries are not.

namespace smalti {
namespace {

constexpr std::int64_t kUnit = 1 << 16;

// Linear light: 0 to 2^20, for every 16th mean.
constexpr int kLinearBits = 20;
constexpr Mean kWhite = 255 * kMeanPerCode;
constexpr int kGammaShift = 4;
constexpr int kGammaEntries = (kWhite >> kGammaShift) + 1;

// f(t) of CIELAB: t in steps of 2^-12, interpolated; f scaled by 2^16.
constexpr int kCurveBits = 12;
constexpr int kCurveShift = kLinearBits - kCurveBits;

constexpr double nth_root(double x, int n) {
  if (x <= 0) return 0;
  double root = 1;
  constexpr int kIterations = 60;  // enough from 1 down to the smallest x of the tables
  for (int i = 0; i < kIterations; ++i) {
    double power = 1;
    for (int k = 1; k < n; ++k) power *= root;
    root += (x / power - root) / n;
  }
  return root;
}

double linear_from_srgb(double v) {
  if (v <= 0.04045) return v / 12.92;
  const double root = nth_root((v + 0.055) / 1.055, 5);
  const double squared = root * root;
  const double fourth = squared * squared;
  return fourth * fourth * fourth;  // x^2.4 = (x^(1/5))^12
}

double lab_curve(double t) {
  constexpr double kDelta = 6.0 / 29;
  if (t > kDelta * kDelta * kDelta) return nth_root(t, 3);
  return t / (3 * kDelta * kDelta) + 4.0 / 29;
}

struct Tables {
  std::array<std::int32_t, kGammaEntries> linear;
  std::array<std::int32_t, (1 << kCurveBits) + 2> curve;

  Tables() {
    for (std::size_t i = 0; i < linear.size(); ++i) {
      const double v = linear_from_srgb(static_cast<double>(i) / (kGammaEntries - 1));
      linear[i] = static_cast<std::int32_t>(v * (1 << kLinearBits) + 0.5);
    }
    for (std::size_t i = 0; i < curve.size(); ++i) {
      const double f = lab_curve(static_cast<double>(i) / (1 << kCurveBits));
      curve[i] = static_cast<std::int32_t>(f * kUnit + 0.5);
    }
  }
};

const Tables& tables() {
  static const Tables kTables;
  return kTables;
}

std::int32_t curve_at(const Tables& t, std::int64_t linear) {
  const auto at = static_cast<std::size_t>(linear >> kCurveShift);
  const auto part = static_cast<std::int32_t>(linear & ((1 << kCurveShift) - 1));
  return t.curve[at] + (((t.curve[at + 1] - t.curve[at]) * part) >> kCurveShift);
}

constexpr std::int64_t fixed(double v) {
  return static_cast<std::int64_t>(v * static_cast<double>(kUnit) + (v < 0 ? -0.5 : 0.5));
}

// Rounds to nearest, halves up; shifts of negative numbers are arithmetic in C++20.
constexpr std::int16_t scaled(std::int64_t v) {
  return static_cast<std::int16_t>((v + kUnit / 2) >> 16);
}

struct LumaWeights {
  double red;
  double blue;
};

// H.273, table 4.
LumaWeights luma_weights(std::uint8_t matrix) {
  switch (matrix) {
    case 1:
      return {0.2126, 0.0722};
    case 9:
    case 10:
      return {0.2627, 0.0593};
    default:
      return {0.299, 0.114};
  }
}

}  // namespace

LabConverter::LabConverter(const PixelFormat& format, const ColorTags& color)
    : model_(format.model), black_(color.full_range ? 0 : 16 * kMeanPerCode) {
  const LumaWeights k = luma_weights(color.matrix);
  const double green = 1 - k.red - k.blue;
  const double chroma_gain = color.full_range ? 1.0 : 255.0 / 224;
  luma_gain_ = fixed(color.full_range ? 1.0 : 255.0 / 219);
  red_from_cr_ = fixed(2 * (1 - k.red) * chroma_gain);
  blue_from_cb_ = fixed(2 * (1 - k.blue) * chroma_gain);
  green_from_cb_ = fixed(-2 * (1 - k.blue) * k.blue / green * chroma_gain);
  green_from_cr_ = fixed(-2 * (1 - k.red) * k.red / green * chroma_gain);
}

LabConverter::Rgb LabConverter::rgb_of(const Mean* means) const {
  if (model_ == ColorModel::kRgb) return {means[0], means[1], means[2]};
  const std::int64_t luma = (means[0] - black_) * luma_gain_;
  std::int64_t cb = 0;
  std::int64_t cr = 0;
  if (model_ == ColorModel::kYuv) {
    cb = means[1] - 128 * kMeanPerCode;
    cr = means[2] - 128 * kMeanPerCode;
  }
  const auto mean = [](std::int64_t v) { return static_cast<Mean>((v + kUnit / 2) >> 16); };
  return {mean(luma + red_from_cr_ * cr), mean(luma + green_from_cb_ * cb + green_from_cr_ * cr),
          mean(luma + blue_from_cb_ * cb)};
}

void LabConverter::convert(const Mean* means, std::int16_t* lab) const {
  const Tables& t = tables();
  const Rgb rgb = rgb_of(means);
  std::array<std::int64_t, 3> linear;
  for (std::size_t i = 0; i < 3; ++i) {
    const Mean v = std::clamp(rgb[i], 0, kWhite);
    linear[i] = t.linear[static_cast<std::size_t>((v + (1 << kGammaShift) / 2) >> kGammaShift)];
  }

  // sRGB to XYZ over its white: each row's weights add up to 1, green takes the rest.
  const auto weigh = [&](double red, double blue) {
    const std::int64_t r = fixed(red);
    const std::int64_t b = fixed(blue);
    return (r * linear[0] + (kUnit - r - b) * linear[1] + b * linear[2]) >> 16;
  };
  const std::int32_t fx = curve_at(t, weigh(0.4338873, 0.1898886));
  const std::int32_t fy = curve_at(t, weigh(0.2126390, 0.0721923));
  const std::int32_t fz = curve_at(t, weigh(0.0177500, 0.8728023));

  lab[0] = scaled(kLabScale * (116 * static_cast<std::int64_t>(fy) - 16 * kUnit));
  lab[1] = scaled(kLabScale * 500 * static_cast<std::int64_t>(fx - fy));
  lab[2] = scaled(kLabScale * 200 * static_cast<std::int64_t>(fy - fz));
}

}  // namespace smalti

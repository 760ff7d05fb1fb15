#include "match/lab.h"

#include <algorithm>
#include <cstddef>

#include "smalti/descriptor.h"

// The tables are made at start from +, -, * and / on doubles alone. These are the same on every
// IEEE 754 machine as long as nothing is contracted (the build forbids it), which pow() and cbrt()
// of different C libraries are not.

namespace smalti {
namespace {

// Everything below fits 32 bits with its sign; the bits of each factor are chosen for that.

// Gains from Y'CbCr, at most 2.2, times means below 2^16.
constexpr int kGainBits = 13;

// Linear light: 0 to 2^17 - 1, for every 16th mean.
constexpr int kLinearBits = 17;
constexpr Mean kWhite = 255 * kMeanPerCode;
constexpr int kGammaShift = 4;
constexpr int kGammaEntries = (kWhite >> kGammaShift) + 1;

// Weights of linear light, which add up to 1.
constexpr int kWeightBits = 14;

// f(t) of CIELAB: t in steps of 2^-12, interpolated.
constexpr int kCurveBits = 12;
constexpr int kCurveShift = kLinearBits - kCurveBits;
constexpr int kValueBits = 16;

// The way back from linear light, for every 8th of it.
constexpr int kInverseShift = 3;
constexpr int kInverseEntries = (1 << (kLinearBits - kInverseShift)) + 1;

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

struct Tables {
  std::array<std::int32_t, kGammaEntries> linear;
  std::array<std::int32_t, (1 << kCurveBits) + 2> curve;
  std::array<float, kInverseEntries> encoded;  // of linear light: sRGB, 0 to 1

  Tables() {
    for (std::size_t i = 0; i < linear.size(); ++i) {
      const double v = linear_from_srgb(static_cast<double>(i) / (kGammaEntries - 1));
      linear[i] = static_cast<std::int32_t>(v * ((1 << kLinearBits) - 1) + 0.5);
    }
    for (std::size_t i = 0; i < curve.size(); ++i) {
      const double f = lab_curve(static_cast<double>(i) / (1 << kCurveBits));
      curve[i] = static_cast<std::int32_t>(f * (1 << kValueBits) + 0.5);
    }
    std::size_t above = 0;
    for (std::size_t i = 0; i < encoded.size(); ++i) {
      while (above + 1 < linear.size() && linear[above] < static_cast<int>(i << kInverseShift))
        ++above;
      encoded[i] = static_cast<float>(above) / (kGammaEntries - 1);
    }
  }
};

const Tables& tables() {
  static const Tables kTables;
  return kTables;
}

std::int32_t curve_at(const Tables& t, std::int32_t linear) {
  const auto at = static_cast<std::size_t>(linear >> kCurveShift);
  const std::int32_t part = linear & ((1 << kCurveShift) - 1);
  return t.curve[at] + (((t.curve[at + 1] - t.curve[at]) * part) >> kCurveShift);
}

constexpr std::int32_t fixed(double v, int bits) {
  return static_cast<std::int32_t>(v * (1 << bits) + (v < 0 ? -0.5 : 0.5));
}

// Divides by 2^bits, rounding to nearest, halves up; shifts of negative numbers are arithmetic.
constexpr std::int32_t rounded(std::int32_t v, int bits) { return (v + (1 << (bits - 1))) >> bits; }

// One of X, Y, Z over its white: green weighs what red and blue leave.
struct Weights {
  std::int32_t red;
  std::int32_t green;
  std::int32_t blue;

  constexpr explicit Weights(const RgbShares& share)
      : red(fixed(share.red, kWeightBits)),
        green((1 << kWeightBits) - red - fixed(share.blue, kWeightBits)),
        blue(fixed(share.blue, kWeightBits)) {}

  std::int32_t of(std::int32_t r, std::int32_t g, std::int32_t b) const {
    return (red * r + green * g + blue * b) >> kWeightBits;
  }
};

constexpr Weights kX(kXyzShares[0]);
constexpr Weights kY(kXyzShares[1]);
constexpr Weights kZ(kXyzShares[2]);

}  // namespace

// H.273, table 4.
RgbShares luma_shares(std::uint8_t matrix) {
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

LabConverter::LabConverter(const PixelFormat& format, const ColorTags& color)
    : model_(format.model), black_(color.full_range ? 0 : 16 * kMeanPerCode) {
  const RgbShares k = luma_shares(color.matrix);
  const double green = k.green();
  const double chroma_gain = color.full_range ? 1.0 : 255.0 / 224;
  luma_gain_ = fixed(color.full_range ? 1.0 : 255.0 / 219, kGainBits);
  red_from_cr_ = fixed(2 * (1 - k.red) * chroma_gain, kGainBits);
  blue_from_cb_ = fixed(2 * (1 - k.blue) * chroma_gain, kGainBits);
  green_from_cb_ = fixed(-2 * (1 - k.blue) * k.blue / green * chroma_gain, kGainBits);
  green_from_cr_ = fixed(-2 * (1 - k.red) * k.red / green * chroma_gain, kGainBits);
}

LabConverter::Rgb LabConverter::from_yuv(Mean y, Mean cb, Mean cr) const {
  const std::int32_t luma = (y - black_) * luma_gain_;
  cb -= 128 * kMeanPerCode;
  cr -= 128 * kMeanPerCode;
  return {rounded(luma + red_from_cr_ * cr, kGainBits),
          rounded(luma + green_from_cb_ * cb + green_from_cr_ * cr, kGainBits),
          rounded(luma + blue_from_cb_ * cb, kGainBits)};
}

template <typename RgbAt>
void LabConverter::convert_each(std::size_t count, std::int16_t* lab, RgbAt rgb_at) {
  const Tables& t = tables();
  const auto linear = [&t](Mean v) {
    v = std::clamp(v, 0, kWhite);
    return t.linear[static_cast<std::size_t>(rounded(v, kGammaShift))];
  };
  for (std::size_t i = 0; i < count; ++i) {
    const Rgb rgb = rgb_at(i);
    const std::int32_t r = linear(rgb.red);
    const std::int32_t g = linear(rgb.green);
    const std::int32_t b = linear(rgb.blue);
    const std::int32_t fx = curve_at(t, kX.of(r, g, b));
    const std::int32_t fy = curve_at(t, kY.of(r, g, b));
    const std::int32_t fz = curve_at(t, kZ.of(r, g, b));
    const auto put = [&](std::size_t at, std::int32_t v) {
      lab[i * 3 + at] = static_cast<std::int16_t>(rounded(v, kValueBits));
    };
    put(0, kLabScale * (116 * fy - (16 << kValueBits)));
    put(1, kLabScale * 500 * (fx - fy));
    put(2, kLabScale * 200 * (fy - fz));
  }
}

void LabConverter::convert(const std::array<const Mean*, 3>& means, std::size_t count,
                           std::int16_t* lab) const {
  const Mean* first = means[0];
  switch (model_) {
    case ColorModel::kRgb:
      return convert_each(count, lab, [&](std::size_t i) {
        return Rgb{first[i], means[1][i], means[2][i]};
      });
    case ColorModel::kYuv:
      return convert_each(
          count, lab, [&](std::size_t i) { return from_yuv(first[i], means[1][i], means[2][i]); });
    case ColorModel::kGray:
      return convert_each(count, lab, [&](std::size_t i) {
        const Mean v = rounded((first[i] - black_) * luma_gain_, kGainBits);
        return Rgb{v, v, v};
      });
  }
}

LabEncoder::LabEncoder(const PixelFormat& format, const ColorTags& color)
    : model_(format.model),
      red_share_(luma_shares(color.matrix).red),
      blue_share_(luma_shares(color.matrix).blue) {
  const bool full = color.full_range || format.model == ColorModel::kRgb;
  const double step = 1 << (format.depth - 8);
  const double all = (1 << format.depth) - 1;
  codes_ = full ? all : 219 * step;
  chroma_codes_ = full ? all : 224 * step;
  black_ = full ? 0 : 16 * step;
  neutral_ = 128 * step;
}

std::array<double, 3> LabEncoder::components(const std::array<double, 3>& lab) const {
  const auto from_curve = [](double f) {
    constexpr double kDelta = 6.0 / 29;
    return f > kDelta ? f * f * f : 3 * kDelta * kDelta * (f - 4.0 / 29);
  };
  const double fy = (lab[0] / kLabScale + 16) / 116;
  const double x = from_curve(fy + lab[1] / kLabScale / 500);  // over the white's
  const double y = from_curve(fy);
  const double z = from_curve(fy - lab[2] / kLabScale / 200);

  // The inverse of the matrix above: XYZ over its white to linear sRGB.
  const Tables& t = tables();
  const auto encoded = [&t](double linear) {
    const double at = std::clamp(linear, 0.0, 1.0) * (kInverseEntries - 1) + 0.5;
    return static_cast<double>(t.encoded[static_cast<std::size_t>(at)]);
  };
  const double r = encoded(3.0799 * x - 1.5371 * y - 0.5428 * z);
  const double g = encoded(-0.9213 * x + 1.8760 * y + 0.0453 * z);
  const double b = encoded(0.0529 * x - 0.2040 * y + 1.1511 * z);
  if (model_ == ColorModel::kRgb) return {r * codes_, g * codes_, b * codes_};

  const double luma = red_share_ * r + (1 - red_share_ - blue_share_) * g + blue_share_ * b;
  return {black_ + luma * codes_, neutral_ + (b - luma) / (2 - 2 * blue_share_) * chroma_codes_,
          neutral_ + (r - luma) / (2 - 2 * red_share_) * chroma_codes_};
}

}  // namespace smalti

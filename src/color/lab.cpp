#include "color/lab.h"

#include <algorithm>
#include <cstddef>

#include "color/lab_scale.h"

// Cells and tiles are compared in CIELAB (CIE 1976, D65) because there a distance means about as
// much everywhere as the eye makes of it; match/descriptor.cpp has the figures against Oklab, RGB
// and linear light. It is computed in integers from tables, in 32 bits so that whole rows of blocks
// are converted with wide instructions: no machine finds other numbers than another, and so none
// chooses other tiles.
//
// The tables are made at start from +, -, * and / on doubles alone. These are the same on every
// IEEE 754 machine as long as nothing is contracted (the build forbids it), which pow() and cbrt()
// of different C libraries are not.

namespace smalti::color {
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

// The cube root, for Oklab: near 0, where it is steep, of every number of linear light.
constexpr int kFineRoots = 1 << 11;

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
  std::array<std::int32_t, (1 << kCurveBits) + 2> root;
  std::array<std::int32_t, kFineRoots> fine_root;
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
    const auto root_of = [](double x) {
      return static_cast<std::int32_t>(nth_root(x, 3) * (1 << kValueBits) + 0.5);
    };
    for (std::size_t i = 0; i < root.size(); ++i)
      root[i] = root_of(static_cast<double>(i) / (1 << kCurveBits));
    for (std::size_t i = 0; i < fine_root.size(); ++i)
      fine_root[i] = root_of(static_cast<double>(i) / (1 << kLinearBits));
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

using Curve = std::array<std::int32_t, (1 << kCurveBits) + 2>;

std::int32_t interpolated(const Curve& curve, std::int32_t linear) {
  const auto at = static_cast<std::size_t>(linear >> kCurveShift);
  const std::int32_t part = linear & ((1 << kCurveShift) - 1);
  return curve[at] + (((curve[at + 1] - curve[at]) * part) >> kCurveShift);
}

std::int32_t root_of(const Tables& t, std::int32_t linear) {
  if (linear < kFineRoots) return t.fine_root[static_cast<std::size_t>(linear)];
  return interpolated(t.root, linear);
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

// What a component of linear light says.
struct Linear {
  std::int32_t red;
  std::int32_t green;
  std::int32_t blue;
};

std::int16_t narrowed(std::int32_t v) { return static_cast<std::int16_t>(v); }

void put_lab(const Tables& t, const Linear& c, std::int16_t* out) {
  const std::int32_t fx = interpolated(t.curve, kX.of(c.red, c.green, c.blue));
  const std::int32_t fy = interpolated(t.curve, kY.of(c.red, c.green, c.blue));
  const std::int32_t fz = interpolated(t.curve, kZ.of(c.red, c.green, c.blue));
  out[0] = narrowed(rounded(kLabScale * (116 * fy - (16 << kValueBits)), kValueBits));
  out[1] = narrowed(rounded(kLabScale * 500 * (fx - fy), kValueBits));
  out[2] = narrowed(rounded(kLabScale * 200 * (fy - fz), kValueBits));
}

// Ottosson, "A perceptual color space for image processing" (2020): cones, then their roots' mix.
// Each row of the second matrix adds up to 1 or 0; its third number is what the others leave.
constexpr Weights kLongCone({0.4122214708, 0.0514459929});
constexpr Weights kMediumCone({0.2119034982, 0.1073969566});
constexpr Weights kShortCone({0.0883024619, 0.6299787005});
constexpr std::int32_t kBlackToWhite = 1600;

struct Mix {
  std::int32_t sum;
  std::int32_t first;
  std::int32_t second;

  constexpr Mix(double all, double a, double b)
      : sum(fixed(all * kBlackToWhite, kMixBits)),
        first(fixed(a * kBlackToWhite, kMixBits)),
        second(fixed(b * kBlackToWhite, kMixBits)) {}

  std::int16_t of(std::int64_t l, std::int64_t m, std::int64_t s) const {
    const std::int64_t v = first * l + second * m + (sum - first - second) * s;
    constexpr int kBits = kMixBits + kValueBits;
    return static_cast<std::int16_t>((v + (std::int64_t{1} << (kBits - 1))) >> kBits);
  }

  static constexpr int kMixBits = 8;
};

constexpr Mix kOkLightness(1, 0.2104542553, 0.7936177850);
constexpr Mix kOkA(0, 1.9779984951, -2.4285922050);
constexpr Mix kOkB(0, 0.0259040371, 0.7827717662);

void put_oklab(const Tables& t, const Linear& c, std::int16_t* out) {
  const std::int32_t l = root_of(t, kLongCone.of(c.red, c.green, c.blue));
  const std::int32_t m = root_of(t, kMediumCone.of(c.red, c.green, c.blue));
  const std::int32_t s = root_of(t, kShortCone.of(c.red, c.green, c.blue));
  out[0] = kOkLightness.of(l, m, s);
  out[1] = kOkA.of(l, m, s);
  out[2] = kOkB.of(l, m, s);
}

// 1600 over the root of 3: what a component of white is, when each counts alike.
constexpr std::int32_t kWhiteComponent = 924;

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

ColorConverter::ColorConverter(const PixelFormat& format, const ColorTags& color, ColorSpace space)
    : model_(format.model), space_(space), black_(color.full_range ? 0 : 16 * kMeanPerCode) {
  const RgbShares k = luma_shares(color.matrix);
  const double green = k.green();
  const double chroma_gain = color.full_range ? 1.0 : 255.0 / 224;
  luma_gain_ = fixed(color.full_range ? 1.0 : 255.0 / 219, kGainBits);
  red_from_cr_ = fixed(2 * (1 - k.red) * chroma_gain, kGainBits);
  blue_from_cb_ = fixed(2 * (1 - k.blue) * chroma_gain, kGainBits);
  green_from_cb_ = fixed(-2 * (1 - k.blue) * k.blue / green * chroma_gain, kGainBits);
  green_from_cr_ = fixed(-2 * (1 - k.red) * k.red / green * chroma_gain, kGainBits);
}

ColorConverter::Rgb ColorConverter::from_yuv(Mean y, Mean cb, Mean cr) const {
  const std::int32_t luma = (y - black_) * luma_gain_;
  cb -= 128 * kMeanPerCode;
  cr -= 128 * kMeanPerCode;
  return {rounded(luma + red_from_cr_ * cr, kGainBits),
          rounded(luma + green_from_cb_ * cb + green_from_cr_ * cr, kGainBits),
          rounded(luma + blue_from_cb_ * cb, kGainBits)};
}

template <typename RgbAt>
void ColorConverter::convert_each(std::size_t count, std::int16_t* out, RgbAt rgb_at) const {
  const Tables& t = tables();
  const auto linear_of = [&t](Mean v) {
    v = std::clamp(v, 0, kWhite);
    return t.linear[static_cast<std::size_t>(rounded(v, kGammaShift))];
  };
  const auto linear_at = [&](std::size_t i) {
    const Rgb rgb = rgb_at(i);
    return Linear{linear_of(rgb.red), linear_of(rgb.green), linear_of(rgb.blue)};
  };
  const auto code = [](Mean v) {
    return narrowed((std::clamp(v, 0, kWhite) * kWhiteComponent + kWhite / 2) / kWhite);
  };
  const auto light = [](std::int32_t v) {
    return narrowed(rounded(v * kWhiteComponent, kLinearBits));
  };
  for (std::size_t i = 0; i < count; ++i, out += 3) {
    switch (space_) {
      case ColorSpace::kLab:
        put_lab(t, linear_at(i), out);
        break;
      case ColorSpace::kOklab:
        put_oklab(t, linear_at(i), out);
        break;
      case ColorSpace::kRgb: {
        const Rgb rgb = rgb_at(i);
        out[0] = code(rgb.red), out[1] = code(rgb.green), out[2] = code(rgb.blue);
        break;
      }
      case ColorSpace::kLinear: {
        const Linear c = linear_at(i);
        out[0] = light(c.red), out[1] = light(c.green), out[2] = light(c.blue);
        break;
      }
    }
  }
}

void ColorConverter::convert(const std::array<const Mean*, 3>& means, std::size_t count,
                             std::int16_t* out) const {
  const Mean* first = means[0];
  switch (model_) {
    case ColorModel::kRgb:
      return convert_each(count, out, [&](std::size_t i) {
        return Rgb{first[i], means[1][i], means[2][i]};
      });
    case ColorModel::kYuv:
      return convert_each(
          count, out, [&](std::size_t i) { return from_yuv(first[i], means[1][i], means[2][i]); });
    case ColorModel::kGray:
      return convert_each(count, out, [&](std::size_t i) {
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

}  // namespace smalti::color

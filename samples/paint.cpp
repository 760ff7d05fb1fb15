#include "paint.h"

#include <array>

#include "noise.h"

namespace samples {
namespace {

constexpr int kCurveSize = 1 << 14;
constexpr float kShoulder = 0.62F;  // linear light above this is compressed
constexpr float kBrightest = 4.0F;  // linear light the curve table ends at
constexpr std::uint32_t kDitherSeed = 77;

// Film-like shoulder: linear below kShoulder, then approaching 1 without a corner.
float roll_off(float x) {
  if (x <= kShoulder) return x;
  constexpr float kRoom = 1.0F - kShoulder;
  return kShoulder + kRoom * (1.0F - std::exp(-(x - kShoulder) / kRoom));
}

// The table runs over the square root of light, which spends its entries where eyes need them.
const std::array<float, kCurveSize>& film_curve() {
  static const auto curve = [] {
    std::array<float, kCurveSize> values{};
    for (int i = 0; i < kCurveSize; ++i) {
      const float root = static_cast<float>(i) / (kCurveSize - 1);
      values[static_cast<std::size_t>(i)] =
          255.0F * encode_srgb(roll_off(root * root * kBrightest));
    }
    return values;
  }();
  return curve;
}

}  // namespace

float encode_srgb(float linear) {
  return linear <= 0.0031308F ? 12.92F * linear : 1.055F * std::pow(linear, 1.0F / 2.4F) - 0.055F;
}

Color srgb(std::uint32_t hex) {
  Color color;
  for (int channel = 0; channel < 3; ++channel) {
    const float v = static_cast<float>((hex >> (16 - 8 * channel)) & 255U) / 255.0F;
    color[channel] = v <= 0.04045F ? v / 12.92F : std::pow((v + 0.055F) / 1.055F, 2.4F);
  }
  return color;
}

Color sample(const Canvas& image, float x, float y) {
  x = std::clamp(x, 0.0F, static_cast<float>(image.cols - 1) - 0.001F);
  y = std::clamp(y, 0.0F, static_cast<float>(image.rows - 1) - 0.001F);
  const int ix = static_cast<int>(x);
  const int iy = static_cast<int>(y);
  const float u = x - static_cast<float>(ix);
  const Color* top = image[iy] + ix;
  const Color* bottom = image[iy + 1] + ix;
  return mix(mix(top[0], top[1], u), mix(bottom[0], bottom[1], u), y - static_cast<float>(iy));
}

void develop(const Canvas& linear, cv::Mat_<cv::Vec3b>& bgr) {
  const auto& curve = film_curve();
  bgr.create(linear.size());
  for (int y = 0; y < linear.rows; ++y) {
    for (int x = 0; x < linear.cols; ++x) {
      const Color& light = linear(y, x);
      // The dither stays put from frame to frame: moving noise would cost the encoder bits.
      const float dither =
          unit_float(hash(static_cast<std::uint32_t>(y * linear.cols + x) + kDitherSeed));
      for (int channel = 0; channel < 3; ++channel) {
        const float root = std::sqrt(clamp01(light[channel] / kBrightest));
        const auto index = static_cast<std::size_t>(root * (kCurveSize - 1) + 0.5F);
        bgr(y, x)[2 - channel] = static_cast<std::uint8_t>(std::min(curve[index] + dither, 255.0F));
      }
    }
  }
}

}  // namespace samples

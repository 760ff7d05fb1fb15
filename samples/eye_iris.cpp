#include "eye_iris.h"

#include "noise.h"

namespace samples {
namespace {

constexpr int kTurns = 2048;  // columns, plus one more so that reading can run past the seam
constexpr int kDepths = 192;
constexpr std::uint32_t kIrisSeed = 90210;

// Noise that stretches along the radius and closes round the circle.
float fibre(float turn, float depth, int count, float stretch, std::uint32_t seed) {
  return value_noise(turn * static_cast<float>(count), depth * stretch, seed, count);
}

// Fine bright threads: the ridge where noise crosses its middle.
float thread(float turn, float depth, int count, std::uint32_t seed) {
  const float n = fibre(turn, depth, count, 2.2F, seed);
  return 1.0F - std::min(1.0F, std::abs(n - 0.5F) * 3.2F);
}

// Amber round the pupil, then green, blue-green and blue, and a dark ring at the rim. `wander`
// moves the borders in and out so that they are not circles.
Color base_color(float depth, float wander) {
  static const Color kAmber = srgb(0xE0A030);
  static const Color kMoss = srgb(0x7DBB62);
  static const Color kTeal = srgb(0x1FA79A);
  static const Color kDeep = srgb(0x136F8E);
  static const Color kRing = srgb(0x08222E);
  const float d = depth + 0.10F * (wander - 0.5F);
  Color color = mix(kAmber, kMoss, smooth(0.14F, 0.36F, d));
  color = mix(color, kTeal, smooth(0.30F, 0.55F, d));
  color = mix(color, kDeep, smooth(0.55F, 0.86F, d));
  return mix(color, kRing, smooth(0.80F, 0.97F, d));
}

Color paint_iris(float turn, float depth) {
  // Fibres are not straight: they sway together, more towards the rim.
  const float sway = (fibre(turn, depth, 14, 2.0F, kIrisSeed) - 0.5F) * 0.022F * (0.4F + depth);
  const float t = turn + sway + 1.0F;
  const float wander = fibre(t, 0.0F, 22, 1.0F, kIrisSeed + 1) * 0.6F +
                       fibre(t, 0.0F, 61, 1.0F, kIrisSeed + 2) * 0.4F;
  const float coarse = fibre(t, depth, 46, 3.0F, kIrisSeed + 3);
  const float threads =
      0.6F * thread(t, depth, 58, kIrisSeed + 4) + 0.4F * thread(t, depth, 133, kIrisSeed + 5);
  // The collarette, a wavy frill about a third of the way out, divides an inner from an outer zone.
  const float frill = depth - 0.27F - 0.10F * (wander - 0.5F);
  const float collarette = bell(frill, 0.05F);
  const float crypts = smooth(0.66F, 0.86F, fibre(t, depth, 19, 4.0F, kIrisSeed + 6)) *
                       smooth(0.22F, 0.40F, depth) * smooth(0.85F, 0.6F, depth);
  Color color = base_color(depth, wander);
  color *= 0.42F + 0.55F * coarse + 0.75F * threads * threads + 0.35F * collarette;
  color = mix(color, base_color(0.88F, 0.5F) * 0.6F, 0.55F * crypts);
  // Contracted tissue around the pupil is darker.
  return color * mix(0.45F, 1.0F, smooth(0.0F, 0.12F, depth));
}

}  // namespace

Canvas make_iris_texture() {
  Canvas texture(kDepths, kTurns + 1);
  for (int y = 0; y < texture.rows; ++y) {
    for (int x = 0; x < texture.cols; ++x) {
      texture(y, x) = paint_iris(static_cast<float>(x % kTurns) / kTurns,
                                 static_cast<float>(y) / (kDepths - 1));
    }
  }
  return texture;
}

Color iris_color(const Canvas& texture, float turn, float depth) {
  return sample(texture, turn * kTurns, depth * (kDepths - 1));
}

}  // namespace samples

#include "sunset.h"

#include <array>

#include "noise.h"

namespace samples {
namespace {

constexpr float kSunRadius = 0.15F;
constexpr std::uint32_t kCloudSeed = 31;
constexpr std::uint32_t kWaveSeed = 67;
constexpr float kCloudScale = 300.0F;  // map pixels per unit of scene space
constexpr float kCloudMargin = 0.5F;   // the map reaches this far left of the picture, for drifting
constexpr int kSkySteps = 512;
constexpr float kSkyTop = 1.7F;

Color gradient_sky(float height) {
  struct Stop {
    float height;
    Color color;
  };
  static const std::array<Stop, 7> kStops{{{0.0F, srgb(0xFFCB6B)},
                                           {0.14F, srgb(0xFF9A4A)},
                                           {0.36F, srgb(0xF4606A)},
                                           {0.66F, srgb(0xB2459A)},
                                           {1.0F, srgb(0x5A3CA6)},
                                           {1.4F, srgb(0x28307F)},
                                           {kSkyTop, srgb(0x1C2668)}}};
  std::size_t i = 1;
  while (i + 1 < kStops.size() && kStops[i].height < height) ++i;
  const Stop& low = kStops[i - 1];
  const Stop& high = kStops[i];
  return mix(low.color, high.color, clamp01((height - low.height) / (high.height - low.height)));
}

// How thick the clouds are; below kThinnest there are none.
constexpr float kThinnest = 0.50F;
constexpr float kThickest = 0.84F;

float cloud_density(float x, float y) {
  // Clouds are drawn out along the horizon, in long bands.
  const float n = fractal_noise(x * 1.5F + 3.0F, y * 5.5F, 5, kCloudSeed);
  const float bands = fractal_noise(x * 0.5F, y * 2.2F, 2, kCloudSeed + 40);
  return 0.72F * n + 0.36F * bands;
}

}  // namespace

Color clear_sky(float height) {
  // Tabulated, since every sea pixel asks too.
  static const auto table = [] {
    std::array<Color, kSkySteps> colors;
    for (int i = 0; i < kSkySteps; ++i) {
      colors[static_cast<std::size_t>(i)] =
          gradient_sky(static_cast<float>(i) * kSkyTop / (kSkySteps - 1));
    }
    return colors;
  }();
  const float place = clamp01(height / kSkyTop) * (kSkySteps - 1);
  const auto i = std::min(static_cast<std::size_t>(place), table.size() - 2);
  return mix(table[i], table[i + 1], place - static_cast<float>(i));
}

Sunset::Sunset() : clouds_(480, 1500) {
  constexpr float kStep = 0.05F;
  for (int row = 0; row < clouds_.rows; ++row) {
    for (int column = 0; column < clouds_.cols; ++column) {
      const float x = static_cast<float>(column) / kCloudScale - 1.8F - kCloudMargin;
      const float y = static_cast<float>(row) / kCloudScale - 1.1F;
      const float density = cloud_density(x, y);
      const Point to_sun = kSun - Point(x, y);
      const float far = length(to_sun) + 0.001F;
      // A spot is lit when there is less cloud on its sunward side.
      const Point sunward = Point(x, y) + to_sun * (kStep / far);
      const float thinning = density - cloud_density(sunward.x, sunward.y);
      const float lit = clamp01(0.36F + 6.0F * thinning + 0.40F * bell(far, 0.8F));
      const float cover = smooth(kThinnest, kThickest, density);
      clouds_(row, column) = Color(cover, lit, 0.0F);
    }
  }
}

Color Sunset::sky(Point p, float time) const {
  static const Color kLit = srgb(0xFF9E7E);
  static const Color kShade = srgb(0x8A3F96);
  static const Color kSunTop = srgb(0xFFF6C8) * 1.9F;
  static const Color kSunFoot = srgb(0xFFC65C) * 1.5F;
  static const Color kGlow = srgb(0xFFB347);
  const Point d = p - kSun;
  const float far = length(d);
  const float height = kHorizon - p.y;
  Color color = clear_sky(height);
  color += kGlow * (0.75F * std::exp(-far * 3.2F) + 0.12F * std::exp(-far * 1.1F));
  const Color disc = mix(kSunTop, kSunFoot, smooth(-kSunRadius, 1.1F * kSunRadius, d.y));
  color = mix(color, disc, smooth(kSunRadius + 0.008F, kSunRadius - 0.008F, far));
  const Color cloud = sample(clouds_, (p.x + 1.8F + kCloudMargin - 0.025F * time) * kCloudScale,
                             (p.y + 1.1F) * kCloudScale);
  const Color body = mix(kShade, kLit, cloud[1]) * (0.75F + 0.9F * std::exp(-far * 2.0F));
  return mix(color, body, 0.72F * cloud[0] * smooth(0.02F, 0.25F, height));
}

Color Sunset::sea(Point p, float away, float time) const {
  static const Color kFarDeep = srgb(0x5A2A78);
  static const Color kNearDeep = srgb(0x141C5A);
  static const Color kGlitter = srgb(0xFFD98A);
  const float depth = p.y - kHorizon;
  const float across = p.x / (depth + 0.07F);
  const float swell =
      value_noise(across * 0.9F + 0.10F * time, away * 7.0F - 0.55F * time, kWaveSeed);
  const float ripple =
      value_noise(across * 2.6F - 0.35F * time, away * 19.0F - 0.9F * time, kWaveSeed + 1);
  const float slope = swell + ripple - 1.0F;
  const Color mirror = clear_sky(0.27F + 0.9F * depth + 0.36F * slope);
  const Color deep = mix(kFarDeep, kNearDeep, smooth(0.0F, 0.42F, depth));
  Color color = mix(mirror * 0.80F, deep, clamp01(0.34F + 0.70F * depth - 0.45F * slope));
  // Towards the horizon the sea takes on the glow of the sky.
  color = mix(color, clear_sky(0.16F) * 0.8F, 0.55F * std::exp(-depth * 14.0F));
  const float path = bell(p.x - kSun.x, 0.13F + 0.42F * depth);
  if (path < 0.01F) return color;
  // The sun breaks into glints where three wave trains happen to meet.
  const float twinkle =
      value_noise(across * 3.4F + 0.55F * time, away * 23.0F + 1.1F * time, kWaveSeed + 2);
  const float crest = 0.45F * swell + 0.30F * ripple + 0.25F * twinkle;
  const float sparkle = smooth(0.66F - 0.26F * path, 0.80F - 0.22F * path, crest);
  color += kGlitter * (path * (0.30F + 1.9F * sparkle));
  return color;
}

void Sunset::paint(const View& view, float time, Canvas& canvas) const {
  const float unit = 2.0F * view.half_height / static_cast<float>(canvas.rows);
  for (int row = 0; row < canvas.rows; ++row) {
    const float y = view.middle.y + (static_cast<float>(row) + 0.5F) * unit - view.half_height;
    // The logarithm packs waves towards the horizon without ever getting finer than a pixel.
    const float away = std::log(std::max(y - kHorizon, 0.0F) + 0.035F);
    // The row that the horizon runs through is part sky, part sea.
    const float sky_part = clamp01((kHorizon - y) / unit + 0.5F);
    for (int column = 0; column < canvas.cols; ++column) {
      const float x = view.middle.x + (static_cast<float>(column - canvas.cols / 2) + 0.5F) * unit;
      Color color(0.0F, 0.0F, 0.0F);
      if (sky_part > 0.0F) color += sky({x, y}, time) * sky_part;
      if (sky_part < 1.0F) color += sea({x, std::max(y, kHorizon)}, away, time) * (1.0F - sky_part);
      canvas(row, column) = color;
    }
  }
}

}  // namespace samples

// Landscapes: horizons, hills, mountains, nights.
#include <array>

#include "scenes.h"

namespace samples {
namespace {

// Height of a rolling skyline at x.
float skyline(float x, float roughness, std::uint32_t seed) {
  return fractal_noise(x * roughness + 20.0F, 3.0F, 3, seed) - 0.5F;
}

void paint_disc(Brief& brief, Point middle, float radius) {
  const Lab glow = brief.palette.glow;
  // The halo first; it is so soft that it has no outline of its own.
  brief.canvas.draw([=](Point p) { return circle(p, middle, radius * 2.2F); }, glow, 0.35F,
                    radius * 1.4F);
  brief.canvas.draw([=](Point p) { return circle(p, middle, radius); }, glow);
}

// Ridge behind ridge, each darker than the one behind it, as haze makes them.
void hills(Brief& brief) {
  Rng& rng = brief.rng;
  paint_background(brief);
  paint_disc(brief, {rng.uniform(-0.24F, 0.24F), rng.uniform(-0.36F, -0.12F)},
             rng.uniform(0.05F, 0.11F));
  const int layers = 3 + rng.below(3);
  const float first = rng.uniform(-0.10F, 0.10F);
  for (int i = 0; i < layers; ++i) {
    const float depth = static_cast<float>(i + 1) / static_cast<float>(layers);
    const float level = mix(first, 0.42F, depth - 1.0F / static_cast<float>(layers));
    const float swing = rng.uniform(0.12F, 0.26F);
    const float roughness = rng.uniform(1.6F, 3.4F);
    const std::uint32_t seed = rng.next();
    const Lab color =
        mix(mix(brief.palette.light, brief.palette.subject, 0.5F), brief.palette.ground, depth);
    brief.canvas.draw([=](Point p) { return level + swing * skyline(p.x, roughness, seed) - p.y; },
                      color);
  }
}

// A few peaks with snow caps above a shore; the front ones hide the feet of the others.
void mountains(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  if (rng.chance(0.6F))
    paint_disc(brief, {rng.uniform(-0.28F, 0.28F), -0.36F}, rng.uniform(0.04F, 0.07F));
  const int peaks = 2 + rng.below(3);
  for (int i = 0; i < peaks; ++i) {
    const Point tip(rng.uniform(-0.3F, 0.3F),
                    rng.uniform(-0.30F, 0.02F) + 0.05F * static_cast<float>(i));
    const float steep = rng.uniform(0.55F, 0.95F);
    const float snow = rng.uniform(0.10F, 0.17F);
    const std::uint32_t seed = rng.next();
    const Lab rock =
        mix(palette.subject, palette.ground, static_cast<float>(i + 1) / static_cast<float>(peaks));
    const auto body = [=](Point p) {
      return spike(p, tip, steep, 1.0F) + 0.04F * skyline(p.y, 9.0F, seed);
    };
    // One flank lies in the sun.
    brief.canvas.draw(body, [=](Point p) {
      const float side = smooth(-0.01F, 0.01F, p.x - tip.x + 0.10F * skyline(p.y, 7.0F, seed + 1));
      const float cap =
          smooth(0.01F, -0.01F, p.y - tip.y - snow + 0.14F * skyline(p.x, 22.0F, seed + 2));
      return mix(mix(rock, palette.ground, 0.5F * side),
                 mix(palette.glow, palette.light, 0.6F * side), cap);
    });
  }
  const float shore = rng.uniform(0.30F, 0.42F);
  brief.canvas.draw([=](Point p) { return shore + 0.08F * skyline(p.x, 3.0F, 5) - p.y; },
                    palette.ground);
}

// A low sun and its path on the water.
void sea(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const float horizon = rng.uniform(-0.08F, 0.18F);
  const Point sun(rng.uniform(-0.2F, 0.2F), horizon - rng.uniform(0.02F, 0.24F));
  const float radius = rng.uniform(0.07F, 0.13F);
  paint_disc(brief, sun, radius);
  const std::uint32_t seed = rng.next();
  brief.canvas.draw(
      [=](Point p) { return horizon - p.y; },
      [=](Point p) {
        const float depth = p.y - horizon;
        // The logarithm packs the waves towards the horizon.
        const float wave = value_noise(p.x * 5.0F, std::log(depth + 0.05F) * 9.0F, seed);
        const float path = bell(p.x - sun.x, 0.08F + 0.25F * depth) * smooth(0.35F, 0.60F, wave);
        const Lab water = mix(palette.subject, palette.ground,
                              clamp01(0.3F + 1.4F * depth + 0.4F * (wave - 0.5F)));
        return mix(water, palette.glow, 0.85F * path);
      });
}

// A crescent over dark hills. The crescent is a disc with a bite taken out, and the bite decides
// which way it is turned.
void moonlight(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  for (int i = 0; i < 22; ++i) {
    const Point star(rng.uniform(-0.36F, 0.36F), rng.uniform(-0.48F, 0.2F));
    const float radius = rng.uniform(0.002F, 0.006F);
    brief.canvas.draw([=](Point p) { return circle(p, star, radius); }, palette.glow, 0.8F);
  }
  const Point moon(rng.uniform(-0.12F, 0.12F), rng.uniform(-0.22F, -0.08F));
  const float radius = rng.uniform(0.12F, 0.19F);
  const Point bite = moon + Point(rng.sign() * radius * rng.uniform(0.4F, 0.9F), -0.25F * radius);
  brief.canvas.draw([=](Point p) { return circle(p, moon, radius * 1.8F); }, palette.glow, 0.25F,
                    radius);
  brief.canvas.draw(
      [=](Point p) { return std::max(circle(p, moon, radius), -circle(p, bite, radius * 0.9F)); },
      palette.glow);
  const std::uint32_t seed = rng.next();
  const float level = rng.uniform(0.24F, 0.36F);
  brief.canvas.draw([=](Point p) { return level + 0.2F * skyline(p.x, 2.5F, seed) - p.y; },
                    palette.ground);
}

// Three dunes under a hot sun, one in front of the other.
void dunes(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  paint_disc(brief, {rng.uniform(-0.22F, 0.22F), rng.uniform(-0.34F, -0.2F)},
             rng.uniform(0.05F, 0.09F));
  float level = rng.uniform(-0.08F, 0.02F);
  for (int i = 0; i < 3; ++i) {
    const float crest = rng.uniform(-0.25F, 0.25F);
    const float height = rng.uniform(0.10F, 0.20F);
    const float lean = rng.sign();
    const float base = level + height;
    // A dune is a long windward slope, a sharp crest and a shaded lee side.
    brief.canvas.draw(
        [=](Point p) { return base - height * std::exp(-3.0F * std::abs(p.x - crest)) - p.y; },
        [=](Point p) {
          const float curl = 0.25F * (p.y - level) * lean;
          const float lee = smooth(-0.012F, 0.012F, (p.x - crest) * lean + curl);
          const Lab sand = mix(palette.glow, palette.subject, clamp01(0.4F + 1.3F * (p.y - level)));
          return mix(sand, palette.ground, 0.75F * lee);
        });
    level += rng.uniform(0.13F, 0.18F);
  }
}

// A road winding to the horizon; it narrows with the square of the distance, which reads as depth.
void road(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const float horizon = rng.uniform(-0.16F, 0.04F);
  paint_disc(brief, {rng.uniform(-0.2F, 0.2F), horizon - 0.10F}, rng.uniform(0.06F, 0.10F));
  const float sway = rng.uniform(-0.28F, 0.28F);
  const float turns = rng.uniform(3.0F, 6.0F);
  brief.canvas.draw(
      [=](Point p) { return horizon - p.y; },
      [=](Point p) {
        const float depth = (p.y - horizon) / (0.5F - horizon);
        const float middle = sway * std::sin(turns * depth) * (1.1F - depth);
        const float half = 0.012F + 0.24F * depth * depth;
        const Lab field = mix(palette.subject, palette.ground, clamp01(0.25F + 0.7F * depth));
        const Lab asphalt = mix(palette.light, palette.glow, 0.5F);
        const float on_road = smooth(0.006F, -0.006F, std::abs(p.x - middle) - half);
        const float line = smooth(0.005F, -0.005F, std::abs(p.x - middle) - 0.07F * half);
        return mix(mix(field, asphalt, on_road), palette.ground, 0.8F * line);
      });
}

// White water between dark cliffs: a bright upright bar, rare among the other kinds.
void waterfall(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const float top = rng.uniform(-0.26F, -0.12F);
  const float middle = rng.uniform(-0.12F, 0.12F);
  const float half = rng.uniform(0.07F, 0.12F);
  const std::uint32_t seed = rng.next();
  brief.canvas.draw(
      [=](Point p) { return top + 0.15F * skyline(p.x, 5.0F, seed) - p.y; },
      [=](Point p) { return mix(palette.subject, palette.ground, clamp01(0.5F + p.y)); });
  const auto water = [=](Point p) {
    return std::abs(p.x - middle) - half * (1.0F + 0.4F * (p.y - top));
  };
  brief.canvas.draw([=](Point p) { return std::max(water(p), top + 0.02F - p.y); },
                    [=](Point p) {
                      const float streak = value_noise(p.x * 45.0F, p.y * 2.0F, seed + 7);
                      return mix(palette.light, palette.glow, streak);
                    });
  brief.canvas.draw([=](Point p) { return 0.34F - p.y; }, palette.dark);
  brief.canvas.draw(
      [=](Point p) {
        return ellipse(p, {middle, 0.34F}, 1.9F * half, 0.06F);
      },
      palette.glow, 0.8F, 0.03F);
}

constexpr std::array<Scene, 7> kScenes{{{"hills", hills},
                                        {"mountains", mountains},
                                        {"sea", sea},
                                        {"moon", moonlight},
                                        {"dunes", dunes},
                                        {"road", road},
                                        {"waterfall", waterfall}}};

}  // namespace

std::span<const Scene> land_scenes() { return kScenes; }

void paint_background(Brief& brief) {
  const Point to_light = direction(brief.light_from);
  const Lab dark = brief.palette.dark;
  const Lab light = brief.palette.light;
  brief.canvas.fill(
      [=](Point p) { return mix(dark, light, smooth(-0.55F, 0.55F, p.dot(to_light))); });
}

}  // namespace samples

// Pictures made of a dark and a bright half, in any direction: they let a mosaic follow edges.
#include <array>

#include "scenes.h"

namespace samples {
namespace {

Lab bright_shade(const Palette& palette, float t) {
  return mix(palette.light, palette.glow, clamp01(t));
}

// A slope seen from the side, with a few firs on it.
void slope(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  // Ground belongs below: a light from below is turned round to shine from above.
  const Point dark_side = -direction(brief.light_from);
  const Point down(dark_side.x, std::abs(dark_side.y));
  const Point along(-down.y, down.x);
  const float offset = rng.uniform(-0.08F, 0.08F);
  const std::uint32_t seed = rng.next();
  brief.canvas.fill([&](Point p) { return bright_shade(palette, 0.5F - 1.2F * p.dot(down)); });
  const Point sun = -down * rng.uniform(0.18F, 0.26F) + along * rng.uniform(-0.15F, 0.15F);
  const float radius = rng.uniform(0.05F, 0.09F);
  brief.canvas.draw([=](Point p) { return circle(p, sun, radius); }, palette.accent);
  brief.canvas.draw(
      [=](Point p) {
        return offset + 0.09F * (fractal_noise(p.dot(along) * 4.0F + 9.0F, 1.0F, 2, seed) - 0.5F) -
               p.dot(down);
      },
      [=](Point p) {
        return mix(palette.subject, palette.ground, smooth(-0.1F, 0.35F, p.dot(down)));
      });
  for (int i = 0; i < 4; ++i) {
    const Point foot = down * (offset + 0.04F) + along * rng.uniform(-0.4F, 0.4F);
    const float size = rng.uniform(0.10F, 0.17F);
    brief.canvas.draw(
        [=](Point p) { return spike(p, foot - Point(0.0F, size), 0.28F * size, size * 1.1F); },
        palette.ground);
  }
}

// A huge planet's limb against space, or a moon rising over it.
void limb(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  const Point to_light = direction(brief.light_from);
  const float radius = rng.uniform(0.5F, 0.9F);
  const Point middle = to_light * (radius + rng.uniform(-0.06F, 0.06F));
  const std::uint32_t seed = rng.next();
  brief.canvas.fill([&](Point p) {
    return mix(palette.ground, palette.dark, 0.6F * smooth(0.4F, 0.0F, circle(p, middle, radius)));
  });
  for (int i = 0; i < 18; ++i) {
    const Point star(rng.uniform(-0.36F, 0.36F), rng.uniform(-0.48F, 0.48F));
    const float size = rng.uniform(0.002F, 0.006F);
    brief.canvas.draw([=](Point p) { return circle(p, star, size); }, palette.glow, 0.8F);
  }
  brief.canvas.draw([=](Point p) { return circle(p, middle, radius); }, palette.subject, 0.6F,
                    0.05F);
  brief.canvas.draw([=](Point p) { return circle(p, middle, radius); },
                    [=](Point p) {
                      const float band = fractal_noise(p.x * 3.0F + 7.0F, p.y * 9.0F, 3, seed);
                      return mix(palette.light, palette.glow, smooth(0.35F, 0.65F, band));
                    });
  const Point moon = -to_light * rng.uniform(0.12F, 0.24F) +
                     Point(-to_light.y, to_light.x) * rng.uniform(-0.15F, 0.15F);
  const float size = rng.uniform(0.035F, 0.06F);
  brief.canvas.draw([=](Point p) { return circle(p, moon, size); },
                    [=](Point p) {
                      return mix(palette.dark, palette.accent,
                                 smooth(-size, size, (p - moon).dot(to_light)));
                    });
}

// Sea meeting a beach along any line, seen from above, with a parasol and its shadow.
void beach(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  const Point to_sand = direction(brief.light_from);
  const Point along(-to_sand.y, to_sand.x);
  const float phase = rng.uniform(0.0F, 6.0F);
  const auto shore = [=](Point p) {
    return 0.03F * std::sin(p.dot(along) * 9.0F + phase) - p.dot(to_sand);
  };
  brief.canvas.fill(
      [&](Point p) { return mix(palette.subject, palette.ground, smooth(0.0F, 0.35F, shore(p))); });
  brief.canvas.draw([=](Point p) { return shore(p) - 0.035F; }, palette.glow, 0.9F, 0.012F);
  brief.canvas.draw(shore,
                    [=](Point p) { return bright_shade(palette, 0.15F + 0.8F * p.dot(to_sand)); });
  const int parasols = 1 + rng.below(2);
  for (int i = 0; i < parasols; ++i) {
    const Point middle =
        to_sand * rng.uniform(0.14F, 0.22F) +
        along * (static_cast<float>(2 * i - parasols + 1) * 0.14F + rng.uniform(-0.03F, 0.03F));
    const float radius = rng.uniform(0.07F, 0.10F);
    brief.canvas.draw([=](Point p) { return circle(p, middle + Point(0.025F, 0.03F), radius); },
                      palette.ground, 0.35F, 0.015F);
    brief.canvas.draw([=](Point p) { return circle(p, middle, radius); },
                      [=](Point p) {
                        const Point d = p - middle;
                        return mix(palette.accent, palette.glow,
                                   smooth(-0.2F, 0.2F, std::sin(4.0F * std::atan2(d.y, d.x))));
                      });
  }
}

// A motor boat and its wake, seen from above.
void draw_boat(Brief& brief, Point middle, Point forward) {
  const Palette& palette = brief.palette;
  const auto own = [=](Point p) {
    const Point d = p - middle;
    return Point(d.dot(forward), d.y * forward.x - d.x * forward.y);
  };
  const auto wake = [=](Point p) {
    const Point d = own(p);
    return std::max(std::abs(std::abs(d.y) + 0.30F * d.x + 0.01F) - 0.010F, d.x);
  };
  const auto hull = [=](Point p) {
    const Point d = own(p);
    return std::max(std::abs(d.y) - 0.035F + 3.0F * d.x * std::abs(d.x), std::abs(d.x) - 0.11F);
  };
  brief.canvas.draw(wake, palette.light, 0.6F, 0.012F);
  brief.canvas.draw(hull, palette.glow);
  brief.canvas.draw(
      [=](Point p) {
        return circle(own(p), {-0.02F, 0.0F}, 0.017F);
      },
      palette.accent);
}

// A boat off a bright shore with round trees, seen from above.
void bay(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  const Point to_land = direction(brief.light_from);
  const Point along(-to_land.y, to_land.x);
  const float curve = rng.uniform(-0.35F, 0.35F);
  const auto shore = [=](Point p) {
    const float u = p.dot(along);
    return curve * (u * u - 0.05F) - p.dot(to_land);
  };
  brief.canvas.fill(
      [&](Point p) { return mix(palette.dark, palette.ground, smooth(0.0F, 0.25F, shore(p))); });
  const Point boat = -to_land * rng.uniform(0.13F, 0.20F) + along * rng.uniform(-0.10F, 0.10F);
  draw_boat(brief, boat, along * rng.sign());
  // The land comes after the boat and so cuts its wake off.
  brief.canvas.draw(shore, [=](Point p) { return bright_shade(palette, -1.5F * shore(p)); });
  for (int i = 0; i < 7; ++i) {
    const Point tree = to_land * rng.uniform(0.09F, 0.4F) + along * rng.uniform(-0.4F, 0.4F);
    const float radius = rng.uniform(0.025F, 0.05F);
    brief.canvas.draw([=](Point p) { return circle(p, tree + Point(0.015F, 0.02F), radius); },
                      palette.dark, 0.5F, 0.01F);
    brief.canvas.draw([=](Point p) { return circle(p, tree, radius); }, palette.accent);
  }
}

constexpr std::array<Scene, 4> kScenes{
    {{"slope", slope}, {"limb", limb}, {"beach", beach}, {"bay", bay}}};

}  // namespace

std::span<const Scene> two_tone_scenes() { return kScenes; }

}  // namespace samples

// Made things: balloons, boats, lighthouses, mugs, windows, lights.
#include <array>
#include <numbers>

#include "scenes.h"

namespace samples {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;

// A little sister of the balloon in the clip.
void balloon(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const Point middle(rng.uniform(-0.06F, 0.06F), rng.uniform(-0.14F, -0.06F));
  const float r = rng.uniform(0.24F, 0.30F);
  const auto gores = static_cast<float>(3 + rng.below(4));
  const float turn = rng.uniform(0.0F, kPi);
  const float mouth = middle.y + 1.3F * r;
  for (const float side : {-1.0F, 1.0F}) {
    brief.canvas.draw(
        [=](Point p) {
          return stroke(p, {middle.x + side * 0.25F * r, mouth},
                        {middle.x + side * 0.05F, mouth + 0.09F}, 0.004F, 0.004F);
        },
        palette.ground);
  }
  brief.canvas.draw(
      [=](Point p) {
        return box(p, {middle.x, mouth + 0.12F}, 0.055F, 0.035F, 0.01F);
      },
      palette.ground);
  brief.canvas.draw(
      [=](Point p) {
        const Point d = (p - middle) * (1.0F / r);
        const float cone = (std::abs(d.x) - 0.80F + 0.75F * (d.y - 0.6F)) * 0.8F;
        return r * std::max(d.y < 0.6F ? length(d) - 1.0F : cone, d.y - 1.32F);
      },
      [=](Point p) {
        const Point d = (p - middle) * (1.0F / r);
        const float width =
            d.y < 0.6F ? std::sqrt(std::max(1.0F - d.y * d.y, 0.02F)) : 1.25F - 0.75F * d.y;
        const float longitude = std::asin(std::clamp(d.x / width, -1.0F, 1.0F));
        const float stripe = std::sin(longitude * gores + turn);
        const Lab cloth = mix(palette.subject, palette.glow, smooth(-0.12F, 0.12F, stripe));
        return mix(cloth, palette.ground, 0.35F * smooth(-0.2F, 1.0F, -d.x));
      });
}

// A sailing boat; its two sails are triangles with a slight belly.
void boat(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const float water = rng.uniform(0.16F, 0.24F);
  const std::uint32_t seed = rng.next();
  brief.canvas.draw([=](Point p) { return water - p.y; },
                    [=](Point p) {
                      const float wave =
                          value_noise(p.x * 6.0F, std::log(p.y - water + 0.05F) * 8.0F, seed);
                      return mix(palette.ground, palette.dark, smooth(0.3F, 0.8F, wave));
                    });
  const float facing = rng.sign();
  const float x = rng.uniform(-0.05F, 0.05F);
  const float tall = rng.uniform(0.42F, 0.54F);
  const float wide = rng.uniform(0.24F, 0.30F);
  const auto own = [=](Point p) { return Point((p.x - x) * facing, p.y - water); };
  const auto sail = [=](Point p, float near, float far, float top) {
    const Point d = own(p);
    const float up = clamp01((-0.05F - d.y) / top);
    const float reach = far * (1.0F - up) + 0.03F * std::sin(kPi * up);
    const float side = d.x * (far > 0.0F ? 1.0F : -1.0F);
    return std::max({side - std::abs(reach), near - side, d.y + 0.05F, -top - 0.05F - d.y});
  };
  brief.canvas.draw([=](Point p) { return sail(p, 0.012F, wide, tall); }, palette.glow);
  brief.canvas.draw([=](Point p) { return sail(p, 0.012F, -0.75F * wide, 0.85F * tall); },
                    palette.accent);
  brief.canvas.draw(
      [=](Point p) {
        return stroke(p, {x, water}, {x, water - tall - 0.07F}, 0.007F, 0.005F);
      },
      palette.ground);
  brief.canvas.draw(
      [=](Point p) {
        const Point d = own(p);
        return std::max(
            {std::abs(d.x) - 0.26F + 1.2F * std::max(d.y, 0.0F), -0.035F - d.y, d.y - 0.055F});
      },
      palette.subject);
}

// A banded tower on a rock, with a beam to one side.
void lighthouse(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const float x = rng.uniform(-0.10F, 0.10F);
  const float facing = rng.sign();
  constexpr float kLamp = -0.28F;
  brief.canvas.draw(
      [=](Point p) {
        const Point d((p.x - x) * facing, p.y - kLamp);
        return std::max(std::abs(d.y) - 0.05F - 0.22F * d.x, -d.x);
      },
      palette.glow, 0.55F, 0.02F);
  const float level = rng.uniform(0.30F, 0.38F);
  brief.canvas.draw([=](Point p) { return level + 0.25F * (p.x - x) * (p.x - x) * 4.0F - p.y; },
                    palette.ground);
  const auto bands = static_cast<float>(2 + rng.below(3));
  const auto tower = [=](Point p) {
    return std::max(std::abs(p.x - x) - mix(0.055F, 0.105F, clamp01((p.y - kLamp) / 0.65F)),
                    std::max(kLamp + 0.05F - p.y, p.y - level - 0.03F));
  };
  brief.canvas.draw(tower, [=](Point p) {
    const float band = std::sin((p.y - kLamp) * bands * 10.0F);
    const Lab paint = mix(palette.light, palette.subject, smooth(-0.1F, 0.1F, band));
    return mix(paint, palette.ground, 0.4F * smooth(-0.06F, 0.09F, p.x - x));
  });
  brief.canvas.draw(
      [=](Point p) {
        return box(p, {x, kLamp + 0.055F}, 0.085F, 0.012F);
      },
      palette.ground);
  brief.canvas.draw([=](Point p) { return box(p, {x, kLamp}, 0.045F, 0.045F); }, palette.glow);
  brief.canvas.draw(
      [=](Point p) {
        return spike(p, {x, kLamp - 0.12F}, 0.07F, 0.08F);
      },
      palette.accent);
}

// A steaming mug on a table.
void mug(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  brief.canvas.draw([=](Point p) { return 0.26F - p.y; }, palette.ground);
  const float facing = rng.sign();
  const Point middle(-0.04F * facing, rng.uniform(0.06F, 0.10F));
  const float half = rng.uniform(0.15F, 0.19F);
  const float tall = rng.uniform(0.17F, 0.23F);
  const Point handle = middle + Point(facing * (half + 0.03F), 0.0F);
  brief.canvas.draw([=](Point p) { return std::abs(circle(p, handle, 0.085F)) - 0.022F; },
                    palette.subject);
  const float band = rng.uniform(-0.5F, 0.5F);
  brief.canvas.draw([=](Point p) { return box(p, middle, half, tall, 0.04F); },
                    [=](Point p) {
                      const float u = (p.x - middle.x) / half;
                      const float stripe =
                          smooth(0.34F, 0.30F, std::abs((p.y - middle.y) / tall - band));
                      const Lab glaze = mix(palette.subject, palette.accent, stripe);
                      return mix(mix(glaze, palette.ground, 0.5F * smooth(-0.2F, 1.1F, u)),
                                 palette.glow, 0.5F * bell(u + 0.5F, 0.2F));
                    });
  brief.canvas.draw(
      [=](Point p) {
        return ellipse(p, {middle.x, middle.y - tall + 0.02F}, half - 0.012F, 0.035F);
      },
      palette.ground);
  const float phase = rng.uniform(0.0F, 6.0F);
  for (const float side : {-1.0F, 0.0F, 1.0F}) {
    brief.canvas.draw(
        [=](Point p) {
          const float curl = 0.025F * std::sin(p.y * 22.0F + phase + side);
          return std::max(std::abs(p.x - middle.x - 0.08F * side - curl) - 0.014F,
                          std::abs(p.y + 0.30F) - 0.13F);
        },
        palette.glow, 0.7F, 0.012F);
  }
}

// An open umbrella in the rain.
void umbrella(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const float tilt = rng.uniform(-0.3F, 0.3F);
  const float half = rng.uniform(0.28F, 0.34F);
  const auto panels = static_cast<float>(3 + rng.below(3));
  const auto own = [=](Point p) { return turned(p, tilt) * (1.0F / half); };
  brief.canvas.draw(
      [=](Point p) {
        return half * stroke(own(p), {0.0F, -0.9F}, {0.0F, 0.95F}, 0.035F, 0.035F);
      },
      palette.ground);
  brief.canvas.draw(
      [=](Point p) {
        const Point d = own(p) - Point(0.14F, 0.95F);
        return half * std::max(std::abs(length(d) - 0.14F) - 0.035F, -d.y);
      },
      palette.ground);
  brief.canvas.draw(
      [=](Point p) {
        const Point d = own(p);
        const float scallop = -0.05F - 0.10F * std::abs(std::cos(0.5F * kPi * panels * d.x));
        return half * std::max(ellipse(d, {}, 1.0F, 0.82F), d.y - scallop);
      },
      [=](Point p) {
        const Point d = own(p);
        const float width = std::sqrt(std::max(1.0F - d.y * d.y / 0.68F, 0.01F));
        const float panel =
            std::sin(kPi * (0.5F + 0.5F * panels * std::clamp(d.x / width, -1.0F, 1.0F)));
        const Lab cloth = mix(palette.subject, palette.accent, smooth(-0.15F, 0.15F, panel));
        return mix(cloth, palette.ground, 0.3F * smooth(-0.3F, 1.0F, d.x));
      });
  for (int i = 0; i < 14; ++i) {
    const Point drop(rng.uniform(-0.36F, 0.36F), rng.uniform(-0.5F, -0.26F));
    brief.canvas.draw(
        [=](Point p) { return stroke(p, drop, drop + Point(-0.01F, 0.05F), 0.002F, 0.005F); },
        palette.glow, 0.7F);
  }
}

// A window with the light on, and flowers on its sill.
void lit_window(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const Point middle(rng.uniform(-0.06F, 0.06F), rng.uniform(-0.10F, 0.04F));
  const float half = rng.uniform(0.17F, 0.23F);
  const float tall = rng.uniform(0.23F, 0.30F);
  const bool arched = rng.chance(0.4F);
  const auto pane = [=](Point p) {
    const float frame = box(p, middle, half, tall, 0.01F);
    return arched && p.y < middle.y - tall + half
               ? circle(p, middle - Point(0.0F, tall - half), half)
               : frame;
  };
  brief.canvas.draw(pane, palette.glow, 0.45F, 0.11F);
  brief.canvas.draw([=](Point p) { return pane(p) - 0.025F; }, palette.ground);
  brief.canvas.draw(pane, [=](Point p) {
    return mix(palette.glow, palette.subject,
               clamp01(0.35F + 0.9F * length(p - middle) / tall - 0.35F));
  });
  const float bar = rng.uniform(-0.35F, 0.1F) * tall;
  brief.canvas.draw(
      [=](Point p) {
        return std::max(std::min(std::abs(p.x - middle.x), std::abs(p.y - middle.y - bar)) - 0.011F,
                        pane(p));
      },
      palette.ground);
  brief.canvas.draw(
      [=](Point p) { return box(p, middle + Point(0.0F, tall + 0.04F), half + 0.05F, 0.018F); },
      palette.ground);
  for (int i = 0; i < 3; ++i) {
    const Point pot = middle + Point(half * (static_cast<float>(i) - 1.0F) * 0.65F, tall - 0.03F);
    const float size = rng.uniform(0.03F, 0.05F);
    brief.canvas.draw([=](Point p) { return circle(p, pot, size); }, palette.accent);
  }
}

// Lights out of focus: soft discs that let the background show through.
void bokeh(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const int lights = 7 + rng.below(6);
  for (int i = 0; i < lights; ++i) {
    const Point middle(rng.uniform(-0.34F, 0.34F), rng.uniform(-0.42F, 0.42F));
    const float radius = rng.uniform(0.05F, 0.13F);
    const Lab color = mix(rng.chance(0.5F) ? palette.accent : palette.subject, palette.glow,
                          rng.uniform(0.2F, 1.0F));
    const auto disc = [=](Point p) { return circle(p, middle, radius); };
    brief.canvas.draw(disc, color, rng.uniform(0.35F, 0.6F), 0.006F);
    // Out-of-focus lights are a little brighter at their rim.
    brief.canvas.draw([=](Point p) { return std::abs(disc(p) + 0.006F) - 0.005F; }, color, 0.5F,
                      0.004F);
  }
}

// A banded planet, mostly with a ring.
void planet(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  for (int i = 0; i < 16; ++i) {
    const Point star(rng.uniform(-0.36F, 0.36F), rng.uniform(-0.48F, 0.48F));
    const float radius = rng.uniform(0.002F, 0.006F);
    brief.canvas.draw([=](Point p) { return circle(p, star, radius); }, palette.glow, 0.8F);
  }
  const float r = rng.uniform(0.17F, 0.22F);
  const float tilt = rng.uniform(-0.7F, 0.7F);
  const bool ringed = rng.chance(0.65F);
  const std::uint32_t seed = rng.next();
  const Point to_light = direction(brief.light_from);
  const auto ring = [=](Point p) {
    const Point d = turned(p, tilt);
    return std::abs(length({d.x, d.y / 0.30F}) - 1.75F * r) - 0.20F * r;
  };
  const auto globe = [=](Point p) { return circle(p, {}, r); };
  if (ringed) brief.canvas.draw(ring, palette.accent);
  brief.canvas.draw(globe, [=](Point p) {
    const float band =
        value_noise(3.0F + 1.5F * turned(p, tilt).x, turned(p, tilt).y * 6.0F / r, seed);
    const Lab clouds = mix(palette.subject, palette.glow, smooth(0.2F, 0.8F, band));
    return mix(palette.ground, clouds, smooth(-0.9F, 0.5F, p.dot(to_light) / r));
  });
  // The near half of the ring passes in front.
  if (ringed)
    brief.canvas.draw([=](Point p) { return std::max(ring(p), -turned(p, tilt).y); },
                      palette.accent);
}

// A house with a chimney, as children draw it: nothing is known sooner at a few pixels.
void house(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const float level = rng.uniform(0.28F, 0.36F);
  brief.canvas.draw([=](Point p) { return level - p.y; }, palette.ground);
  const Point middle(rng.uniform(-0.05F, 0.05F), level - 0.15F);
  const float half = rng.uniform(0.17F, 0.22F);
  const float roof = rng.uniform(0.20F, 0.30F);
  const float top = middle.y - 0.16F;
  brief.canvas.draw(
      [=](Point p) {
        return box(p, {middle.x + 0.6F * half, top - 0.14F}, 0.03F, 0.12F);
      },
      palette.ground);
  brief.canvas.draw([=](Point p) { return box(p, middle, half, 0.17F); },
                    [=](Point p) {
                      return mix(palette.glow, palette.light, smooth(-half, half, p.x - middle.x));
                    });
  brief.canvas.draw(
      [=](Point p) {
        return spike(p, {middle.x, top - roof}, half + 0.06F, roof + 0.01F);
      },
      palette.subject);
  brief.canvas.draw(
      [=](Point p) {
        return box(p, {middle.x - 0.4F * half, middle.y + 0.08F}, 0.038F, 0.08F);
      },
      palette.ground);
  brief.canvas.draw(
      [=](Point p) {
        return box(p, {middle.x + 0.45F * half, middle.y - 0.01F}, 0.045F, 0.05F);
      },
      palette.accent);
}

constexpr std::array<Scene, 9> kScenes{{{"balloon", balloon},
                                        {"boat", boat},
                                        {"lighthouse", lighthouse},
                                        {"mug", mug},
                                        {"umbrella", umbrella},
                                        {"window", lit_window},
                                        {"bokeh", bokeh},
                                        {"planet", planet},
                                        {"house", house}}};

}  // namespace

std::span<const Scene> toy_scenes() { return kScenes; }

}  // namespace samples

// Living and growing things.
#include <array>
#include <numbers>

#include "scenes.h"

namespace samples {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;

void paint_ground(Brief& brief, float level) {
  brief.canvas.draw([=](Point p) { return level - p.y; }, brief.palette.ground);
}

// A big single blossom on a stalk.
void flower(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const Point middle(rng.uniform(-0.06F, 0.06F), rng.uniform(-0.14F, -0.02F));
  const float size = rng.uniform(0.24F, 0.32F);
  const auto petals = static_cast<float>(5 + rng.below(8));
  const float turn = rng.uniform(0.0F, 2.0F * kPi);
  const float notch = rng.uniform(0.45F, 0.75F);
  const Point foot(rng.uniform(-0.15F, 0.15F), 0.55F);
  brief.canvas.draw([=](Point p) { return stroke(p, middle, foot, 0.012F, 0.020F); },
                    palette.ground);
  const Point leaf = mix(middle.y, 0.5F, 0.6F) * Point(0.0F, 1.0F) +
                     Point(0.5F * (middle.x + foot.x) + 0.08F, 0.0F);
  brief.canvas.draw([=](Point p) { return ellipse(turned(p - leaf, -0.6F), {}, 0.12F, 0.035F); },
                    palette.ground);
  brief.canvas.draw(
      [=](Point p) {
        const Point d = p - middle;
        // Petals are the humps of a cosine; the root makes them round instead of pointed.
        const float wave = std::abs(std::cos(0.5F * petals * (std::atan2(d.y, d.x) + turn)));
        return length(d) - size * mix(1.0F - notch, 1.0F, std::sqrt(wave));
      },
      [=](Point p) {
        return mix(palette.accent, palette.subject, clamp01(0.25F + length(p - middle) / size));
      });
  brief.canvas.draw([=](Point p) { return circle(p, middle, 0.27F * size); }, palette.glow);
}

// One tulip or a bunch of three.
void tulip(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const int count = 1 + 2 * rng.below(2);
  for (int i = 0; i < count; ++i) {
    const float side = count == 1 ? 0.0F : static_cast<float>(i - 1);
    const Point middle(0.22F * side + rng.uniform(-0.03F, 0.03F),
                       rng.uniform(-0.16F, -0.02F) + 0.10F * std::abs(side));
    const float size = count == 1 ? rng.uniform(0.17F, 0.22F) : rng.uniform(0.10F, 0.13F);
    const Point foot(0.10F * side, 0.55F);
    brief.canvas.draw([=](Point p) { return stroke(p, middle, foot, 0.012F, 0.018F); },
                      palette.ground);
    brief.canvas.draw(
        [=](Point p) {
          return ellipse(turned(p - foot + Point(0.05F, 0.22F), 1.2F), {}, 0.22F, 0.03F);
        },
        palette.ground);
    // A cup with three points along its upper rim.
    brief.canvas.draw(
        [=](Point p) {
          const Point d = (p - middle) * (1.0F / size);
          const float rim = -0.75F - 0.30F * std::cos(2.0F * kPi * d.x / 0.95F);
          return size * std::max(length({d.x / 0.85F, d.y / 1.1F}) - 1.0F, rim - d.y);
        },
        [=](Point p) {
          const float x = (p.x - middle.x) / size;
          return mix(palette.subject, palette.accent, smooth(0.15F, 0.75F, std::abs(x)));
        });
  }
}

// A round tree made of overlapping puffs, each shaded as a ball so that the crown looks solid.
void tree(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const float level = rng.uniform(0.28F, 0.38F);
  paint_ground(brief, level);
  const float x = rng.uniform(-0.07F, 0.07F);
  brief.canvas.draw(
      [=](Point p) {
        return stroke(p, {x, level + 0.02F}, {x, -0.1F}, 0.035F, 0.015F);
      },
      palette.ground);
  // Puffs are lit from where the background is bright.
  const Point to_light = direction(brief.light_from);
  const int puffs = 5 + rng.below(4);
  for (int i = 0; i < puffs; ++i) {
    const Point middle(x + rng.uniform(-0.14F, 0.14F), rng.uniform(-0.26F, 0.04F));
    const float radius = rng.uniform(0.10F, 0.15F);
    brief.canvas.draw([=](Point p) { return circle(p, middle, radius); },
                      [=](Point p) {
                        return mix(palette.ground, palette.subject,
                                   smooth(-1.2F, 0.5F, (p - middle).dot(to_light) / radius));
                      });
  }
  for (int i = 0; i < 3 * rng.below(4); ++i) {
    const Point fruit(x + rng.uniform(-0.15F, 0.15F), rng.uniform(-0.28F, 0.06F));
    brief.canvas.draw([=](Point p) { return circle(p, fruit, 0.017F); }, palette.accent);
  }
}

// One to three firs in snow; the bright ground makes these tiles dark above and light below.
void fir(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const float level = rng.uniform(0.30F, 0.40F);
  brief.canvas.draw([=](Point p) { return level - p.y; }, mix(palette.glow, palette.light, 0.5F));
  const int count = 1 + rng.below(3);
  for (int i = 0; i < count; ++i) {
    const float x = count == 1
                        ? 0.0F
                        : mix(-0.22F, 0.22F, static_cast<float>(i) / static_cast<float>(count - 1));
    const float size = count == 1 ? rng.uniform(0.62F, 0.74F) : rng.uniform(0.36F, 0.56F);
    const float foot = level + 0.03F;
    brief.canvas.draw([=](Point p) { return box(p, {x, foot}, 0.02F, 0.04F); }, palette.ground);
    for (int tier = 0; tier < 4; ++tier) {
      const float share = static_cast<float>(tier) / 4.0F;
      const Point tip(x, foot - size * (1.0F - 0.62F * share));
      const float half = size * mix(0.13F, 0.27F, share);
      const float height = size * 0.36F;
      brief.canvas.draw([=](Point p) { return spike(p, tip, half, height); },
                        [=](Point p) {
                          return mix(palette.subject, palette.ground,
                                     smooth(-half, half, p.x - x) * 0.6F +
                                         0.4F * smooth(tip.y, tip.y + height, p.y));
                        });
    }
  }
}

// A fish among bubbles, plain or striped.
void fish(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const float facing = rng.sign();
  const float tilt = rng.uniform(-0.25F, 0.25F);
  const float size = rng.uniform(0.22F, 0.27F);
  const float tall = rng.uniform(0.50F, 0.75F);
  const Point middle(0.03F * facing, rng.uniform(-0.08F, 0.08F));
  // The fish swims along +x of its own frame, in units of half its length.
  const auto own = [=](Point p) {
    const Point d = turned(p - middle, tilt) * (1.0F / size);
    return Point(d.x * facing, d.y);
  };
  brief.canvas.draw(
      [=](Point p) {
        const Point d = own(p);
        return size * std::max(std::abs(d.y) - 0.65F * (-0.55F - d.x),
                               -1.35F - d.x + 0.3F * std::abs(d.y));
      },
      palette.accent);
  brief.canvas.draw(
      [=](Point p) {
        return size * ellipse(own(p), {-0.1F, -0.75F * tall}, 0.45F, 0.35F);
      },
      palette.accent);
  const float stripes = rng.uniform(0.0F, 1.0F) < 0.6F ? 1.0F : 0.0F;
  brief.canvas.draw([=](Point p) { return size * ellipse(own(p), {}, 1.0F, tall); },
                    [=](Point p) {
                      const Point d = own(p);
                      const Lab scales =
                          mix(palette.subject, palette.glow, 0.7F * smooth(-0.2F, 0.7F, d.y));
                      return mix(scales, palette.accent,
                                 0.8F * stripes * smooth(0.35F, 0.6F, std::cos(d.x * 7.0F)));
                    });
  brief.canvas.draw(
      [=](Point p) {
        return size * circle(own(p), {0.60F, -0.15F}, 0.13F);
      },
      palette.glow);
  brief.canvas.draw(
      [=](Point p) {
        return size * circle(own(p), {0.62F, -0.15F}, 0.07F);
      },
      palette.ground);
  for (int i = 0; i < 4; ++i) {
    const Point bubble(facing * rng.uniform(0.15F, 0.32F), rng.uniform(-0.46F, -0.2F));
    const float radius = rng.uniform(0.012F, 0.03F);
    brief.canvas.draw([=](Point p) { return circle(p, bubble, radius); }, palette.glow, 0.6F);
  }
}

// Wings spread, seen from above.
void butterfly(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const float tilt = rng.uniform(-0.5F, 0.5F);
  const float size = rng.uniform(0.27F, 0.33F);
  const float spread = rng.uniform(0.55F, 0.75F);
  // Both wings at once: the frame is mirrored about the body.
  const auto own = [=](Point p) {
    const Point d = turned(p, tilt) * (1.0F / size);
    return Point(std::abs(d.x), d.y);
  };
  const auto wings = [=](Point p) {
    const Point d = own(p);
    const float upper =
        ellipse(turned(d - Point(spread * 0.85F, -0.42F), -0.65F), {}, 0.68F, 0.40F);
    const float lower = ellipse(turned(d - Point(spread * 0.65F, 0.42F), 0.75F), {}, 0.52F, 0.34F);
    return size * std::min(upper, lower);
  };
  brief.canvas.draw(wings, palette.ground);
  brief.canvas.draw(
      [=](Point p) { return wings(p) + 0.022F; },
      [=](Point p) { return mix(palette.accent, palette.subject, smooth(0.1F, 0.7F, own(p).x)); });
  brief.canvas.draw(
      [=](Point p) {
        return size * circle(own(p), {spread * 0.95F, -0.52F}, 0.15F);
      },
      palette.glow);
  brief.canvas.draw(
      [=](Point p) {
        return size * circle(own(p), {spread * 0.70F, 0.46F}, 0.11F);
      },
      palette.glow);
  brief.canvas.draw(
      [=](Point p) {
        return size * stroke(own(p), {0.0F, -0.6F}, {0.0F, 0.65F}, 0.08F, 0.04F);
      },
      palette.ground);
  brief.canvas.draw(
      [=](Point p) {
        return size * stroke(own(p), {0.03F, -0.6F}, {0.28F, -1.05F}, 0.022F, 0.03F);
      },
      palette.ground);
}

// A dotted cap on a thick stem.
void mushroom(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  paint_ground(brief, rng.uniform(0.32F, 0.40F));
  const Point cap(rng.uniform(-0.05F, 0.05F), rng.uniform(-0.04F, 0.06F));
  const float half = rng.uniform(0.22F, 0.30F);
  const float tall = rng.uniform(0.22F, 0.32F);
  brief.canvas.draw(
      [=](Point p) {
        return stroke(p, cap, {cap.x, 0.40F}, 0.05F, 0.075F);
      },
      mix(palette.light, palette.glow, 0.5F));
  const auto dome = [=](Point p) {
    return std::max(ellipse(p, cap, half, tall), p.y - cap.y - 0.03F);
  };
  brief.canvas.draw(dome, [=](Point p) {
    return mix(palette.subject, palette.accent, smooth(-tall, 0.05F, p.y - cap.y));
  });
  for (int i = 0; i < 6; ++i) {
    const Point dot =
        cap + Point(half * rng.uniform(-0.75F, 0.75F), -tall * rng.uniform(0.1F, 0.8F));
    const float radius = rng.uniform(0.018F, 0.035F);
    brief.canvas.draw(
        [=](Point p) { return std::max(ellipse(p, dot, radius * 1.2F, radius), dome(p)); },
        palette.glow);
  }
}

// A single leaf at any angle: its diagonal suits diagonal edges.
void leaf(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const float tilt = rng.uniform(0.0F, 2.0F * kPi);
  const float slim = rng.uniform(0.42F, 0.62F);
  constexpr float kSize = 0.36F;
  const auto own = [=](Point p) { return turned(p, tilt) * (1.0F / kSize); };
  const auto blade = [=](Point p) {
    const Point d = own(p);
    const float t = clamp01(0.5F + 0.5F * d.x);
    // Broad near the stalk, drawn out to a tip.
    return kSize *
           std::max(std::abs(d.y) - slim * 2.2F * std::sqrt(t) * (1.0F - t), std::abs(d.x) - 1.0F);
  };
  brief.canvas.draw(
      [=](Point p) {
        return kSize * stroke(own(p), {-1.35F, 0.1F}, {-0.9F, 0.0F}, 0.03F, 0.04F);
      },
      palette.ground);
  brief.canvas.draw(blade, [=](Point p) {
    const Point d = own(p);
    const Lab green = mix(palette.subject, palette.accent, d.y > 0.0F ? 0.55F : 0.0F);
    const float vein =
        std::min(std::abs(d.y), 0.13F * std::abs(std::sin((d.x - std::abs(d.y)) * 9.0F)) + 0.02F);
    return mix(palette.ground, green, smooth(0.01F, 0.05F, vein));
  });
}

// Gulls in front of a large sun; their outline is what the eye knows them by.
void bird(Brief& brief) {
  Rng& rng = brief.rng;
  const Palette& palette = brief.palette;
  paint_background(brief);
  const Point sun(rng.uniform(-0.12F, 0.12F), rng.uniform(-0.1F, 0.1F));
  const float disc = rng.uniform(0.20F, 0.26F);
  brief.canvas.draw([=](Point p) { return circle(p, sun, disc); }, palette.glow);
  const int count = 1 + rng.below(3);
  for (int i = 0; i < count; ++i) {
    const Point middle(rng.uniform(-0.10F, 0.10F), rng.uniform(-0.26F, 0.24F));
    const float size = count == 1 ? 0.32F : rng.uniform(0.17F, 0.24F);
    const float tilt = rng.uniform(-0.3F, 0.3F);
    // Two wings, each an arc that thins towards its end.
    brief.canvas.draw(
        [=](Point p) {
          const Point d = turned(p - middle, tilt) * (1.0F / size);
          const float x = std::abs(d.x);
          const float arc = -0.55F * std::sin(2.2F * x) + 0.25F * x;
          return size * std::max(std::abs(d.y - arc) - 0.13F * (1.05F - x), x - 1.0F);
        },
        palette.ground);
  }
}

constexpr std::array<Scene, 9> kScenes{{{"flower", flower},
                                        {"tulip", tulip},
                                        {"tree", tree},
                                        {"fir", fir},
                                        {"fish", fish},
                                        {"butterfly", butterfly},
                                        {"mushroom", mushroom},
                                        {"leaf", leaf},
                                        {"birds", bird}}};

}  // namespace

std::span<const Scene> thing_scenes() { return kScenes; }

}  // namespace samples

#include "balloon.h"

#include <array>
#include <numbers>

namespace samples {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;
constexpr int kGores = 12;  // panels round the envelope

// Lengths below are in balloon radii, measured down from the middle of the envelope.
constexpr float kConeStart = 0.60F;  // where the sphere goes over into its tangent cone
constexpr float kMouth = 1.36F;
constexpr float kBasketTop = 1.74F;
constexpr float kBasketBottom = 2.02F;
constexpr float kBasketHalf = 0.17F;

struct Balloon {
  Point middle;
  float radius;
  float turn;   // rotation about its axis, in radians
  float flame;  // 0 to 1
  float haze;   // how much of it is lost in the air
  std::array<Color, 4> stripes;
};

// Half the width of the envelope; the cone carries on the slope that the sphere has there.
float half_width(float y) {
  if (y <= -1.0F || y > kMouth) return 0.0F;
  if (y < kConeStart) return std::sqrt(1.0F - y * y);
  return 0.80F - 0.75F * (y - kConeStart);
}

// Colour of the cloth before lighting. `soft` is the size of a pixel, in gores.
Color cloth(const Balloon& balloon, float longitude, float y, float soft) {
  static const Color kBand = srgb(0x1B2A6B);
  static const Color kGold = srgb(0xFFC53A);
  const float gore = (longitude + balloon.turn) * kGores / (2.0F * kPi) + 4.0F * kGores;
  const float seam = std::floor(gore + 0.5F);  // the nearest seam between two panels
  const auto stripe = static_cast<std::size_t>(seam) % balloon.stripes.size();
  const std::size_t before = (stripe + balloon.stripes.size() - 1) % balloon.stripes.size();
  Color color =
      mix(balloon.stripes[before], balloon.stripes[stripe], smooth(-soft, soft, gore - seam));
  // A zigzag belt: one tooth per panel.
  const float tooth = std::abs(gore - seam) * 2.0F;
  const float belt = std::abs(y - 0.30F + 0.17F * (tooth - 0.5F));
  const float edge = 0.012F + 0.3F * soft;
  color = mix(color, kGold, smooth(0.155F + edge, 0.155F - edge, belt));
  color = mix(color, kBand, smooth(0.085F + edge, 0.085F - edge, belt));
  // Panels bulge between their seams.
  const float bulge = std::cos((gore - seam) * 2.0F * kPi);
  return color * (0.93F - 0.07F * bulge);
}

Color envelope_color(const Balloon& balloon, Point p, float width, float soft) {
  static const Color kSunlight = srgb(0xFFD09A) * 1.15F;
  static const Color kShade = srgb(0x8A6BC8) * 0.85F;
  static const Color kFire = srgb(0xFF9A30);
  const float across = std::clamp(p.x / width, -1.0F, 1.0F);
  const float longitude = std::asin(across);
  const float facing = std::cos(longitude);
  // Panels look narrower towards the outline, so their soft seams grow, in panels.
  const float gore_size = soft / (width * std::max(facing, 0.05F)) * kGores / (2.0F * kPi);
  Color color = cloth(balloon, longitude, p.y, std::min(gore_size, 0.45F));
  // The sun stands low on the right: the right flank is warm, the left one has the sky's violet.
  const float round = std::sqrt(std::max(0.0F, 1.0F - std::min(p.y * p.y, 1.0F)));
  const float lit = 0.78F * across * round + 0.30F * p.y + 0.35F * facing;
  const float key = smooth(-0.55F, 0.95F, lit);
  const Color light = kSunlight * (1.15F * key) + kShade * (0.42F * (1.0F - 0.6F * key));
  // The flame inside shines through the cloth, most near the mouth.
  const float glow = balloon.flame * smooth(-0.3F, 1.3F, p.y) * (0.35F + 0.65F * facing);
  color = multiply(color, light + kFire * (1.0F * glow));
  return color + kSunlight * (0.22F * smooth(0.80F, 1.0F, across) * round);
}

// Coverage of a line between two points.
float line_cover(Point p, Point a, Point b, float half, float soft) {
  const Point along = b - a;
  const float t = clamp01((p - a).dot(along) / along.dot(along));
  const Point d = p - a - along * t;
  return smooth(half + soft, half - soft, std::sqrt(d.dot(d)));
}

Color basket_color(Point p) {
  static const Color kWicker = srgb(0x8A4B22);
  static const Color kRim = srgb(0x3A1C12);
  const float across = p.x / kBasketHalf;
  const float rows = 0.88F + 0.12F * std::cos(p.y * 130.0F);
  const Color body = kWicker * (rows * mix(0.35F, 1.35F, smooth(-0.9F, 0.9F, across)));
  return mix(body, kRim, smooth(kBasketTop + 0.06F, kBasketTop + 0.03F, p.y));
}

// Ropes, flame and basket.
Color rigging(Color color, const Balloon& balloon, Point p, float soft) {
  static const Color kRope = srgb(0x2A1626);
  static const Color kFlame = srgb(0xFFC04A) * 1.6F;
  const float line = 0.008F + 0.25F * soft;
  for (const float side : {-1.0F, -0.35F, 0.35F, 1.0F}) {
    const float cover = line_cover(p, {side * 0.215F, kMouth - 0.02F},
                                   {side * (kBasketHalf - 0.02F), kBasketTop}, line, soft);
    color = mix(color, kRope, 0.9F * cover);
  }
  const float tongue = bell(p.x, 0.045F) * bell(p.y - kMouth - 0.10F, 0.11F);
  color = mix(color, kFlame, std::min(1.0F, 1.3F * balloon.flame * tongue));
  const float inset = 0.035F * smooth(kBasketTop, kBasketBottom, p.y);
  const float basket = smooth(soft, -soft, std::abs(p.x) - kBasketHalf + inset) *
                       smooth(kBasketTop - soft, kBasketTop + soft, p.y) *
                       smooth(kBasketBottom + soft, kBasketBottom - soft, p.y);
  return mix(color, basket_color(p), basket);
}

// One pixel with the balloon drawn over what is behind it; `soft` is the size of a pixel, in radii.
Color balloon_pixel(const Color& behind, const Balloon& balloon, Point p, float soft) {
  // The ropes start a little above the mouth, behind the cloth.
  const Color color = p.y > kMouth - 0.05F ? rigging(behind, balloon, p, soft) : behind;
  if (p.y > kMouth + soft) return color;
  const float width = half_width(std::min(p.y, kMouth));
  // True distance to the outline: from the centre on the sphere, square to the slope on the cone.
  const float inward =
      p.y < kConeStart ? 1.0F - std::sqrt(p.dot(p)) : (width - std::abs(p.x)) * 0.8F;
  const float cover = smooth(-soft, soft, inward) * smooth(kMouth + soft, kMouth - soft, p.y);
  if (cover <= 0.0F) return color;
  return mix(color, envelope_color(balloon, p, std::max(width, 0.02F), soft), cover);
}

// Draws over `canvas`, touching only the pixels that the balloon can reach.
void draw_balloon(const Balloon& balloon, const View& view, Canvas& canvas) {
  const float unit = 2.0F * view.half_height / static_cast<float>(canvas.rows);
  const Point corner =
      view.middle - Point(0.5F * static_cast<float>(canvas.cols) * unit, view.half_height);
  const auto to_pixel = [unit](float scene, float origin, int limit) {
    return std::clamp(static_cast<int>(std::floor((scene - origin) / unit)), 0, limit);
  };
  const float r = balloon.radius;
  const Point middle = balloon.middle;
  const int left = to_pixel(middle.x - 1.05F * r, corner.x, canvas.cols);
  const int right = to_pixel(middle.x + 1.05F * r + unit, corner.x, canvas.cols);
  const int top = to_pixel(middle.y - 1.05F * r, corner.y, canvas.rows);
  const int bottom = to_pixel(middle.y + 2.1F * r + unit, corner.y, canvas.rows);
  for (int row = top; row < bottom; ++row) {
    for (int column = left; column < right; ++column) {
      const Point scene =
          corner + Point(static_cast<float>(column) + 0.5F, static_cast<float>(row) + 0.5F) * unit;
      Color& color = canvas(row, column);
      const Color drawn =
          balloon_pixel(color, balloon, (scene - middle) * (1.0F / r), 0.8F * unit / r);
      color = mix(drawn, color, balloon.haze);
    }
  }
}

// Burner bursts: a quick rise, a slow fall, every two seconds.
float flame_at(float time) {
  const float phase = std::fmod(time + 0.4F, 2.0F);
  return 0.30F + 0.70F * smooth(0.1F, 0.5F, phase) * smooth(1.9F, 0.9F, phase);
}

}  // namespace

void BalloonScene::paint(const View& view, float time, Canvas& canvas) const {
  static const std::array<Color, 4> kBold{srgb(0xE01B3C), srgb(0xFFF1D0), srgb(0xF9A11B),
                                          srgb(0x0B97A4)};
  static const std::array<Color, 4> kBlue{srgb(0x2B4FB8), srgb(0xFFE9C0), srgb(0x2B4FB8),
                                          srgb(0xFFE9C0)};
  static const std::array<Color, 4> kRed{srgb(0xC2183A), srgb(0xFFC53A), srgb(0xC2183A),
                                         srgb(0xFFC53A)};
  sunset_.paint(view, time, canvas);
  const float bob = 0.025F * std::sin(time * 1.3F);
  draw_balloon(
      {{1.30F - 0.015F * time, -0.42F + 0.5F * bob}, 0.10F, 0.1F * time, 0.3F, 0.35F, kBlue}, view,
      canvas);
  draw_balloon({{0.33F + 0.02F * time, -0.10F - 0.4F * bob}, 0.055F, 0.1F * time, 0.3F, 0.5F, kRed},
               view, canvas);
  draw_balloon({{-0.58F + 0.06F * time, -0.33F - 0.012F * time + bob},
                0.58F,
                0.12F * time,
                flame_at(time),
                0.0F,
                kBold},
               view, canvas);
}

}  // namespace samples

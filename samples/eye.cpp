#include "eye.h"

#include <numbers>
#include <opencv2/imgproc.hpp>

#include "eye_iris.h"
#include "noise.h"

namespace samples {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;
constexpr int kSkinReduction = 5;     // skin shading is smooth, so it is computed this much smaller
constexpr float kPoreScale = 300.0F;  // texture pixels per unit of eye space
constexpr std::uint32_t kPoreSeed = 515;
const Point kKeyLight{0.60F, -0.56F};  // direction to the main light; it also shines from the front
constexpr float kKeyDepth = 0.57F;

// Maps between pixels and eye space for one pose.
struct Camera {
  Camera(const EyePose& pose, cv::Size size)
      : unit(2.0F / (static_cast<float>(size.height) * pose.zoom)),
        origin(pose.focus - Point(static_cast<float>(size.width - 1) * 0.5F * unit,
                                  static_cast<float>(size.height - 1) * 0.5F * unit)) {}

  float x(int column) const { return origin.x + static_cast<float>(column) * unit; }
  float y(int row) const { return origin.y + static_cast<float>(row) * unit; }

  float unit;  // size of a pixel in eye space
  Point origin;
};

std::vector<LidColumn> lid_columns(const EyePose& pose, const Camera& camera, int count,
                                   float offset = 0.0F) {
  std::vector<LidColumn> columns;
  columns.reserve(static_cast<std::size_t>(count));
  for (int x = 0; x < count; ++x) columns.push_back(lid_column(pose, camera.x(x) + offset));
  return columns;
}

// An S curve without the corners in its slope that smooth() has; on a lit relief they would show.
float rise(float x) { return 1.0F / (1.0F + std::exp(-x)); }

// Where creases run across the face; they fade out to both sides.
float crease_extent(float x) { return bell(x - 0.05F, 1.45F); }

// The face as a relief: how far the skin stands out at a point.
float skin_height(Point p, const LidColumn& lid) {
  const float eyeball = 0.46F * bell(p.x - 0.02F, 1.15F) * bell(p.y - 0.02F, 0.62F);
  const float brow = 0.50F * rise((-0.92F - p.y + 0.10F * p.x) * 5.0F);
  const float along_crease = crease_extent(p.x);
  const float crease = -0.075F * along_crease * bell(p.y - lid.crease, 0.05F) +
                       0.06F * along_crease * bell(p.y - lid.crease + 0.15F, 0.13F);
  const float bag = 0.04F * bell(p.y - lid.fold + 0.20F, 0.15F) * bell(p.x, 1.3F) -
                    0.013F * bell(p.y - lid.fold, 0.10F) * bell(p.x + 0.3F, 1.2F);
  const float nose = 0.80F * rise((-1.85F - p.x) * 4.0F);
  const float hollow = -0.16F * bell(p.x + 1.55F, 0.40F) * bell(p.y - 0.05F, 0.45F);
  return eyeball + brow + crease + bag + nose + hollow;
}

// Skin tone before lighting: warm, redder at the rims, with copper and plum eye shadow.
Color skin_tone(Point p, const LidColumn& lid) {
  static const Color kSkin = srgb(0xE2A582);
  static const Color kRim = srgb(0xC9705F);
  static const Color kCopper = srgb(0xC8713F);
  static const Color kPlum = srgb(0x6B2C58);
  const float to_eye = std::max(lid.upper - p.y, p.y - lid.lower);
  Color tone = mix(kSkin, kRim, 0.55F * smooth(0.35F, 0.0F, to_eye));
  const float sideways = bell(p.x - 0.1F, 1.35F);
  const float above = rise((p.y - lid.crease + 0.14F) * 16.0F) *
                      smooth(lid.lower + 0.16F, lid.lower, p.y) * sideways;
  tone = mix(tone, kCopper, 0.75F * above);
  const float outer = smooth(-0.1F, 1.3F, p.x);
  const float inner = 0.55F * smooth(-0.5F, -1.4F, p.x);
  const float in_crease = 0.75F * bell(p.y - lid.crease - 0.02F, 0.15F);
  return mix(tone, kPlum, above * std::max({outer, inner, in_crease}) * 0.85F);
}

// Lights the skin: a warm main light, a cool fill from the other side. `shadow` dims the main
// light.
Color light_skin(const Color& tone, const Color& normal, float shadow, float dusk) {
  static const Color kDayKey = srgb(0xFFF0DC) * 1.05F;
  static const Color kDuskKey = srgb(0xFFCB98) * 1.15F;
  static const Color kDayFill = srgb(0x8C9BD8) * 0.60F;
  static const Color kDuskFill = srgb(0x7468D8) * 0.62F;
  static const Color kBlood = srgb(0xC0392B);
  const float facing = normal[0] * kKeyLight.x + normal[1] * kKeyLight.y + normal[2] * kKeyDepth;
  const float key = 1.3F * smooth(-0.10F, 1.12F, facing);
  const float fill = clamp01(0.45F - 0.45F * normal[0] + 0.15F * normal[2]);
  const Color light =
      mix(kDayKey, kDuskKey, dusk) * (key * shadow) + mix(kDayFill, kDuskFill, dusk) * fill;
  // Light that wandered under the skin reddens the edge between lit and shaded parts.
  const Color glow = kBlood * (0.10F * bell(facing - 0.30F, 0.28F));
  return multiply(tone, light) + glow;
}

// Bright, slightly curved window pane mirrored by the cornea, as coverage.
float window_mirror(Point q) {
  const Point d = q - Point(0.33F, -0.36F);
  const float u = std::abs(d.x * 0.96F + d.y * 0.28F + 0.25F * d.y * d.y);
  const float v = std::abs(d.y * 0.96F - d.x * 0.28F + 0.25F * d.x * d.x);
  const float pane = smooth(0.185F, 0.155F, u) * smooth(0.225F, 0.195F, v);
  const float bars = smooth(0.008F, 0.026F, u) * smooth(0.008F, 0.026F, v);
  return pane * mix(0.5F, 1.0F, bars) * (0.86F - 0.5F * d.y);
}

// The window and, opposite to it, the faint light it throws through the cornea.
Color add_window(const Color& eye, Point q) {
  static const Color kPane(1.5F, 1.5F, 1.45F);
  static const Color kThrown(0.11F, 0.13F, 0.15F);
  const Color color = mix(eye, kPane, 0.96F * window_mirror(q));
  return color + kThrown * smooth(0.26F, 0.0F, length(q - Point(-0.36F, 0.40F)));
}

// Where tears meet the lower lid, light collects in a thin broken line.
Color add_tears(const Color& eye, Point p, float above_lower) {
  static const Color kTear(0.8F, 0.78F, 0.75F);
  const float line = smooth(0.004F, 0.014F, above_lower) * smooth(0.034F, 0.020F, above_lower);
  if (line <= 0.0F) return eye;
  const float strength =
      0.08F + 0.55F * bell(p.x - 0.50F, 0.32F) + 0.25F * bell(p.x + 0.62F, 0.25F);
  return eye + kTear * (line * strength);
}

// Curves a square picture onto the bulging cornea.
Color mirrored(const Canvas& scene, Point q) {
  const float r2 = q.dot(q);
  const Point bent = q * (0.80F + 0.30F * r2);
  return sample(scene, (0.5F + 0.5F * bent.x) * static_cast<float>(scene.cols - 1),
                (0.5F + 0.5F * bent.y) * static_cast<float>(scene.rows - 1));
}

// Darkening of the skin right above the upper lashes (liner) and the wet pink rim of the lower lid.
Color rim_skin(Color skin, Point p, const LidColumn& lid) {
  static const Color kLiner = srgb(0x1A0C10);
  static const Color kWet = srgb(0xE39A8C);
  static const Color kSmudge = srgb(0x55283A);
  const float over = (lid.upper - p.y) * lid.upper_slant;
  const float under = (p.y - lid.lower) * lid.lower_slant;
  constexpr float kReach = 0.18F;  // neither rim colours the skin beyond this
  if (over > kReach || under > kReach) return skin;
  const float ends = smooth(kInnerCorner - 0.02F, kInnerCorner + 0.22F, p.x) *
                     smooth(kOuterCorner + 0.10F, kOuterCorner - 0.02F, p.x);
  const float thickness = mix(0.035F, 0.085F, smooth(-1.2F, 1.2F, p.x));
  const float liner = smooth(-0.05F, 0.0F, over) * smooth(thickness, thickness * 0.35F, over);
  skin = mix(skin, kLiner, 0.97F * ends * liner);
  if (under > -0.02F) {
    const float smudge = smooth(0.17F, 0.03F, under) * smooth(-1.1F, 1.0F, p.x);
    skin = mix(skin, kSmudge, 0.38F * ends * smudge);
    // A shut eye hides its wet rim.
    const float rim_ends = ends * smooth(kOuterCorner, kOuterCorner - 0.30F, p.x) *
                           smooth(0.0F, 0.10F, lid.lower - lid.upper);
    const float lit = 0.75F + 0.45F * bell(p.x - 0.5F, 0.7F) - 6.0F * std::max(under, 0.0F);
    skin = mix(skin, kWet * lit, 0.85F * rim_ends * smooth(0.046F, 0.028F, under));
  }
  return skin;
}

// Skin is never even: a fine grain and large, faint blotches, as factors to the skin's colour.
Canvas make_pores() {
  // Large enough for every point of eye space that a pose can show.
  Canvas pores(900, 1500);
  for (int y = 0; y < pores.rows; ++y) {
    for (int x = 0; x < pores.cols; ++x) {
      const auto fx = static_cast<float>(x);
      const auto fy = static_cast<float>(y);
      const float fine = value_noise(fx * 0.28F, fy * 0.28F, kPoreSeed) - 0.5F;
      const float blotch = fractal_noise(fx * 0.018F, fy * 0.018F, 3, kPoreSeed + 9) - 0.5F;
      // Blotches are a matter of blood: they change red less than green and blue.
      const float g = 1.0F + 0.07F * fine + 0.16F * blotch;
      pores(y, x) = Color(1.0F + 0.07F * fine + 0.06F * blotch, g, g);
    }
  }
  return pores;
}

}  // namespace

EyePainter::EyePainter(cv::Size size)
    : size_(size), iris_(make_iris_texture()), pores_(make_pores()) {}

Canvas EyePainter::paint_skin(const EyePose& pose, const EyeLight& light) const {
  constexpr float kStep = 0.012F;
  const cv::Size small_size = size_ / kSkinReduction;
  // The relief's slope is taken by finite differences, so it is evaluated three times per point.
  const Camera camera(pose, small_size);
  const auto lids = lid_columns(pose, camera, small_size.width);
  const auto next_lids = lid_columns(pose, camera, small_size.width, kStep);
  Canvas small(small_size);
  for (int y = 0; y < small.rows; ++y) {
    for (int x = 0; x < small.cols; ++x) {
      const auto& lid = lids[static_cast<std::size_t>(x)];
      const Point p(camera.x(x), camera.y(y));
      const float height = skin_height(p, lid);
      const float rise_x =
          skin_height(p + Point(kStep, 0.0F), next_lids[static_cast<std::size_t>(x)]) - height;
      const float rise_y = skin_height(p + Point(0.0F, kStep), lid) - height;
      Color normal(-rise_x / kStep, -rise_y / kStep, 1.0F);
      normal *= 1.0F / std::sqrt(normal.dot(normal));
      const float shadow = 1.0F - 0.65F * crease_extent(p.x) * bell(p.y - lid.crease, 0.055F);
      small(y, x) = light_skin(skin_tone(p, lid), normal, shadow, light.dusk);
    }
  }
  Canvas skin;
  cv::resize(small, skin, size_, 0.0, 0.0, cv::INTER_CUBIC);
  return skin;
}

Color EyePainter::cornea_color(const EyePose& pose, const EyeLight& light, Point q) const {
  static const Color kPupil = srgb(0x07080B);
  const float r = length(q);
  const float turn = clamp01(std::atan2(q.y, q.x) / (2.0F * kPi) + 0.5F);
  const float depth = clamp01((r - pose.pupil) / (1.0F - pose.pupil));
  // Light entering on one side of the cornea gathers on the other side of the iris.
  const float gathered = smooth(-0.9F, 1.0F, -(q.x * kKeyLight.x + q.y * kKeyLight.y) / 0.82F);
  Color color = iris_color(iris_, turn, depth) * mix(0.75F, 2.1F, gathered);
  color = mix(color, kPupil, smooth(pose.pupil + 0.02F, pose.pupil - 0.02F, r));
  if (light.reflection != nullptr) {
    const float weight = mix(0.20F, 0.96F, smooth(pose.pupil + 0.03F, pose.pupil - 0.03F, r)) *
                         smooth(0.98F, 0.62F, r);
    // The mirror image dims towards the pupil's edge, which makes it look deep.
    const Color scene = mirrored(*light.reflection, q) * mix(1.08F, 0.70F, smooth(0.3F, 0.75F, r));
    // A dark seam round the pupil sets the scene off from the bright fibres.
    color *= mix(0.10F, 1.0F, smooth(pose.pupil - 0.02F, pose.pupil + 0.17F, r));
    color = color * (1.0F - 0.8F * weight) + scene * weight;
  }
  return color;
}

Color EyePainter::eyeball_color(const EyePose& pose, const EyeLight& light, Point p,
                                float below_upper, float above_lower) const {
  static const Color kWhite = srgb(0xF4ECE8);
  static const Color kCorner = srgb(0xC58A80);
  static const Color kFlesh = srgb(0xD4766A);
  static const Color kShade = srgb(0x8C8CB4);
  static const Color kDay(1.0F, 1.0F, 1.0F);
  static const Color kDusk = srgb(0xFFE3CC);
  const float side = std::abs(p.x - 0.02F);
  Color color = mix(kWhite, kCorner, 0.75F * smooth(0.65F, 1.42F, side));
  const float facing = 0.55F * p.x * kKeyLight.x + 0.9F * p.y * kKeyLight.y + 0.75F;
  color = multiply(color, mix(kShade, Color(1.0F, 0.98F, 0.95F), smooth(0.2F, 1.0F, facing)));
  const Point to_flesh = p - Point(kInnerCorner + 0.06F, 0.215F);
  const float flesh = std::hypot(to_flesh.x / 0.24F, to_flesh.y / 0.16F);
  color = mix(color, kFlesh, 0.9F * smooth(1.15F, 0.55F, flesh));
  const Point glint = p - Point(kInnerCorner + 0.17F, 0.185F);
  color += Color(0.7F, 0.65F, 0.6F) * smooth(0.022F, 0.006F, std::hypot(glint.x, glint.y * 1.6F));

  const Point q = (p - pose.gaze) * (1.0F / kIrisRadius);
  const float r = length(q);
  // The iris casts a soft shade on the white around it; without it, it would look stuck on.
  color *= mix(0.70F, 1.0F, smooth(0.95F, 1.30F, r));
  if (r < 1.06F) color = mix(color, cornea_color(pose, light, q), smooth(1.045F, 0.965F, r));

  // The upper lid and its lashes shade the eyeball; the lower lid only a little.
  color *= mix(0.16F, 1.0F, smooth(-0.02F, 0.26F, below_upper)) *
           mix(0.72F, 1.0F, smooth(0.0F, 0.10F, above_lower));
  color = multiply(color, mix(kDay, kDusk, light.dusk));

  if (light.reflection == nullptr) {
    // The window stays in the world, so it slides less than the iris does.
    color = add_window(color, (p - pose.gaze * 0.75F) * (1.0F / kIrisRadius));
  }
  return add_tears(color, p, above_lower);
}

void EyePainter::paint(const EyePose& pose, const EyeLight& light, Canvas& canvas) const {
  static const Color kLash = srgb(0x120A0C);
  canvas = paint_skin(pose, light);
  const cv::Mat_<std::uint8_t> lashes = draw_lashes(pose, size_);
  const Camera camera(pose, size_);
  const auto lids = lid_columns(pose, camera, size_.width);
  const float soft = 0.8F * camera.unit;
  for (int y = 0; y < canvas.rows; ++y) {
    for (int x = 0; x < canvas.cols; ++x) {
      const LidColumn& lid = lids[static_cast<std::size_t>(x)];
      const Point p(camera.x(x), camera.y(y));
      const float below_upper = (p.y - lid.upper) * lid.upper_slant;
      const float above_lower = (lid.lower - p.y) * lid.lower_slant;
      const bool between_corners = p.x > kInnerCorner && p.x < kOuterCorner;
      // The lids' edges are smoothed over about a pixel.
      const float inside =
          between_corners ? smooth(-soft, soft, std::min(below_upper, above_lower)) : 0.0F;
      Color& color = canvas(y, x);
      if (inside < 1.0F) {
        color =
            multiply(color, sample(pores_, (p.x + 2.5F) * kPoreScale, (p.y + 1.5F) * kPoreScale));
        color = rim_skin(color, p, lid);
      }
      if (inside > 0.0F) {
        color = mix(color, eyeball_color(pose, light, p, below_upper, above_lower), inside);
      }
      color = mix(color, kLash, 0.97F * static_cast<float>(lashes(y, x)) / 255.0F);
    }
  }
}

}  // namespace samples

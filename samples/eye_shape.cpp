#include "eye_shape.h"

#include <array>
#include <opencv2/imgproc.hpp>

#include "noise.h"

namespace samples {
namespace {

constexpr std::uint32_t kLashSeed = 4021;
constexpr int kUpperLashes = 126;
constexpr int kLowerLashes = 54;
constexpr int kMaskScale = 2;  // lashes are drawn this much larger, then reduced
constexpr int kShift = 4;      // fractional bits of the drawing coordinates
constexpr int kLashSteps = 10;

// Hump over [0, 1] with value 1 at its top; the exponents say how blunt its two ends are.
float hump(float t, float left, float right) {
  if (t <= 0.0F || t >= 1.0F) return 0.0F;
  const float top = left / (left + right);
  return std::pow(t / top, left) * std::pow((1.0F - t) / (1.0F - top), right);
}

// The line through both corners; the outer one sits higher.
float corner_line(float t) { return mix(0.20F, -0.03F, t); }

float upper_edge(const EyePose& pose, float t) {
  // The lid goes with the gaze, as it does in life.
  const float open_edge = corner_line(t) - (0.60F - 0.4F * pose.gaze.y) * hump(t, 0.80F, 0.66F);
  const float closed_edge = corner_line(t) + 0.27F * hump(t, 0.95F, 0.85F);
  return mix(closed_edge, open_edge, pose.open);
}

float lower_edge(const EyePose& pose, float t) {
  // The lower lid helps a little: it rises when the eye shuts.
  return corner_line(t) +
         mix(0.27F, 0.37F, pose.open) * hump(t, 0.95F, mix(0.85F, 0.72F, pose.open));
}

// Place between the corners: 0 at the inner, 1 at the outer one.
float along(float x) { return (x - kInnerCorner) / (kOuterCorner - kInnerCorner); }

// A curved hair; `width` is half its thickness near the root, in eye space.
struct Lash {
  Point root;
  Point bend;
  Point tip;
  float width;
};

Point bezier(const Lash& lash, float t) {
  const float s = 1.0F - t;
  return lash.root * (s * s) + lash.bend * (2.0F * s * t) + lash.tip * (t * t);
}

// Neighbouring lashes lean to a common tip, as mascara makes them do.
float clump(float t, int count, std::uint32_t seed) {
  const float group = std::floor(t * static_cast<float>(count) / 3.0F);
  const float lean = unit_float(hash(seed, static_cast<std::uint32_t>(group))) - 0.5F;
  const float place = t * static_cast<float>(count) / 3.0F - group - 0.5F;
  return 0.20F * lean - 0.15F * place;
}

Lash upper_lash(const EyePose& pose, int i) {
  Rng rng(hash(kLashSeed, static_cast<std::uint32_t>(i)));
  const float spread = (static_cast<float>(i) + rng.uniform(0.2F, 0.8F)) / kUpperLashes;
  const float t = mix(0.10F, 0.985F, spread);
  const float x = mix(kInnerCorner, kOuterCorner, t);
  const float length = mix(0.16F, 0.43F, std::pow(spread, 0.8F)) * rng.uniform(0.65F, 1.12F);
  // The fan leans towards the nose on the inner side and far outwards on the outer side.
  const float lean = mix(-0.55F, 1.0F, spread) + clump(spread, kUpperLashes, kLashSeed);
  // Lashes point up when the eye is open and swing down with the lid.
  const float lift = mix(-0.85F, 1.0F, smooth(0.05F, 0.9F, pose.open));
  Lash lash;
  lash.root = {x, upper_edge(pose, t) - 0.008F};
  lash.bend = lash.root + Point(length * 0.72F * lean, length * (0.16F - 0.30F * lift));
  lash.tip = lash.root + Point(length * lean, -length * (0.86F * lift));
  lash.width = rng.uniform(0.0065F, 0.0115F);
  return lash;
}

Lash lower_lash(const EyePose& pose, int i) {
  Rng rng(hash(kLashSeed + 1, static_cast<std::uint32_t>(i)));
  const float spread = (static_cast<float>(i) + rng.uniform(0.15F, 0.85F)) / kLowerLashes;
  const float t = mix(0.24F, 0.97F, spread);
  const float x = mix(kInnerCorner, kOuterCorner, t);
  const float length = mix(0.07F, 0.17F, spread) * rng.uniform(0.6F, 1.15F);
  const float lean = mix(-0.35F, 0.9F, spread) + clump(spread, kLowerLashes, kLashSeed + 2);
  Lash lash;
  lash.root = {x, lower_edge(pose, t) + 0.034F};
  lash.bend = lash.root + Point(length * 0.3F * lean, length * 0.6F);
  lash.tip = lash.root + Point(length * lean, length * 0.85F);
  lash.width = rng.uniform(0.0035F, 0.0062F);
  return lash;
}

// Fills lashes as polygons on an enlarged mask.
class LashDrawer {
 public:
  LashDrawer(const EyePose& pose, cv::Size size)
      : scale_(0.5F * static_cast<float>(size.height * kMaskScale) * pose.zoom),
        middle_(0.5F * static_cast<float>(size.width * kMaskScale),
                0.5F * static_cast<float>(size.height * kMaskScale)),
        focus_(pose.focus),
        mask_(size.height * kMaskScale, size.width * kMaskScale, std::uint8_t{0}) {}

  void draw(const Lash& lash, int shade) {
    std::array<cv::Point, 2 * kLashSteps + 1> outline;
    for (int step = 0; step <= kLashSteps; ++step) {
      const float t = static_cast<float>(step) / kLashSteps;
      const Point here = bezier(lash, t);
      const Point along_it = bezier(lash, t + 0.02F) - here;
      const float norm = 1.0F / (std::sqrt(along_it.dot(along_it)) + 1e-6F);
      // Thin at the root too, or its cut end would show.
      const float half = lash.width * (1.0F - t * t) * smooth(-0.16F, 0.12F, t);
      const Point side = Point(-along_it.y, along_it.x) * (norm * half);
      outline[static_cast<std::size_t>(step)] = to_pixels(here + side);
      // The tip is one point, shared by both sides.
      if (step < kLashSteps) {
        outline[static_cast<std::size_t>(2 * kLashSteps - step)] = to_pixels(here - side);
      }
    }
    const std::vector<cv::Point> polygon(outline.begin(), outline.end());
    cv::fillPoly(mask_, std::vector<std::vector<cv::Point>>{polygon}, cv::Scalar(shade),
                 cv::LINE_AA, kShift);
  }

  cv::Mat_<std::uint8_t> reduced() const {
    cv::Mat_<std::uint8_t> small;
    cv::resize(mask_, small, {}, 1.0 / kMaskScale, 1.0 / kMaskScale, cv::INTER_AREA);
    return small;
  }

 private:
  cv::Point to_pixels(Point p) const {
    const Point pixel = (p - focus_) * scale_ + middle_;
    return {cvRound(pixel.x * (1 << kShift)), cvRound(pixel.y * (1 << kShift))};
  }

  float scale_;
  Point middle_;
  Point focus_;
  cv::Mat_<std::uint8_t> mask_;
};

}  // namespace

LidColumn lid_column(const EyePose& pose, float x) {
  constexpr float kStep = 0.01F;
  const float t = along(x);
  LidColumn column{};
  column.upper = upper_edge(pose, t);
  column.lower = lower_edge(pose, t);
  const float upper_rise =
      (upper_edge(pose, t + kStep) - upper_edge(pose, t - kStep)) / (5.68F * kStep);
  const float lower_rise =
      (lower_edge(pose, t + kStep) - lower_edge(pose, t - kStep)) / (5.68F * kStep);
  column.upper_slant = 1.0F / std::sqrt(1.0F + upper_rise * upper_rise);
  column.lower_slant = 1.0F / std::sqrt(1.0F + lower_rise * lower_rise);
  // Crease and fold run on past the corners, so they are arcs of their own.
  const float arc = std::cos(std::clamp((x - 0.05F) * 0.86F, -1.57F, 1.57F));
  column.crease = 0.16F - (0.80F + 0.06F * pose.open) * std::sqrt(std::max(arc, 0.0F)) + 0.02F * x;
  column.fold = 0.22F + 0.52F * arc + 0.02F * x;
  return column;
}

cv::Mat_<std::uint8_t> draw_lashes(const EyePose& pose, cv::Size size) {
  LashDrawer drawer(pose, size);
  for (int i = 0; i < kLowerLashes; ++i) drawer.draw(lower_lash(pose, i), 190);
  for (int i = 0; i < kUpperLashes; ++i) drawer.draw(upper_lash(pose, i), 255);
  return drawer.reduced();
}

}  // namespace samples

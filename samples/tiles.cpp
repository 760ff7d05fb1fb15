#include "tiles.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <numbers>

#include "scenes.h"

namespace samples {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;
constexpr float kGoldenAngle = 2.39996323F;  // successive multiples of it spread evenly
constexpr std::uint32_t kTileSeed = 20010;

// Spacings of the lattices that targets lie on, in Lab.
constexpr float kEvenSpacing = 8.7F;      // ordinary tiles over all colours: about 1,270
constexpr float kCommonSpacing = 9.3F;    // more of them for skin, skies, stone: about 300
constexpr float kCommonChroma = 45.0F;    // how vivid such common colours get
constexpr float kTwoToneSpacing = 12.8F;  // two-tone tiles: about 400

constexpr float kTolerance = 2.5F;  // distance in Lab between a tile's mean and its target
constexpr int kProbeStep = 4;       // the mean is measured on every fourth pixel each way
constexpr int kShiftRounds = 6;
constexpr int kContrastRounds = 7;

// The colour with its lightness moved, its hue turned and its chroma scaled, but not below the
// floor.
Lab with_hue_turned(const Lab& lab, float lightness, float angle, float chroma_gain,
                    float chroma_floor) {
  const float chroma = std::max(std::hypot(lab[1], lab[2]) * chroma_gain, chroma_floor);
  const float hue = std::atan2(lab[2], lab[1]) + angle;
  return {lab[0] + lightness, chroma * std::cos(hue), chroma * std::sin(hue)};
}

// Relative colours only: the finished tile is shifted to its target as a whole.
Palette make_palette(const Lab& target, Rng& rng) {
  // Greys get a faint hue of their own, or all their parts would be grey.
  const float angle = rng.uniform(-kPi, kPi);
  const Lab base = std::hypot(target[1], target[2]) > 5.0F
                       ? target
                       : Lab(target[0], 5.0F * std::cos(angle), 5.0F * std::sin(angle));
  const float near = rng.sign() * rng.uniform(0.15F, 0.5F);
  const float far = rng.sign() * rng.uniform(0.6F, 1.6F);
  const float pop = rng.sign();  // the subject is lighter or darker than its surroundings
  Palette palette;
  palette.light = with_hue_turned(base, 12.0F, near, 0.8F, 6.0F);
  palette.dark = with_hue_turned(base, -10.0F, -near, 1.05F, 6.0F);
  palette.ground = with_hue_turned(base, -24.0F, -0.6F * near, 0.8F, 6.0F);
  palette.subject = with_hue_turned(base, pop > 0.0F ? 17.0F : -17.0F, 0.3F * far, 1.2F, 14.0F);
  palette.accent = with_hue_turned(base, rng.uniform(-8.0F, 12.0F), far, 1.0F, 22.0F);
  palette.glow = with_hue_turned(base, 28.0F, 0.4F * near, 0.6F, 8.0F);
  return palette;
}

struct Statistics {
  Lab mean;
  float contrast;  // standard deviation of L
};

Statistics measure(const cv::Mat_<Lab>& image) {
  cv::Vec3d sum;
  double squares = 0.0;
  for (const Lab& lab : image) {
    sum += cv::Vec3d(lab);
    squares += static_cast<double>(lab[0]) * static_cast<double>(lab[0]);
  }
  const auto count = static_cast<double>(image.total());
  const cv::Vec3d mean = sum * (1.0 / count);
  return {Lab(mean),
          static_cast<float>(std::sqrt(std::max(squares / count - mean[0] * mean[0], 0.0)))};
}

Color clipped(const Color& c) { return {clamp01(c[0]), clamp01(c[1]), clamp01(c[2])}; }

// How the painted colours become the tile's: scaled about their mean, then shifted.
struct Grade {
  Lab mean;
  Lab gain;
  Lab middle;

  Color apply(const Lab& lab) const { return lab_to_linear(middle + (lab - mean).mul(gain)); }
};

// Finds the shift that brings the mean to the target although the screen clips; returns what error
// remains.
float settle(Grade& grade, const std::vector<Lab>& probes, const Lab& target) {
  grade.middle = target;
  float error = 0.0F;
  for (int round = 0; round < kShiftRounds; ++round) {
    Lab sum(0.0F, 0.0F, 0.0F);
    for (const Lab& probe : probes) sum += linear_to_lab(clipped(grade.apply(probe)));
    const Lab miss = target - sum * (1.0F / static_cast<float>(probes.size()));
    error = std::sqrt(miss.dot(miss));
    if (error < 0.5F) break;
    grade.middle += miss;
  }
  return error;
}

Grade find_grade(const cv::Mat_<Lab>& image, const TilePlan& plan) {
  const Statistics painted = measure(image);
  // A sample of pixels is enough for a mean, and sixteen times quicker.
  std::vector<Lab> probes;
  for (int y = kProbeStep / 2; y < image.rows; y += kProbeStep) {
    for (int x = kProbeStep / 2; x < image.cols; x += kProbeStep) probes.push_back(image(y, x));
  }
  const float contrast = std::clamp(plan.contrast / std::max(painted.contrast, 0.1F), 0.3F, 2.0F);
  // Hues keep closer together than lightnesses: the tile has to read as one colour from afar.
  const float hues = std::min(contrast, 0.9F);
  Grade grade{painted.mean, {contrast, hues, hues}, plan.target};
  // Close to the border of what a screen can show, only a flatter picture can reach the target.
  for (int round = 0; round < kContrastRounds; ++round) {
    if (settle(grade, probes, plan.target) < kTolerance) break;
    grade.gain *= 0.8F;
  }
  return grade;
}

// Neighbours on the lattice get unrelated scenes, so a flat area of a mosaic stays lively.
const Scene* pick(std::span<const Scene> scenes, std::uint32_t seed) {
  return &scenes[hash(seed, 1U) % scenes.size()];
}

std::vector<Scene> all_ordinary_scenes() {
  std::vector<Scene> scenes;
  for (const auto group : {land_scenes(), thing_scenes(), toy_scenes()}) {
    scenes.insert(scenes.end(), group.begin(), group.end());
  }
  return scenes;
}

}  // namespace

std::string TilePlan::name(int number) const {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s-%04d.jpg", scene->name, number);
  return text.data();
}

bool is_tile_name(std::string_view name) {
  constexpr std::string_view kTail = "-0000.jpg";  // the digits stand for any others
  if (name.size() <= kTail.size()) return false;
  const std::string_view scene = name.substr(0, name.size() - kTail.size());
  const std::string_view tail = name.substr(scene.size());
  const bool tail_fits = std::equal(tail.begin(), tail.end(), kTail.begin(), [](char a, char b) {
    return b == '0' ? std::isdigit(static_cast<unsigned char>(a)) != 0 : a == b;
  });
  const auto is_ours = [scene](const Scene& ours) { return scene == ours.name; };
  return tail_fits && (std::ranges::any_of(all_ordinary_scenes(), is_ours) ||
                       std::ranges::any_of(two_tone_scenes(), is_ours));
}

std::vector<TilePlan> plan_tiles() {
  static const std::vector<Scene> kOrdinary = all_ordinary_scenes();
  std::vector<TilePlan> plans;
  const auto add = [&plans](std::span<const Scene> scenes, const Lab& target, float low,
                            float high) {
    const auto number = static_cast<std::uint32_t>(plans.size());
    const std::uint32_t seed = hash(kTileSeed, number);
    Rng rng(seed);
    // Directions of light go round evenly over the whole set.
    const float angle = std::fmod(static_cast<float>(number) * kGoldenAngle, 2.0F * kPi);
    plans.push_back({pick(scenes, seed), target, rng.uniform(low, high), angle, seed});
  };
  for (const Lab& target : gamut_lattice(kEvenSpacing)) add(kOrdinary, target, 6.0F, 12.0F);
  for (const Lab& target : gamut_lattice(kCommonSpacing)) {
    if (std::hypot(target[1], target[2]) < kCommonChroma) add(kOrdinary, target, 5.0F, 10.0F);
  }
  for (const Lab& target : gamut_lattice(kTwoToneSpacing))
    add(two_tone_scenes(), target, 11.0F, 19.0F);
  return plans;
}

cv::Mat_<cv::Vec3b> paint_tile(const TilePlan& plan) {
  Rng rng(hash(plan.seed, 2U));
  TilePainter canvas;
  Brief brief{canvas, make_palette(plan.target, rng), plan.light_from, rng};
  plan.scene->draw(brief);
  const Grade grade = find_grade(canvas.image(), plan);
  cv::Mat_<cv::Vec3b> bgr(canvas.image().size());
  for (int y = 0; y < bgr.rows; ++y) {
    for (int x = 0; x < bgr.cols; ++x) bgr(y, x) = linear_to_bgr(grade.apply(canvas.image()(y, x)));
  }
  return bgr;
}

}  // namespace samples

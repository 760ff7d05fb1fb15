#include "smalti/comparison.h"

#include <doctest/doctest.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>

#include "color/ciede2000.h"
#include "measure/comparison.h"
#include "support/synthetic.h"

namespace smalti {
namespace {

using test::make_picture;
using test::solid;

constexpr PixelFormat kRgb16{ColorModel::kRgb, 16, 0, 0, false};
constexpr ColorTags kBt709{1, 1, 1, false};

double code_of_light(double light) {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

double lightness(double light) {
  return light > 216.0 / 24389 ? 116 * std::cbrt(light) - 16 : light * 24389 / 27;
}

double light_of_code(double code) {
  return code <= 0.04045 ? code / 12.92 : std::pow((code + 0.055) / 1.055, 2.4);
}

double grey_difference(double light_a, double light_b) {
  return color::ciede2000({lightness(light_a), 0, 0}, {lightness(light_b), 0, 0});
}

Grid grid_of(Size canvas, int columns, int rows) {
  return Grid::even(canvas, columns, rows, {1, 1});
}

// Grey of the given light at each place of an 8-bit or 16-bit RGB picture.
template <typename Light>
Picture picture_of_light(const PixelFormat& format, Size size, Light light) {
  const double white = (1 << format.depth) - 1;
  return make_picture(format, size, [&](int, int x, int y) {
    return static_cast<int>(std::lround(code_of_light(light(x, y)) * white));
  });
}

// Smooth, of many colours: the coded value of R, G or B, 0 to 1.
double smooth(int c, double x, double y) {
  return 0.5 + 0.4 * std::sin(3 * x + c) * std::cos(4 * y - 2 * c);
}

Picture smooth_rgb(Size size, const PixelFormat& format = test::kRgb8) {
  const double white = (1 << format.depth) - 1;
  return make_picture(format, size, [&](int c, int x, int y) {
    if (c == 3) return static_cast<int>(white);
    return static_cast<int>(
        std::lround(smooth(c, (x + 0.5) / size.width, (y + 0.5) / size.height) * white));
  });
}

// The same as Y'CbCr, by H.273's equations for BT.709.
Picture smooth_yuv(Size size, const PixelFormat& format, bool full_range) {
  constexpr double kRed = 0.2126;
  constexpr double kBlue = 0.0722;
  ColorTags color = kBt709;
  color.full_range = full_range;
  const double unit = 1 << (format.depth - 8);
  const double most = (1 << format.depth) - 1;
  return make_picture(
      format, size,
      [&](int c, int px, int py) {
        // The middle of what the sample stands for within the picture.
        const auto middle = [c](int at, int step, int length) {
          const double begin = at * (c == 0 ? 1 : step);
          return (begin + std::min(begin + (c == 0 ? 1 : step), 1.0 * length)) / 2 / length;
        };
        const double x = middle(px, format.chroma_step().width, size.width);
        const double y = middle(py, format.chroma_step().height, size.height);
        const double r = smooth(0, x, y);
        const double b = smooth(2, x, y);
        const double luma = kRed * r + (1 - kRed - kBlue) * smooth(1, x, y) + kBlue * b;
        if (c == 0)
          return static_cast<int>(std::lround(full_range ? luma * most : (16 + 219 * luma) * unit));
        const double chroma = c == 1 ? (b - luma) / (2 - 2 * kBlue) : (r - luma) / (2 - 2 * kRed);
        return static_cast<int>(
            std::lround(128 * unit + chroma * (full_range ? most : 224 * unit)));
      },
      color);
}

TEST_CASE("equal pictures differ by nothing") {
  const Grid grid = grid_of({160, 120}, 20, 11);
  for (const Picture& picture :
       {smooth_rgb({160, 120}), smooth_yuv({161, 119}, test::kYuv420, false)}) {
    const Comparison c = measure::compare_pictures(picture, picture, grid);
    CHECK(c.half_cell.mean() == 0);
    CHECK(c.eighth_cell.mean() == 0);
    CHECK(c.eighth_cell.percentile(0.95) == 0);
    CHECK(c.eighth_cell.samples() > c.half_cell.samples());
    CHECK_FALSE(c.psnr_db());
    CHECK(c.mean_ssim() == doctest::Approx(1));
  }
}

TEST_CASE("a shift of flat greys is seen as what it is") {
  const Picture a = solid(test::kRgb8, {64, 48}, {128, 128, 128});
  const Picture b = solid(test::kRgb8, {96, 72}, {140, 140, 140});
  const Comparison c = measure::compare_pictures(a, b, grid_of({64, 48}, 8, 6));
  const double expected = grey_difference(light_of_code(128 / 255.0), light_of_code(140 / 255.0));
  CHECK(expected > 4);
  CHECK(c.half_cell.mean() == doctest::Approx(expected).epsilon(1e-3));
  CHECK(c.eighth_cell.mean() == doctest::Approx(expected).epsilon(1e-3));
  CHECK(std::abs(c.half_cell.percentile(0.95) - expected) < 0.02);
  CHECK(*c.psnr_db() == doctest::Approx(20 * std::log10(255.0 / 12)).epsilon(1e-4));
}

TEST_CASE("means of cells are weighed by what they cover, channel by channel") {
  // Left half 100, right half 140, against 120 all over: cells fall on either side.
  const Picture halves = make_picture(
      test::kRgb8, {64, 64}, [](int c, int x, int) { return c == 1 ? (x < 32 ? 100 : 140) : 120; });
  const Picture flat = solid(test::kRgb8, {64, 64}, {120, 120, 120});
  const Comparison c = measure::compare_pictures(halves, flat, grid_of({64, 64}, 4, 4));
  CHECK(*c.psnr_db() == doctest::Approx(10 * std::log10(255 * 255 * 3 / 400.0)).epsilon(1e-4));
}

TEST_CASE("black and white pixels look from afar like their mean in linear light") {
  const Picture checks = make_picture(test::kRgb8, {160, 160},
                                      [](int, int x, int y) { return (x + y) % 2 == 0 ? 255 : 0; });
  const Picture right = picture_of_light(kRgb16, {160, 160}, [](int, int) { return 0.5; });
  const Picture wrong = solid(test::kRgb8, {160, 160}, {128, 128, 128});
  const Grid grid = grid_of({160, 160}, 20, 20);
  CHECK(measure::compare_pictures(right, checks, grid).half_cell.mean() < 0.01);
  CHECK(measure::compare_pictures(wrong, checks, grid).half_cell.mean() > 15);
  CHECK(measure::compare_pictures(right, checks, grid).mean_ssim() > 0.999);
}

// What is left of a grating of light after a Gaussian blur, against its mean: by the transform of
// the Gaussian.
double expected_of_grating(double amplitude, double sigma, double period) {
  constexpr int kSteps = 1000;
  const double left = amplitude * std::exp(-2 * std::pow(std::numbers::pi * sigma / period, 2));
  double sum = 0;
  for (int i = 0; i < kSteps; ++i)
    sum += grey_difference(0.5 + left * std::sin(2 * std::numbers::pi * i / kSteps), 0.5);
  return sum / kSteps;
}

TEST_CASE("blurs are Gaussian, of 1/2 and 1/8 of a cell, and round") {
  constexpr double kAmplitude = 0.4;
  constexpr Size kSize{960, 960};
  // Whole halves of a period, so that the mirrored edges go on smoothly, and no whole number of
  // samples, so that all parts of it are seen.
  constexpr double kLong_px = 960 / 14.5;
  constexpr double kShort_px = 960 / 28.5;
  struct Case {
    int columns;
    int rows;
    double period_px;
  };
  for (const Case& c : {Case{30, 30, kLong_px}, Case{30, 30, kShort_px}, Case{40, 30, kLong_px},
                        Case{20, 60, kLong_px}}) {
    const double cell_px = std::sqrt(960.0 / c.columns * 960.0 / c.rows);
    const Grid grid = grid_of(kSize, c.columns, c.rows);
    const Picture flat = picture_of_light(kRgb16, kSize, [](int, int) { return 0.5; });
    for (const bool across : {true, false}) {
      const Picture grating = picture_of_light(kRgb16, kSize, [&](int x, int y) {
        const double at = 2 * std::numbers::pi * ((across ? x : y) + 0.5) / c.period_px;
        return 0.5 + kAmplitude * std::cos(at);
      });
      CAPTURE(c.columns);
      CAPTURE(c.rows);
      CAPTURE(c.period_px);
      CAPTURE(across);
      const Comparison seen = measure::compare_pictures(flat, grating, grid);
      CHECK(
          seen.half_cell.mean() ==
          doctest::Approx(expected_of_grating(kAmplitude, cell_px / 2, c.period_px)).epsilon(0.03));
      CHECK(
          seen.eighth_cell.mean() ==
          doctest::Approx(expected_of_grating(kAmplitude, cell_px / 8, c.period_px)).epsilon(0.02));
    }
  }
}

TEST_CASE("from afar a mosaic's detail vanishes, from nearby it shows") {
  std::mt19937 random(1);
  const Picture noise = make_picture(
      test::kRgb8, {320, 240}, [&](int, int, int) { return static_cast<int>(random() % 256); });
  const Picture flat = solid(test::kRgb8, {320, 240}, {150, 150, 150});
  const Comparison c = measure::compare_pictures(flat, noise, grid_of({320, 240}, 20, 11));
  CHECK(c.half_cell.mean() * 2 < c.eighth_cell.mean());
  CHECK(c.eighth_cell.percentile(0.95) > c.eighth_cell.mean());
  CHECK(c.eighth_cell.percentile(0.5) < c.eighth_cell.percentile(0.95));
}

TEST_CASE("the same picture in every format is the same") {
  constexpr Size kSize{160, 120};
  const Grid grid = grid_of(kSize, 20, 11);
  const Picture rgb = smooth_rgb(kSize, kRgb16);
  const auto mean = [&](const Picture& p) {
    const Comparison c = measure::compare_pictures(rgb, p, grid);
    return std::max(c.half_cell.mean(), c.eighth_cell.mean());
  };
  const PixelFormat yuv444{ColorModel::kYuv, 8, 0, 0, false};
  const PixelFormat yuv422_10{ColorModel::kYuv, 10, 1, 0, false};
  const PixelFormat yuv444_16{ColorModel::kYuv, 16, 0, 0, false};
  CHECK(mean(smooth_rgb(kSize)) < 0.2);
  CHECK(mean(smooth_rgb(kSize, {ColorModel::kRgb, 10, 0, 0, false})) < 0.05);
  for (const bool full_range : {false, true}) {
    CAPTURE(full_range);
    CHECK(mean(smooth_yuv(kSize, yuv444, full_range)) < 0.4);
    CHECK(mean(smooth_yuv(kSize, test::kYuv420, full_range)) < 0.5);
    CHECK(mean(smooth_yuv(kSize, yuv422_10, full_range)) < 0.2);
    CHECK(mean(smooth_yuv(kSize, yuv444_16, full_range)) < 0.01);
  }
}

TEST_CASE("packed planes and grey are read as they lie") {
  constexpr Size kSize{32, 24};
  const Grid grid = grid_of(kSize, 4, 3);
  const Picture rgb = smooth_rgb(kSize);
  std::vector<std::uint8_t> bytes(32 * 24 * 4);
  Picture packed;
  packed.format = test::kRgb8;
  packed.width = kSize.width;
  packed.height = kSize.height;
  for (int c = 0; c < 3; ++c) {
    packed.planes[static_cast<std::size_t>(c)] = {
        reinterpret_cast<std::byte*>(bytes.data() + 2 - c), 32 * 4, 4, 32, 24};
    for (int y = 0; y < 24; ++y)
      for (int x = 0; x < 32; ++x)
        bytes[static_cast<std::size_t>((y * 32 + x) * 4 + 2 - c)] =
            static_cast<std::uint8_t>(test::sample_at(rgb, c, x, y));
  }
  CHECK(measure::compare_pictures(rgb, packed, grid).eighth_cell.mean() == 0);

  const PixelFormat gray{ColorModel::kGray, 8, 0, 0, false};
  ColorTags full;
  full.full_range = true;
  const Picture as_rgb = solid(test::kRgb8, kSize, {128, 128, 128});
  CHECK(measure::compare_pictures(as_rgb, solid(gray, kSize, {128}, full), grid).half_cell.mean() <
        1e-4);
  CHECK(measure::compare_pictures(as_rgb, solid(gray, kSize, {126}), grid).half_cell.mean() < 0.1);
}

TEST_CASE("what is transparent counts as laid on white, blended as viewers do") {
  constexpr Size kSize{40, 40};
  const Grid grid = grid_of(kSize, 4, 4);
  const auto seen_as = [&](const std::array<int, 4>& rgba, int grey) {
    return measure::compare_pictures(solid(test::kRgba8, kSize, rgba),
                                     solid(test::kRgb8, kSize, {grey, grey, grey}), grid)
        .half_cell.mean();
  };
  CHECK(seen_as({0, 0, 0, 0}, 255) < 1e-4);
  CHECK(seen_as({90, 90, 90, 255}, 90) < 1e-4);
  CHECK(seen_as({0, 0, 0, 255 - 51}, 51) < 1e-4);
  CHECK(measure::compare_pictures(smooth_rgb(kSize), smooth_rgb(kSize, test::kRgba8), grid)
            .eighth_cell.mean() < 1e-4);
}

TEST_CASE("size is no difference: a picture and itself with larger pixels") {
  const Picture small = smooth_rgb({37, 23});
  const Picture large = make_picture(test::kRgb8, {37 * 3, 23 * 5}, [&](int c, int x, int y) {
    return test::sample_at(small, c, x / 3, y / 5);
  });
  for (const auto& [columns, rows] : {std::pair{7, 5}, std::pair{60, 41}, std::pair{1, 1}}) {
    const Comparison c =
        measure::compare_pictures(small, large, grid_of({640, 400}, columns, rows));
    CHECK(c.half_cell.mean() < 2e-3);
    CHECK(c.eighth_cell.mean() < 2e-3);
    CHECK(c.mean_ssim() > 0.9999);
  }
}

TEST_CASE("all shapes of pictures and cells can be compared") {
  for (const Size size : {Size{1, 1}, Size{1, 300}, Size{300, 1}, Size{33, 7}, Size{640, 9}}) {
    const Picture a = smooth_rgb(size);
    const Picture b = smooth_yuv(size, test::kYuv420, false);
    for (const auto& [columns, rows] : {std::pair{1, 1}, std::pair{50, 2}, std::pair{3, 60}}) {
      CAPTURE(size.width);
      CAPTURE(columns);
      const Comparison c = measure::compare_pictures(a, b, grid_of({600, 240}, columns, rows));
      CHECK(c.half_cell.samples() > 0);
      CHECK(std::isfinite(c.half_cell.mean()));
      CHECK(c.eighth_cell.mean() < 10);
      CHECK(c.windows > 0);
    }
  }
}

TEST_CASE("one thread finds to the last digit what many find") {
  const Picture a = smooth_rgb({400, 500});
  const Picture b = smooth_yuv({200, 250}, test::kYuv420, true);
  const Grid grid = grid_of({400, 500}, 40, 38);
  const Comparison many = measure::compare_pictures(a, b, grid);
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  const Comparison alone = measure::compare_pictures(a, b, grid);
  CHECK(many.half_cell.mean() == alone.half_cell.mean());
  CHECK(many.eighth_cell.mean() == alone.eighth_cell.mean());
  CHECK(many.sum_squared_error == alone.sum_squared_error);
  CHECK(many.sum_ssim == alone.sum_ssim);
}

TEST_CASE("SSIM falls with structure that is not there") {
  const Picture a = smooth_rgb({160, 120});
  const Picture inverted = make_picture(test::kRgb8, {160, 120}, [&](int c, int x, int y) {
    return 255 - test::sample_at(a, c, x, y);
  });
  CHECK(measure::compare_pictures(a, inverted, grid_of({160, 120}, 20, 15)).mean_ssim() < 0);
}

TEST_CASE("frames add up") {
  const Grid grid = grid_of({64, 48}, 8, 6);
  const Picture grey = solid(test::kRgb8, {64, 48}, {100, 100, 100});
  const Picture lighter = solid(test::kRgb8, {64, 48}, {110, 110, 110});
  const double one = measure::compare_pictures(grey, lighter, grid).half_cell.mean();
  Comparison sum = measure::compare_pictures(grey, grey, grid);
  sum += measure::compare_pictures(grey, lighter, grid);
  CHECK(sum.half_cell.mean() == doctest::Approx(one / 2));
  CHECK(sum.half_cell.percentile(0.5) == 0);
  CHECK(sum.half_cell.percentile(0.51) == doctest::Approx(one).epsilon(0.01));
  CHECK(*sum.psnr_db() == doctest::Approx(10 * std::log10(255 * 255 / 50.0)).epsilon(1e-4));
  Comparison none;
  CHECK(none.half_cell.mean() == 0);
  CHECK(none.mean_ssim() == 0);
  CHECK_FALSE(none.psnr_db());
}

}  // namespace
}  // namespace smalti

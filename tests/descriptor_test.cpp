#include "match/descriptor.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "base/grid.h"
#include "support/synthetic.h"

namespace smalti {
namespace {

using test::kRgb8;
using test::kRgba8;
using test::kYuv420;
using test::make_picture;
using test::solid;

constexpr ColorTags kBt709{1, 1, 1, false};
constexpr ColorTags kBt709Full{1, 1, 1, true};

Grid whole(Size size) { return Grid(size, {0, size.width}, {0, size.height}); }

struct Lab {
  double l, a, b;
};

Lab block(const match::DescriptorTable& table, std::size_t cell, std::size_t block) {
  const auto d = table[cell];
  return {d[block * 3] / 16.0, d[block * 3 + 1] / 16.0, d[block * 3 + 2] / 16.0};
}

void check_lab(const Lab& is, const Lab& should, double tolerance) {
  CHECK(std::abs(is.l - should.l) <= tolerance);
  CHECK(std::abs(is.a - should.a) <= tolerance);
  CHECK(std::abs(is.b - should.b) <= tolerance);
}

// IEC 61966-2-1 and CIE 1976 as written, in floating point.
Lab reference_lab(double r, double g, double b) {
  const auto linear = [](double v) {
    v /= 255;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  const auto f = [](double t) {
    return t > 216.0 / 24389 ? std::cbrt(t) : (24389.0 / 27 * t + 16) / 116;
  };
  const double R = linear(r), G = linear(g), B = linear(b);
  const double x = f((0.4124564 * R + 0.3575761 * G + 0.1804375 * B) / 0.95047);
  const double y = f(0.2126729 * R + 0.7151522 * G + 0.0721750 * B);
  const double z = f((0.0193339 * R + 0.1191920 * G + 0.9503041 * B) / 1.08883);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

TEST_CASE("colours become CIELAB as the standards define it") {
  constexpr double kTolerance = 0.25;  // 4 of our units
  for (int r = 0; r <= 255; r += 51) {
    for (int g = 0; g <= 255; g += 51) {
      for (int b = 0; b <= 255; b += 51) {
        const auto table = match::describe(solid(kRgb8, {8, 8}, {r, g, b, 0}), whole({8, 8}));
        CAPTURE(r);
        CAPTURE(g);
        CAPTURE(b);
        check_lab(block(table, 0, 5), reference_lab(r, g, b), kTolerance);
      }
    }
  }
}

TEST_CASE("limited and full range, 8 and 10 bits describe the same grey and the same red") {
  const Size size{16, 16};
  const auto lab = [&](const PixelFormat& format, std::array<int, 4> samples, ColorTags tags) {
    return block(match::describe(solid(format, size, samples, tags), whole(size)), 0, 0);
  };
  constexpr PixelFormat kYuv42010{ColorModel::kYuv, 10, 1, 1, false};
  check_lab(lab(kYuv420, {235, 128, 128, 0}, kBt709), {100, 0, 0}, 0.1);
  check_lab(lab(kYuv420, {255, 128, 128, 0}, kBt709Full), {100, 0, 0}, 0.1);
  check_lab(lab(kYuv42010, {940, 512, 512, 0}, kBt709), {100, 0, 0}, 0.1);
  check_lab(lab(kYuv42010, {1023, 512, 512, 0}, kBt709Full), {100, 0, 0}, 0.1);
  check_lab(lab(kYuv420, {16, 128, 128, 0}, kBt709), {0, 0, 0}, 0.1);
  // BT.709 red: Y' = 0.2126, Cb = -0.1146, Cr = 0.5.
  check_lab(lab(kYuv420, {63, 102, 240, 0}, kBt709), reference_lab(255, 0, 0), 1.0);
  // The same codes read with BT.601's matrix are another colour.
  const Lab as601 = lab(kYuv420, {63, 102, 240, 0}, {6, 6, 6, false});
  CHECK(std::abs(as601.a - reference_lab(255, 0, 0).a) > 2);
}

TEST_CASE("a block is the mean of exactly its pixels, shares of pixels included") {
  // Left half black, right half white, on a canvas whose third column line lies in the white half.
  const Picture picture =
      make_picture(kRgb8, {10, 4}, [](int, int x, int) { return x < 5 ? 0 : 255; });
  const auto table = match::describe(picture, Grid({10, 4}, {0, 4, 8, 10}, {0, 4}));
  // Cell 1 spans pixels 4 to 7, a pixel a block: black, white, white, white.
  CHECK(block(table, 1, 0).l == doctest::Approx(0));
  CHECK(block(table, 1, 1).l == doctest::Approx(100));

  // Blocks of 10 / 16 pixels: the block over [4.375, 5.0) is black, over [5.0, 5.625) white; with
  // 12 columns of blocks the border at 5 falls into a block of equal shares.
  const auto even = match::describe(picture, Grid({10, 4}, {0, 10}, {0, 4}));
  CHECK(block(even, 0, 1).l == doctest::Approx(0));    // [2.5, 5)
  CHECK(block(even, 0, 2).l == doctest::Approx(100));  // [5, 7.5)
  const auto thirds = match::describe(picture, Grid({12, 4}, {0, 8, 12}, {0, 4}));
  // Cell 0 is [0, 6.667) of the picture, its last block [5, 6.667), its third [3.33, 5).
  CHECK(block(thirds, 0, 2).l == doctest::Approx(0).epsilon(0.01));
  CHECK(block(thirds, 0, 3).l == doctest::Approx(100));
}

TEST_CASE("sums agree with a plain loop on random pictures, grids and layouts") {
  std::mt19937 random(1);
  const auto any = [&](int low, int high) {
    return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
  };
  for (int round = 0; round < 20; ++round) {
    const Size size{any(8, 90), any(8, 90)};
    const Picture picture = make_picture(kRgb8, size, [&](int, int, int) { return any(0, 255); });
    // Cells whose blocks are whole pixels.
    const int columns = size.width / 8;
    const int rows = size.height / 8;
    std::vector<int> x_lines{0};
    std::vector<int> y_lines{0};
    for (int i = 1; i <= columns; ++i) x_lines.push_back(i * 8);
    for (int i = 1; i <= rows; ++i) y_lines.push_back(i * 8);
    const auto table = match::describe(picture, Grid(size, x_lines, y_lines));
    for (int i = 0; i < 10; ++i) {
      const int column = any(0, columns - 1);
      const int row = any(0, rows - 1);
      const int b = any(0, match::kBlocks - 1);
      double sums[3] = {0, 0, 0};
      for (int c = 0; c < 3; ++c)
        for (int y = 0; y < 2; ++y)
          for (int x = 0; x < 2; ++x)
            sums[c] +=
                test::sample_at(picture, c, column * 8 + b % 4 * 2 + x, row * 8 + b / 4 * 2 + y);
      check_lab(block(table, static_cast<std::size_t>(row * columns + column),
                      static_cast<std::size_t>(b)),
                reference_lab(sums[0] / 4, sums[1] / 4, sums[2] / 4), 0.25);
    }
  }
}

TEST_CASE("cells too tall for narrow sums are measured as well") {
  // Rows of 0 and 254 in turn, and of 16-bit samples likewise: every block's mean is in the middle.
  constexpr PixelFormat kGray8{ColorModel::kGray, 8, 0, 0, false};
  constexpr PixelFormat kGray16{ColorModel::kGray, 16, 0, 0, false};
  const Size size{8, 40'000};
  const auto stripes = [](int largest) { return [=](int, int, int y) { return y % 2 * largest; }; };
  const ColorTags full{1, 1, 1, true};
  const auto narrow = match::describe(make_picture(kGray8, size, stripes(254), full), whole(size));
  const auto wide =
      match::describe(make_picture(kGray16, size, stripes(254 * 257), full), whole(size));
  for (std::size_t b = 0; b < match::kBlocks; ++b) {
    check_lab(block(narrow, 0, b), reference_lab(127, 127, 127), 0.1);
    check_lab(block(wide, 0, b), reference_lab(127, 127, 127), 0.1);
  }
}

TEST_CASE("packed and planar layouts of one picture describe alike") {
  const Picture planar = make_picture(
      kRgb8, {37, 23}, [](int c, int x, int y) { return (x * 7 + y * 13 + c * 50) % 256; });
  std::vector<std::uint8_t> bytes(37 * 23 * 3);
  for (int y = 0; y < 23; ++y)
    for (int x = 0; x < 37; ++x)
      for (int c = 0; c < 3; ++c)
        bytes[static_cast<std::size_t>((y * 37 + x) * 3 + (2 - c))] =
            static_cast<std::uint8_t>(test::sample_at(planar, c, x, y));
  Picture packed = planar;  // B, G, R in memory, as OpenCV has them
  for (std::size_t c = 0; c < 3; ++c)
    packed.planes[c] = {reinterpret_cast<std::byte*>(bytes.data()) + (2 - c), 37 * 3, 3, 37, 23};
  const Grid grid = Grid::even({37, 23}, 5, 3, {1, 1});
  CHECK(match::describe(planar, grid) == match::describe(packed, grid));
}

TEST_CASE("a picture of another size than the canvas is measured over its whole area") {
  const Picture picture =
      make_picture(kRgb8, {40, 40}, [](int, int x, int y) { return (x / 10 * 4 + y / 10) * 16; });
  const auto small = match::describe(picture, Grid::even({40, 40}, 1, 1, {1, 1}));
  const auto large = match::describe(picture, Grid::even({1280, 640}, 1, 1, {1, 1}));
  CHECK(small == large);
}

TEST_CASE("cells smaller than a pixel, and beyond the picture, still get its colours") {
  const auto table = match::describe(solid(kRgb8, {1, 1}, {200, 100, 50, 0}),
                                     Grid::even({1280, 960}, 80, 60, {2, 2}));
  for (std::size_t i = 0; i < table.size(); ++i)
    check_lab(block(table, i, 15), reference_lab(200, 100, 50), 0.25);

  const auto outside = match::describe(solid(kRgb8, {64, 64}, {200, 100, 50, 0}),
                                       Grid({64, 64}, {-16, -8, 56, 72}, {-8, 72}));
  for (std::size_t b = 0; b < match::kBlocks; ++b)
    check_lab(block(outside, 0, b), reference_lab(200, 100, 50), 0.25);
}

TEST_CASE("alpha weighs colours") {
  const Size size{16, 16};
  // Opaque red on the left, transparent green on the right.
  const Picture half = make_picture(kRgba8, size, [](int c, int x, int) {
    if (c == 3) return x < 8 ? 255 : 0;
    return (c == 0) == (x < 8) && c != 2 ? 255 : 0;
  });
  const auto table = match::describe(half, whole(size));
  check_lab(block(table, 0, 0), reference_lab(255, 0, 0), 0.25);
  check_lab(block(table, 0, 3), reference_lab(255, 0, 0), 0.25);  // filled with the cell's mean

  const auto nothing = match::describe(solid(kRgba8, size, {255, 255, 255, 0}), whole(size));
  check_lab(block(nothing, 0, 7), {0, 0, 0}, 0);
}

TEST_CASE("a crop is described as if it were the whole picture") {
  const Picture picture = make_picture(
      kRgb8, {64, 48}, [](int c, int x, int y) { return (x * 3 + y * 5 + c * 60) % 256; });
  const Picture inner = make_picture(kRgb8, {20, 24}, [&](int c, int x, int y) {
    return test::sample_at(picture, c, x + 12, y + 8);
  });
  CHECK(match::describe(picture, Rect{12, 8, 20, 24}) ==
        match::describe(inner, Rect{0, 0, 20, 24}));
}

TEST_CASE("the distance is the sum of squared differences, also at the ends of the range") {
  match::DescriptorTable table(2);
  for (std::size_t i = 0; i < match::kDescriptorSize; ++i) {
    table.row(0)[i] = 2048;
    table.row(1)[i] = -2048;
  }
  CHECK(match::distance(table[0], table[1]) == 48 * 4096 * 4096);
  CHECK(match::distance(table[0], table[0]) == 0);
  table.row(1)[47] = 2045;
  CHECK(match::distance(table[0], table[1]) == 47 * 4096 * 4096 + 9);
}

TEST_CASE("less of the mean: what is left of a difference in means is the other share") {
  const match::DescriptorTable table = test::picture_like(40, 9);
  const auto mean = [](match::Descriptor d, std::size_t channel) {
    double sum = 0;
    for (std::size_t k = channel; k < d.size(); k += 3) sum += d[k];
    return sum * 3 / static_cast<double>(d.size());
  };
  CHECK(match::less_of_mean(table, 0) == table);
  for (const int share : {64, 90, 256}) {
    const match::DescriptorTable less = match::less_of_mean(table, share);
    for (std::size_t i = 0; i < table.size(); ++i) {
      for (std::size_t c = 0; c < 3; ++c) {
        CHECK(std::abs(mean(less[i], c) - mean(table[i], c) * (256 - share) / 256.0) <= 0.51);
        // A shift of all blocks: what is seen in the tile stays.
        CHECK(less[i][c] - less[i][c + 24] == table[i][c] - table[i][c + 24]);
      }
    }
  }
}

}  // namespace
}  // namespace smalti

#include "tiles/tile_renderer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "smalti/error.h"

namespace smalti::tiles {
namespace {

/// Weights are at most 257 (16-bit codes from 8-bit ones) and stay well within 64 bits, whatever
/// they are multiplied with here.
constexpr int kFractionBits = 30;
constexpr std::int64_t kOne = std::int64_t{1} << kFractionBits;

/// Shares of red and blue in luma, in ten thousandths.
struct LumaShares {
  std::int64_t red;
  std::int64_t blue;
  std::int64_t green() const { return 10'000 - red - blue; }
};

LumaShares luma_shares(int matrix) {
  switch (matrix) {
    case 1:  // BT.709
    case 2:  // unspecified
      return {2126, 722};
    case 4:  // FCC
      return {3000, 1100};
    case 5:  // BT.470 BG
    case 6:  // BT.601
      return {2990, 1140};
    case 7:  // SMPTE 240M
      return {2120, 870};
    case 9:  // BT.2020, not constant luminance
      return {2627, 593};
    default:
      throw Error(ErrorKind::kUsage,
                  fmt::format("cannot render tiles with the colour matrix of code {}", matrix));
  }
}

/// part / whole of `codes` codes for 255 steps of a colour.
std::int64_t weight(std::int64_t part, std::int64_t whole, std::int64_t codes) {
  const std::int64_t denominator = whole * 255;
  const std::int64_t rounding = part < 0 ? -denominator : denominator;
  return (2 * part * codes * kOne + rounding) / (2 * denominator);
}

}  // namespace

TileRenderer::TileRenderer(const PixelFormat& format, const ColorTags& color)
    : format_(format), color_(color) {
  assert(!format.alpha && format.depth >= 8 && format.depth <= 16);
  const std::int64_t all_codes = (std::int64_t{1} << format.depth) - 1;
  if (format.model == ColorModel::kRgb) {
    for (std::size_t c = 0; c < 3; ++c) formulas_[c].weights[c] = weight(1, 1, all_codes);
    return;
  }
  const int scale = format.depth - 8;
  const bool full = color.full_range;
  const std::int64_t luma_codes = full ? all_codes : std::int64_t{219} << scale;
  const std::int64_t chroma_codes = full ? all_codes : std::int64_t{224} << scale;
  const std::int64_t black = full ? 0 : std::int64_t{16} << scale;
  const std::int64_t neutral = std::int64_t{128} << scale;

  const LumaShares share = luma_shares(color.matrix);
  formulas_[0] = {
      .weights = {weight(share.red, 10'000, luma_codes), weight(share.green(), 10'000, luma_codes),
                  weight(share.blue, 10'000, luma_codes)},
      .offset = black * kOne};
  // Cb = (B - Y) / (2 - 2 share.blue), Cr the same with red.
  const std::int64_t blue_whole = 2 * (10'000 - share.blue);
  const std::int64_t red_whole = 2 * (10'000 - share.red);
  formulas_[1] = {.weights = {weight(-share.red, blue_whole, chroma_codes),
                              weight(-share.green(), blue_whole, chroma_codes),
                              weight(10'000 - share.blue, blue_whole, chroma_codes)},
                  .offset = neutral * kOne};
  formulas_[2] = {.weights = {weight(10'000 - share.red, red_whole, chroma_codes),
                              weight(-share.green(), red_whole, chroma_codes),
                              weight(-share.blue, red_whole, chroma_codes)},
                  .offset = neutral * kOne};
}

template <typename Sample>
void TileRenderer::fill(const cv::Mat& rgb, const Formula& formula, const Plane& plane) const {
  const std::int64_t largest = (std::int64_t{1} << format_.depth) - 1;
  const auto [red, green, blue] = formula.weights;
  const std::int64_t offset = formula.offset + kOne / 2;
  for (int y = 0; y < plane.height; ++y) {
    const std::uint8_t* from = rgb.ptr(y);
    Sample* to = plane.row<Sample>(y);
    for (int x = 0; x < plane.width; ++x, from += 3) {
      const std::int64_t sum = red * from[0] + green * from[1] + blue * from[2] + offset;
      to[x] = static_cast<Sample>(std::clamp<std::int64_t>(sum >> kFractionBits, 0, largest));
    }
  }
}

template <typename Sample>
void TileRenderer::fill_means(const cv::Mat& rgb, const Formula& formula,
                              const Plane& plane) const {
  const std::int64_t largest = (std::int64_t{1} << format_.depth) - 1;
  const Size step = format_.chroma_step();
  for (int y = 0; y < plane.height; ++y) {
    const int top = y * step.height;
    const int bottom = std::min(top + step.height, rgb.rows);
    for (int x = 0; x < plane.width; ++x) {
      const int left = x * step.width;
      const int right = std::min(left + step.width, rgb.cols);
      std::array<std::int64_t, 3> sums{};
      for (int row = top; row < bottom; ++row) {
        const auto* from = rgb.ptr<cv::Vec3b>(row);
        for (int column = left; column < right; ++column) {
          for (int c = 0; c < 3; ++c) sums[static_cast<std::size_t>(c)] += from[column][c];
        }
      }
      const std::int64_t covered = std::int64_t{bottom - top} * (right - left);
      std::int64_t sum = (formula.offset + kOne / 2) * covered;
      for (std::size_t c = 0; c < 3; ++c) sum += formula.weights[c] * sums[c];
      const std::int64_t code = sum / (covered * kOne);
      plane.row<Sample>(y)[x] = static_cast<Sample>(std::clamp<std::int64_t>(code, 0, largest));
    }
  }
}

template <typename Sample>
void TileRenderer::fill_planes(const cv::Mat& rgb, const Picture& picture) const {
  const Size step = format_.chroma_step();
  for (std::size_t c = 0; c < static_cast<std::size_t>(format_.color_components()); ++c) {
    const bool subsampled = c > 0 && format_.model == ColorModel::kYuv && step != Size{1, 1};
    if (subsampled) {
      fill_means<Sample>(rgb, formulas_[c], picture.planes[c]);
    } else {
      fill<Sample>(rgb, formulas_[c], picture.planes[c]);
    }
  }
}

Picture TileRenderer::render(const cv::Mat& rgb) const {
  assert(rgb.type() == CV_8UC3);
  Picture picture = Picture::allocate(format_, {rgb.cols, rgb.rows}, color_);
  if (format_.bytes_per_sample() == 1) {
    fill_planes<std::uint8_t>(rgb, picture);
  } else {
    fill_planes<std::uint16_t>(rgb, picture);
  }
  return picture;
}

}  // namespace smalti::tiles

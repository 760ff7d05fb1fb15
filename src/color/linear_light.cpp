#include "color/linear_light.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <cstdint>

#include "color/lab.h"

namespace smalti::color {
namespace {

// Coded values run from 0 to this on their way to light: 8-bit codes are whole numbers.
constexpr int kWhite = 255 * 64;

// t in steps of f(t)'s table; between them it is interpolated.
constexpr int kCurveSteps = 1 << 13;

struct Tables {
  std::vector<float> light;  // by coded value
  std::vector<float> curve;

  Tables() : light(kWhite + 1), curve(kCurveSteps + 2) {
    for (std::size_t i = 0; i < light.size(); ++i)
      light[i] = static_cast<float>(linear_from_srgb(static_cast<double>(i) / kWhite));
    for (std::size_t i = 0; i < curve.size(); ++i)
      curve[i] = static_cast<float>(lab_curve(static_cast<double>(i) / kCurveSteps));
  }
};

const Tables& tables() {
  static const Tables kTables;
  return kTables;
}

float curve_at(const Tables& t, float linear) {
  const float place = std::clamp(linear, 0.0F, 1.0F) * kCurveSteps;
  const auto at = static_cast<std::size_t>(place);
  return t.curve[at] + (t.curve[at + 1] - t.curve[at]) * (place - static_cast<float>(at));
}

// One of X, Y, Z over white.
float sum_of(const RgbShares& share, const float* rgb) {
  return static_cast<float>(share.red) * rgb[0] + static_cast<float>(share.green()) * rgb[1] +
         static_cast<float>(share.blue) * rgb[2];
}

void turn_to_light(std::vector<float>& coded) {
  const float* light = tables().light.data();
  for (float& v : coded)
    v = light[static_cast<std::size_t>(std::clamp(v, 0.0F, static_cast<float>(kWhite)) + 0.5F)];
}

// How codes of luma and chroma are scaled: H.273, equations 20 to 31.
struct CodeScale {
  float black;
  float luma;  // coded value for a step of luma
  float no_chroma;
  float chroma;

  CodeScale(const PixelFormat& format, const ColorTags& color) {
    const int unit = 1 << (format.depth - 8);
    const double largest = (1 << format.depth) - 1;
    black = static_cast<float>(color.full_range ? 0 : 16 * unit);
    luma = static_cast<float>(kWhite / (color.full_range ? largest : 219.0 * unit));
    no_chroma = static_cast<float>(128 * unit);
    chroma = static_cast<float>(kWhite / (color.full_range ? largest : 224.0 * unit));
  }
};

}  // namespace

LinearRows::LinearRows(const Picture& picture, Size size)
    : picture_(picture),
      size_(size),
      pixels_(static_cast<std::size_t>(picture.width) * 3),
      reduced_(static_cast<std::size_t>(size.width) * 3) {
  assert(!picture.empty() && size.width > 0 && size.height > 0);
  columns_.reserve(static_cast<std::size_t>(size.width));
  for (int x = 0; x < size.width; ++x) columns_.push_back(cover(x, size.width, picture.width));
}

// In units of 1/count of a pixel a sample is `length` long, and a pixel `count`.
LinearRows::Cover LinearRows::cover(int i, int count, int length) {
  const std::int64_t begin = std::int64_t{i} * length;
  const std::int64_t end = begin + length;
  const std::int64_t first = begin / count;
  const std::int64_t last = (end - 1) / count;
  const auto part = [length](std::int64_t units) {
    return static_cast<float>(static_cast<double>(units) / length);
  };
  return {static_cast<int>(first), static_cast<int>(last),
          part(std::min((first + 1) * count, end) - begin), part(count),
          first == last ? 0 : part(end - last * count)};
}

template <typename Sample>
void LinearRows::decode_yuv(int y) {
  const RgbShares share = luma_shares(picture_.color.matrix);
  const CodeScale scale(picture_.format, picture_.color);
  const auto gain = [&](double v) { return static_cast<float>(v) * scale.chroma; };
  const float red_from_cr = gain(2 * (1 - share.red));
  const float blue_from_cb = gain(2 * (1 - share.blue));
  const float green_from_cr = gain(-2 * (1 - share.red) * share.red / share.green());
  const float green_from_cb = gain(-2 * (1 - share.blue) * share.blue / share.green());

  const Plane& luma = picture_.planes[0];
  const int chroma_y = y >> picture_.format.log2_chroma_height;
  const Sample* lumas = luma.row<const Sample>(y);
  const Sample* cbs = picture_.planes[1].row<const Sample>(chroma_y);
  const Sample* crs = picture_.planes[2].row<const Sample>(chroma_y);
  const int cb_step = picture_.planes[1].step;
  const int cr_step = picture_.planes[2].step;
  const int each = 1 << picture_.format.log2_chroma_width;
  float* out = pixels_.data();
  for (int x = 0, chroma_x = 0; x < picture_.width; ++chroma_x) {
    const float cb = static_cast<float>(cbs[chroma_x * cb_step]) - scale.no_chroma;
    const float cr = static_cast<float>(crs[chroma_x * cr_step]) - scale.no_chroma;
    const float red = red_from_cr * cr;
    const float green = green_from_cb * cb + green_from_cr * cr;
    const float blue = blue_from_cb * cb;
    for (const int end = std::min(x + each, picture_.width); x < end; ++x, out += 3) {
      const float v = (static_cast<float>(lumas[x * luma.step]) - scale.black) * scale.luma;
      out[0] = v + red;
      out[1] = v + green;
      out[2] = v + blue;
    }
  }
}

template <typename Sample>
void LinearRows::lay_on_white(int y) {
  const Plane& alpha = picture_.alpha();
  const Sample* alphas = alpha.row<const Sample>(y);
  const auto opaque = static_cast<float>((1 << picture_.format.depth) - 1);
  for (int x = 0; x < picture_.width; ++x) {
    const float seen = static_cast<float>(alphas[x * alpha.step]) / opaque;
    float* pixel = &pixels_[static_cast<std::size_t>(x) * 3];
    for (int c = 0; c < 3; ++c) pixel[c] = seen * pixel[c] + (1 - seen) * kWhite;
  }
}

template <typename Sample>
void LinearRows::decode(int y) {
  const PixelFormat& format = picture_.format;
  if (format.model == ColorModel::kYuv) {
    decode_yuv<Sample>(y);
  } else {
    const bool gray = format.model == ColorModel::kGray;
    ColorTags color = picture_.color;
    color.full_range = color.full_range || !gray;
    const CodeScale scale(format, color);
    for (std::size_t c = 0; c < 3; ++c) {
      const Plane& plane = picture_.planes[gray ? 0 : c];
      const Sample* samples = plane.row<const Sample>(y);
      float* out = pixels_.data() + c;
      for (int x = 0; x < picture_.width; ++x)
        out[x * 3] = (static_cast<float>(samples[x * plane.step]) - scale.black) * scale.luma;
    }
  }
  if (format.alpha) lay_on_white<Sample>(y);
  turn_to_light(pixels_);
}

const float* LinearRows::reduced(int y) {
  if (y == reduced_y_) return reduced_.data();
  if (picture_.format.depth > 8) {
    decode<std::uint16_t>(y);
  } else {
    decode<std::uint8_t>(y);
  }
  float* out = reduced_.data();
  for (const Cover& cover : columns_) {
    const float* pixel = &pixels_[static_cast<std::size_t>(cover.first) * 3];
    std::array<float, 3> mean = {pixel[0] * cover.first_part, pixel[1] * cover.first_part,
                                 pixel[2] * cover.first_part};
    for (int x = cover.first + 1; x <= cover.last; ++x) {
      pixel += 3;
      const float part = x < cover.last ? cover.whole : cover.last_part;
      for (std::size_t c = 0; c < 3; ++c) mean[c] += pixel[c] * part;
    }
    out = std::copy(mean.begin(), mean.end(), out);
  }
  reduced_y_ = y;
  return reduced_.data();
}

void LinearRows::read(int y, float* light) {
  const Cover rows = cover(y, size_.height, picture_.height);
  const std::size_t count = reduced_.size();
  for (int row = rows.first; row <= rows.last; ++row) {
    const float* from = reduced(row);
    if (row == rows.first) {
      for (std::size_t i = 0; i < count; ++i) light[i] = from[i] * rows.first_part;
      continue;
    }
    const float part = row < rows.last ? rows.whole : rows.last_part;
    for (std::size_t i = 0; i < count; ++i) light[i] += from[i] * part;
  }
}

Lab lab_of_light(const float* rgb) {
  const Tables& t = tables();
  const float x = curve_at(t, sum_of(kXyzShares[0], rgb));
  const float y = curve_at(t, sum_of(kXyzShares[1], rgb));
  const float z = curve_at(t, sum_of(kXyzShares[2], rgb));
  return {116.0 * y - 16, 500.0 * (x - y), 200.0 * (y - z)};
}

double srgb_code(double light) {
  const double v = std::clamp(light, 0.0, 1.0);
  return 255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055);
}

}  // namespace smalti::color

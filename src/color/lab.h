#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/picture.h"
#include "smalti/match_options.h"

namespace smalti::color {

/// A mean of samples, on the scale of 8-bit codes times 256, whatever the picture's depth.
using Mean = std::int32_t;
inline constexpr Mean kMeanPerCode = 256;

/// What red and blue contribute to a sum of colours; green contributes the rest.
struct RgbShares {
  double red;
  double blue;
  constexpr double green() const { return 1 - red - blue; }
};

/// Of luma, by an H.273 matrix; BT.601 where it is not one of BT.601, BT.709, BT.2020.
RgbShares luma_shares(std::uint8_t matrix);

/// Of X, Y and Z, each over that of white (D65), in linear sRGB.
inline constexpr std::array<RgbShares, 3> kXyzShares = {
    {{0.4338873, 0.1898886}, {0.2126390, 0.0721923}, {0.0177500, 0.8728023}}};

/// IEC 61966-2-1: linear light, 0 to 1, of a coded value, 0 to 1.
double linear_from_srgb(double v);

/// f(t) of CIE 1976 L*a*b*: L* = 116 f(Y) - 16, a* = 500 (f(X) - f(Y)), b* = 200 (f(Y) - f(Z)).
double lab_curve(double t);

/// Turns the component means of one picture format and colour tagging into a colour space, scaled
/// as that says, in integers alone. Immutable; any thread.
///
/// Y'CbCr is turned into R'G'B' with the matrix of the tags (ITU-T H.273; BT.601 where it is not
/// one of BT.601, BT.709, BT.2020). R'G'B' is read as sRGB (IEC 61966-2-1) whatever transfer and
/// primaries say, and L*a*b* is CIE 1976 for its white, D65.
class ColorConverter {
 public:
  ColorConverter(const PixelFormat& format, const ColorTags& color,
                 ColorSpace space = ColorSpace::kLab);

  /// Writes three numbers for each of `count` colours; means[i] holds component i of all of them,
  /// for as many components as the format has without alpha.
  void convert(const std::array<const Mean*, 3>& means, std::size_t count, std::int16_t* out) const;

 private:
  struct Rgb {
    Mean red;
    Mean green;
    Mean blue;
  };

  Rgb from_yuv(Mean y, Mean cb, Mean cr) const;
  template <typename RgbAt>
  void convert_each(std::size_t count, std::int16_t* out, RgbAt rgb_at) const;

  ColorModel model_;
  ColorSpace space_;
  Mean black_;              // of gray and luma
  std::int32_t luma_gain_;  // fixed-point, like the following
  std::int32_t red_from_cr_;
  std::int32_t green_from_cb_;
  std::int32_t green_from_cr_;
  std::int32_t blue_from_cb_;
};

/// The way back: a CIELAB colour as samples of a picture format. In doubles of +, -, * and / alone,
/// the same on every machine. Immutable; any thread.
class LabEncoder {
 public:
  LabEncoder(const PixelFormat& format, const ColorTags& color);

  /// `lab`: L*, a*, b* scaled by kLabScale. Gives the components' codes at the format's depth, not
  /// rounded; colours outside of sRGB are brought to its border.
  std::array<double, 3> components(const std::array<double, 3>& lab) const;

 private:
  ColorModel model_;
  double red_share_;  // of luma
  double blue_share_;
  double codes_;  // a full scale of luma, gray, R, G or B
  double chroma_codes_;
  double black_;
  double neutral_;
};

}  // namespace smalti::color

#pragma once

#include <array>
#include <cstdint>

#include "smalti/picture.h"

namespace smalti {

/// A mean of samples, on the scale of 8-bit codes times 256, whatever the picture's depth.
using Mean = std::int32_t;
inline constexpr Mean kMeanPerCode = 256;

/// Turns the component means of one picture format and colour tagging into CIELAB, scaled by
/// kLabScale, in integers alone. Immutable; any thread.
///
/// Y'CbCr is turned into R'G'B' with the matrix of the tags (ITU-T H.273; BT.601 where it is not
/// one of BT.601, BT.709, BT.2020). R'G'B' is read as sRGB (IEC 61966-2-1) whatever transfer and
/// primaries say, and L*a*b* is CIE 1976 for its white, D65.
class LabConverter {
 public:
  LabConverter(const PixelFormat& format, const ColorTags& color);

  /// `means`: color_components() of them. Writes L*, a*, b*.
  void convert(const Mean* means, std::int16_t* lab) const;

 private:
  using Rgb = std::array<Mean, 3>;

  Rgb rgb_of(const Mean* means) const;

  ColorModel model_;
  Mean black_;                // of gray and luma
  std::int64_t luma_gain_;    // times 2^16
  std::int64_t red_from_cr_;  // times 2^16, like the following
  std::int64_t green_from_cb_;
  std::int64_t green_from_cr_;
  std::int64_t blue_from_cb_;
};

}  // namespace smalti

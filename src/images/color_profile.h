#pragma once

#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <span>

/// Pictures whose colours are not sRGB's, as phones and cameras write them (Display P3, Adobe RGB).
namespace smalti::images {

/// From the colours of one ICC profile to sRGB's. Any thread.
class ColorConversion {
 public:
  virtual ~ColorConversion() = default;

  /// 8-bit RGB or RGBA, in place; alpha stays.
  virtual void convert(cv::Mat& pixels) const = 0;
};

/// Null where colours are taken as they are: for no profile, a broken one, one of inks or greys,
/// and one that comes within two codes of sRGB everywhere.
std::shared_ptr<const ColorConversion> conversion_to_srgb(std::span<const std::uint8_t> profile);

}  // namespace smalti::images

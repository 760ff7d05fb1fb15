#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <span>
#include <string>
#include <string_view>

namespace smalti::images {

/// Whether a block of bytes starts the way EXIF does inside JPEG: "Exif", two zeros.
bool is_exif_block(std::span<const std::uint8_t> block);

struct ExifFacts {
  int orientation = 1;  ///< 1 to 8; 1 (upright) when none is named, or nonsense
  std::string taken;    ///< when, "2024:07:31 18:05:00"; empty when that is not said
};

/// What an EXIF block says, with or without those six bytes before it.
ExifFacts read_exif(std::span<const std::uint8_t> block);

/// The date as EXIF writes it, or nothing when it is none.
std::string checked_exif_date(std::string_view text);

/// Turns and mirrors a picture that is stored in that orientation, so that it stands upright.
cv::Mat upright(const cv::Mat& stored, int orientation);

}  // namespace smalti::images

#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <span>
#include <string>

namespace smalti {

/// Whether a block of bytes starts the way EXIF does inside JPEG: "Exif", two zeros.
bool is_exif_block(std::span<const std::uint8_t> block);

/// The orientation, 1 to 8, that an EXIF block names, with or without those six bytes before it;
/// 1 (upright) when it names none, or nonsense.
int exif_orientation(std::span<const std::uint8_t> block);

/// When a JPEG file's picture was taken, as EXIF says it ("2024:07:31 18:05:00"); empty when it
/// does not, and for other files.
std::string exif_date(std::span<const std::uint8_t> file);

/// Turns and mirrors a picture that is stored in that orientation, so that it stands upright.
cv::Mat upright(const cv::Mat& stored, int orientation);

}  // namespace smalti

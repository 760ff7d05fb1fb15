#pragma once

#include <opencv2/core.hpp>
#include <span>
#include <string>
#include <vector>

#include "fuzz/targets.h"

/// Files that tests/support does not make.
namespace smalti::fuzz {

/// HEIC of an RGB picture, as libheif writes it; nothing where it cannot.
std::vector<Input> heic_files(const cv::Mat& rgb);

bool can_write_avif();

/// A profile of lcms's, which it frees.
Input saved(void* profile);

/// A profile (ICC) of wider colours than sRGB's.
Input wide_profile();

/// An EXIF block as JPEG has it behind "Exif".
Input exif_block(int orientation, const std::string& date);

/// The same picture with a profile.
Input png_with_profile(const Input& png);

/// Every chunk's checksum as it should be, as far as there are chunks.
Input with_right_checksums(std::span<const std::uint8_t> png);

}  // namespace smalti::fuzz

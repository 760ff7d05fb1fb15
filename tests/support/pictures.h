#pragma once

#include <cstdint>
#include <filesystem>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/picture.h"

namespace smalti::test {

using File = std::vector<std::uint8_t>;

/// A smooth picture that no turn or mirror leaves as it is, RGB or RGBA. With alpha, it is opaque
/// in its left part and fades to the right.
cv::Mat photo(Size size, bool alpha = false);

/// The same pixels as a file with that EXIF orientation stores them: after the definition of the
/// tag (which edges row 0 and column 0 are), not by undoing turns.
cv::Mat stored_as(const cv::Mat& upright, int orientation);

// Files. Matrices are RGB, RGBA or grey; OpenCV's encoders write them except where said.
File jpeg_file(const cv::Mat& pixels);
File png_file(const cv::Mat& pixels);
File webp_file(const cv::Mat& pixels);
File bmp_file(const cv::Mat& pixels);
/// Written by hand: baseline, one strip, no compression, alpha not multiplied in.
File tiff_file(const cv::Mat& pixels, int orientation = 1, const std::string& date = {});
/// Written by libjpeg from four inks as Adobe's programs do (255 = no ink).
File cmyk_jpeg_file(const cv::Mat& inverted_inks);

/// A PNG of any kind, written by hand with stored (uncompressed) data.
struct PngParts {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint8_t depth = 8;
  std::uint8_t color_type = 2;  ///< 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA
  File palette{};
  File transparency{};
  std::vector<File> rows{};
};
File raw_png_file(const PngParts& parts);

// The same file with an EXIF block of that orientation and, unless it is empty, that date.
File jpeg_with_exif(const File& jpeg, int orientation, const std::string& date = {});
File png_with_exif(const File& png, int orientation, const std::string& date = {});
File webp_with_exif(const File& webp, Size size, bool alpha, int orientation,
                    const std::string& date = {});

/// A chunk with its length and checksum.
File png_chunk(const std::string& type, const File& data);

/// Makes the folder too.
void write_file(const std::filesystem::path& path, const File& bytes);

/// Of an 8-bit RGB picture, interleaved, as RGB or RGBA.
cv::Mat pixels_of(const Picture& picture);

/// The mean absolute difference of two matrices of one type and size; 255 when these differ.
double difference(const cv::Mat& a, const cv::Mat& b);

/// The folder of test media, where there is one. Says that the test is left out otherwise.
std::optional<std::filesystem::path> media_folder(const std::string& name);

}  // namespace smalti::test

#pragma once

#include <cstdint>
#include <opencv2/core.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "images/codecs.h"

/// PNG files taken apart, for still and moving pictures.
namespace smalti::images {

inline constexpr std::size_t kPngSignature = 8;

struct PngChunk {
  std::string_view type;
  Bytes data;
  Bytes whole;  ///< with length, type and checksum

  bool is_part_of_picture() const {
    return type == "IHDR" || type == "PLTE" || type == "tRNS" || type == "IDAT" || type == "IEND";
  }
  /// Throws BadPicture when its checksum is wrong.
  void check() const;
};

/// The chunk at the beginning of `rest`. Throws BadPicture when it is not whole.
PngChunk read_png_chunk(Bytes rest);

/// Four bytes of a chunk.
std::uint32_t png_number(const std::uint8_t* bytes);

void append_png_chunk(std::vector<std::uint8_t>& file, std::string_view type, Bytes data);

struct PngParts {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  int depth = 0;
  bool is_gray = false;
  std::vector<std::uint8_t> picture;      ///< a PNG file of its own
  std::optional<std::uint16_t> gray_key;  ///< the grey that stands for transparent
  ExifFacts exif;
  bool animated = false;
  std::vector<std::uint8_t> profile;  ///< ICC; empty where it is broken
};

/// Throws BadPicture for a file that is not whole.
PngParts take_png_apart(Bytes file, const ImageLimits& limits);

/// The picture, RGB or RGBA. Throws BadPicture.
cv::Mat decode_png_parts(const PngParts& parts);

}  // namespace smalti::images

#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/picture.h"

namespace smalti::images {

/// The picture file formats smalti writes.
enum class StillFormat { kJpeg, kPng, kWebp, kTiff, kAvif };

/// The format that a file's extension asks for, in capitals or not; nothing when it is none.
std::optional<StillFormat> still_format(const std::filesystem::path& name);

/// "JPEG", "PNG", "WebP", "TIFF", "AVIF".
const char* format_name(StillFormat format);

/// JPEG alone cannot hold alpha.
bool holds_alpha(StillFormat format);

struct ImageWriteOptions {
  bool overwrite = false;
  std::optional<int> quality = {};  ///< 1 to 100, of JPEG, WebP and AVIF; 92, 90 and 75 when absent
  double dpi = 0;                   ///< 1 to 65,535, written into JPEG, PNG and TIFF; 0: left out
  const std::atomic<bool>* stop = nullptr;  ///< ends waiting for the reader of a FIFO
};

/// Throws Error (kUsage) for what an ImageWriter would refuse, without making anything: an unknown
/// extension, a size beyond what the format holds (JPEG 65,500, WebP 16,383 pixels a side; AVIF
/// 16,384 and 64 megapixels, because it is encoded whole), alpha into JPEG, a quality or resolution
/// that is out of range, a quality that has no effect on the format, TIFF into a device or FIFO,
/// AVIF where libheif cannot encode it. The hint names what would work. Whether the name is free is
/// check_output's question.
void check_image_output(const std::filesystem::path& path, Size size, bool alpha,
                        const ImageWriteOptions& options);

/// Writes a picture of 8-bit sRGB strip by strip, from the top, so that it may be larger than
/// memory. The same samples give the same bytes, however they are cut into strips.
///
/// JPEG (4:4:4, the standard's Huffman tables) and PNG hold a row at a time. TIFF (deflate, tiles
/// of 256 x 256, with a pyramid of halved pictures, each a reduced-resolution directory behind the
/// full one, down to 256 pixels; BigTIFF where it may pass 4 GB) holds 256 rows of every picture of
/// the pyramid, together less than 512 of the full one, and keeps the halved ones in temporary
/// files beside the output until the end. WebP (lossy, its alpha exact) and AVIF (4:4:4) are
/// collected and encoded at the end. The file appears whole or not at all (OutputFile). One thread
/// at a time; after an Error, only destruction.
class ImageWriter {
 public:
  /// Throws Error as check_image_output and OutputFile do.
  ImageWriter(const std::filesystem::path& path, Size size, bool alpha,
              const ImageWriteOptions& options);
  /// Without finish(), leaves nothing behind.
  ~ImageWriter();

  /// The next rows: RGB of depth 8, planar or packed, as wide as the picture, with alpha (not
  /// multiplied in) if and only if the picture has it. Throws Error: kInputOutput when writing
  /// fails, kFailure for what else a library refuses.
  void write(const Picture& strip);

  /// All rows must have been written. Puts the file in place; returns its size in bytes. Throws
  /// Error as write() and OutputFile::commit() do.
  std::uint64_t finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Writes a whole picture: what an ImageWriter does with a single strip. Returns the file's bytes.
std::uint64_t write_image(const Picture& picture, const std::filesystem::path& path,
                          const ImageWriteOptions& options);

}  // namespace smalti::images

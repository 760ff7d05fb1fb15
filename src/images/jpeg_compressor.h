#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/output_handle.h"
#include "base/picture.h"

namespace smalti::images {

/// Makes JPEG files, one after the other, of RGB in 8 bits. Colour is kept at full resolution:
/// small pictures of bright things look washed out without, and where tiles of bright colours meet,
/// halved chroma shows. The same rows give the same bytes on every machine. One thread at a time.
class JpegCompressor {
 public:
  struct Settings {
    Size size;             ///< no side beyond 65,500
    int quality = 0;       ///< 1 to 100
    double dpi = 0;        ///< 0: not to be written
    bool smaller = false;  ///< with tables of its own, for which it waits in memory until its end
  };

  /// Into memory, all to the same, as large as the largest. Throws std::bad_alloc, as do all calls.
  JpegCompressor();
  /// Into a file, which must outlive it. Throws Error as OutputHandle::fail, as do all calls.
  explicit JpegCompressor(OutputHandle& file);
  ~JpegCompressor();

  void start(const Settings& settings);
  /// The next row from the top, packed.
  void write_row(const std::uint8_t* rgb);
  /// After the last row. What was made in memory is valid until the next start(), and nothing for a
  /// file.
  std::span<const std::uint8_t> finish();

  /// All of it, of RGB without alpha.
  std::span<const std::uint8_t> encode(const Picture& picture, int quality);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smalti::images

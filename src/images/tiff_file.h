#pragma once

#include <tiffio.h>

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/output_handle.h"
#include "images/row_encoder.h"

namespace smalti::images {

/// A TIFF that is being written: directories of deflated tiles, one after another. Throws Error.
class TiffFile {
 public:
  static constexpr int kTileEdge = 256;

  /// `big`: as BigTIFF, which may pass 4 GB.
  TiffFile(OutputHandle& file, bool big);

  /// Begins a picture; `reduced` says that it is a smaller one of the first.
  void begin(const StillSettings& settings, bool reduced);
  /// `samples`: kTileEdge rows of kTileEdge pixels. Tiles count from the upper left, row by row.
  void write_tile(std::uint32_t number, const std::vector<std::uint8_t>& samples);
  /// The tiles of another file's only picture, which has the same size and is not ended, as they
  /// are packed there.
  void copy_tiles(TiffFile& from);
  /// Ends the picture that was begun.
  void end();

 private:
  struct Close {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
  };
  using Complaint = std::array<char, 200>;

  static int keep_first_error(TIFF*, void* complaint, const char*, const char* format,
                              va_list arguments);
  void check(bool succeeded) const;

  OutputHandle& file_;
  std::unique_ptr<Complaint> complaint_ = std::make_unique<Complaint>();
  std::unique_ptr<TIFF, Close> tiff_;
};

}  // namespace smalti::images

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/output_handle.h"
#include "base/picture.h"

namespace smalti::images {

struct StillSettings {
  Size size;
  bool alpha = false;
  int quality = 0;  ///< 1 to 100, where the format has one
  double dpi = 0;   ///< 0: not to be written

  int channels() const { return alpha ? 4 : 3; }
  std::size_t row_bytes() const {
    return static_cast<std::size_t>(size.width) * static_cast<std::size_t>(channels());
  }
};

/// Writes one picture in one format, row by row. Rows are all it sees, so that no format can depend
/// on how they were cut into strips. Destroyed at any time, it leaves the file as it is.
class RowEncoder {
 public:
  virtual ~RowEncoder() = default;
  /// The next row from the top: RGB or RGBA, packed, alpha not multiplied in. Throws Error.
  virtual void write_row(const std::uint8_t* row) = 0;
  /// After the last row: whatever is still to be written. Throws Error.
  virtual void finish() = 0;
};

// One a format. `file` must outlive the encoder. Throw Error.
std::unique_ptr<RowEncoder> make_jpeg_encoder(OutputHandle& file, const StillSettings& settings);
std::unique_ptr<RowEncoder> make_png_encoder(OutputHandle& file, const StillSettings& settings);
std::unique_ptr<RowEncoder> make_webp_encoder(OutputHandle& file, const StillSettings& settings);
std::unique_ptr<RowEncoder> make_avif_encoder(OutputHandle& file, const StillSettings& settings);
/// Keeps the reduced pictures of its pyramid in temporary files beside the output.
std::unique_ptr<RowEncoder> make_tiff_encoder(OutputHandle& file, const StillSettings& settings);

/// Whether this machine's libheif can encode AV1.
bool can_encode_avif();

}  // namespace smalti::images

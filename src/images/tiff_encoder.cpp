#include "images/tiff_encoder.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <vector>

#include "base/output_file.h"
#include "images/pyramid.h"
#include "images/tiff_file.h"

// A TIFF is written a directory at a time, but the rows of all its pictures come at once. So the
// first picture goes straight into the output, and each reduced one into a temporary TIFF of its
// own, from where its packed tiles are copied at the end.

namespace smalti::images {
namespace {

constexpr int kEdge = TiffFile::kTileEdge;

std::int64_t tiles_across(int length) { return (std::int64_t{length} + kEdge - 1) / kEdge; }

/// One picture of the pyramid: collects rows until they fill a row of tiles.
class Level {
 public:
  Level(const StillSettings& settings, TiffFile& file)
      : settings_(settings),
        file_(file),
        halver_(settings.size, settings.channels()),
        band_(settings.row_bytes() *
              static_cast<std::size_t>(std::min(kEdge, settings.size.height))),
        tile_(static_cast<std::size_t>(kEdge * kEdge * settings.channels())) {}

  /// The row of the next smaller picture that this one completes, or null.
  const std::uint8_t* push(const std::uint8_t* row) {
    const int in_band = rows_ % kEdge;
    std::memcpy(band_.data() + static_cast<std::size_t>(in_band) * settings_.row_bytes(), row,
                settings_.row_bytes());
    ++rows_;
    if (in_band + 1 == kEdge || rows_ == settings_.size.height) write_band(in_band + 1);
    return halver_.push(row);
  }

 private:
  void write_band(int rows) {
    const auto tile_row = static_cast<std::size_t>(kEdge * settings_.channels());
    for (std::size_t left = 0; left < settings_.row_bytes(); left += tile_row) {
      std::fill(tile_.begin(), tile_.end(), std::uint8_t{0});
      const std::size_t bytes = std::min(tile_row, settings_.row_bytes() - left);
      for (int y = 0; y < rows; ++y) {
        const auto row = static_cast<std::size_t>(y);
        std::memcpy(tile_.data() + row * tile_row,
                    band_.data() + row * settings_.row_bytes() + left, bytes);
      }
      file_.write_tile(next_tile_++, tile_);
    }
  }

  StillSettings settings_;
  TiffFile& file_;
  Halver halver_;
  std::vector<std::uint8_t> band_;
  std::vector<std::uint8_t> tile_;
  int rows_ = 0;
  std::uint32_t next_tile_ = 0;
};

/// A temporary TIFF beside the output, with a name of the kind that is cleared away after a crash.
class Spool {
 public:
  Spool(const std::filesystem::path& beside, bool big)
      : file_(beside, true), handle_(file_), tiff_(handle_, big) {}
  TiffFile& tiff() { return tiff_; }

 private:
  OutputFile file_;
  OutputHandle handle_;
  TiffFile tiff_;
};

class TiffEncoder : public RowEncoder {
 public:
  TiffEncoder(OutputHandle& file, const StillSettings& settings)
      : settings_(settings),
        big_(needs_big_tiff(settings.size, settings.channels())),
        tiff_(file, big_) {
    const std::vector<Size> sizes = pyramid_sizes(settings.size, kEdge);
    levels_.reserve(sizes.size());
    tiff_.begin(settings, false);
    levels_.emplace_back(settings, tiff_);
    for (std::size_t i = 1; i < sizes.size(); ++i) {
      const StillSettings reduced = reduced_settings(sizes[i]);
      spools_.push_back({sizes[i], std::make_unique<Spool>(file.name(), big_)});
      spools_.back().file->tiff().begin(reduced, true);
      levels_.emplace_back(reduced, spools_.back().file->tiff());
    }
  }

  void write_row(const std::uint8_t* row) override {
    for (Level& level : levels_) {
      row = level.push(row);
      if (row == nullptr) return;
    }
  }

  void finish() override {
    levels_.clear();
    tiff_.end();
    for (SpooledPicture& picture : spools_) {
      tiff_.begin(reduced_settings(picture.size), true);
      tiff_.copy_tiles(picture.file->tiff());
      tiff_.end();
      picture.file.reset();
    }
  }

 private:
  struct SpooledPicture {
    Size size;
    std::unique_ptr<Spool> file;
  };

  /// The resolution is the full picture's, and would be wrong for these.
  StillSettings reduced_settings(Size size) const {
    return {.size = size, .alpha = settings_.alpha};
  }

  StillSettings settings_;
  bool big_;
  TiffFile tiff_;
  std::vector<SpooledPicture> spools_;
  std::vector<Level> levels_;
};

}  // namespace

bool needs_big_tiff(Size size, int channels) {
  // Deflate adds a few bytes to what it cannot pack, and every tile has its place in a directory.
  const std::int64_t tile = std::int64_t{kEdge} * kEdge * channels;
  const std::int64_t at_most = tile + tile / 256 + 64;
  std::int64_t bytes = 1 << 16;
  for (const Size level : pyramid_sizes(size, kEdge))
    bytes += tiles_across(level.width) * tiles_across(level.height) * at_most;
  return bytes > std::numeric_limits<std::uint32_t>::max();
}

std::unique_ptr<RowEncoder> make_tiff_encoder(OutputHandle& file, const StillSettings& settings) {
  return std::make_unique<TiffEncoder>(file, settings);
}

}  // namespace smalti::images

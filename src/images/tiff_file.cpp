#include "images/tiff_file.h"

#include <cstdarg>
#include <cstdio>

namespace smalti::images {
namespace {

struct OptionsDeleter {
  void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};
using UniqueOptions = std::unique_ptr<TIFFOpenOptions, OptionsDeleter>;

OutputHandle& file_of(thandle_t handle) { return *static_cast<OutputHandle*>(handle); }

tmsize_t read_bytes(thandle_t handle, void* to, tmsize_t count) {
  return file_of(handle).read(to, static_cast<std::size_t>(count));
}

tmsize_t write_bytes(thandle_t handle, void* from, tmsize_t count) {
  return file_of(handle).write(from, static_cast<std::size_t>(count)) ? count : -1;
}

toff_t seek_to(thandle_t handle, toff_t offset, int whence) {
  return static_cast<toff_t>(file_of(handle).seek(static_cast<off_t>(offset), whence));
}

toff_t file_size(thandle_t handle) { return file_of(handle).size(); }

// The file belongs to its OutputHandle.
int leave_open(thandle_t) { return 0; }

int swallow_warning(TIFF*, void*, const char*, const char*, va_list) { return 1; }

}  // namespace

int TiffFile::keep_first_error(TIFF*, void* complaint, const char*, const char* format,
                               va_list arguments) {
  auto& text = *static_cast<Complaint*>(complaint);
  if (text[0] == '\0') std::vsnprintf(text.data(), text.size(), format, arguments);
  return 1;
}

TiffFile::TiffFile(OutputHandle& file, bool big) : file_(file) {
  const UniqueOptions options(TIFFOpenOptionsAlloc());
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_first_error, complaint_.get());
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), swallow_warning, nullptr);
  tiff_.reset(TIFFClientOpenExt("output", big ? "w8l" : "wl", &file_, read_bytes, write_bytes,
                                seek_to, leave_open, file_size, nullptr, nullptr, options.get()));
  check(tiff_ != nullptr);
}

void TiffFile::check(bool succeeded) const {
  if (succeeded) return;
  file_.fail((*complaint_)[0] != '\0' ? complaint_->data() : "libtiff refuses");
}

void TiffFile::begin(const StillSettings& settings, bool reduced) {
  TIFF* tiff = tiff_.get();
  const auto set = [&](std::uint32_t tag, auto... value) {
    check(TIFFSetField(tiff, tag, value...) != 0);
  };
  set(TIFFTAG_SUBFILETYPE, reduced ? FILETYPE_REDUCEDIMAGE : 0);
  set(TIFFTAG_IMAGEWIDTH, static_cast<std::uint32_t>(settings.size.width));
  set(TIFFTAG_IMAGELENGTH, static_cast<std::uint32_t>(settings.size.height));
  set(TIFFTAG_TILEWIDTH, static_cast<std::uint32_t>(kTileEdge));
  set(TIFFTAG_TILELENGTH, static_cast<std::uint32_t>(kTileEdge));
  set(TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
  set(TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
  set(TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  set(TIFFTAG_BITSPERSAMPLE, 8);
  set(TIFFTAG_SAMPLESPERPIXEL, settings.channels());
  const std::uint16_t kind = EXTRASAMPLE_UNASSALPHA;
  if (settings.alpha) set(TIFFTAG_EXTRASAMPLES, 1, &kind);
  set(TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
  set(TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
  // The usual 6 takes twice as long and saves 1 %.
  set(TIFFTAG_ZIPQUALITY, 3);
  if (settings.dpi > 0) {
    set(TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
    set(TIFFTAG_XRESOLUTION, settings.dpi);
    set(TIFFTAG_YRESOLUTION, settings.dpi);
  }
}

void TiffFile::write_tile(std::uint32_t number, const std::vector<std::uint8_t>& samples) {
  // libtiff packs from a copy, whatever its signature says.
  check(TIFFWriteEncodedTile(tiff_.get(), number, const_cast<std::uint8_t*>(samples.data()),
                             static_cast<tmsize_t>(samples.size())) >= 0);
}

void TiffFile::copy_tiles(TiffFile& from) {
  std::vector<std::uint8_t> tile;
  const std::uint32_t tiles = TIFFNumberOfTiles(from.tiff_.get());
  for (std::uint32_t i = 0; i < tiles; ++i) {
    tile.resize(TIFFGetStrileByteCount(from.tiff_.get(), i));
    const auto size = static_cast<tmsize_t>(tile.size());
    from.check(TIFFReadRawTile(from.tiff_.get(), i, tile.data(), size) == size);
    check(TIFFWriteRawTile(tiff_.get(), i, tile.data(), size) == size);
  }
}

void TiffFile::end() { check(TIFFWriteDirectory(tiff_.get()) != 0); }

}  // namespace smalti::images

// clang-format off
#include <cstdio>  // libjpeg's headers need it and do not include it; jerror.h needs jpeglib.h
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <array>
#include <cmath>

#include "images/guarded.h"
#include "images/jpeg_settings.h"
#include "images/row_encoder.h"

namespace smalti {
namespace {

static_assert(sizeof(Escape::message) >= JMSG_LENGTH_MAX);

struct JpegErrors : jpeg_error_mgr {
  Escape escape;
};

[[noreturn]] void on_fatal(j_common_ptr info) {
  auto& errors = *static_cast<JpegErrors*>(info->err);
  errors.format_message(info, errors.escape.message.data());
  std::longjmp(errors.escape.place, 1);
}

void say_nothing(j_common_ptr) {}

struct JpegFile : jpeg_destination_mgr {
  OutputHandle* file = nullptr;
  std::array<JOCTET, 1 << 16> buffer;
};

JpegFile& file_of(j_compress_ptr info) { return *static_cast<JpegFile*>(info->dest); }

void rewind_buffer(j_compress_ptr info) {
  JpegFile& to = file_of(info);
  to.next_output_byte = to.buffer.data();
  to.free_in_buffer = to.buffer.size();
}

void write_bytes(j_compress_ptr info, std::size_t count) {
  JpegFile& to = file_of(info);
  if (!to.file->write(to.buffer.data(), count)) ERREXIT(info, JERR_FILE_WRITE);
}

boolean write_buffer(j_compress_ptr info) {
  write_bytes(info, file_of(info).buffer.size());
  rewind_buffer(info);
  return TRUE;
}

void write_rest(j_compress_ptr info) {
  write_bytes(info, file_of(info).buffer.size() - file_of(info).free_in_buffer);
}

struct Compressor : jpeg_compress_struct {
  Compressor() : jpeg_compress_struct{} {}
  ~Compressor() { jpeg_destroy_compress(this); }
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;
};

class JpegEncoder : public RowEncoder {
 public:
  JpegEncoder(OutputHandle& file, const StillSettings& settings) : file_(file) {
    jpeg_std_error(&errors_);
    errors_.error_exit = on_fatal;
    errors_.output_message = say_nothing;
    info_.err = &errors_;
    to_.file = &file;
    to_.init_destination = rewind_buffer;
    to_.empty_output_buffer = write_buffer;
    to_.term_destination = write_rest;
    guarded(errors_.escape, file_, [&] { jpeg_create_compress(&info_); });
    start(settings);
  }

  void write_row(const std::uint8_t* row) override {
    guarded(errors_.escape, file_, [&] {
      auto* samples = const_cast<JSAMPLE*>(row);
      jpeg_write_scanlines(&info_, &samples, 1);
    });
  }

  void finish() override {
    guarded(errors_.escape, file_, [&] { jpeg_finish_compress(&info_); });
  }

 private:
  void start(const StillSettings& settings) {
    guarded(errors_.escape, file_, [&] {
      info_.dest = &to_;
      // The tables stay those of the standard: better ones would need the whole picture first.
      set_up_jpeg(info_, settings.size, settings.quality);
      if (settings.dpi > 0) {
        constexpr UINT8 kPerInch = 1;
        info_.density_unit = kPerInch;
        info_.X_density = static_cast<UINT16>(std::lround(settings.dpi));
        info_.Y_density = info_.X_density;
      }
      jpeg_start_compress(&info_, TRUE);
    });
  }

  OutputHandle& file_;
  JpegErrors errors_;
  JpegFile to_;
  Compressor info_;
};

}  // namespace

std::unique_ptr<RowEncoder> make_jpeg_encoder(OutputHandle& file, const StillSettings& settings) {
  return std::make_unique<JpegEncoder>(file, settings);
}

}  // namespace smalti

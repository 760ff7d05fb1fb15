#include "images/jpeg_compressor.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdlib>
#include <new>
#include <vector>

#include "base/packed.h"
#include "images/codecs.h"
#include "images/jpeg_errors.h"
#include "images/row_encoder.h"

namespace smalti::images {
namespace {

/// Memory that libjpeg writes to. It is emptied into the file when it is full, or grows.
struct Target : jpeg_destination_mgr {
  OutputHandle* file = nullptr;
  std::uint8_t* bytes = nullptr;
  std::size_t capacity = 0;

  ~Target() { std::free(bytes); }

  std::size_t size() const { return capacity - free_in_buffer; }
};

Target& target_of(j_compress_ptr info) { return *static_cast<Target*>(info->dest); }

void rewind(j_compress_ptr info) {
  Target& target = target_of(info);
  target.next_output_byte = target.bytes;
  target.free_in_buffer = target.capacity;
}

void grow(j_compress_ptr info) {
  constexpr std::size_t kFirst = 1 << 16;
  Target& target = target_of(info);
  const std::size_t larger = std::max(kFirst, target.capacity * 2);
  auto* bytes = static_cast<std::uint8_t*>(std::realloc(target.bytes, larger));
  if (bytes == nullptr) ERREXIT1(info, JERR_OUT_OF_MEMORY, 0);
  target.next_output_byte = bytes + target.capacity;
  target.free_in_buffer = larger - target.capacity;
  target.bytes = bytes;
  target.capacity = larger;
}

void write_out(j_compress_ptr info, std::size_t count) {
  const Target& target = target_of(info);
  if (!target.file->write(target.bytes, count)) ERREXIT(info, JERR_FILE_WRITE);
}

// Called when all is full, whatever free_in_buffer says.
boolean make_room(j_compress_ptr info) {
  if (target_of(info).file == nullptr) {
    grow(info);
  } else {
    write_out(info, target_of(info).capacity);
    rewind(info);
  }
  return TRUE;
}

void end(j_compress_ptr info) {
  if (target_of(info).file != nullptr) write_out(info, target_of(info).size());
}

struct Compression : jpeg_compress_struct {
  Compression() : jpeg_compress_struct{} {}
  ~Compression() { jpeg_destroy_compress(this); }
  Compression(const Compression&) = delete;
  Compression& operator=(const Compression&) = delete;
};

}  // namespace

struct JpegCompressor::State {
  explicit State(OutputHandle* file) {
    target.file = file;
    target.init_destination = rewind;
    target.empty_output_buffer = make_room;
    target.term_destination = end;
    info.err = errors.set_up();
    guarded([&] {
      jpeg_create_compress(&info);
      info.dest = &target;
      grow(&info);
    });
  }

  void set_up(const Settings& settings) {
    info.image_width = static_cast<JDIMENSION>(settings.size.width);
    info.image_height = static_cast<JDIMENSION>(settings.size.height);
    info.input_components = 3;
    info.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info);
    jpeg_set_quality(&info, settings.quality, TRUE);
    info.dct_method = JDCT_ISLOW;
    info.comp_info[0].h_samp_factor = 1;
    info.comp_info[0].v_samp_factor = 1;
    info.optimize_coding = settings.smaller ? TRUE : FALSE;
    if (settings.dpi > 0) {
      constexpr UINT8 kPerInch = 1;
      info.density_unit = kPerInch;
      info.X_density = static_cast<UINT16>(std::lround(settings.dpi));
      info.Y_density = info.X_density;
    }
  }

  // With the picture's sizes within bounds, only writing can fail, and memory run out. The jump
  // goes past every destructor, so `calls` must not make objects that have one.
  template <typename Calls>
  void guarded(const Calls& calls) {
    if (setjmp(errors.escape) != 0) {
      jpeg_abort_compress(&info);
      if (target.file != nullptr) target.file->fail(errors.fatal);
      throw std::bad_alloc();
    }
    calls();
  }

  JpegErrors errors;
  Target target;
  Compression info;
  std::vector<std::uint8_t> row;
};

JpegCompressor::JpegCompressor() : state_(std::make_unique<State>(nullptr)) {}

JpegCompressor::JpegCompressor(OutputHandle& file) : state_(std::make_unique<State>(&file)) {}

JpegCompressor::~JpegCompressor() = default;

void JpegCompressor::start(const Settings& settings) {
  assert(settings.quality >= 1 && settings.quality <= 100);
  state_->guarded([&] {
    state_->set_up(settings);
    jpeg_start_compress(&state_->info, TRUE);
  });
}

void JpegCompressor::write_row(const std::uint8_t* rgb) {
  state_->guarded([&] {
    auto* samples = const_cast<JSAMPLE*>(rgb);
    jpeg_write_scanlines(&state_->info, &samples, 1);
  });
}

std::span<const std::uint8_t> JpegCompressor::finish() {
  state_->guarded([&] { jpeg_finish_compress(&state_->info); });
  if (state_->target.file != nullptr) return {};
  return {state_->target.bytes, state_->target.size()};
}

std::span<const std::uint8_t> JpegCompressor::encode(const Picture& picture, int quality) {
  assert(picture.format == (PixelFormat{ColorModel::kRgb, 8, 0, 0, false}));
  std::vector<std::uint8_t>& row = state_->row;
  row.resize(static_cast<std::size_t>(picture.width) * 3);
  start({.size = picture.size(), .quality = quality});
  for (int y = 0; y < picture.height; ++y) {
    pack_row(picture, y, row.data());
    write_row(row.data());
  }
  return finish();
}

std::vector<std::uint8_t> encode_jpeg(const cv::Mat& rgb, int quality) {
  JpegCompressor compressor;
  compressor.start({.size = {rgb.cols, rgb.rows}, .quality = quality, .smaller = true});
  for (int y = 0; y < rgb.rows; ++y) compressor.write_row(rgb.ptr(y));
  const auto file = compressor.finish();
  return {file.begin(), file.end()};
}

namespace {

class JpegEncoder : public RowEncoder {
 public:
  JpegEncoder(OutputHandle& file, const StillSettings& settings) : compressor_(file) {
    compressor_.start({.size = settings.size, .quality = settings.quality, .dpi = settings.dpi});
  }
  void write_row(const std::uint8_t* row) override { compressor_.write_row(row); }
  void finish() override { compressor_.finish(); }

 private:
  JpegCompressor compressor_;
};

}  // namespace

std::unique_ptr<RowEncoder> make_jpeg_encoder(OutputHandle& file, const StillSettings& settings) {
  return std::make_unique<JpegEncoder>(file, settings);
}

}  // namespace smalti::images

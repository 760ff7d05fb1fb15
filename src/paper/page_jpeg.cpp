#include "paper/page_jpeg.h"

// clang-format off
#include <cstdio>  // libjpeg's headers need it and do not include it; jerror.h needs jpeglib.h
#include <jpeglib.h>
#include <jerror.h>
// clang-format on

#include <algorithm>
#include <cassert>
#include <csetjmp>
#include <cstdlib>
#include <new>
#include <vector>

#include "images/jpeg_settings.h"

namespace smalti {
namespace {

struct JpegErrors : jpeg_error_mgr {
  std::jmp_buf escape;
};

[[noreturn]] void on_fatal(j_common_ptr info) {
  std::longjmp(static_cast<JpegErrors*>(info->err)->escape, 1);
}

/// Memory that libjpeg writes to. It grows and is kept.
struct Target : jpeg_destination_mgr {
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

// Called when all is full, whatever free_in_buffer says.
boolean grow(j_compress_ptr info) {
  constexpr std::size_t kFirst = 1 << 20;
  Target& target = target_of(info);
  const std::size_t larger = std::max(kFirst, target.capacity * 2);
  auto* bytes = static_cast<std::uint8_t*>(std::realloc(target.bytes, larger));
  if (bytes == nullptr) ERREXIT1(info, JERR_OUT_OF_MEMORY, 0);
  target.next_output_byte = bytes + target.capacity;
  target.free_in_buffer = larger - target.capacity;
  target.bytes = bytes;
  target.capacity = larger;
  return TRUE;
}

void end(j_compress_ptr) {}

void interleave(const Picture& picture, int y, JSAMPLE* rgb) {
  const auto* red = picture.planes[0].row<const std::uint8_t>(y);
  const auto* green = picture.planes[1].row<const std::uint8_t>(y);
  const auto* blue = picture.planes[2].row<const std::uint8_t>(y);
  for (int x = 0; x < picture.width; ++x, rgb += 3) {
    rgb[0] = red[x];
    rgb[1] = green[x];
    rgb[2] = blue[x];
  }
}

}  // namespace

struct PageEncoder::State {
  explicit State(int jpeg_quality) : quality(jpeg_quality) {
    jpeg_std_error(&errors);
    errors.error_exit = on_fatal;
    info.err = &errors;
    target.init_destination = rewind;
    target.empty_output_buffer = grow;
    target.term_destination = end;
    guarded([&] {
      jpeg_create_compress(&info);
      info.dest = &target;
      grow(&info);
    });
  }
  ~State() { jpeg_destroy_compress(&info); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void encode(const Picture& picture) {
    row.resize(static_cast<std::size_t>(picture.width) * 3);
    guarded([&] {
      start(picture);
      for (int y = 0; y < picture.height; ++y) {
        interleave(picture, y, row.data());
        JSAMPLE* pixels = row.data();
        jpeg_write_scanlines(&info, &pixels, 1);
      }
      jpeg_finish_compress(&info);
    });
  }

  void start(const Picture& picture) {
    set_up_jpeg(info, picture.size(), quality);
    jpeg_start_compress(&info, TRUE);
  }

  // With the picture's sizes within bounds, only memory can run out. The jump goes past every
  // destructor, so `calls` must not make objects that have one.
  template <typename Calls>
  void guarded(const Calls& calls) {
    if (setjmp(errors.escape) != 0) {
      jpeg_abort_compress(&info);
      throw std::bad_alloc();
    }
    calls();
  }

  int quality;
  JpegErrors errors;
  Target target;
  jpeg_compress_struct info{};
  std::vector<JSAMPLE> row;
};

PageEncoder::PageEncoder(int quality) {
  assert(quality >= 1 && quality <= 100);
  state_ = std::make_unique<State>(quality);
}

PageEncoder::~PageEncoder() = default;

std::span<const std::uint8_t> PageEncoder::encode(const Picture& picture) {
  assert(picture.format == (PixelFormat{ColorModel::kRgb, 8, 0, 0, false}));
  assert(picture.planes[0].step == 1);
  state_->encode(picture);
  return {state_->target.bytes, state_->target.size()};
}

}  // namespace smalti

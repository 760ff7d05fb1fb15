#include "stills/page_jpeg.h"

// clang-format off
#include <cstdio>  // libjpeg's header needs it and does not include it
#include <jpeglib.h>
// clang-format on

#include <array>
#include <cassert>
#include <csetjmp>
#include <cstdint>
#include <new>
#include <vector>

namespace smalti {
namespace {

struct JpegErrors : jpeg_error_mgr {
  std::jmp_buf escape;
};

[[noreturn]] void on_fatal(j_common_ptr info) {
  std::longjmp(static_cast<JpegErrors*>(info->err)->escape, 1);
}

class PageEncoder {
 public:
  PageEncoder() {
    jpeg_std_error(&errors_);
    errors_.error_exit = on_fatal;
    info_.err = &errors_;
    guarded([&] { jpeg_create_compress(&info_); });
  }
  ~PageEncoder() {
    jpeg_destroy_compress(&info_);
    std::free(bytes_);
  }
  PageEncoder(const PageEncoder&) = delete;
  PageEncoder& operator=(const PageEncoder&) = delete;

  PageJpeg encode(const Picture& picture, int quality) {
    std::vector<JSAMPLE> pixels(static_cast<std::size_t>(picture.width) * 3);
    guarded([&] {
      start(picture, quality);
      for (int y = 0; y < picture.height; ++y) {
        interleave(picture, y, pixels.data());
        JSAMPLE* row = pixels.data();
        jpeg_write_scanlines(&info_, &row, 1);
      }
      jpeg_finish_compress(&info_);
    });
    PageJpeg file{decltype(PageJpeg::bytes)(bytes_), size_};
    bytes_ = nullptr;
    return file;
  }

 private:
  // With the picture's sizes within bounds, only memory can run out. The jump goes past every
  // destructor, so `calls` must not make objects that have one.
  template <typename Calls>
  void guarded(const Calls& calls) {
    if (setjmp(errors_.escape) != 0) throw std::bad_alloc();
    calls();
  }

  void start(const Picture& picture, int quality) {
    jpeg_mem_dest(&info_, &bytes_, &size_);
    info_.image_width = static_cast<JDIMENSION>(picture.width);
    info_.image_height = static_cast<JDIMENSION>(picture.height);
    info_.input_components = 3;
    info_.in_color_space = JCS_RGB;
    jpeg_set_defaults(&info_);
    jpeg_set_quality(&info_, quality, TRUE);
    info_.dct_method = JDCT_ISLOW;
    info_.comp_info[0].h_samp_factor = 1;
    info_.comp_info[0].v_samp_factor = 1;
    jpeg_start_compress(&info_, TRUE);
  }

  static void interleave(const Picture& picture, int y, JSAMPLE* rgb) {
    const auto* red = picture.planes[0].row<const std::uint8_t>(y);
    const auto* green = picture.planes[1].row<const std::uint8_t>(y);
    const auto* blue = picture.planes[2].row<const std::uint8_t>(y);
    for (int x = 0; x < picture.width; ++x, rgb += 3) {
      rgb[0] = red[x];
      rgb[1] = green[x];
      rgb[2] = blue[x];
    }
  }

  JpegErrors errors_;
  jpeg_compress_struct info_{};
  unsigned char* bytes_ = nullptr;
  unsigned long size_ = 0;
};

}  // namespace

PageJpeg encode_page(const Picture& picture, int quality) {
  assert(picture.format == (PixelFormat{ColorModel::kRgb, 8, 0, 0, false}));
  assert(picture.planes[0].step == 1 && quality >= 1 && quality <= 100);
  PageEncoder encoder;
  return encoder.encode(picture, quality);
}

}  // namespace smalti

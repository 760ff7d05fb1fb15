#include <bit>
#include <cstring>
#include <new>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "images/png_errors.h"
#include "images/png_file.h"

// Through libpng itself: OpenCV lets it print what it thinks of a file.

namespace smalti::images {
namespace {

/// The file, as far as it is still to be read.
struct Source {
  Bytes rest;
  PngErrors errors{};
};

void read_bytes(png_structp png, png_bytep to, std::size_t count) {
  auto& source = *static_cast<Source*>(png_get_io_ptr(png));
  if (count > source.rest.size()) png_error(png, "it breaks off");
  std::memcpy(to, source.rest.data(), count);
  source.rest = source.rest.subspan(count);
}

class PngReader {
 public:
  explicit PngReader(Bytes file) : source_{.rest = file} {
    guarded([&] {
      png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source_.errors, PngErrors::on_fatal,
                                    PngErrors::on_warning);
      if (png_ != nullptr) info_ = png_create_info_struct(png_);
    });
    if (info_ == nullptr) throw std::bad_alloc();
  }
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  /// Grey, RGB or RGBA, with 8 or 16 bits.
  cv::Mat read() {
    guarded([&] {
      png_set_read_fn(png_, &source_, read_bytes);
      png_read_info(png_, info_);
    });
    const int type = CV_MAKETYPE(depth() == 16 ? CV_16U : CV_8U, channels());
    cv::Mat pixels(static_cast<int>(png_get_image_height(png_, info_)),
                   static_cast<int>(png_get_image_width(png_, info_)), type);
    guarded([&] { unpack_to(type); });
    if (png_get_rowbytes(png_, info_) != pixels.cols * pixels.elemSize())
      throw BadPicture("broken PNG: its rows have a wrong length");
    std::vector<png_bytep> rows;
    for (int y = 0; y < pixels.rows; ++y) rows.push_back(pixels.ptr(y));
    guarded([&] {
      png_read_image(png_, rows.data());
      png_read_end(png_, nullptr);
    });
    return pixels;
  }

 private:
  /// Makes calls whose errors become BadPicture.
  template <typename Calls>
  void guarded(const Calls& calls) {
    source_.errors.guarded(calls, [](const std::string& why) {
      throw BadPicture("broken PNG: its picture data cannot be decoded: " + why);
    });
  }

  int depth() const { return png_get_bit_depth(png_, info_); }
  int color_type() const { return png_get_color_type(png_, info_); }

  int channels() const {
    if (color_type() == PNG_COLOR_TYPE_GRAY) return 1;
    const bool has_alpha = (color_type() & PNG_COLOR_MASK_ALPHA) != 0;
    return has_alpha || png_get_valid(png_, info_, PNG_INFO_tRNS) != 0 ? 4 : 3;
  }

  /// Has libpng make of every kind of PNG what `type` says.
  void unpack_to(int type) const {
    if (std::endian::native == std::endian::little) png_set_swap(png_);
    if (CV_MAT_CN(type) == 4) png_set_tRNS_to_alpha(png_);
    if (color_type() == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
    if (color_type() == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(png_);
    if (color_type() == PNG_COLOR_TYPE_GRAY_ALPHA) png_set_gray_to_rgb(png_);
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
  }

  Source source_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

/// Opaque but for the pixels of that grey.
cv::Mat alpha_from_key(const cv::Mat& gray, int key, int depth) {
  const int shown_key = depth < 8 ? key * 255 / ((1 << depth) - 1) : key;
  cv::Mat alpha;
  cv::compare(gray, cv::Scalar(shown_key), alpha, cv::CMP_NE);
  return alpha;
}

}  // namespace

cv::Mat decode_png_parts(const PngParts& parts) {
  const cv::Mat decoded = PngReader(parts.picture).read();
  cv::Mat pixels = decoded;
  if (decoded.depth() == CV_16U) decoded.convertTo(pixels, CV_8U, 1.0 / 257);
  if (decoded.channels() == 1) cv::cvtColor(pixels, pixels, cv::COLOR_GRAY2RGB);
  if (parts.gray_key && decoded.channels() == 1) {
    const cv::Mat alpha = alpha_from_key(decoded, *parts.gray_key, parts.depth);
    cv::merge(std::vector<cv::Mat>{pixels, alpha}, pixels);
  }
  return pixels;
}

}  // namespace smalti::images

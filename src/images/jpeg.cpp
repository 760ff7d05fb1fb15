#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

#include "images/codecs.h"
#include "images/jpeg_errors.h"
#include "images/orientation.h"

namespace smalti::images {
namespace {

/// Real progressive files have about ten scans; thousands of empty ones in a few kilobytes would
/// keep the decoder busy for minutes.
constexpr int kMaxScans = 200;

constexpr int kExifMarker = JPEG_APP0 + 1;
constexpr int kProfileMarker = JPEG_APP0 + 2;
constexpr unsigned kLongestMarker = 0xFFFF;

struct ReadErrors : JpegErrors {
  char first_warning[JMSG_LENGTH_MAX] = "";
  bool broke_off = false;
};

ReadErrors& errors_of(j_common_ptr info) { return *static_cast<ReadErrors*>(info->err); }

/// Data that stops although much of the picture is still to come. A marker within later scans only
/// costs detail, and damage on the way may cost the last few rows.
bool is_break_off(j_common_ptr info) {
  if (info->err->msg_code == JWRN_JPEG_EOF) return true;
  if (info->err->msg_code != JWRN_HIT_MARKER || !info->is_decompressor) return false;
  const auto* jpeg = reinterpret_cast<j_decompress_ptr>(info);
  const unsigned rows_missing = jpeg->total_iMCU_rows - jpeg->input_iMCU_row;
  return jpeg->unread_marker == JPEG_EOI && jpeg->input_scan_number <= 1 &&
         rows_missing > 1 + jpeg->total_iMCU_rows / 16;
}

void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  ReadErrors& errors = errors_of(info);
  if (errors.num_warnings++ == 0) errors.format_message(info, errors.first_warning);
  errors.broke_off |= is_break_off(info);
}

void limit_scans(j_common_ptr info) {
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number <= kMaxScans) return;
  ReadErrors& errors = errors_of(info);
  std::snprintf(errors.fatal, sizeof errors.fatal, "more than %d scans", kMaxScans);
  std::longjmp(errors.escape, 1);
}

/// Makes libjpeg calls whose errors become BadPicture. An error jumps out of `calls` past every
/// destructor, so `calls` must not make objects that have one.
template <typename Calls>
void guarded(ReadErrors& errors, const Calls& calls) {
  if (setjmp(errors.escape) != 0) {
    if (errors.msg_code == JERR_OUT_OF_MEMORY) throw std::bad_alloc();
    throw BadPicture(std::string("broken JPEG: ") + errors.fatal);
  }
  calls();
}

class JpegReader {
 public:
  JpegReader() {
    info_.err = errors_.set_up();
    errors_.emit_message = on_message;
    guarded(errors_, [&] { jpeg_create_decompress(&info_); });
    progress_.progress_monitor = limit_scans;
    info_.progress = &progress_;
  }
  ~JpegReader() { jpeg_destroy_decompress(&info_); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  void read_header(Bytes bytes) {
    guarded(errors_, [&] {
      jpeg_mem_src(&info_, bytes.data(), bytes.size());
      jpeg_save_markers(&info_, kExifMarker, kLongestMarker);
      jpeg_save_markers(&info_, kProfileMarker, kLongestMarker);
      jpeg_read_header(&info_, TRUE);
    });
  }

  Size full_size() const {
    return {static_cast<int>(info_.image_width), static_cast<int>(info_.image_height)};
  }

  /// Of the first EXIF block: some cameras write APP1 markers of other kinds before it.
  ExifFacts exif() const {
    for (jpeg_saved_marker_ptr m = info_.marker_list; m != nullptr; m = m->next) {
      const Bytes block(m->data, m->data_length);
      if (m->marker == kExifMarker && is_exif_block(block)) return read_exif(block);
    }
    return {};
  }

  /// The ICC profile; empty where there is none or it is broken. To be asked for last: a warning of
  /// that says nothing about the picture.
  std::vector<std::uint8_t> profile() {
    unsigned char* bytes = nullptr;
    unsigned size = 0;
    guarded(errors_, [&] { jpeg_read_icc_profile(&info_, &bytes, &size); });
    const std::unique_ptr<unsigned char, decltype(&std::free)> owned(bytes, std::free);
    return bytes == nullptr ? std::vector<std::uint8_t>() : std::vector(bytes, bytes + size);
  }

  /// Rows in RGB. With `long_edge`, at the smallest eighths of the full size that still cover it.
  cv::Mat read_pixels(std::optional<int> long_edge) {
    guarded(errors_, [&] {
      info_.out_color_space = has_black() ? JCS_CMYK : JCS_RGB;
      info_.dct_method = JDCT_ISLOW;
      choose_scale(long_edge);
      jpeg_start_decompress(&info_);
    });
    const int width = static_cast<int>(info_.output_width);
    cv::Mat pixels(static_cast<int>(info_.output_height), width, CV_8UC3);
    std::vector<JSAMPLE> inks(has_black() ? static_cast<std::size_t>(width) * 4 : 0);
    guarded(errors_, [&] {
      while (info_.output_scanline < info_.output_height) {
        JSAMPLE* rgb = pixels.ptr(static_cast<int>(info_.output_scanline));
        JSAMPLE* row = inks.empty() ? rgb : inks.data();
        jpeg_read_scanlines(&info_, &row, 1);
        if (!inks.empty()) print_inks(inks.data(), rgb, width);
      }
    });
    return pixels;
  }

  bool broke_off() const { return errors_.broke_off; }
  std::string warning() const { return errors_.first_warning; }

 private:
  bool has_black() const {
    return info_.jpeg_color_space == JCS_CMYK || info_.jpeg_color_space == JCS_YCCK;
  }

  void choose_scale(std::optional<int> long_edge) {
    info_.scale_denom = 8;
    info_.scale_num = 8;
    if (!long_edge) return;
    const std::int64_t edge = std::max(info_.image_width, info_.image_height);
    const std::int64_t eighths = (std::int64_t{*long_edge} * 8 + edge - 1) / edge;
    info_.scale_num = static_cast<unsigned>(std::clamp<std::int64_t>(eighths, 1, 8));
  }

  /// Adobe's programs store inks inverted (255 = none), and all others follow the standard.
  void print_inks(const JSAMPLE* cmyk, JSAMPLE* rgb, int width) const {
    const int flip = info_.saw_Adobe_marker ? 0 : 255;
    for (int x = 0; x < width; ++x, cmyk += 4, rgb += 3) {
      const int black = cmyk[3] ^ flip;
      for (int c = 0; c < 3; ++c) {
        rgb[c] = static_cast<JSAMPLE>(((cmyk[c] ^ flip) * black + 127) / 255);
      }
    }
  }

  ReadErrors errors_;
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct info_{};
};

}  // namespace

DecodedImage decode_jpeg(Bytes bytes, const DecodeRequest& request) {
  JpegReader reader;
  reader.read_header(bytes);
  const Size size = reader.full_size();
  check_claimed_size(size.width, size.height, request.limits);
  cv::Mat pixels = reader.read_pixels(request.long_edge);
  if (reader.broke_off()) throw BadPicture("breaks off in mid-picture");
  return {.pixels = std::move(pixels),
          .full_size = size,
          .exif = reader.exif(),
          .warning = reader.warning(),
          .profile = reader.profile()};
}

Size jpeg_size(Bytes bytes) {
  JpegReader reader;
  reader.read_header(bytes);
  return reader.full_size();
}

}  // namespace smalti::images

#include <tiffio.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <opencv2/imgproc.hpp>

#include "images/codecs.h"
#include "images/pixels.h"

// Through libtiff itself: OpenCV leaves 8-bit colours multiplied by their alpha, turns the picture
// behind the caller's back, and lets libtiff print.

namespace smalti::images {
namespace {

static_assert(std::endian::native == std::endian::little, "libtiff packs RGBA in native integers");

/// No strip of a picture within the limits is larger, whatever a broken file says.
constexpr tmsize_t kMaxAllocation = 1 << 30;

struct TiffDeleter {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using UniqueTiff = std::unique_ptr<TIFF, TiffDeleter>;

struct OptionsDeleter {
  void operator()(TIFFOpenOptions* options) const { TIFFOpenOptionsFree(options); }
};
using UniqueOptions = std::unique_ptr<TIFFOpenOptions, OptionsDeleter>;

struct ImageEnd {
  void operator()(TIFFRGBAImage* image) const { TIFFRGBAImageEnd(image); }
};
using UniqueBegunImage = std::unique_ptr<TIFFRGBAImage, ImageEnd>;

/// The file in memory and what libtiff said first.
struct Source {
  Bytes bytes;
  std::uint64_t position = 0;
  std::array<char, 200> complaint{};
};

tmsize_t read_source(thandle_t handle, void* to, tmsize_t count) {
  auto& source = *static_cast<Source*>(handle);
  const std::uint64_t left =
      source.bytes.size() - std::min<std::uint64_t>(source.position, source.bytes.size());
  const auto size = static_cast<std::size_t>(
      std::min(left, static_cast<std::uint64_t>(std::max<tmsize_t>(count, 0))));
  if (size > 0) std::memcpy(to, source.bytes.data() + source.position, size);
  source.position += size;
  return static_cast<tmsize_t>(size);
}

tmsize_t refuse_write(thandle_t, void*, tmsize_t) { return -1; }

toff_t seek_source(thandle_t handle, toff_t offset, int whence) {
  auto& source = *static_cast<Source*>(handle);
  if (whence == SEEK_CUR) offset += source.position;
  if (whence == SEEK_END) offset += source.bytes.size();
  return source.position = offset;
}

int close_source(thandle_t) { return 0; }

toff_t source_size(thandle_t handle) { return static_cast<Source*>(handle)->bytes.size(); }

int keep_first_error(TIFF*, void* user, const char*, const char* format, va_list arguments) {
  auto& complaint = static_cast<Source*>(user)->complaint;
  if (complaint[0] == '\0') std::vsnprintf(complaint.data(), complaint.size(), format, arguments);
  return 1;
}

int swallow_warning(TIFF*, void*, const char*, const char*, va_list) { return 1; }

UniqueTiff open_tiff(Source& source) {
  const UniqueOptions options(TIFFOpenOptionsAlloc());
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kMaxAllocation);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keep_first_error, &source);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), swallow_warning, nullptr);
  constexpr const char* kReadWithoutMapping = "rm";
  return UniqueTiff(TIFFClientOpenExt("tile", kReadWithoutMapping, &source, read_source,
                                      refuse_write, seek_source, close_source, source_size, nullptr,
                                      nullptr, options.get()));
}

[[noreturn]] void refuse(const char* complaint) {
  throw BadPicture(std::string("broken or unusual TIFF: ") +
                   (complaint[0] == '\0' ? "it cannot be decoded" : complaint));
}

/// libtiff multiplies colours by alpha, or expects them so, except in grey pictures.
bool comes_multiplied(const TIFFRGBAImage& image) {
  const bool gray =
      image.photometric == PHOTOMETRIC_MINISBLACK || image.photometric == PHOTOMETRIC_MINISWHITE;
  return image.alpha == EXTRASAMPLE_ASSOCALPHA || !gray;
}

std::vector<std::uint8_t> profile_of(TIFF* tiff) {
  std::uint32_t size = 0;
  const void* bytes = nullptr;
  if (TIFFGetField(tiff, TIFFTAG_ICCPROFILE, &size, &bytes) != 1) return {};
  const auto* begin = static_cast<const std::uint8_t*>(bytes);
  return {begin, begin + size};
}

/// Last, for it leaves the file's first directory.
std::string date_of(TIFF* tiff) {
  const char* text = nullptr;
  std::string changed;
  if (TIFFGetField(tiff, TIFFTAG_DATETIME, &text) == 1) changed = checked_exif_date(text);
  toff_t exif = 0;
  const bool has_original = TIFFGetField(tiff, TIFFTAG_EXIFIFD, &exif) == 1 &&
                            TIFFReadEXIFDirectory(tiff, exif) == 1 &&
                            TIFFGetField(tiff, EXIFTAG_DATETIMEORIGINAL, &text) == 1;
  const std::string taken = has_original ? checked_exif_date(text) : std::string();
  return taken.empty() ? changed : taken;
}

}  // namespace

DecodedImage decode_tiff(Bytes bytes, const DecodeRequest& request) {
  Source source{.bytes = bytes};
  const UniqueTiff tiff = open_tiff(source);
  if (!tiff) refuse(source.complaint.data());
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height);
  check_claimed_size(width, height, request.limits);

  TIFFRGBAImage image;
  std::array<char, 1024> why_not{};
  constexpr int kStopOnError = 1;
  if (TIFFRGBAImageBegin(&image, tiff.get(), kStopOnError, why_not.data()) == 0) {
    refuse(why_not.data());
  }
  const UniqueBegunImage begun(&image);
  image.req_orientation =
      image.orientation;  // rows as they are stored: turning them is not its job
  cv::Mat pixels(static_cast<int>(height), static_cast<int>(width), CV_8UC4);
  if (TIFFRGBAImageGet(&image, pixels.ptr<std::uint32_t>(), width, height) == 0) {
    refuse(source.complaint.data());
  }
  if (image.alpha == 0) {
    cv::cvtColor(pixels, pixels, cv::COLOR_RGBA2RGB);
  } else if (comes_multiplied(image)) {
    divide_by_alpha(pixels);
  }
  ExifFacts exif;
  if (image.orientation >= 1 && image.orientation <= 8) exif.orientation = image.orientation;
  std::vector<std::uint8_t> profile = profile_of(tiff.get());
  exif.taken = date_of(tiff.get());
  return {.pixels = pixels,
          .full_size = {pixels.cols, pixels.rows},
          .exif = exif,
          .warning = {},
          .profile = std::move(profile)};
}

}  // namespace smalti::images

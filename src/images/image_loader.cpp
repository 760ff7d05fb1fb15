#include "images/image_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "base/wording.h"
#include "images/codecs.h"
#include "images/color_profile.h"
#include "images/input_file.h"
#include "images/orientation.h"
#include "images/pixels.h"
#include "smalti/error.h"
#include "smalti/image_limits.h"

namespace smalti::images {
namespace {

bool has_at(Bytes bytes, std::size_t at, std::string_view text) {
  return bytes.size() >= at + text.size() &&
         std::equal(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

bool is_tiff(Bytes bytes) {
  using namespace std::string_view_literals;
  constexpr std::array kStarts = {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv};
  return std::any_of(kStarts.begin(), kStarts.end(),
                     [&](std::string_view start) { return has_at(bytes, 0, start); });
}

/// "BM" begins many a text, so the size of the second header counts as well.
bool is_bmp(Bytes bytes) {
  constexpr std::array kHeaderSizes = {12, 40, 52, 56, 64, 108, 124};
  return has_at(bytes, 0, "BM") && bytes.size() >= 18 && bytes[15] == 0 && bytes[16] == 0 &&
         bytes[17] == 0 &&
         std::find(kHeaderSizes.begin(), kHeaderSizes.end(), bytes[14]) != kHeaderSizes.end();
}

/// An ISO container lists its brands: four letters each, the main one first, then a version, then
/// the compatible ones.
std::optional<ImageFormat> sniff_heif(Bytes bytes) {
  if (!has_at(bytes, 4, "ftyp")) return {};
  const std::size_t box_size = std::size_t{bytes[2]} << 8 | bytes[3];
  const std::size_t end = std::min(bytes.size(), box_size);
  bool heif = false;
  for (std::size_t at = 8; at + 4 <= end; at += at == 8 ? 8 : 4) {
    if (has_at(bytes, at, "avif") || has_at(bytes, at, "avis")) return ImageFormat::kAvif;
    heif = heif || has_at(bytes, at, "heic") || has_at(bytes, at, "heix") ||
           has_at(bytes, at, "heim") || has_at(bytes, at, "heis") || has_at(bytes, at, "mif1");
  }
  return heif ? std::optional(ImageFormat::kHeic) : std::nullopt;
}

/// Shares the samples. The fewer there are to convert, the better.
cv::Mat in_srgb(const DecodedImage& decoded, std::optional<int> long_edge) {
  const auto conversion = conversion_to_srgb(decoded.profile);
  if (!conversion) return decoded.pixels;
  const Size size{decoded.pixels.cols, decoded.pixels.rows};
  cv::Mat pixels =
      long_edge ? reduced(decoded.pixels, fit_long_edge(size, *long_edge)) : decoded.pixels;
  conversion->convert(pixels);
  return pixels;
}

// What `read` gives, with the file's name in what goes wrong.
template <typename Read>
auto reading(const std::filesystem::path& path, const Read& read) {
  try {
    InputFile file(path);
    return read(file);
  } catch (const BadPicture& bad) {
    throw Error(bad.kind(), fmt::format("cannot read '{}': {}", path.native(), bad.what()));
  }
}

}  // namespace

std::optional<ImageFormat> sniff_image(std::span<const std::uint8_t> bytes) {
  if (has_at(bytes, 0, "\xFF\xD8\xFF")) return ImageFormat::kJpeg;
  if (has_at(bytes, 0, "\x89PNG\r\n\x1A\n")) return ImageFormat::kPng;
  if (has_at(bytes, 0, "RIFF") && has_at(bytes, 8, "WEBP")) return ImageFormat::kWebp;
  if (has_at(bytes, 0, "GIF87a") || has_at(bytes, 0, "GIF89a")) return ImageFormat::kGif;
  if (is_tiff(bytes)) return ImageFormat::kTiff;
  if (is_bmp(bytes)) return ImageFormat::kBmp;
  return sniff_heif(bytes);
}

std::optional<ImageFormat> sniff_file(const std::filesystem::path& path) {
  constexpr std::size_t kHeadSize = 4096;
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return std::nullopt;
  return reading(path, [&](InputFile& file) {
    std::vector<std::uint8_t> head;
    file.read_on(head, kHeadSize);
    return sniff_image(head);
  });
}

std::vector<std::uint8_t> read_file(const std::filesystem::path& path) {
  return reading(path, [](InputFile& file) {
    file.check_fits_memory();
    std::vector<std::uint8_t> bytes;
    file.read_on(bytes, file.size());
    return bytes;
  });
}

void check_claimed_size(std::int64_t width, std::int64_t height, const ImageLimits& limits) {
  if (width < 1 || height < 1) throw BadPicture("claims to have no pixels");
  if (width > limits.max_pixels / height) {
    throw BadPicture(
        fmt::format("claims {} x {} pixels, more than the limit of {} megapixels", width, height,
                    limits.max_pixels / 1'000'000),
        ErrorKind::kBadInput,
        fmt::format("{} {:.0f} would allow it", worded("{max-megapixels}"),
                    std::ceil(static_cast<double>(width) * static_cast<double>(height) / 1e6)));
  }
}

std::string no_picture() { return fmt::format("no picture: none of {}", kImageFormats); }

DecodedImage decode_any(Bytes bytes, const DecodeRequest& request) {
  if (bytes.empty()) throw BadPicture("zero bytes");
  const std::optional<ImageFormat> format = sniff_image(bytes);
  if (!format) throw BadPicture(no_picture());
  switch (*format) {
    case ImageFormat::kJpeg:
      return decode_jpeg(bytes, request);
    case ImageFormat::kPng:
      return decode_png(bytes, request);
    case ImageFormat::kWebp:
      return decode_webp(bytes, request);
    case ImageFormat::kTiff:
      return decode_tiff(bytes, request);
    case ImageFormat::kBmp:
      return decode_bmp(bytes, request);
    case ImageFormat::kGif:
      return decode_gif(bytes, request);
    case ImageFormat::kHeic:
    case ImageFormat::kAvif:
      break;
  }
  return decode_heif(bytes, request);
}

LoadedImage load_image(Bytes bytes, const DecodeRequest& request) {
  const DecodedImage decoded = decode_any(bytes, request);
  Size full_size = decoded.full_size;
  const int orientation = decoded.exif.orientation;
  if (orientation >= 5) std::swap(full_size.width, full_size.height);
  const cv::Mat pixels =
      upright(without_opaque_alpha(in_srgb(decoded, request.long_edge)), orientation);
  return {to_picture(pixels), full_size,   decoded.warning,
          decoded.animated,   orientation, decoded.exif.taken};
}

LoadedImage decode_image(std::span<const std::uint8_t> bytes, const std::string& name,
                         std::optional<int> long_edge, const ImageLimits& limits) {
  try {
    return load_image(bytes, {.long_edge = long_edge, .limits = limits});
  } catch (const BadPicture& bad) {
    throw Error(bad.kind(), fmt::format("cannot use '{}': {}", name, bad.what()), bad.hint());
  } catch (const cv::Exception& error) {
    throw Error(ErrorKind::kBadInput, fmt::format("cannot use '{}': {}", name, error.err));
  }
}

}  // namespace smalti::images

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <vector>

#include "images/codecs.h"
#include "images/heif_handles.h"
#include "images/pixels.h"

namespace smalti::images {
namespace {

void check(const heif_error& error) {
  if (error.code == heif_error_Ok) return;
  std::string why = error.message;
  if (why.ends_with('\n')) why.pop_back();
  throw BadPicture("broken or unusual HEIC or AVIF: " + why);
}

/// Upright: libheif turns pictures itself, as their container says, and EXIF's orientation is but a
/// copy of that.
Size upright_size(const heif_image_handle* handle) {
  return {heif_image_handle_get_width(handle), heif_image_handle_get_height(handle)};
}

UniqueHeifHandle primary_image(heif_context* context) {
  heif_image_handle* handle = nullptr;
  check(heif_context_get_primary_image_handle(context, &handle));
  return UniqueHeifHandle(handle);
}

Size size_of(const cv::Mat& pixels) { return {pixels.cols, pixels.rows}; }

bool same_proportions(Size a, Size b) {
  const std::int64_t left = std::int64_t{a.width} * b.height;
  const std::int64_t right = std::int64_t{a.height} * b.width;
  // One pixel of the smaller picture is what its rounding may have cost.
  return std::abs(left - right) <= std::max(a.width, a.height);
}

/// The small copy that phones put beside a picture: it takes a hundredth of the time to decode.
UniqueHeifHandle covering_thumbnail(const heif_image_handle* image, int long_edge) {
  const Size full = upright_size(image);
  heif_item_id id = 0;
  if (heif_image_handle_get_list_of_thumbnail_IDs(image, &id, 1) != 1) return nullptr;
  heif_image_handle* handle = nullptr;
  if (heif_image_handle_get_thumbnail(image, id, &handle).code != heif_error_Ok) return nullptr;
  UniqueHeifHandle thumbnail(handle);
  const Size size = upright_size(thumbnail.get());
  const bool fits = std::max(size.width, size.height) >= long_edge &&
                    same_proportions(full, size) &&
                    std::max(size.width, size.height) <= std::max(full.width, full.height) &&
                    heif_image_handle_has_alpha_channel(image) == 0;
  return fits ? std::move(thumbnail) : nullptr;
}

cv::Mat decode_pixels(const heif_image_handle* handle) {
  const UniqueHeifDecoding options(heif_decoding_options_alloc());
  options->convert_hdr_to_8bit = 1;
  options->strict_decoding = 1;
  const bool alpha = heif_image_handle_has_alpha_channel(handle) != 0;
  heif_image* decoded = nullptr;
  check(heif_decode_image(handle, &decoded, heif_colorspace_RGB,
                          alpha ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB,
                          options.get()));
  const UniqueHeifImage image(decoded);
  int stride = 0;
  const std::uint8_t* samples =
      heif_image_get_plane_readonly(image.get(), heif_channel_interleaved, &stride);
  const int width = heif_image_get_width(image.get(), heif_channel_interleaved);
  const int height = heif_image_get_height(image.get(), heif_channel_interleaved);
  if (samples == nullptr || width < 1 || height < 1) throw BadPicture("holds no picture");
  cv::Mat pixels = cv::Mat(height, width, alpha ? CV_8UC4 : CV_8UC3,
                           const_cast<std::uint8_t*>(samples), static_cast<std::size_t>(stride))
                       .clone();
  if (alpha && heif_image_handle_is_premultiplied_alpha(handle) != 0) divide_by_alpha(pixels);
  return pixels;
}

/// Nothing where there is none that will do.
std::optional<cv::Mat> decode_small_copy(const heif_image_handle* image, int long_edge) {
  try {
    const UniqueHeifHandle thumbnail = covering_thumbnail(image, long_edge);
    if (!thumbnail) return std::nullopt;
    cv::Mat pixels = decode_pixels(thumbnail.get());
    const bool as_claimed = size_of(pixels) == upright_size(thumbnail.get());
    return as_claimed ? std::optional(pixels) : std::nullopt;
  } catch (const BadPicture&) {
    return std::nullopt;  // the picture itself may be whole all the same
  }
}

/// Only when it was taken: see upright_size.
ExifFacts exif_of(const heif_image_handle* image) {
  heif_item_id id = 0;
  if (heif_image_handle_get_list_of_metadata_block_IDs(image, "Exif", &id, 1) != 1) return {};
  std::vector<std::uint8_t> block(heif_image_handle_get_metadata_size(image, id));
  // Four bytes say how much of it comes before the TIFF header.
  constexpr std::size_t kOffsetBytes = 4;
  if (block.size() <= kOffsetBytes ||
      heif_image_handle_get_metadata(image, id, block.data()).code != heif_error_Ok)
    return {};
  std::size_t skipped = 0;
  for (std::size_t i = 0; i < kOffsetBytes; ++i) skipped = skipped << 8 | block[i];
  if (skipped >= block.size() - kOffsetBytes) return {};
  return {1, read_exif(Bytes(block).subspan(kOffsetBytes + skipped)).taken};
}

/// Phones name one of their own; what is said by numbers alone is nearly always sRGB.
std::vector<std::uint8_t> profile_of(const heif_image_handle* image) {
  std::vector<std::uint8_t> profile(heif_image_handle_get_raw_color_profile_size(image));
  if (profile.empty() ||
      heif_image_handle_get_raw_color_profile(image, profile.data()).code != heif_error_Ok)
    return {};
  return profile;
}

/// The canvas of a picture of many tiles claims its size once more, where only libheif reads it.
void limit_canvas(heif_context* context, const heif_image_handle* image) {
  constexpr int kLargestTile = 4096;  // may reach beyond a small picture
  // libheif 1.15 writes beyond a canvas of more than 2^31 bytes: of the square of this.
  constexpr int kMostOfSide = 23'170;
  const int longest =
      std::max(heif_image_handle_get_ispe_width(image), heif_image_handle_get_ispe_height(image));
  heif_context_set_maximum_image_size_limit(context,
                                            std::clamp(longest, kLargestTile, kMostOfSide));
}

}  // namespace

DecodedImage decode_heif(Bytes bytes, const DecodeRequest& request) {
  const UniqueHeifContext context(heif_context_alloc());
  if (!context) throw std::bad_alloc();
  // Files are decoded in parallel already.
  heif_context_set_max_decoding_threads(context.get(), 0);
  check(heif_context_read_from_memory_without_copy(context.get(), bytes.data(), bytes.size(),
                                                   nullptr));
  const UniqueHeifHandle image = primary_image(context.get());
  Size full_size = upright_size(image.get());
  check_claimed_size(full_size.width, full_size.height, request.limits);
  limit_canvas(context.get(), image.get());
  std::optional<cv::Mat> pixels;
  if (request.long_edge) pixels = decode_small_copy(image.get(), *request.long_edge);
  if (!pixels) {
    pixels = decode_pixels(image.get());
    // What is coded may have another size than the container claims.
    full_size = size_of(*pixels);
    check_claimed_size(full_size.width, full_size.height, request.limits);
  }
  return {.pixels = *pixels,
          .full_size = full_size,
          .exif = exif_of(image.get()),
          .warning = {},
          .profile = profile_of(image.get())};
}

}  // namespace smalti::images

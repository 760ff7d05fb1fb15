#include "fuzz/picture_files.h"

#include <lcms2.h>
#include <zlib.h>

#include <algorithm>

#include "images/heif_handles.h"
#include "images/png_file.h"
#include "support/pictures.h"

namespace smalti::fuzz {
namespace {

heif_error append_bytes(heif_context*, const void* bytes, std::size_t count, void* file) {
  const auto* from = static_cast<const std::uint8_t*>(bytes);
  static_cast<Input*>(file)->insert(static_cast<Input*>(file)->end(), from, from + count);
  return {heif_error_Ok, heif_suberror_Unspecified, ""};
}

images::UniqueHeifImage heif_image_of(const cv::Mat& rgb) {
  heif_image* image = nullptr;
  heif_image_create(rgb.cols, rgb.rows, heif_colorspace_RGB, heif_chroma_interleaved_RGB, &image);
  heif_image_add_plane(image, heif_channel_interleaved, rgb.cols, rgb.rows, 8);
  int stride = 0;
  std::uint8_t* to = heif_image_get_plane(image, heif_channel_interleaved, &stride);
  for (int y = 0; y < rgb.rows; ++y)
    std::copy_n(rgb.ptr(y), rgb.cols * 3, to + std::ptrdiff_t{y} * stride);
  return images::UniqueHeifImage(image);
}

// With what phones put beside a picture, or without.
Input heic_file(const cv::Mat& rgb, bool with_thumbnail) {
  const images::UniqueHeifContext context(heif_context_alloc());
  heif_encoder* made = nullptr;
  heif_context_get_encoder_for_format(context.get(), heif_compression_HEVC, &made);
  const images::UniqueHeifEncoder encoder(made);
  const images::UniqueHeifImage image = heif_image_of(rgb);
  heif_image_handle* handle = nullptr;
  heif_context_encode_image(context.get(), image.get(), encoder.get(), nullptr, &handle);
  const images::UniqueHeifHandle picture(handle);
  if (with_thumbnail) {
    heif_image_handle* small = nullptr;
    heif_context_encode_thumbnail(context.get(), image.get(), handle, encoder.get(), nullptr, 32,
                                  &small);
    const images::UniqueHeifHandle thumbnail(small);
    const Input exif = exif_block(1, "2024:07:31 18:05:00");
    heif_context_add_exif_metadata(context.get(), handle, exif.data(),
                                   static_cast<int>(exif.size()));
    const Input profile = wide_profile();
    heif_image_set_raw_color_profile(image.get(), "prof", profile.data(), profile.size());
  }
  Input file;
  heif_writer writer{.writer_api_version = 1, .write = append_bytes};
  heif_context_write(context.get(), &writer, &file);
  return file;
}

}  // namespace

std::vector<Input> heic_files(const cv::Mat& rgb) {
  if (heif_have_encoder_for_format(heif_compression_HEVC) == 0) return {};
  return {heic_file(rgb, false), heic_file(rgb, true)};
}

Input saved(cmsHPROFILE profile) {
  cmsUInt32Number size = 0;
  cmsSaveProfileToMem(profile, nullptr, &size);
  Input bytes(size);
  cmsSaveProfileToMem(profile, bytes.data(), &size);
  cmsCloseProfile(profile);
  return bytes;
}

Input wide_profile() {
  const cmsCIExyY white{0.3127, 0.3290, 1};
  const cmsCIExyYTRIPLE primaries{{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}};
  cmsToneCurve* curve = cmsBuildGamma(nullptr, 1.8);
  cmsToneCurve* curves[] = {curve, curve, curve};
  const Input profile = saved(cmsCreateRGBProfile(&white, &primaries, curves));
  cmsFreeToneCurve(curve);
  return profile;
}

Input exif_block(int orientation, const std::string& date) {
  const Input jpeg = test::jpeg_with_exif(test::jpeg_file(test::photo({8, 8})), orientation, date);
  constexpr std::size_t kLengthAt = 4;
  constexpr std::size_t kBlockAt = 12;
  const std::size_t end = kLengthAt + (std::size_t{jpeg[kLengthAt]} << 8 | jpeg[kLengthAt + 1]);
  return {jpeg.begin() + kBlockAt, jpeg.begin() + static_cast<std::ptrdiff_t>(end)};
}

bool can_write_avif() { return heif_have_encoder_for_format(heif_compression_AV1) != 0; }

Input png_with_profile(const Input& png) {
  constexpr std::ptrdiff_t kBehindHeader = 8 + 12 + 13;
  const Input profile = wide_profile();
  uLongf size = compressBound(profile.size());
  Input packed(size);
  compress(packed.data(), &size, profile.data(), profile.size());
  packed.resize(size);
  Input data = {'p', 0, 0};
  data.insert(data.end(), packed.begin(), packed.end());
  Input file(png.begin(), png.begin() + kBehindHeader);
  images::append_png_chunk(file, "iCCP", data);
  file.insert(file.end(), png.begin() + kBehindHeader, png.end());
  return file;
}

Input with_right_checksums(std::span<const std::uint8_t> png) {
  if (png.size() < images::kPngSignature) return {png.begin(), png.end()};
  Input file(png.begin(), png.begin() + images::kPngSignature);
  images::Bytes rest = png.subspan(images::kPngSignature);
  try {
    while (!rest.empty()) {
      const images::PngChunk chunk = images::read_png_chunk(rest);
      images::append_png_chunk(file, chunk.type, chunk.data);
      rest = rest.subspan(chunk.whole.size());
    }
  } catch (const images::BadPicture&) {
    file.insert(file.end(), rest.begin(), rest.end());
  }
  return file;
}

}  // namespace smalti::fuzz

// Pictures in other colours than sRGB: what a profile says is what is shown.

#include <doctest/doctest.h>
#include <lcms2.h>
#include <libheif/heif.h>
#include <tiffio.h>
#include <webp/mux.h>
#include <zlib.h>

#include <array>
#include <cmath>
#include <fstream>
#include <functional>
#include <iterator>

#include "images/animation.h"
#include "images/image_loader.h"
#include "library/ingest.h"
#include "support/animated_files.h"
#include "support/pictures.h"
#include "support/temp_folder.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::difference;
using test::File;
using test::TempFolder;

File saved(cmsHPROFILE profile) {
  cmsUInt32Number size = 0;
  REQUIRE(cmsSaveProfileToMem(profile, nullptr, &size) != 0);
  File bytes(size);
  REQUIRE(cmsSaveProfileToMem(profile, bytes.data(), &size) != 0);
  cmsCloseProfile(profile);
  return bytes;
}

/// With sRGB's white and curve.
File profile_of(const cmsCIExyYTRIPLE& primaries) {
  const cmsCIExyY white{0.3127, 0.3290, 1};
  const std::array<double, 5> srgb{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  cmsToneCurve* curve = cmsBuildParametricToneCurve(nullptr, 4, srgb.data());
  std::array<cmsToneCurve*, 3> curves{curve, curve, curve};
  const File profile = saved(cmsCreateRGBProfile(&white, &primaries, curves.data()));
  cmsFreeToneCurve(curve);
  return profile;
}

/// Display P3: the primaries of cinemas.
File display_p3() { return profile_of({{0.680, 0.320, 1}, {0.265, 0.690, 1}, {0.150, 0.060, 1}}); }

/// As some programs round it: up to two codes away.
File nearly_srgb() { return profile_of({{0.642, 0.331, 1}, {0.300, 0.600, 1}, {0.150, 0.061, 1}}); }

File srgb_profile() { return saved(cmsCreate_sRGBProfile()); }

File gray_profile() {
  const cmsCIExyY white{0.3127, 0.3290, 1};
  cmsToneCurve* curve = cmsBuildGamma(nullptr, 1.0);
  const File profile = saved(cmsCreateGrayProfile(&white, curve));
  cmsFreeToneCurve(curve);
  return profile;
}

double linear(double code) {
  const double v = code / 255;
  return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

std::uint8_t coded(double v) {
  const double code = v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055;
  return static_cast<std::uint8_t>(std::lround(std::clamp(code, 0.0, 1.0) * 255));
}

/// By the matrix between the two sets of primaries (CSS Color 4), not by lcms.
cv::Mat srgb_of_p3(const cv::Mat& p3) {
  cv::Mat srgb = p3.clone();
  for (int y = 0; y < p3.rows; ++y) {
    for (int x = 0; x < p3.cols; ++x) {
      const std::uint8_t* from = p3.ptr(y, x);
      std::uint8_t* to = srgb.ptr(y, x);
      const double r = linear(from[0]);
      const double g = linear(from[1]);
      const double b = linear(from[2]);
      to[0] = coded(1.2249402 * r - 0.2249402 * g);
      to[1] = coded(-0.0420570 * r + 1.0420570 * g);
      to[2] = coded(-0.0196376 * r - 0.0786361 * g + 1.0982735 * b);
    }
  }
  return srgb;
}

/// Within sRGB, whichever of the two the numbers mean.
cv::Mat muted_photo(bool alpha = false) {
  cv::Mat pixels = test::photo({120, 90}, alpha);
  for (int y = 0; y < pixels.rows; ++y)
    for (int x = 0; x < pixels.cols; ++x)
      for (int c = 0; c < 3; ++c)
        pixels.ptr(y, x)[c] = static_cast<std::uint8_t>(80 + pixels.ptr(y, x)[c] / 2);
  return pixels;
}

File jpeg_with(const File& profile, int part = 1) {
  File file = test::jpeg_file(muted_photo());
  const std::string name("ICC_PROFILE\0", 12);
  File segment(name.begin(), name.end());
  segment.push_back(static_cast<std::uint8_t>(part));
  segment.push_back(1);  // of one
  segment.insert(segment.end(), profile.begin(), profile.end());
  const std::size_t size = segment.size() + 2;
  const File head = {0xFF, 0xE2, static_cast<std::uint8_t>(size >> 8),
                     static_cast<std::uint8_t>(size)};
  segment.insert(segment.begin(), head.begin(), head.end());
  file.insert(file.begin() + 2, segment.begin(), segment.end());
  return file;
}

File png_with(File file, const File& profile) {
  uLongf size = compressBound(profile.size());
  File packed(size);
  REQUIRE(compress(packed.data(), &size, profile.data(), profile.size()) == Z_OK);
  packed.resize(size);
  packed.insert(packed.begin(), {'n', 0, 0});
  const File chunk = test::png_chunk("iCCP", packed);
  constexpr int kHeaderEnd = 33;
  file.insert(file.begin() + kHeaderEnd, chunk.begin(), chunk.end());
  return file;
}

File webp_with(const File& webp, const File& profile) {
  const WebPData file{webp.data(), webp.size()};
  const WebPData chunk{profile.data(), profile.size()};
  WebPMux* mux = WebPMuxCreate(&file, 1);
  REQUIRE(WebPMuxSetChunk(mux, "ICCP", &chunk, 1) == WEBP_MUX_OK);
  WebPData out;
  REQUIRE(WebPMuxAssemble(mux, &out) == WEBP_MUX_OK);
  File result(out.bytes, out.bytes + out.size);
  WebPDataClear(&out);
  WebPMuxDelete(mux);
  return result;
}

File bytes_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

File tiff_with(const cv::Mat& rgb, const File& profile) {
  const TempFolder folder;
  TIFF* tiff = TIFFOpen((folder / "a.tif").c_str(), "w");
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, rgb.cols);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, rgb.rows);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 3);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_ICCPROFILE, static_cast<std::uint32_t>(profile.size()),
               profile.data());
  for (int y = 0; y < rgb.rows; ++y)
    TIFFWriteScanline(tiff, const_cast<std::uint8_t*>(rgb.ptr(y)), static_cast<std::uint32_t>(y));
  TIFFClose(tiff);
  return bytes_of(folder / "a.tif");
}

File avif_with(const cv::Mat& rgb, const File& profile) {
  const TempFolder folder;
  heif_image* image = nullptr;
  heif_image_create(rgb.cols, rgb.rows, heif_colorspace_RGB, heif_chroma_interleaved_RGB, &image);
  heif_image_add_plane(image, heif_channel_interleaved, rgb.cols, rgb.rows, 8);
  int stride = 0;
  std::uint8_t* plane = heif_image_get_plane(image, heif_channel_interleaved, &stride);
  for (int y = 0; y < rgb.rows; ++y) std::copy_n(rgb.ptr(y), 3 * rgb.cols, plane + y * stride);
  heif_image_set_raw_color_profile(image, "prof", profile.data(), profile.size());
  heif_context* context = heif_context_alloc();
  heif_encoder* encoder = nullptr;
  REQUIRE(heif_context_get_encoder_for_format(context, heif_compression_AV1, &encoder).code == 0);
  heif_encoder_set_lossy_quality(encoder, 95);
  heif_encoder_set_parameter(encoder, "chroma", "444");
  REQUIRE(heif_context_encode_image(context, image, encoder, nullptr, nullptr).code == 0);
  REQUIRE(heif_context_write_to_file(context, (folder / "a.avif").c_str()).code == 0);
  heif_encoder_release(encoder);
  heif_context_free(context);
  heif_image_release(image);
  return bytes_of(folder / "a.avif");
}

cv::Mat decoded(const File& file, std::optional<int> long_edge = {}) {
  const images::LoadedImage image = images::decode_image(file, "picture", long_edge);
  CHECK(image.warning.empty());
  return test::pixels_of(image.picture).clone();
}

TEST_CASE("pictures in Display P3 come out in sRGB, in every format") {
  const cv::Mat stored = muted_photo();
  const cv::Mat right = srgb_of_p3(stored);
  REQUIRE(difference(stored, right) > 4);
  const File p3 = display_p3();
  CHECK(difference(decoded(png_with(test::png_file(stored), p3)), right) < 0.6);
  CHECK(difference(decoded(tiff_with(stored, p3)), right) < 0.6);
  CHECK(difference(decoded(jpeg_with(p3)), right) < 1.5);
  CHECK(difference(decoded(webp_with(test::webp_file(stored), p3)), right) < 1.5);
  CHECK(difference(decoded(avif_with(stored, p3)), right) < 1.5);
}

TEST_CASE("alpha stays, and reduced pictures are converted too") {
  const File p3 = display_p3();
  const cv::Mat clear = muted_photo(true);
  CHECK(difference(decoded(png_with(test::png_file(clear), p3)), srgb_of_p3(clear)) < 0.6);
  const File wide = png_with(test::png_file(muted_photo()), p3);
  const cv::Mat small = decoded(wide, 30);
  CHECK(small.cols == 30);
  const File narrow = test::png_file(srgb_of_p3(muted_photo()));
  const cv::Mat expected = test::pixels_of(images::decode_thumbnail(
      images::make_thumbnail(images::decode_image(narrow, "").picture, 30)));
  CHECK(difference(small, expected) < 2);
}

TEST_CASE("profiles of sRGB, of greys and broken ones change nothing and are no damage") {
  const cv::Mat plain = decoded(test::jpeg_file(muted_photo()));
  const File p3 = display_p3();
  const File half(p3.begin(), p3.begin() + static_cast<std::ptrdiff_t>(p3.size() / 2));
  for (const File& profile : {srgb_profile(), gray_profile(), half, File(300, 7), File{}})
    CHECK(difference(decoded(jpeg_with(profile)), plain) == 0);
  CHECK(difference(decoded(jpeg_with(p3, 2)), plain) == 0);  // the second of one

  const File png = test::png_file(muted_photo());
  for (const File& profile :
       {srgb_profile(), nearly_srgb(), gray_profile(), half, File(300, 7), File{}})
    CHECK(difference(decoded(png_with(png, profile)), muted_photo()) == 0);
  File not_packed = png;
  const File chunk = test::png_chunk("iCCP", {'n', 0, 0, 1, 2, 3, 4, 5});
  not_packed.insert(not_packed.begin() + 33, chunk.begin(), chunk.end());
  CHECK(difference(decoded(not_packed), muted_photo()) == 0);
}

TEST_CASE("every picture of an animation is converted") {
  const auto parts = test::differing_parts(3, {60, 80});
  const File p3 = display_p3();
  const auto check = [](const File& plain, const File& wide) {
    for (const std::int64_t time_us : {0, 100'000, 200'000}) {
      CAPTURE(time_us);
      const auto at = [&](const File& file) {
        return test::pixels_of(images::load_image_at(file, time_us, {}).picture).clone();
      };
      CHECK(difference(at(wide), srgb_of_p3(at(plain))) < 1);
      CHECK(difference(at(wide), at(plain)) > 0.5);
    }
  };
  const File apng = test::apng_file({60, 80}, parts);
  check(apng, png_with(apng, p3));
  const File webp = test::webp_animation(parts);
  check(webp, webp_with(webp, p3));

  const TempFolder folder;
  test::write_file(folder / "a/1.png", png_with(apng, p3));
  const auto tiles = [&](bool all_frames) {
    library::TileOptions options;
    options.all_frames = all_frames;
    return library::load_tiles({folder / "a"}, {3, 4}, {}, options).tiles;
  };
  CHECK(tiles(true).size() == 3);
  for (const tiles::Tile& tile : tiles(true).tiles) {
    const cv::Mat right = test::pixels_of(
        images::load_image_at(png_with(apng, p3), tile.id.timestamp_us, {}).picture);
    CHECK(difference(test::pixels_of(images::decode_thumbnail(tiles::thumbnail_of(tile))), right) <
          6);
  }
}

}  // namespace
}  // namespace smalti

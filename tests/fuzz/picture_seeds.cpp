// Good pictures of every kind to begin with.

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "fuzz/feed.h"
#include "fuzz/picture_files.h"
#include "images/image_writer.h"
#include "images/pixels.h"
#include "support/animated_files.h"

namespace smalti::fuzz {
namespace {

using test::photo;

constexpr Size kSeedSize{48, 36};

Input encoded(const char* extension, const cv::Mat& pixels, const std::vector<int>& how) {
  Input file;
  cv::imencode(extension, pixels, file, how);
  return file;
}

cv::Mat gray_photo() {
  cv::Mat gray;
  cv::cvtColor(photo(kSeedSize), gray, cv::COLOR_RGB2GRAY);
  return gray;
}

Input jpeg_with_profile(const Input& jpeg) {
  const Input profile = wide_profile();
  const std::string start("ICC_PROFILE\0\x01\x01", 14);
  Input file(jpeg.begin(), jpeg.begin() + 2);
  const std::size_t length = 2 + start.size() + profile.size();
  for (const std::size_t byte : {std::size_t{0xFF}, std::size_t{0xE2}, length >> 8, length & 255})
    file.push_back(static_cast<std::uint8_t>(byte));
  file.insert(file.end(), start.begin(), start.end());
  file.insert(file.end(), profile.begin(), profile.end());
  file.insert(file.end(), jpeg.begin() + 2, jpeg.end());
  return file;
}

// One strip of rows with 4 bits a pixel in run lengths, and its colours.
Input run_length_bmp() {
  Input file = test::bmp_file(gray_photo());
  const Input runs = {8, 1, 0, 0, 0, 3, 1, 2, 3, 0, 0, 2, 1, 1, 4, 7, 0, 1};
  const std::size_t data_at = file[10] | std::size_t{file[11]} << 8;
  file.resize(data_at);
  file.insert(file.end(), runs.begin(), runs.end());
  file[18] = 8;  // width
  file[22] = 4;  // height
  file[30] = 1;  // run lengths
  file[34] = static_cast<std::uint8_t>(runs.size());
  return file;
}

Input palette_png() {
  test::PngParts parts;
  parts.width = 4;
  parts.height = 2;
  parts.color_type = 3;
  parts.palette = {0, 0, 0, 255, 0, 0, 0, 255, 0};
  parts.transparency = {255, 0};
  parts.rows = {{0, 1, 2, 0}, {2, 2, 1, 0}};
  return test::raw_png_file(parts);
}

Input keyed_png() {
  test::PngParts parts;
  parts.width = 3;
  parts.height = 2;
  parts.depth = 16;
  parts.color_type = 0;
  parts.transparency = {1, 2};
  parts.rows = {{1, 2, 3, 4, 5, 6}, {6, 5, 1, 2, 3, 4}};
  return test::raw_png_file(parts);
}

// By our own writer.
Input written(const char* name, bool alpha) {
  const std::filesystem::path file = workplace() / name;
  images::ImageWriteOptions how;
  how.overwrite = true;
  images::write_image(images::to_picture(photo(kSeedSize, alpha)), file, how);
  return read_bytes(file);
}

// Parts that lie here and there, and are disposed of in all ways.
std::vector<test::AnimationPart> scattered_parts() {
  auto parts = test::differing_parts(4, {10, 8});
  parts[1].at = {5, 3};
  parts[1].after = test::After::kRestore;
  parts[2].at = {1, 6};
  parts[2].after = test::After::kClear;
  parts[2].rgba(cv::Rect(2, 2, 4, 4)).setTo(cv::Scalar::all(0));
  return parts;
}

}  // namespace

std::vector<Input> jpeg_seeds() {
  const Input plain = test::jpeg_file(photo(kSeedSize));
  return {plain,
          test::jpeg_file(gray_photo()),
          test::jpeg_with_exif(plain, 6, "2024:07:31 18:05:00"),
          jpeg_with_profile(plain),
          test::cmyk_jpeg_file(photo(kSeedSize, true)),
          encoded(".jpg", photo(kSeedSize), {cv::IMWRITE_JPEG_PROGRESSIVE, 1}),
          encoded(".jpg", photo(kSeedSize), {cv::IMWRITE_JPEG_RST_INTERVAL, 2})};
}

std::vector<Input> png_seeds() {
  cv::Mat deep;
  photo(kSeedSize).convertTo(deep, CV_16U, 257);
  const Input plain = test::png_file(photo(kSeedSize));
  return {
      plain,
      test::png_file(photo(kSeedSize, true)),
      test::png_file(gray_photo()),
      encoded(".png", deep, {}),
      encoded(".png", gray_photo(), {cv::IMWRITE_PNG_BILEVEL, 1}),
      test::png_with_exif(plain, 8, "2024:07:31 18:05:00"),
      png_with_profile(plain),
      palette_png(),
      keyed_png(),
      test::apng_file({16, 16}, scattered_parts(), cv::Mat(16, 16, CV_8UC4, cv::Scalar::all(99))),
      test::apng_file({10, 8}, test::differing_parts(3, {10, 8}))};
}

std::vector<Input> webp_seeds() {
  constexpr int kLossless = 101;
  const Input plain = test::webp_file(photo(kSeedSize));
  const Input alpha = test::webp_file(photo(kSeedSize, true));
  return {plain, alpha, encoded(".webp", photo(kSeedSize), {cv::IMWRITE_WEBP_QUALITY, kLossless}),
          test::webp_with_exif(plain, kSeedSize, false, 3, "2024:07:31 18:05:00"),
          test::webp_animation(test::differing_parts(2, kSeedSize))};
}

std::vector<Input> tiff_seeds() {
  return {test::tiff_file(photo({16, 12})), test::tiff_file(photo({16, 12}, true), 7),
          test::tiff_file(gray_photo(), 1, "2024:07:31 18:05:00"), written("seed.tif", true),
          encoded(".tif", photo(kSeedSize), {cv::IMWRITE_TIFF_COMPRESSION, 5})};
}

std::vector<Input> bmp_seeds() {
  return {test::bmp_file(photo({16, 12})), test::bmp_file(photo({16, 12}, true)),
          test::bmp_file(gray_photo()), run_length_bmp()};
}

std::vector<Input> heif_seeds() {
  std::vector<Input> seeds = heic_files(photo(kSeedSize));
  if (can_write_avif()) {
    seeds.push_back(written("seed.avif", false));
    seeds.push_back(written("alpha.avif", true));
  }
  return seeds;
}

std::vector<Input> gif_seeds() {
  return {test::gif_file({16, 12}, {test::differing_parts(1, {16, 12})}),
          test::gif_file({16, 16}, scattered_parts()),
          test::gif_file({16, 16}, scattered_parts(), true)};
}

}  // namespace smalti::fuzz

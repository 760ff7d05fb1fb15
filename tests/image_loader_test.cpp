#include "images/image_loader.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <random>

#include "fuzz/picture_files.h"
#include "images/image_writer.h"
#include "smalti/error.h"
#include "smalti/image_limits.h"
#include "support/pictures.h"
#include "support/synthetic.h"
#include "support/temp_folder.h"
#include "tiles/tile.h"

namespace smalti {
namespace {

using test::difference;
using test::File;
using test::photo;
using test::pixels_of;

// What JPEG and WebP of quality 95 may cost a smooth picture, and what the exact formats may.
constexpr double kLossy = 3;
constexpr double kExact = 0;

cv::Mat decoded(const File& file, std::optional<int> long_edge = {}) {
  return pixels_of(images::decode_image(file, "test", long_edge).picture);
}

/// Why it is refused; empty when it is not.
std::string refusal(const File& file, const ImageLimits& limits = {}) {
  try {
    images::decode_image(file, "some.file", 128, limits);
    return {};
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kBadInput);
    return error.what();
  }
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

File first_part(const File& file, std::size_t size) {
  return {file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)};
}

cv::Mat gray_photo() {
  cv::Mat gray;
  cv::cvtColor(photo({48, 32}), gray, cv::COLOR_RGB2GRAY);
  return gray;
}

cv::Mat as_rgb(const cv::Mat& gray) {
  cv::Mat rgb;
  cv::cvtColor(gray, rgb, cv::COLOR_GRAY2RGB);
  return rgb;
}

TEST_CASE("formats are told by content") {
  const cv::Mat picture = photo({16, 16});
  CHECK(images::sniff_image(test::jpeg_file(picture)) == images::ImageFormat::kJpeg);
  CHECK(images::sniff_image(test::png_file(picture)) == images::ImageFormat::kPng);
  CHECK(images::sniff_image(test::webp_file(picture)) == images::ImageFormat::kWebp);
  CHECK(images::sniff_image(test::tiff_file(picture)) == images::ImageFormat::kTiff);
  CHECK(images::sniff_image(test::bmp_file(picture)) == images::ImageFormat::kBmp);
  const auto sniff_text = [](const std::string& text) {
    return images::sniff_image(File(text.begin(), text.end()));
  };
  using namespace std::string_literals;
  CHECK(sniff_text("\0\0\0\x1C"
                   "ftypheic\0\0\0\0mif1heic"s) == images::ImageFormat::kHeic);
  CHECK(sniff_text("\0\0\0\x1C"
                   "ftypmif1\0\0\0\0mif1avif"s) == images::ImageFormat::kAvif);
  CHECK(sniff_text("\0\0\0\x1C"
                   "ftypisom\0\0\0\0iso2mp41"s) == std::nullopt);
  CHECK(sniff_text("BMW is a maker of cars and motorcycles") == std::nullopt);
  CHECK(sniff_text("GIF89a") == images::ImageFormat::kGif);
  CHECK(sniff_text("GIFs are pictures") == std::nullopt);
  CHECK(sniff_text("") == std::nullopt);
}

TEST_CASE("every EXIF orientation comes out upright, exactly once") {
  constexpr Size kSize = {48, 32};
  for (const bool alpha : {false, true}) {
    const cv::Mat upright = photo(kSize, alpha);
    for (int orientation = 1; orientation <= 8; ++orientation) {
      CAPTURE(alpha);
      CAPTURE(orientation);
      const cv::Mat stored = test::stored_as(upright, orientation);
      const File png = test::png_with_exif(test::png_file(stored), orientation);
      CHECK(difference(decoded(png), upright) <= kExact);
      const File webp = test::webp_with_exif(test::webp_file(stored), {stored.cols, stored.rows},
                                             alpha, orientation);
      CHECK(difference(decoded(webp), upright) <= kLossy);
      // Going through colours multiplied by alpha costs a little.
      const File tiff = test::tiff_file(stored, orientation);
      CHECK(difference(decoded(tiff), upright) <= (alpha ? 1.5 : kExact));
      if (alpha) continue;
      const File jpeg = test::jpeg_with_exif(test::jpeg_file(stored), orientation);
      CHECK(difference(decoded(jpeg), upright) <= kLossy);
      CHECK(images::decode_image(jpeg, "test", 20).full_size == kSize);
    }
  }
}

TEST_CASE("when a picture was taken is known in every format that says so") {
  const cv::Mat picture = photo({48, 32}, true);
  const std::string date = "2024:07:31 18:05:00";
  const auto taken = [](const File& file) { return images::decode_image(file, "test").taken; };
  CHECK(taken(test::jpeg_with_exif(test::jpeg_file(photo({48, 32})), 6, date)) == date);
  CHECK(taken(test::png_with_exif(test::png_file(picture), 6, date)) == date);
  CHECK(taken(test::webp_with_exif(test::webp_file(picture), {48, 32}, true, 6, date)) == date);
  CHECK(taken(test::tiff_file(picture, 6, date)) == date);
  CHECK(taken(test::png_with_exif(test::png_file(picture), 1, "sometime in summer.")).empty());
  CHECK(taken(test::png_with_exif(test::png_file(picture), 1)).empty());
  if (const auto media = test::media_folder("image"))
    CHECK(taken(images::read_file(*media / "iphone13.heic")).starts_with("202"));
}

TEST_CASE("nonsense in EXIF leaves the picture as it is stored") {
  const cv::Mat picture = photo({48, 32});
  for (const int orientation : {0, 9, 255}) {
    const File jpeg = test::jpeg_with_exif(test::jpeg_file(picture), orientation);
    CHECK(difference(decoded(jpeg), picture) <= kLossy);
  }
}

TEST_CASE("all kinds of samples come out as 8-bit RGB") {
  const cv::Mat gray = gray_photo();
  CHECK(difference(decoded(test::jpeg_file(gray)), as_rgb(gray)) <= kLossy);
  CHECK(difference(decoded(test::png_file(gray)), as_rgb(gray)) <= kExact);
  CHECK(difference(decoded(test::tiff_file(gray)), as_rgb(gray)) <= kExact);
  CHECK(difference(decoded(test::bmp_file(gray)), as_rgb(gray)) <= kExact);

  cv::Mat deep;
  photo({48, 32}).convertTo(deep, CV_16U, 257);
  CHECK(difference(decoded(test::png_file(deep)), photo({48, 32})) <= kExact);
  CHECK(difference(decoded(test::bmp_file(photo({47, 31}))), photo({47, 31})) <= kExact);
}

// A BMP file written down: its header's numbers, and what lies behind the header.
File raw_bmp(int width, int height, int bits, int compression, File behind, int palette = 0) {
  const auto put = [](File& file, int value, int bytes) {
    for (int i = 0; i < bytes; ++i) file.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  };
  File file = {'B', 'M'};
  put(file, 54 + static_cast<int>(behind.size()), 4);
  put(file, 0, 4);
  put(file, 54 + palette * 4, 4);
  for (const int value : {40, width, height}) put(file, value, 4);
  put(file, 1, 2);
  put(file, bits, 2);
  for (const int value : {compression, 0, 2835, 2835, palette, 0}) put(file, value, 4);
  file.insert(file.end(), behind.begin(), behind.end());
  return file;
}

TEST_CASE("BMP: run lengths, palettes, few bits, rows from the top, alpha that is none") {
  constexpr int kRunLengths = 1;
  const cv::Vec3b red(250, 10, 20);
  const cv::Vec3b blue(30, 40, 240);
  const auto bmp = [](const File& file) { return decoded(file); };
  const File colors = {20, 10, 250, 0, 240, 40, 30, 0};  // red and blue, of which blue comes first
  const auto with_colors = [&](const File& runs) {
    File behind = colors;
    behind.insert(behind.end(), runs.begin(), runs.end());
    return raw_bmp(4, 2, 8, kRunLengths, behind, 2);
  };
  // The lower row first: three red and a blue one; above it, as they are, blue, blue, red, red.
  const File runs = {3, 0, 1, 1, 0, 0, 0, 4, 1, 1, 0, 0, 0, 1};
  const cv::Mat two_rows = bmp(with_colors(runs));
  REQUIRE(two_rows.size() == cv::Size(4, 2));
  CHECK(two_rows.at<cv::Vec3b>(1, 2) == red);
  CHECK(two_rows.at<cv::Vec3b>(1, 3) == blue);
  CHECK(two_rows.at<cv::Vec3b>(0, 0) == blue);
  CHECK(two_rows.at<cv::Vec3b>(0, 3) == red);
  for (std::size_t size = 0; size < runs.size(); ++size)
    CHECK(contains(refusal(with_colors(first_part(runs, size))), "breaks off in mid-picture"));

  File bits = colors;
  bits.insert(bits.end(), {0b01100000, 0, 0, 0});
  const cv::Mat bilevel = bmp(raw_bmp(4, 1, 1, 0, bits, 2));
  CHECK(bilevel.at<cv::Vec3b>(0, 0) == red);
  CHECK(bilevel.at<cv::Vec3b>(0, 1) == blue);
  CHECK(bilevel.at<cv::Vec3b>(0, 3) == red);

  const cv::Mat from_top = bmp(raw_bmp(1, -2, 24, 0, {20, 10, 250, 0, 240, 40, 30, 0}));
  CHECK(from_top.at<cv::Vec3b>(0, 0) == red);
  CHECK(from_top.at<cv::Vec3b>(1, 0) == blue);

  // 32 bits of which the last 8 say nothing: no tile that is not to be seen.
  const cv::Mat padded = bmp(raw_bmp(1, 1, 32, 0, {20, 10, 250, 0}));
  REQUIRE(padded.type() == CV_8UC3);
  CHECK(padded.at<cv::Vec3b>(0, 0) == red);

  const cv::Mat few_bits = bmp(raw_bmp(1, 1, 16, 0, {0x1F, 0x7C, 0, 0}));
  CHECK(few_bits.at<cv::Vec3b>(0, 0) == cv::Vec3b(255, 0, 255));
}

TEST_CASE("palette, grey with alpha and transparent colours in PNG") {
  const File palette = test::raw_png_file({.width = 2,
                                           .height = 1,
                                           .color_type = 3,
                                           .palette = {10, 20, 30, 40, 50, 60},
                                           .transparency = {255, 128},
                                           .rows = {{0, 1}}});
  const std::uint8_t palette_pixels[] = {10, 20, 30, 255, 40, 50, 60, 128};
  CHECK(difference(decoded(palette),
                   cv::Mat(1, 2, CV_8UC4, const_cast<std::uint8_t*>(palette_pixels))) == 0);

  const File gray_alpha = test::raw_png_file({.width = 2,
                                              .height = 1,
                                              .color_type = 4,
                                              .palette = {},
                                              .transparency = {},
                                              .rows = {{7, 255, 9, 0}}});
  const cv::Mat pixels = decoded(gray_alpha);
  REQUIRE(pixels.channels() == 4);
  CHECK(pixels.at<cv::Vec4b>(0, 0) == cv::Vec4b(7, 7, 7, 255));
  CHECK(pixels.at<cv::Vec4b>(0, 1)[3] == 0);

  // Four bits a pixel: 0x3 and 0xA, of which 0xA stands for transparent.
  const File keyed = test::raw_png_file({.width = 2,
                                         .height = 1,
                                         .depth = 4,
                                         .color_type = 0,
                                         .palette = {},
                                         .transparency = {0, 0xA},
                                         .rows = {{0x3A}}});
  REQUIRE(decoded(keyed).channels() == 4);
  CHECK(decoded(keyed).at<cv::Vec4b>(0, 0) == cv::Vec4b(0x33, 0x33, 0x33, 255));
  CHECK(decoded(keyed).at<cv::Vec4b>(0, 1) == cv::Vec4b(0xAA, 0xAA, 0xAA, 0));
}

TEST_CASE("CMYK JPEG shows its colours, not their negative") {
  cv::Mat inks(32, 32, CV_8UC4, cv::Scalar(255, 0, 0, 255));  // magenta and yellow in full: red
  const cv::Mat red(32, 32, CV_8UC3, cv::Scalar(255, 0, 0));
  CHECK(difference(decoded(test::cmyk_jpeg_file(inks)), red) <= kLossy);
  inks = cv::Scalar(255, 255, 255, 128);
  const cv::Mat gray(32, 32, CV_8UC3, cv::Scalar(128, 128, 128));
  CHECK(difference(decoded(test::cmyk_jpeg_file(inks)), gray) <= kLossy);
}

TEST_CASE("alpha that is opaque throughout is dropped, any other kept") {
  const cv::Mat fading = photo({48, 32}, true);
  CHECK(difference(decoded(test::png_file(fading)), fading) == 0);
  cv::Mat opaque;
  cv::cvtColor(photo({48, 32}), opaque, cv::COLOR_RGB2RGBA);
  CHECK(difference(decoded(test::png_file(opaque)), photo({48, 32})) == 0);
}

TEST_CASE("a JPEG is decoded as small as covers the long edge, never below") {
  const File jpeg = test::jpeg_file(photo({1000, 600}));
  const auto decoded_size = [&](int long_edge) {
    return images::decode_image(jpeg, "test", long_edge).picture.size();
  };
  CHECK(decoded_size(100) == Size{125, 75});
  CHECK(decoded_size(125) == Size{125, 75});
  CHECK(decoded_size(126) == Size{250, 150});
  CHECK(decoded_size(600) == Size{625, 375});
  CHECK(decoded_size(1000) == Size{1000, 600});
  CHECK(decoded_size(5000) == Size{1000, 600});
  CHECK(images::decode_image(jpeg, "test", 100).full_size == Size{1000, 600});
  cv::Mat small;
  cv::resize(photo({1000, 600}), small, {125, 75}, 0, 0, cv::INTER_AREA);
  CHECK(difference(decoded(jpeg, 125), small) <= kLossy);
}

TEST_CASE("a file that breaks off is refused, in every format") {
  const cv::Mat picture = photo({200, 150});
  const std::map<std::string, File> files = {{"jpeg", test::jpeg_file(picture)},
                                             {"png", test::png_file(picture)},
                                             {"webp", test::webp_file(picture)},
                                             {"tiff", test::tiff_file(picture)},
                                             {"bmp", test::bmp_file(picture)}};
  for (const auto& [format, file] : files) {
    CAPTURE(format);
    CHECK(refusal(file).empty());
    for (const double part : {0.3, 0.6, 0.9}) {
      const auto size = static_cast<std::size_t>(part * static_cast<double>(file.size()));
      CHECK_FALSE(refusal(first_part(file, size)).empty());
    }
  }
  CHECK(contains(refusal(first_part(files.at("jpeg"), files.at("jpeg").size() / 2)),
                 "'some.file': breaks off in mid-picture"));
  // Later scans of a progressive file only add detail, but they belong to it.
  File progressive;
  REQUIRE(cv::imencode(".jpg", picture, progressive, {cv::IMWRITE_JPEG_PROGRESSIVE, 1}));
  CHECK(refusal(progressive).empty());
  CHECK(contains(refusal(first_part(progressive, progressive.size() * 9 / 10)), "breaks off"));
  // Another program may have closed the file properly behind half of the data.
  File closed = first_part(files.at("jpeg"), files.at("jpeg").size() / 2);
  closed.insert(closed.end(), {0xFF, 0xD9});
  CHECK(contains(refusal(closed), "breaks off"));
}

TEST_CASE("a JPEG damaged in one place is used with a warning") {
  // Restart markers, as cameras write them, limit what is lost.
  cv::Mat noise(256, 256, CV_8UC1);
  cv::theRNG().state = 1;
  cv::randu(noise, 0, 255);
  File jpeg;
  REQUIRE(cv::imencode(".jpg", noise, jpeg, {cv::IMWRITE_JPEG_RST_INTERVAL, 16}));
  CHECK(images::decode_image(jpeg, "test").warning.empty());
  const auto middle = jpeg.begin() + static_cast<std::ptrdiff_t>(jpeg.size() / 2);
  jpeg.erase(middle, middle + 40);
  CHECK_FALSE(images::decode_image(jpeg, "test").warning.empty());
  CHECK(difference(decoded(jpeg), as_rgb(noise)) < 10);
}

TEST_CASE("what is no picture is refused with the reason") {
  CHECK(contains(refusal({}), "'some.file': zero bytes"));
  const std::string text = "hello, world\n";
  CHECK(contains(refusal(File(text.begin(), text.end())), "no picture"));
}

TEST_CASE("a header's claim is checked before anything is decoded") {
  const File bomb = test::raw_png_file(
      {.width = 60'000, .height = 60'000, .palette = {}, .transparency = {}, .rows = {}});
  CHECK(contains(refusal(bomb), "claims 60000 x 60000 pixels"));
  const File empty =
      test::raw_png_file({.width = 0, .height = 5, .palette = {}, .transparency = {}, .rows = {}});
  CHECK(contains(refusal(empty), "no pixels"));

  const cv::Mat picture = photo({100, 100});
  for (const File& file :
       {test::jpeg_file(picture), test::png_file(picture), test::webp_file(picture),
        test::tiff_file(picture), test::bmp_file(picture)}) {
    CHECK(refusal(file, {.max_pixels = 10'000}).empty());
    CHECK(contains(refusal(file, {.max_pixels = 9'999}), "claims 100 x 100 pixels"));
  }
}

TEST_CASE("a HEIF container's word on the size counts no more than what is coded in it") {
  const test::TempFolder folder;
  const Picture picture = test::solid(test::kRgb8, {48, 36}, {200, 100, 50});
  images::write_image(picture, folder / "a.avif", {});
  File file = images::read_file(folder / "a.avif");
  CHECK(images::decode_image(file, "test").full_size == Size{48, 36});
  // The box that claims it: its name, a version, the width and the height.
  const std::string name = "ispe";
  const auto box = std::search(file.begin(), file.end(), name.begin(), name.end());
  REQUIRE(box != file.end());
  REQUIRE(box[11] == 48);
  box[11] = 24;
  const images::LoadedImage image = images::decode_image(file, "test");
  CHECK(image.full_size == image.picture.size());
  CHECK(contains(refusal(file, {.max_pixels = 24 * 36}), "claims 48 x 36 pixels"));
}

TEST_CASE("a HEIF canvas that is larger than the picture is refused before it is made") {
  const std::vector<File> files = fuzz::heic_files(photo({48, 36}));
  if (files.empty()) return;  // a libheif that writes none
  File file = files.front();
  // Of one tile: version, flags, one row and column less one, then both sides.
  const File grid = {0, 0, 0, 0, 0, 48, 0, 36};
  const auto found = std::search(file.begin(), file.end(), grid.begin(), grid.end());
  REQUIRE(found != file.end());
  for (const std::ptrdiff_t side : {4, 6}) found[side] = 0x7f;
  CHECK(contains(refusal(file), "exceeds the maximum image size 4096x4096"));
}

/// What is written to stderr meanwhile.
class StderrCatcher {
 public:
  StderrCatcher() : kept_(::dup(2)), caught_(std::tmpfile()) { ::dup2(::fileno(caught_), 2); }
  ~StderrCatcher() { stop(); }
  long size() {
    stop();
    std::fseek(caught_, 0, SEEK_END);
    return std::ftell(caught_);
  }

 private:
  void stop() {
    if (kept_ < 0) return;
    std::fflush(stderr);
    ::dup2(kept_, 2);
    ::close(kept_);
    kept_ = -1;
  }
  int kept_;
  std::FILE* caught_;
};

TEST_CASE("PNGs of every kind are decoded as OpenCV does") {
  std::mt19937 random(1);
  const auto noise = [&](std::size_t bytes) {
    File file(bytes);
    for (std::uint8_t& byte : file) byte = static_cast<std::uint8_t>(random());
    return file;
  };
  struct Kind {
    int color_type;
    int samples;
    std::vector<int> depths;
    File transparency;
  };
  const std::vector<Kind> kinds = {{0, 1, {1, 2, 4, 8, 16}, {}},
                                   {2, 3, {8, 16}, {}},
                                   {2, 3, {8, 16}, {0, 1, 0, 2, 0, 3}},
                                   {3, 1, {1, 2, 4, 8}, {}},
                                   {3, 1, {1, 2, 4, 8}, {0, 99}},
                                   {4, 2, {8, 16}, {}},
                                   {6, 4, {8, 16}, {}}};
  for (const Kind& kind : kinds) {
    for (const int depth : kind.depths) {
      CAPTURE(kind.color_type);
      CAPTURE(depth);
      constexpr std::uint32_t kWidth = 13;
      const std::size_t row_bytes =
          (kWidth * static_cast<std::size_t>(kind.samples * depth) + 7) / 8;
      File first_row = noise(row_bytes);
      for (std::size_t i = 0; i < kind.transparency.size(); ++i)  // a pixel of the key's colour
        if (depth == 16 || i % 2 == 1) first_row[depth == 16 ? i : i / 2] = kind.transparency[i];
      const File file = test::raw_png_file(
          {.width = kWidth,
           .height = 3,
           .depth = static_cast<std::uint8_t>(depth),
           .color_type = static_cast<std::uint8_t>(kind.color_type),
           .palette = kind.color_type == 3 ? noise(std::size_t{3} << depth) : File(),
           .transparency = kind.transparency,
           .rows = {first_row, noise(row_bytes), noise(row_bytes)}});
      cv::Mat expected = cv::imdecode(file, cv::IMREAD_UNCHANGED);
      REQUIRE_FALSE(expected.empty());
      if (depth == 16) expected.convertTo(expected, CV_8U, 1.0 / 257);
      cv::cvtColor(expected, expected,
                   expected.channels() == 1   ? cv::COLOR_GRAY2RGB
                   : expected.channels() == 4 ? cv::COLOR_BGRA2RGBA
                                              : cv::COLOR_BGR2RGB);
      CHECK(difference(decoded(file), expected) == 0);
    }
  }
}

void decode_with_damages(const std::vector<File>& files) {
  std::mt19937 random(1);  // the same damage on every machine
  for (const File& file : files) {
    for (int round = 0; round < 200; ++round) {
      File damaged = file;
      for (int i = 0; i < 1 + round % 5; ++i) {
        const std::size_t range =
            i % 2 == 0 ? damaged.size() : std::min<std::size_t>(damaged.size(), 64);
        damaged[random() % range] = static_cast<std::uint8_t>(random());
      }
      if (round % 3 == 0) damaged.resize(random() % damaged.size());
      refusal(damaged);
    }
  }
}

TEST_CASE("no bytes crash a decoder, or make it speak") {
  const cv::Mat picture = photo({64, 48});
  StderrCatcher caught;
  decode_with_damages({test::jpeg_with_exif(test::jpeg_file(picture), 6),
                       test::png_with_exif(test::png_file(photo({64, 48}, true)), 6),
                       test::webp_with_exif(test::webp_file(picture), {64, 48}, false, 6),
                       test::tiff_file(picture, 6), test::bmp_file(picture)});
  CHECK(caught.size() == 0);
}

TEST_CASE("decoders say nothing on stderr") {
  const cv::Mat picture = photo({64, 48});
  File odd_png = test::png_file(picture);
  const File profile = test::png_chunk("iCCP", {'x', 0, 0, 1, 2, 3});
  odd_png.insert(odd_png.begin() + 33, profile.begin(), profile.end());
  const std::vector<test::PngParts> broken_pngs = {
      {.width = 2, .height = 1, .color_type = 3, .palette = {1}, .rows = {{0, 0}}},
      {.width = 2, .height = 1, .color_type = 5, .rows = {{0, 0}}},
      {.width = 2, .height = 1, .depth = 7, .rows = {{0, 0}}},
      {.width = 1, .height = 1, .color_type = 6, .transparency = {1}, .rows = {{0, 0, 0, 0}}},
      {.width = 1, .height = 1, .rows = {{1}}},
      {.width = 1, .height = 1, .rows = {{1, 2, 3}, {4, 5, 6}}},
      {.width = 1, .height = 1, .rows = {}}};
  File tiff = test::tiff_file(picture);
  tiff[tiff.size() - 6] = 0xFF;  // a wrong count
  StderrCatcher caught;
  refusal(odd_png);
  for (const test::PngParts& parts : broken_pngs) refusal(test::raw_png_file(parts));
  refusal(tiff);
  for (const File& file :
       {test::jpeg_file(picture), test::png_file(picture), test::webp_file(picture),
        test::tiff_file(picture), test::bmp_file(picture)}) {
    refusal(first_part(file, file.size() / 2));
  }
  CHECK(caught.size() == 0);
  CHECK(refusal(odd_png).empty());
}

TEST_CASE("read_file tells absent, foreign and readable files apart") {
  const test::TempFolder folder;
  const auto kind_of = [](const std::filesystem::path& path) {
    try {
      images::read_file(path);
    } catch (const Error& error) {
      CHECK(contains(error.what(), path.native()));
      return error.kind();
    }
    return ErrorKind::kFailure;
  };
  CHECK(kind_of(folder / "absent") == ErrorKind::kMissingInput);
  CHECK(kind_of(folder.path()) == ErrorKind::kBadInput);
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  CHECK(kind_of(folder / "fifo") == ErrorKind::kBadInput);
  test::write_file(folder / "file", {1, 2, 3});
  CHECK(images::read_file(folder / "file") == File{1, 2, 3});
}

TEST_CASE("thumbnails are reduced, never enlarged, and keep the picture") {
  const auto thumbnail_of = [](const cv::Mat& pixels) {
    return images::decode_thumbnail(
        images::make_thumbnail(images::decode_image(test::png_file(pixels), "test").picture));
  };
  CHECK(thumbnail_of(photo({1000, 500})).size() == Size{128, 64});
  CHECK(thumbnail_of(photo({90, 300})).size() == Size{38, 128});
  CHECK(thumbnail_of(photo({1000, 2})).size() == Size{128, 1});
  CHECK(thumbnail_of(photo({30, 20})).size() == Size{30, 20});
  CHECK(thumbnail_of(photo({1, 1})).size() == Size{1, 1});

  cv::Mat small;
  cv::resize(photo({1024, 512}), small, {128, 64}, 0, 0, cv::INTER_AREA);
  CHECK(difference(pixels_of(thumbnail_of(photo({1024, 512}))), small) <= kLossy);
}

TEST_CASE("the same picture gives the same thumbnail") {
  for (const bool alpha : {false, true}) {
    const File file = test::png_file(photo({300, 200}, alpha));
    const auto once = images::make_thumbnail(images::decode_image(file, "test").picture);
    CHECK(once == images::make_thumbnail(images::decode_image(file, "test").picture));
    CHECK(images::sniff_image(once) ==
          (alpha ? images::ImageFormat::kWebp : images::ImageFormat::kJpeg));
  }
}

TEST_CASE("transparent pixels do not lend their colour") {
  // Red stripes on transparent green: whatever is seen of it stays red.
  cv::Mat stripes(512, 512, CV_8UC4);
  for (int y = 0; y < stripes.rows; ++y) {
    stripes.row(y) = y / 3 % 2 == 0 ? cv::Scalar(255, 0, 0, 255) : cv::Scalar(0, 255, 0, 0);
  }
  const Picture thumbnail = images::decode_thumbnail(
      images::make_thumbnail(images::decode_image(test::png_file(stripes), "test").picture));
  REQUIRE(thumbnail.format.alpha);
  const cv::Scalar mean = cv::mean(pixels_of(thumbnail));
  CHECK(mean[0] > 245);
  CHECK(mean[1] < 10);
  CHECK(mean[3] == doctest::Approx(128).epsilon(0.03));
}

TEST_CASE("what is no thumbnail is refused") {
  CHECK_THROWS_AS(images::decode_thumbnail({}), Error);
  CHECK_THROWS_AS(images::decode_thumbnail(test::png_file(photo({8, 8}))), Error);
}

}  // namespace
}  // namespace smalti

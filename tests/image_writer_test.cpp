#include "images/image_writer.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <tiffio.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iterator>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <thread>

#include "images/image_loader.h"
#include "images/tiff_encoder.h"
#include "smalti/error.h"
#include "support/pictures.h"
#include "support/program.h"
#include "support/synthetic.h"
#include "support/temp_folder.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::difference;
using test::File;
using test::kRgb8;
using test::kRgba8;
using test::pixels_of;
using test::TempFolder;

// What the lossy formats may cost a smooth picture: mean absolute difference of 8-bit samples.
constexpr double kLossy = 2;

const std::vector<std::string> kExtensions = {"jpg", "png", "webp", "tif", "avif"};
const std::vector<std::string> kExact = {"png", "tif"};
const std::vector<std::string> kLossyOnes = {"jpg", "webp", "avif"};
const std::vector<Size> kSizes = {{1, 1}, {2, 3}, {257, 263}, {1, 300}, {300, 1}, {64, 64}};

bool takes_alpha(const std::string& extension) { return extension != "jpg"; }

/// Every sample something else: nothing may be lost, moved or mixed up.
Picture noise(Size size, bool alpha = false) {
  return test::make_picture(alpha ? kRgba8 : kRgb8, size, [](int c, int x, int y) {
    const auto n = static_cast<std::uint32_t>(x * 7919 + y * 104729 + c * 1299709) * 2654435761U;
    return static_cast<int>(n >> 24);
  });
}

/// With alpha, fading downwards, but never to nothing nor from opaque.
Picture smooth(Size size, bool alpha = false) {
  return test::make_picture(alpha ? kRgba8 : kRgb8, size, [=](int c, int x, int y) {
    const int across = 160 * x / std::max(size.width, 64);
    const int down = 160 * y / std::max(size.height, 64);
    return c == 0   ? 40 + across
           : c == 1 ? 220 - down
           : c == 2 ? 60 + (across + down) / 2
                    : 250 - down;
  });
}

Picture rows_of(const Picture& picture, int top, int height) {
  Picture strip = picture;
  strip.height = height;
  for (Plane& plane : strip.planes) {
    plane.data += top * plane.stride;
    plane.height = height;
  }
  return strip;
}

File written(const Picture& picture, const fs::path& path, images::ImageWriteOptions options = {}) {
  const std::uint64_t bytes = images::write_image(picture, path, options);
  const File file = images::read_file(path);
  CHECK(bytes == file.size());
  return file;
}

File written_in_strips(const Picture& picture, const fs::path& path, int rows) {
  images::ImageWriter writer(path, picture.size(), picture.format.alpha, {});
  for (int top = 0; top < picture.height; top += rows)
    writer.write(rows_of(picture, top, std::min(rows, picture.height - top)));
  CHECK_FALSE(fs::exists(path));
  writer.finish();
  return images::read_file(path);
}

cv::Mat our_reading(const File& file) {
  return pixels_of(images::decode_image(file, "test").picture);
}

cv::Mat opencv_reading(const File& file) {
  cv::Mat pixels = cv::imdecode(file, cv::IMREAD_UNCHANGED);
  if (pixels.channels() == 3) cv::cvtColor(pixels, pixels, cv::COLOR_BGR2RGB);
  if (pixels.channels() == 4) cv::cvtColor(pixels, pixels, cv::COLOR_BGRA2RGBA);
  return pixels;
}

cv::Mat ffmpeg_reading(const fs::path& path, const Picture& like) {
  const test::Ended ended = test::run_program(
      {"ffmpeg", "-v", "error", "-i", path, "-sws_flags", "accurate_rnd+full_chroma_int", "-f",
       "rawvideo", "-pix_fmt", like.format.alpha ? "rgba" : "rgb24", "-"});
  CAPTURE(ended.errors);
  CHECK(ended.code == 0);
  const std::size_t bytes =
      static_cast<std::size_t>(like.width * like.height * like.format.components());
  if (ended.output.size() != bytes) return {};
  return cv::Mat(like.height, like.width, CV_8UC(like.format.components()),
                 const_cast<char*>(ended.output.data()))
      .clone();
}

/// One directory of a TIFF, as libtiff reads it.
struct Page {
  cv::Mat pixels;
  std::uint32_t kind = 0;
  std::uint16_t compression = 0;
  std::uint16_t predictor = 0;
  std::uint16_t extra = 0;  ///< the one extra sample's meaning, 0 for none
  std::uint32_t tile_width = 0;
  std::uint32_t tile_height = 0;
  float dpi = 0;
  Size size() const { return {pixels.cols, pixels.rows}; }
};

Page read_page(TIFF* tiff) {
  Page page;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint16_t channels = 0;
  std::uint16_t unit = 0;
  std::uint16_t extras = 0;
  std::uint16_t* meanings = nullptr;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
  TIFFGetField(tiff, TIFFTAG_SAMPLESPERPIXEL, &channels);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SUBFILETYPE, &page.kind);
  TIFFGetField(tiff, TIFFTAG_COMPRESSION, &page.compression);
  TIFFGetField(tiff, TIFFTAG_PREDICTOR, &page.predictor);
  TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &page.tile_width);
  TIFFGetField(tiff, TIFFTAG_TILELENGTH, &page.tile_height);
  TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &page.dpi);
  if (page.dpi > 0)
    CHECK((TIFFGetField(tiff, TIFFTAG_RESOLUTIONUNIT, &unit) == 1 && unit == RESUNIT_INCH));
  if (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &extras, &meanings) == 1 && extras == 1)
    page.extra = *meanings;
  REQUIRE(TIFFIsTiled(tiff) != 0);

  const int tile_width = static_cast<int>(page.tile_width);
  const int tile_height = static_cast<int>(page.tile_height);
  cv::Mat padded(static_cast<int>(height) + tile_height, static_cast<int>(width) + tile_width,
                 CV_8UC(channels));
  cv::Mat tile(tile_height, tile_width, CV_8UC(channels));
  for (int y = 0; y < static_cast<int>(height); y += tile_height)
    for (int x = 0; x < static_cast<int>(width); x += tile_width) {
      REQUIRE(TIFFReadTile(tiff, tile.data, static_cast<std::uint32_t>(x),
                           static_cast<std::uint32_t>(y), 0, 0) > 0);
      tile.copyTo(padded(cv::Rect(x, y, tile_width, tile_height)));
    }
  page.pixels = padded(cv::Rect(0, 0, static_cast<int>(width), static_cast<int>(height))).clone();
  return page;
}

std::vector<Page> read_pages(const fs::path& path) {
  const std::unique_ptr<TIFF, decltype(&TIFFClose)> tiff(TIFFOpen(path.c_str(), "r"), TIFFClose);
  REQUIRE(tiff);
  std::vector<Page> pages;
  do {
    pages.push_back(read_page(tiff.get()));
  } while (TIFFReadDirectory(tiff.get()) == 1);
  return pages;
}

struct Refusal {
  ErrorKind kind{0};
  std::string what;
  std::string hint;
  bool says(const std::string& part) const {
    return (what + "\n" + hint).find(part) != std::string::npos;
  }
};

template <typename Call>
Refusal refusal(const Call& call) {
  try {
    call();
    return {};
  } catch (const Error& error) {
    return {error.kind(), error.what(), error.hint()};
  }
}

std::size_t entries(const TempFolder& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder.path()), {}));
}

/// What is written to the process's standard error while it lives.
class StandardError {
 public:
  explicit StandardError(const fs::path& path) : path_(path), before_(::dup(STDERR_FILENO)) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ::dup2(file, STDERR_FILENO);
    ::close(file);
  }
  ~StandardError() { restore(); }
  std::string text() {
    restore();
    std::ifstream file(path_);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  void restore() {
    if (before_ < 0) return;
    ::dup2(before_, STDERR_FILENO);
    ::close(before_);
    before_ = -1;
  }
  fs::path path_;
  int before_;
};

TEST_CASE("the extension chooses the format, in capitals or not") {
  CHECK(images::still_format("a/b.jpg") == images::StillFormat::kJpeg);
  CHECK(images::still_format("b.JPEG") == images::StillFormat::kJpeg);
  CHECK(images::still_format("b.c.Png") == images::StillFormat::kPng);
  CHECK(images::still_format("b.WEBP") == images::StillFormat::kWebp);
  CHECK(images::still_format("b.tif") == images::StillFormat::kTiff);
  CHECK(images::still_format("b.TIFF") == images::StillFormat::kTiff);
  CHECK(images::still_format("b.avif") == images::StillFormat::kAvif);
  for (const char* none : {"b", "jpg", "b.", "b.jpg.bmp", "b.gif", "b.jpg/c", ".png", ""})
    CHECK_MESSAGE(images::still_format(none) == std::nullopt, none);

  const TempFolder folder;
  CHECK(images::sniff_image(written(smooth({5, 5}), folder / "A.JPG")) ==
        images::ImageFormat::kJpeg);
  CHECK(images::sniff_image(written(smooth({5, 5}), folder / "A.Png")) ==
        images::ImageFormat::kPng);
  CHECK(images::sniff_image(written(smooth({5, 5}), folder / "A.WEBP")) ==
        images::ImageFormat::kWebp);
  CHECK(images::sniff_image(written(smooth({5, 5}), folder / "A.TIFF")) ==
        images::ImageFormat::kTiff);
  CHECK(images::sniff_image(written(smooth({5, 5}), folder / "A.AVIF")) ==
        images::ImageFormat::kAvif);
}

TEST_CASE("what cannot be written is refused before anything is made") {
  const TempFolder folder;
  struct Case {
    const char* name;
    Size size;
    bool alpha;
    images::ImageWriteOptions options;
    const char* what;
    const char* hint;
  };
  const Size small = {8, 8};
  const std::vector<Case> cases = {
      {"a.bmp", small, false, {}, "extension", ".avif"},
      {"a", small, false, {}, "extension", ".jpg"},
      {"a.jpg", small, true, {}, "JPEG cannot hold transparency", ".png"},
      {"a.jpg", {65'501, 10}, false, {}, "65,501 x 10 pixels are more than JPEG's 65,500", "TIFF"},
      {"a.jpg", {10, 65'501}, false, {}, "65,500 a side", "smaller size"},
      {"a.webp", {16'384, 10}, false, {}, "WebP's 16,383 a side", "TIFF"},
      {"a.avif", {16'385, 10}, false, {}, "AVIF's 16,384 a side", "TIFF"},
      {"a.avif", {8'000, 8'001}, false, {}, "64 megapixels", "smaller size"},
      {"a.jpg", small, false, {.quality = 0}, "quality of 0", "1 to 100"},
      {"a.webp", small, false, {.quality = 101}, "quality of 101", "1 to 100"},
      {"a.png", small, false, {.quality = 90}, "no effect", "JPEG, WebP or AVIF"},
      {"a.tif", small, false, {.quality = 90}, "no effect", "JPEG, WebP or AVIF"},
      {"a.jpg", small, false, {.dpi = -1}, "-1 dots per inch", "65535"},
      {"a.png", small, false, {.dpi = 0.5}, "0.5 dots per inch", "65535"},
      {"a.tif", small, false, {.dpi = 65'536}, "65536 dots per inch", "65535"}};
  for (const Case& c : cases) {
    CAPTURE(c.what);
    const fs::path path = folder / c.name;
    const Refusal checked =
        refusal([&] { images::check_image_output(path, c.size, c.alpha, c.options); });
    CHECK(checked.kind == ErrorKind::kUsage);
    CHECK_MESSAGE(checked.what.find(c.what) != std::string::npos, checked.what);
    CHECK_MESSAGE(checked.hint.find(c.hint) != std::string::npos, checked.hint);
    const Refusal made = refusal([&] { images::ImageWriter(path, c.size, c.alpha, c.options); });
    CHECK(made.what == checked.what);
  }
  CHECK(entries(folder) == 0);
}

TEST_CASE("the largest sizes are not refused") {
  images::check_image_output("a.jpg", {65'500, 65'500}, false, {});
  images::check_image_output("a.webp", {16'383, 16'383}, true, {.quality = 1});
  images::check_image_output("a.avif", {8'000, 8'000}, true, {.quality = 100});
  images::check_image_output("a.png", {1'000'001, 2'000'000}, true, {});
  images::check_image_output("a.tif", {1'000'001, 2'000'000}, true, {.dpi = 65'535});
}

TEST_CASE("exact formats come back sample by sample, from every reader") {
  const TempFolder folder;
  for (const std::string& extension : kExact) {
    for (const Size size : kSizes) {
      for (const bool alpha : {false, true}) {
        CAPTURE(extension);
        CAPTURE(size.width);
        CAPTURE(alpha);
        const Picture picture = noise(size, alpha);
        const fs::path path = folder / ("a." + extension);
        const File file = written(picture, path, {.overwrite = true});
        if (extension == "tif")
          CHECK(difference(read_pages(path)[0].pixels, pixels_of(picture)) == 0);
        // Their readers of TIFF multiply colours by alpha.
        if (extension == "tif" && alpha) continue;
        CHECK(difference(our_reading(file), pixels_of(picture)) == 0);
        CHECK(difference(opencv_reading(file), pixels_of(picture)) == 0);
        if (extension == "png")
          CHECK(difference(ffmpeg_reading(path, picture), pixels_of(picture)) == 0);
      }
    }
  }
}

TEST_CASE("lossy formats come back near, in their exact size") {
  const TempFolder folder;
  for (const std::string& extension : kLossyOnes) {
    for (const Size size : kSizes) {
      for (const bool alpha : {false, true}) {
        if (alpha && !takes_alpha(extension)) continue;
        CAPTURE(extension);
        CAPTURE(size.width);
        CAPTURE(size.height);
        CAPTURE(alpha);
        const Picture picture = smooth(size, alpha);
        const fs::path path = folder / ("a." + extension);
        const File file = written(picture, path, {.overwrite = true});
        const cv::Mat expected = pixels_of(picture);
        CHECK(difference(our_reading(file), expected) <= kLossy);
        if (extension == "avif") continue;  // no other reader here
        CHECK(difference(opencv_reading(file), expected) <= kLossy);
        CHECK(difference(ffmpeg_reading(path, picture), expected) <= kLossy);
      }
    }
  }
}

TEST_CASE("lossy formats keep alpha near, JPEG and AVIF colour in full resolution") {
  const TempFolder folder;
  const Picture fading = smooth({120, 90}, true);
  for (const std::string extension : {"webp", "avif"}) {
    const cv::Mat read = our_reading(written(fading, folder / ("fading." + extension)));
    REQUIRE(read.channels() == 4);
    std::vector<cv::Mat> got;
    std::vector<cv::Mat> expected;
    cv::split(read, got);
    cv::split(pixels_of(fading), expected);
    CHECK(difference(got[3], expected[3]) <= (extension == std::string("webp") ? 0 : kLossy));
  }
  // Columns of red and blue: with halved chroma they would be one purple.
  const Picture columns = test::make_picture(
      kRgb8, {64, 64}, [](int c, int x, int) { return c == (x % 2 == 0 ? 0 : 2) ? 255 : 0; });
  for (const std::string extension : {"jpg", "avif"}) {
    const File file = written(columns, folder / ("columns." + extension), {.quality = 95});
    CHECK(difference(our_reading(file), pixels_of(columns)) <= 12);
  }
}

TEST_CASE("quality is what decides how large a lossy file becomes") {
  const TempFolder folder;
  const Picture picture = noise({64, 64});
  for (const std::string& extension : kLossyOnes) {
    CAPTURE(extension);
    const auto size_at = [&](std::optional<int> quality) {
      const fs::path path = folder / ("a." + extension);
      return written(picture, path, {.overwrite = true, .quality = quality}).size();
    };
    const int usual = extension == "jpg" ? 92 : extension == "webp" ? 90 : 75;
    CHECK(size_at(1) < size_at(50));
    CHECK(size_at(50) < size_at(100));
    CHECK(size_at({}) == size_at(usual));
    CHECK(size_at({}) != size_at(usual - 10));
  }
}

TEST_CASE("however it is cut into strips, the file is the same") {
  const TempFolder folder;
  for (const std::string& extension : kExtensions) {
    for (const Size size : {Size{257, 263}, Size{1, 300}, Size{600, 530}}) {
      CAPTURE(extension);
      CAPTURE(size.width);
      const Picture picture = noise(size, takes_alpha(extension));
      const File whole = written(picture, folder / ("whole." + extension), {.overwrite = true});
      for (const int rows : {1, 7, 64}) {
        CAPTURE(rows);
        CHECK(written_in_strips(picture, folder / ("strips." + extension), rows) == whole);
        fs::remove(folder / ("strips." + extension));
      }
    }
  }
}

TEST_CASE("packed pictures are written like planar ones") {
  const TempFolder folder;
  const Picture planar = noise({33, 17}, true);
  cv::Mat pixels = pixels_of(planar);
  Picture packed = planar;
  for (int c = 0; c < 4; ++c)
    packed.planes[static_cast<std::size_t>(c)] = {reinterpret_cast<std::byte*>(pixels.data) + c,
                                                  static_cast<std::ptrdiff_t>(pixels.step[0]), 4,
                                                  33, 17};
  CHECK(written(packed, folder / "packed.png") == written(planar, folder / "planar.png"));
}

/// Of the pixels that are there, not of an edge counted twice.
cv::Mat mean_of_blocks(const cv::Mat& full) {
  cv::Mat half((full.rows + 1) / 2, (full.cols + 1) / 2, full.type());
  const int channels = full.channels();
  for (int y = 0; y < half.rows; ++y) {
    for (int x = 0; x < half.cols; ++x) {
      std::vector<const std::uint8_t*> block;
      for (int dy = 0; dy < 2; ++dy)
        for (int dx = 0; dx < 2; ++dx)
          if (2 * y + dy < full.rows && 2 * x + dx < full.cols)
            block.push_back(full.ptr(2 * y + dy, 2 * x + dx));
      double alpha = 0;
      for (const std::uint8_t* p : block) alpha += channels == 4 ? p[3] : 1;
      for (int c = 0; c < channels; ++c) {
        double sum = 0;
        for (const std::uint8_t* p : block) sum += p[c] * (channels == 4 && c < 3 ? p[3] : 1);
        const double over = channels == 4 && c < 3 ? alpha : static_cast<double>(block.size());
        half.ptr(y, x)[c] = static_cast<std::uint8_t>(over == 0 ? 0 : std::floor(sum / over + 0.5));
      }
    }
  }
  return half;
}

TEST_CASE("a TIFF is tiled, its full picture first, then one of half the size after another") {
  const TempFolder folder;
  for (const bool alpha : {false, true}) {
    for (const Size size : {Size{1101, 777}, Size{3, 700}, Size{256, 256}, Size{257, 1}}) {
      CAPTURE(alpha);
      CAPTURE(size.width);
      const Picture picture = noise(size, alpha);
      if (alpha)  // a corner that nothing shows through
        for (int y = 0; y < std::min(100, size.height); ++y)
          std::fill_n(picture.alpha().row<std::uint8_t>(y), std::min(100, size.width),
                      std::uint8_t{0});
      const fs::path path = folder / "a.tif";
      written(picture, path, {.overwrite = true, .dpi = 300});
      const std::vector<Page> pages = read_pages(path);
      cv::Mat expected = pixels_of(picture);
      for (std::size_t i = 0; i < pages.size(); ++i) {
        CAPTURE(i);
        const Page& page = pages[i];
        CHECK(page.kind == (i == 0 ? 0U : static_cast<std::uint32_t>(FILETYPE_REDUCEDIMAGE)));
        CHECK(page.compression == COMPRESSION_ADOBE_DEFLATE);
        CHECK(page.predictor == PREDICTOR_HORIZONTAL);
        CHECK(page.tile_width == 256);
        CHECK(page.tile_height == 256);
        CHECK(page.extra == (alpha ? EXTRASAMPLE_UNASSALPHA : 0));
        CHECK(difference(page.pixels, expected) == 0);
        expected = mean_of_blocks(expected);
      }
      const Size last = pages.back().size();
      CHECK(std::max(last.width, last.height) <= 256);
      if (pages.size() > 1) {
        const Size before = pages[pages.size() - 2].size();
        CHECK(std::max(before.width, before.height) > 256);
      }
      CHECK(entries(folder) == 1);
    }
  }
}

TEST_CASE("TIFF becomes BigTIFF where 4 GB may not be enough") {
  CHECK_FALSE(images::needs_big_tiff({1, 1}, 4));
  // With its pyramid, four thirds of the samples.
  CHECK_FALSE(images::needs_big_tiff({256 * 100, 256 * 160}, 3));
  CHECK(images::needs_big_tiff({256 * 100, 256 * 170}, 3));
  CHECK(images::needs_big_tiff({256 * 100, 256 * 130}, 4));
  CHECK(images::needs_big_tiff({100'000, 100'000}, 4));

  const TempFolder folder;
  const auto version_of = [&](Size size) {
    const images::ImageWriter writer(folder / "a.tif", size, false, {});
    int version = 0;
    for (const auto& entry : fs::directory_iterator(folder.path())) {
      char header[4] = {};
      std::ifstream(entry.path(), std::ios::binary).read(header, 4);
      CHECK((header[0] == 'I' && header[1] == 'I'));
      version = std::max<int>(version, header[2]);
    }
    return version;
  };
  CHECK(version_of({1000, 1000}) == 42);
  CHECK(version_of({30'000, 60'000}) == 43);
  CHECK(entries(folder) == 0);
}

TEST_CASE("resolution is written where there is a place for it, and only when it is given") {
  const TempFolder folder;
  const Picture picture = smooth({20, 20});
  for (const double dpi : {0.0, 72.0, 300.0, 299.6}) {
    CAPTURE(dpi);
    const images::ImageWriteOptions options{.overwrite = true, .dpi = dpi};

    const File jpeg = written(picture, folder / "a.jpg", options);
    const int per_inch = static_cast<int>(std::lround(dpi));
    REQUIRE(std::string(jpeg.begin() + 6, jpeg.begin() + 10) == "JFIF");
    CHECK(jpeg[13] == (dpi > 0 ? 1 : 0));
    CHECK((jpeg[14] << 8 | jpeg[15]) == (dpi > 0 ? per_inch : 1));
    CHECK((jpeg[16] << 8 | jpeg[17]) == (dpi > 0 ? per_inch : 1));

    const File png = written(picture, folder / "a.png", options);
    const std::string type = "pHYs";
    const auto at = std::search(png.begin(), png.end(), type.begin(), type.end());
    CHECK((at != png.end()) == (dpi > 0));
    if (at != png.end()) {
      const int per_metre = at[4] << 24 | at[5] << 16 | at[6] << 8 | at[7];
      CHECK(per_metre == std::lround(dpi / 0.0254));
      CHECK(std::equal(at + 4, at + 8, at + 8));
      CHECK(at[12] == 1);
    }

    written(picture, folder / "a.tif", options);
    CHECK(read_pages(folder / "a.tif")[0].dpi == doctest::Approx(dpi));
    CHECK(written(picture, folder / "a.webp", options).size() > 0);
  }
}

TEST_CASE("a file appears when it is finished, or not at all") {
  const TempFolder folder;
  for (const std::string& extension : kExtensions) {
    CAPTURE(extension);
    const fs::path path = folder / ("a." + extension);
    const Picture picture = noise({600, 300});
    {
      images::ImageWriter writer(path, picture.size(), false, {});
      CHECK(entries(folder) >= 1);
    }
    CHECK(entries(folder) == 0);
    {
      images::ImageWriter writer(path, picture.size(), false, {});
      writer.write(rows_of(picture, 0, 290));
      CHECK_FALSE(fs::exists(path));
    }
    CHECK(entries(folder) == 0);
  }
}

TEST_CASE("an old file is replaced only when that is asked for") {
  const TempFolder folder;
  for (const std::string& extension : kExtensions) {
    CAPTURE(extension);
    const fs::path path = folder / ("a." + extension);
    const File old = written(smooth({10, 10}), path);
    const Refusal refused = refusal([&] { images::write_image(smooth({20, 20}), path, {}); });
    CHECK(refused.kind == ErrorKind::kCannotCreate);
    CHECK(refused.says("overwrite"));
    CHECK(images::read_file(path) == old);
    { const images::ImageWriter abandoned(path, {20, 20}, false, {.overwrite = true}); }
    CHECK(images::read_file(path) == old);
    CHECK(written(smooth({20, 20}), path, {.overwrite = true}) != old);
    fs::remove(path);
    CHECK(entries(folder) == 0);
  }
}

TEST_CASE("a full disk is told, with the system's reason, and nothing else is said") {
  const TempFolder folder;
  StandardError said(folder / "said");
  for (const std::string& extension : kExtensions) {
    CAPTURE(extension);
    const fs::path path = folder / ("full." + extension);
    fs::create_symlink("/dev/full", path);
    const Refusal refused = refusal([&] {
      images::write_image(noise({300, 300}), path, {.overwrite = true});
    });
    if (extension == "tif") {
      CHECK(refused.kind == ErrorKind::kUsage);
      CHECK(refused.says("device or FIFO"));
      CHECK(refused.says("PNG"));
    } else {
      CHECK(refused.kind == ErrorKind::kInputOutput);
      CHECK(refused.says("No space left on device"));
      CHECK(refused.says("make room"));
    }
    CHECK(fs::is_symlink(path));
  }
  CHECK(said.text() == "");
  CHECK(fs::is_character_file("/dev/full"));
}

/// No file of this process grows beyond so many bytes while it lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST_CASE("no more room in mid-picture, at any point, leaves nothing") {
  const TempFolder folder;
  const TempFolder elsewhere;
  const Picture picture = noise({600, 600});
  for (const std::string& extension : kExtensions) {
    CAPTURE(extension);
    const fs::path path = folder / ("a." + extension);
    const std::size_t whole = written(picture, path).size();
    fs::remove(path);
    for (const std::size_t room : {std::size_t{4}, whole / 4, whole / 2, whole - 1000, whole - 1}) {
      CAPTURE(room);
      StandardError said(elsewhere / "said");
      Refusal refused;
      {
        const FileSizeLimit limit(room);
        refused = refusal([&] { images::write_image(picture, path, {}); });
      }
      CHECK(said.text() == "");
      CHECK(refused.kind == ErrorKind::kInputOutput);
      CHECK(refused.says("File too large"));
      CHECK(entries(folder) == 0);
    }
  }
}

TEST_CASE("a FIFO is given the same bytes as a file") {
  const TempFolder folder;
  for (const std::string extension : {"jpg", "png", "webp", "avif"}) {
    CAPTURE(extension);
    const fs::path fifo = folder / ("fifo." + extension);
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    File read;
    std::thread reader([&] {
      std::ifstream file(fifo, std::ios::binary);
      read.assign(std::istreambuf_iterator<char>(file), {});
    });
    const Picture picture = noise({200, 300});
    CHECK(refusal([&] { images::write_image(picture, fifo, {}); }).what == "");
    reader.join();
    CHECK(read == written(picture, folder / ("file." + extension)));
    CHECK(fs::is_fifo(fifo));
  }
  REQUIRE(::mkfifo((folder / "fifo.tif").c_str(), 0600) == 0);
  CHECK(refusal([&] {
          images::write_image(noise({9, 9}), folder / "fifo.tif", {});
        }).kind == ErrorKind::kUsage);
}

/// The most memory the process has held since `reset`; nothing where the system does not tell.
class PeakMemory {
 public:
  static bool reset() {
    std::ofstream file("/proc/self/clear_refs");
    return static_cast<bool>(file << "5" << std::flush);
  }
  static std::uint64_t bytes() {
    std::ifstream status("/proc/self/status");
    const std::string key = "VmHWM:";
    for (std::string line; std::getline(status, line);)
      if (line.starts_with(key)) return std::stoull(line.substr(key.size())) * 1024;
    return 0;
  }
};

TEST_CASE("a picture larger than the memory it may take is written in strips") {
  constexpr Size kSize = {20'000, 3'000};
  constexpr std::uint64_t kMiB = 1 << 20;
  if (test::kSanitized || !PeakMemory::reset()) {
    MESSAGE("skipped: memory cannot be measured here");
    return;
  }
  const TempFolder folder;
  const Picture strip = smooth({kSize.width, 100});
  const std::vector<std::pair<std::string, std::uint64_t>> limits = {
      {"jpg", 8 * kMiB}, {"png", 8 * kMiB}, {"tif", 40 * kMiB}};
  for (const auto& [extension, limit] : limits) {
    CAPTURE(extension);
    PeakMemory::reset();
    const std::uint64_t before = PeakMemory::bytes();
    images::ImageWriter writer(folder / ("a." + extension), kSize, false, {});
    for (int y = 0; y < kSize.height; y += strip.height) writer.write(strip);
    writer.finish();
    CHECK(PeakMemory::bytes() - before < limit);
  }
}

}  // namespace
}  // namespace smalti

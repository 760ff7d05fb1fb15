#include "tiles/atlas.h"

#include <doctest/doctest.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/content_hash.h"
#include "images/image_loader.h"
#include "smalti/error.h"
#include "support/pictures.h"
#include "support/temp_folder.h"
#include "tiles/picture_cache.h"
#include "tiles/tile_renderer.h"

namespace smalti {
namespace {

using test::photo;

constexpr std::size_t kPlenty = 1 << 28;
constexpr PixelFormat kYuv420 = {ColorModel::kYuv, 8, 1, 1, false};

tiles::Tile tile_of(const cv::Mat& pixels, const Rect& crop) {
  const images::LoadedImage image = images::decode_image(test::png_file(pixels), "test");
  return {.id = {.hash_high = 0, .hash_low = 0, .crop = crop},
          .source = "test.png",
          .thumbnail = images::make_thumbnail(image.picture)};
}

tiles::TileSet set_of(std::vector<tiles::Tile> tiles) {
  tiles::TileSet set;
  set.tiles = std::move(tiles);
  return set;
}

tiles::TileSet numbered_set(int count) {
  std::vector<tiles::Tile> tiles;
  for (int i = 0; i < count; ++i) {
    const cv::Mat pixels(32, 24, CV_8UC3, cv::Scalar(i, 255 - i, i * 7 % 256));
    tiles.push_back(tile_of(pixels, {0, 0, 24, 32}));
  }
  return set_of(std::move(tiles));
}

// A tile of a real file, of the whole picture.
tiles::Tile tile_of_file(const std::filesystem::path& path) {
  const std::vector<std::uint8_t> bytes = images::read_file(path);
  const images::LoadedImage image = images::decode_image(bytes, "test", 128);
  tiles::Tile tile{.id = {}, .source = path, .thumbnail = images::make_thumbnail(image.picture)};
  const ContentHash hash = content_hash(bytes);
  const Picture small = images::decode_thumbnail(tile.thumbnail);
  tile.id = {
      .hash_high = hash.high, .hash_low = hash.low, .crop = {0, 0, small.width, small.height}};
  return tile;
}

double sample(const Picture& picture, std::size_t component, int x, int y) {
  const Plane& plane = picture.planes[component];
  return picture.format.depth > 8 ? plane.row<const std::uint16_t>(y)[x]
                                  : plane.row<const std::uint8_t>(y)[x];
}

/// The formulas of the standard in floating point, for one colour of 0 to 1 a component.
std::array<double, 3> textbook(const std::array<double, 3>& rgb, const PixelFormat& format,
                               const ColorTags& color) {
  const double top = std::ldexp(1, format.depth) - 1;
  if (format.model == ColorModel::kRgb) return {rgb[0] * top, rgb[1] * top, rgb[2] * top};
  double red = 0.2126;
  double blue = 0.0722;
  if (color.matrix == 5 || color.matrix == 6) red = 0.299, blue = 0.114;
  if (color.matrix == 9) red = 0.2627, blue = 0.0593;
  const double luma = red * rgb[0] + (1 - red - blue) * rgb[1] + blue * rgb[2];
  const double cb = (rgb[2] - luma) / (2 * (1 - blue));
  const double cr = (rgb[0] - luma) / (2 * (1 - red));
  const double step = std::ldexp(1, format.depth - 8);
  const double middle = 128 * step;
  if (color.full_range) {
    return {luma * top, std::min(top, cb * top + middle), std::min(top, cr * top + middle)};
  }
  return {(219 * luma + 16) * step, 224 * step * cb + middle, 224 * step * cr + middle};
}

/// The largest difference of any sample from the textbook's value for the mean of what it covers.
double largest_error(const cv::Mat& rgb, const PixelFormat& format, const ColorTags& color) {
  const Picture picture = tiles::TileRenderer(format, color).render(rgb);
  double worst = 0;
  for (std::size_t c = 0; c < static_cast<std::size_t>(format.color_components()); ++c) {
    const bool chroma = c > 0 && format.model == ColorModel::kYuv;
    const int across = chroma ? 1 << format.log2_chroma_width : 1;
    const int down = chroma ? 1 << format.log2_chroma_height : 1;
    const Plane& plane = picture.planes[c];
    for (int y = 0; y < plane.height; ++y) {
      for (int x = 0; x < plane.width; ++x) {
        const cv::Rect covered =
            cv::Rect(x * across, y * down, across, down) & cv::Rect(0, 0, rgb.cols, rgb.rows);
        const cv::Scalar mean = cv::mean(rgb(covered)) / 255;
        const auto expected = textbook({mean[0], mean[1], mean[2]}, format, color);
        worst = std::max(worst, std::abs(sample(picture, c, x, y) - expected[c]));
      }
    }
  }
  return worst;
}

TEST_CASE("colours are the standard's, rounded to the nearest code") {
  cv::Mat colors(45, 51, CV_8UC3);  // odd, so that chroma samples at the edges cover less
  cv::theRNG().state = 7;
  cv::randu(colors, 0, 256);
  int i = 0;
  for (const int r : {0, 255}) {
    for (const int g : {0, 255}) {
      for (const int b : {0, 255}) {
        colors(cv::Rect(4 * i++, 0, 4, 4)) = cv::Scalar(r, g, b);
      }
    }
  }
  for (const int depth : {8, 10, 12, 16}) {
    for (const bool full_range : {false, true}) {
      for (const int matrix : {1, 2, 5, 6, 9}) {
        const ColorTags color = {.matrix = static_cast<std::uint8_t>(matrix),
                                 .full_range = full_range};
        CAPTURE(depth);
        CAPTURE(full_range);
        CAPTURE(matrix);
        for (const auto& [wide, high] : {std::pair(0, 0), {1, 0}, {1, 1}, {2, 0}}) {
          const PixelFormat yuv = {ColorModel::kYuv, depth, wide, high, false};
          CHECK(largest_error(colors, yuv, color) <= 0.5001);
        }
        CHECK(largest_error(colors, {ColorModel::kGray, depth, 0, 0, false}, color) <= 0.5001);
      }
    }
    CHECK(largest_error(colors, {ColorModel::kRgb, depth, 0, 0, false}, {}) <= 0.5001);
  }
}

TEST_CASE("a matrix without luma weights is refused") {
  const tiles::TileSet set = numbered_set(1);
  constexpr std::uint8_t kYCgCo = 8;
  CHECK_THROWS_AS(tiles::Atlas(set, kYuv420, {.matrix = kYCgCo}, kPlenty), Error);
}

TEST_CASE("a tile shows its crop, scaled down or up") {
  const PixelFormat rgb = {ColorModel::kRgb, 8, 0, 0, false};
  const cv::Mat pixels = photo({128, 96});
  const Rect crop = {28, 0, 72, 96};
  const tiles::TileSet set = set_of({tile_of(pixels, crop)});
  tiles::Atlas atlas(set, rgb, {}, kPlenty);
  for (const Size size : {Size{12, 16}, Size{36, 48}, Size{72, 96}, Size{144, 192}}) {
    cv::Mat expected;
    cv::resize(pixels(cv::Rect(28, 0, 72, 96)), expected, {size.width, size.height}, 0, 0,
               cv::INTER_AREA);
    const auto tile = atlas.get(0, size);
    CHECK(tile->size() == size);
    CHECK(test::difference(test::pixels_of(*tile), expected) < 3);
  }
}

TEST_CASE("transparent parts show the mean colour of the crop") {
  // Left of the crop lies another colour, which must not count.
  cv::Mat pixels(64, 64, CV_8UC4, cv::Scalar(0, 0, 0, 0));
  pixels(cv::Rect(0, 0, 16, 64)) = cv::Scalar(0, 0, 255, 255);
  pixels(cv::Rect(16, 0, 24, 64)) = cv::Scalar(200, 100, 50, 255);
  const tiles::TileSet set = set_of({tile_of(pixels, {20, 0, 40, 64})});
  tiles::Atlas atlas(set, {ColorModel::kRgb, 8, 0, 0, false}, {}, kPlenty);
  const auto tile = atlas.get(0, {10, 16});
  const cv::Mat expected(16, 10, CV_8UC3, cv::Scalar(200, 100, 50));
  CHECK(test::difference(test::pixels_of(*tile), expected) < 5);
}

TEST_CASE("a tile that cannot be decoded is an error that names its source") {
  tiles::Tile broken = tile_of(photo({32, 32}), {0, 0, 32, 32});
  broken.thumbnail.resize(broken.thumbnail.size() / 2);
  const tiles::TileSet set = set_of({broken, tile_of(photo({32, 32}), {1, 0, 32, 32})});
  tiles::Atlas atlas(set, kYuv420, {}, kPlenty);
  for (const match::TileNumber number : {0, 1}) {
    try {
      atlas.get(number, {8, 8});
      FAIL_CHECK("it should have been refused");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::kBadInput);
      CHECK(std::string(error.what()).find("test.png") != std::string::npos);
    }
  }
}

TEST_CASE("a tile is rendered once, and stays with who holds it") {
  const tiles::TileSet set = numbered_set(3);
  tiles::Atlas atlas(set, kYuv420, {}, kPlenty);
  const auto first = atlas.get(0, {12, 16});
  CHECK(atlas.get(0, {12, 16}) == first);
  CHECK(atlas.get(0, {14, 16}) != first);
  CHECK(atlas.get(1, {12, 16}) != first);

  tiles::Atlas tiny(set, kYuv420, {}, 0);
  const auto held = tiny.get(0, {12, 16});
  CHECK(tiny.get(0, {12, 16}) != held);
  CHECK(sample(*held, 0, 3, 3) == sample(*first, 0, 3, 3));
}

tiles::PictureCache::Entry blank(int width) {
  return std::make_shared<const Picture>(Picture::allocate(kYuv420, {width, 16}, {}));
}

TEST_CASE("the cache keeps within its bytes and drops what was unused the longest") {
  const std::size_t one = picture_bytes(kYuv420, {16, 16});
  tiles::PictureCache cache(3 * one);
  const auto key = [](int tile) { return tiles::PictureCache::Key{tile, {16, 16}}; };
  for (int tile = 0; tile < 3; ++tile) cache.insert(key(tile), blank(16));
  CHECK(cache.bytes() == 3 * one);
  CHECK(cache.find(key(0)) != nullptr);
  cache.insert(key(3), blank(16));
  CHECK(cache.bytes() == 3 * one);
  CHECK(cache.find(key(1)) == nullptr);
  CHECK(cache.find(key(0)) != nullptr);
  CHECK(cache.find(key(2)) != nullptr);
  CHECK(cache.find(key(3)) != nullptr);

  const auto kept = cache.find(key(0));
  CHECK(cache.insert(key(0), blank(16)) == kept);
  CHECK(cache.bytes() == 3 * one);

  for (int tile = 0; tile < 1000; ++tile) cache.insert(key(tile), blank(16));
  CHECK(cache.bytes() == 3 * one);
  for (int tile = 997; tile < 1000; ++tile) CHECK(cache.find(key(tile)) != nullptr);
}

TEST_CASE("many threads get the right tiles, within little room") {
  constexpr int kTiles = 40;
  const tiles::TileSet set = numbered_set(kTiles);
  tiles::Atlas plenty(set, kYuv420, {}, kPlenty);
  tiles::Atlas scarce(set, kYuv420, {}, 10 * picture_bytes(kYuv420, {12, 16}));
  for (int tile = 0; tile < kTiles; ++tile) plenty.get(tile, {12, 16});
  std::atomic<int> wrong = 0;
  tbb::parallel_for(0, 4000, [&](int i) {
    const match::TileNumber tile = i * 17 % kTiles;
    const auto got = scarce.get(tile, {12, 16});
    if (sample(*got, 0, 5, 5) != sample(*plenty.get(tile, {12, 16}), 0, 5, 5)) ++wrong;
  });
  CHECK(wrong == 0);
}

TEST_CASE("getting what is there takes next to no time") {
  constexpr int kTiles = 200;
  constexpr int kGets = 3000;
  const tiles::TileSet set = numbered_set(kTiles);
  tiles::Atlas atlas(set, kYuv420, {}, kPlenty);
  for (int tile = 0; tile < kTiles; ++tile) atlas.get(tile, {12, 16});
  std::chrono::duration<double, std::milli> best = std::chrono::hours(1);
  for (int round = 0; round < 20; ++round) {
    const auto start = std::chrono::steady_clock::now();
    tbb::parallel_for(0, kGets, [&](int i) { atlas.get(i * 17 % kTiles, {12, 16}); });
    best = std::min<decltype(best)>(best, std::chrono::steady_clock::now() - start);
  }
  MESSAGE(kGets << " gets: " << best.count() << " ms");
  CHECK(best.count() < 10);  // loose: sanitizers and busy machines run this, too
}

TEST_CASE("a tile larger than its thumbnail is made of its file, as long as that is there") {
  const test::TempFolder folder;
  cv::Mat stripes(600, 800, CV_8UC3, cv::Scalar(0, 0, 0));
  for (int x = 0; x < stripes.cols; x += 4)
    stripes(cv::Rect(x, 0, 2, stripes.rows)).setTo(cv::Scalar(255, 255, 255));
  test::write_file(folder / "stripes.png", test::png_file(stripes));
  const tiles::TileSet tiles = set_of({tile_of_file(folder / "stripes.png")});
  const PixelFormat rgb{ColorModel::kRgb, 8, 0, 0, false};
  const auto contrast = [](const Picture& picture) {
    return sample(picture, 0, 400, 300) - sample(picture, 0, 402, 300);
  };

  tiles::Atlas atlas(tiles, rgb, {}, kPlenty);
  CHECK(contrast(*atlas.get(0, {800, 600})) == 255);
  CHECK(atlas.lost_sources().empty());
  // What fits the thumbnail comes from it, whatever has become of the file.
  stripes = 255 - stripes;
  test::write_file(folder / "stripes.png", test::png_file(stripes));
  tiles::Atlas later(tiles, rgb, {}, kPlenty);
  later.get(0, {128, 96});
  CHECK(later.lost_sources().empty());
  CHECK(std::abs(contrast(*later.get(0, {800, 600}))) < 40);
  REQUIRE(later.lost_sources().size() == 1);
  CHECK(later.lost_sources().at(0).find("not the file any more") != std::string::npos);

  std::filesystem::remove(folder / "stripes.png");
  tiles::Atlas gone(tiles, rgb, {}, kPlenty);
  gone.get(0, {800, 600});
  gone.get(0, {801, 600});
  CHECK(gone.lost_sources().size() == 1);
}

}  // namespace
}  // namespace smalti

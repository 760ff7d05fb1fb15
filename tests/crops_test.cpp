#include "tiles/crops.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <set>

#include "images/image_loader.h"
#include "library/ingest.h"
#include "smalti/crop_options.h"
#include "smalti/error.h"
#include "support/pictures.h"
#include "support/program.h"
#include "support/synthetic.h"
#include "support/temp_folder.h"
#include "tiles/atlas.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;

// Tiles of picture files, cropped anew.
class Shop {
 public:
  void add(const std::string& name, const cv::Mat& rgb) {
    test::write_file(folder_ / name, test::png_file(rgb));
  }
  tiles::TileSet tiles(Aspect aspect, const CropOptions& options) const {
    return tiles::crop_anew(library::load_tiles({folder_.path()}, aspect, {}).tiles, aspect,
                            options, {});
  }

 private:
  test::TempFolder folder_;
};

cv::Mat rendered(const tiles::TileSet& set, match::TileNumber tile, Size size) {
  tiles::Atlas atlas(set, test::kRgb8, {}, 1 << 24);
  return test::pixels_of(*atlas.get(tile, size)).clone();
}

TEST_CASE("a wide picture gives windows from edge to edge") {
  Shop shop;
  shop.add("wide.png", test::photo({1280, 720}));
  CropOptions options;
  options.count = 2;
  const tiles::TileSet two = shop.tiles({1, 1}, options);
  REQUIRE(two.size() == 2);
  CHECK(two.tiles[0].id.crop == Rect{0, 0, 72, 72});
  CHECK(two.tiles[1].id.crop == Rect{56, 0, 72, 72});
  options.count = 3;
  const tiles::TileSet three = shop.tiles({1, 1}, options);
  CHECK(three.tiles[1].id.crop == Rect{28, 0, 72, 72});
  CHECK(shop.tiles({16, 9}, options).size() == 1);  // nothing is left out, so one is all
}

TEST_CASE("windows that leave room stand in the middle of their shares") {
  Shop shop;
  shop.add("panorama.png", test::photo({1280, 160}));
  CropOptions options;
  options.count = 2;
  const tiles::TileSet two = shop.tiles({1, 1}, options);
  REQUIRE(two.size() == 2);
  CHECK(two.tiles[0].id.crop == Rect{24, 0, 16, 16});
  CHECK(two.tiles[1].id.crop == Rect{88, 0, 16, 16});
}

TEST_CASE("mirrored tiles are the mirror of the others, as described and as shown") {
  Shop shop;
  shop.add("a.png", test::photo({300, 400}));
  CropOptions options;
  options.flip = true;
  const tiles::TileSet set = shop.tiles({3, 4}, options);
  REQUIRE(set.size() == 2);
  CHECK_FALSE(set.tiles[0].id.mirrored);
  CHECK(set.tiles[1].id.mirrored);
  for (std::size_t b = 0; b < match::kBlocks; ++b) {
    const std::size_t other = b / 4 * 4 + 3 - b % 4;
    for (std::size_t c = 0; c < 3; ++c)
      CHECK(std::abs(set.descriptors[0][b * 3 + c] - set.descriptors[1][other * 3 + c]) <= 1);
  }
  for (const Size size : {Size{60, 80}, Size{240, 320}}) {  // from the thumbnail, from the file
    cv::Mat mirror;
    cv::flip(rendered(set, 0, size), mirror, 1);
    CHECK(test::difference(rendered(set, 1, size), mirror) < 0.5);
  }
}

TEST_CASE("a fitted picture is seen whole, on its own mean colour") {
  Shop shop;
  cv::Mat picture(100, 300, CV_8UC3, cv::Scalar(200, 50, 50));
  picture(cv::Rect(0, 0, 20, 100)).setTo(cv::Scalar(0, 0, 255));
  picture(cv::Rect(280, 0, 20, 100)).setTo(cv::Scalar(0, 255, 0));
  shop.add("flag.png", picture);
  CropOptions options;
  options.kind = CropKind::kFit;
  const tiles::TileSet set = shop.tiles({1, 1}, options);
  for (const Size size : {Size{90, 90}, Size{300, 300}}) {
    const cv::Mat tile = rendered(set, 0, size);
    const int middle = size.height / 2;
    const auto near = [&](int x, int y, const cv::Vec3i& color) {
      CHECK(cv::norm(cv::Vec3i(tile.at<cv::Vec3b>(y, x)) - color) < 40);
    };
    near(size.width / 60, middle, {0, 0, 255});
    near(size.width - 1 - size.width / 60, middle, {0, 255, 0});
    near(middle, middle, {200, 50, 50});
    const cv::Scalar mean = cv::mean(picture);
    near(middle, 2,
         {static_cast<int>(mean[0]), static_cast<int>(mean[1]), static_cast<int>(mean[2])});
  }
}

TEST_CASE("attention goes where something is to be seen") {
  Shop shop;
  cv::Mat picture(200, 600, CV_8UC3, cv::Scalar(120, 120, 120));
  for (int x = 460; x < 560; x += 10)
    picture(cv::Rect(x, 40, 5, 120)).setTo(cv::Scalar(250, 250, 250));
  shop.add("right.png", picture);
  CropOptions options;
  options.kind = CropKind::kAttention;
  const Rect crop = shop.tiles({1, 1}, options).tiles[0].id.crop;
  const double scale = 600.0 / 128;
  CHECK(crop.x * scale <= 460);
  CHECK((crop.x + crop.width) * scale >= 555);
}

TEST_CASE("no face is cut off") {
  const auto media = test::media_folder("faces");
  if (!media) return;
  cv::CascadeClassifier cascade(
      "/usr/share/opencv4/haarcascades/haarcascade_frontalface_default.xml");
  REQUIRE_FALSE(cascade.empty());
  CropOptions options;
  options.kind = CropKind::kAttention;
  // All of them where that is quick.
  const fs::path folder = test::kSanitized ? *media / "person-03" : *media;
  const std::size_t count = test::kSanitized ? 20 : 120;
  for (const Aspect aspect : {Aspect{3, 4}, Aspect{1, 1}}) {
    const tiles::TileSet set =
        tiles::crop_anew(library::load_tiles({folder}, aspect, {}).tiles, aspect, options, {});
    CHECK(set.size() == count);
    std::size_t faces = 0;
    for (const tiles::Tile& tile : set.tiles) {
      const cv::Mat rgb = test::pixels_of(
          images::decode_image(images::read_file(tile.source), tile.source.string()).picture);
      cv::Mat gray;
      cv::cvtColor(rgb, gray, cv::COLOR_RGB2GRAY);
      std::vector<cv::Rect> found;
      cascade.detectMultiScale(gray, found);
      if (found.empty()) continue;
      ++faces;
      const cv::Rect face = *std::max_element(
          found.begin(), found.end(),
          [](const cv::Rect& a, const cv::Rect& b) { return a.area() < b.area(); });
      const double scale =
          static_cast<double>(rgb.cols) / images::decode_thumbnail(tiles::thumbnail_of(tile)).width;
      const Rect& crop = tile.id.crop;
      CAPTURE(tile.source.string());
      CHECK(crop.x * scale <= face.x);
      CHECK(crop.y * scale <= face.y);
      CHECK((crop.x + crop.width) * scale >= face.br().x);
      CHECK((crop.y + crop.height) * scale >= face.br().y);
    }
    CHECK(faces > count * 8 / 10);
  }
}

TEST_CASE("of tiles that look nearly alike, the first is kept") {
  Shop shop;
  const cv::Mat photo = test::photo({300, 400});
  shop.add("a.png", photo);
  shop.add("b.png", photo + cv::Scalar(2, 2, 2));              // the next of a burst
  shop.add("c.png", photo(cv::Rect(2, 2, 296, 396)).clone());  // a little moved
  shop.add("d.png", cv::Scalar(255, 255, 255) - photo);        // another picture
  CropOptions options;
  CHECK(shop.tiles({3, 4}, options).size() == 4);
  options.distinct = true;
  CHECK(shop.tiles({3, 4}, options).size() == 2);
}

TEST_CASE("crops that contradict each other are refused") {
  Shop shop;
  shop.add("a.png", test::photo({30, 40}));
  CropOptions options;
  options.count = 0;
  CHECK_THROWS_AS(shop.tiles({3, 4}, options), Error);
  options.count = 2;
  options.kind = CropKind::kFit;
  CHECK_THROWS_AS(shop.tiles({3, 4}, options), Error);
}

}  // namespace
}  // namespace smalti

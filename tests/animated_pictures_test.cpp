// Animated GIF, APNG and WebP files as tiles.

#include <doctest/doctest.h>

#include <opencv2/imgproc.hpp>
#include <random>
#include <set>

#include "images/animation.h"
#include "images/image_loader.h"
#include "library/tile_library.h"
#include "smalti/error.h"
#include "smalti/tile_library.h"
#include "support/animated_files.h"
#include "support/animations.h"
#include "support/libraries.h"
#include "support/synthetic.h"
#include "support/temp_folder.h"
#include "tiles/atlas.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::After;
using test::AnimationPart;
using test::difference;
using test::differing_parts;
using test::File;
using test::same_tiles;
using test::TempFolder;
using test::write_file;

constexpr Aspect kAspect = {3, 4};
constexpr Size kSize = {6, 4};

const cv::Scalar kRed(255, 0, 0, 255);
const cv::Scalar kGreen(0, 255, 0, 255);
const cv::Scalar kBlue(0, 0, 255, 255);
const cv::Scalar kNothing(0, 0, 0, 0);

cv::Mat filled(const cv::Scalar& color, cv::Size size = {6, 4}) { return {size, CV_8UC4, color}; }

std::vector<images::AnimationPicture> pictures_of(const File& file) {
  std::vector<images::AnimationPicture> pictures;
  const auto reader = images::open_animation(file, {});
  REQUIRE(reader);
  while (auto picture = reader->next()) pictures.push_back(std::move(*picture));
  return pictures;
}

TEST_CASE("parts of an animation are put together as they are seen") {
  // A red picture, a green part that goes away again, a blue one that leaves a hole, nothing new.
  cv::Mat dot = filled(kNothing, {2, 2});
  dot.at<cv::Vec4b>(0, 0) = {0, 0, 255, 255};
  const std::vector<AnimationPart> parts = {{filled(kRed)},
                                            {filled(kGreen, {3, 2}), {1, 1}, 50, After::kRestore},
                                            {filled(kBlue, {2, 2}), {4, 2}, 30, After::kClear},
                                            {dot, {0, 0}, 10}};
  std::vector<cv::Mat> expected = {filled(kRed), filled(kRed), filled(kRed), filled(kRed)};
  expected[1](cv::Rect(1, 1, 3, 2)).setTo(kGreen);
  expected[2](cv::Rect(4, 2, 2, 2)).setTo(kBlue);
  expected[3](cv::Rect(4, 2, 2, 2)).setTo(kNothing);
  expected[3].at<cv::Vec4b>(0, 0) = {0, 0, 255, 255};
  for (const File& file : {test::gif_file(kSize, parts), test::gif_file(kSize, parts, true),
                           test::apng_file(kSize, parts)}) {
    const auto pictures = pictures_of(file);
    REQUIRE(pictures.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
      CAPTURE(i);
      cv::Mat rgba = pictures[i].pixels;
      if (rgba.channels() == 3) cv::cvtColor(rgba, rgba, cv::COLOR_RGB2RGBA);
      CHECK(difference(rgba, expected[i]) == 0);
    }
    CHECK(pictures[1].timestamp_us == 100'000);
    CHECK(pictures[2].timestamp_us == 150'000);
    CHECK(pictures[3].timestamp_us == 180'000);
  }
}

TEST_CASE("a part may reach beyond the edges, and half-transparent ones are laid over") {
  const std::vector<AnimationPart> beyond = {{filled(kRed)}, {filled(kGreen), {4, 3}}};
  cv::Mat expected = filled(kRed);
  expected(cv::Rect(4, 3, 2, 1)).setTo(kGreen);
  CHECK(difference(pictures_of(test::gif_file(kSize, beyond)).at(1).pixels, expected) == 0);

  const std::vector<AnimationPart> over = {{filled(kRed)}, {filled(cv::Scalar(0, 0, 255, 128))}};
  const cv::Mat mixed = pictures_of(test::apng_file(kSize, over)).at(1).pixels;
  CHECK(difference(mixed, filled(cv::Scalar(127, 0, 128, 255))) < 1);
}

TEST_CASE("a still before the animation counts as its first picture") {
  const File file = test::apng_file(kSize, differing_parts(3, kSize), filled(kGreen));
  const auto pictures = pictures_of(file);
  REQUIRE(pictures.size() == 4);
  const images::LoadedImage image = images::decode_image(file, "test");
  CHECK(image.animated);
  CHECK(test::pixels_of(image.picture).at<cv::Vec3b>(0, 0) == cv::Vec3b(0, 255, 0));
}

TEST_CASE("the first picture is what the file is as a still, the others come by their times") {
  const auto parts = differing_parts(5, {60, 40});
  for (const File& file : {test::gif_file({60, 40}, parts), test::apng_file({60, 40}, parts),
                           test::webp_animation(parts)}) {
    CHECK(images::decode_image(file, "test").animated);
    for (int i = 0; i < 5; ++i) {
      cv::Mat rgb;
      cv::cvtColor(parts[static_cast<std::size_t>(i)].rgba, rgb, cv::COLOR_RGBA2RGB);
      const images::LoadedImage image = images::load_image_at(file, 100'000 * i, {});
      CHECK(difference(test::pixels_of(image.picture), rgb) == 0);
    }
    CHECK_THROWS_AS(images::load_image_at(file, 1, {}), images::BadPicture);
  }
  const File still = test::gif_file({60, 40}, {parts.front()});
  CHECK_FALSE(images::decode_image(still, "test").animated);
}

TEST_CASE("real animations are seen as ffmpeg and libwebp see them") {
  const auto media = test::media_folder("image");
  if (!media) return;
  for (const char* name : {"animated-alpha.gif", "../video/newtonscradle.gif", "apng-ball.png",
                           "animated-loop-3.webp"}) {
    CAPTURE(name);
    const auto shown = test::shown_frames(*media / name);
    const auto pictures = pictures_of(images::read_file(*media / name));
    REQUIRE(pictures.size() == shown.size());
    CHECK(pictures.size() > 5);
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      const cv::Mat& pixels = pictures[i].pixels;
      REQUIRE(pixels.size() == shown[i].pixels.size());
      cv::Mat rgb = pixels;
      cv::Mat opaque(pixels.size(), CV_8U, cv::Scalar(255));
      if (pixels.channels() == 4) {
        cv::cvtColor(pixels, rgb, cv::COLOR_RGBA2RGB);
        cv::extractChannel(pixels, opaque, 3);
      }
      CHECK(cv::norm(rgb, shown[i].pixels, cv::NORM_INF, opaque == 255) <= 1);
    }
  }
}

TEST_CASE("no damage to an animation crashes its reader") {
  const auto parts = differing_parts(4, {40, 30});
  std::mt19937 random(3);
  for (const File& file : {test::gif_file({40, 30}, parts), test::gif_file({40, 30}, parts, true),
                           test::apng_file({40, 30}, parts), test::webp_animation(parts)}) {
    for (int round = 0; round < 300; ++round) {
      File damaged = file;
      for (int i = 0; i < 1 + round % 4; ++i)
        damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
      if (round % 3 == 0) damaged.resize(random() % damaged.size());
      try {
        const auto reader = images::open_animation(damaged, {.max_pixels = 1'000'000});
        while (reader && reader->next()) continue;
      } catch (const images::BadPicture& bad) {
        CHECK_FALSE(std::string(bad.what()).empty());
      }
    }
  }
}

TEST_CASE("a part of a GIF that is larger than its canvas counts as the canvas does") {
  const auto refusal = [](const File& gif) -> std::string {
    try {
      const auto reader = images::open_animation(gif, {.max_pixels = 9'999});
      while (reader->next()) continue;
      return {};
    } catch (const images::BadPicture& bad) {
      return bad.what();
    }
  };
  const auto small = differing_parts(1, {10, 10}).front();
  const auto large = differing_parts(1, {100, 100}).front();
  CHECK(refusal(test::gif_file({10, 10}, {small, small})).empty());
  CHECK(refusal(test::gif_file({10, 10}, {large})).starts_with("claims 100 x 100 pixels"));
  CHECK(refusal(test::gif_file({10, 10}, {small, large})).starts_with("claims 100 x 100 pixels"));
}

TEST_CASE("an APNG whose first picture lies elsewhere than the still is broken") {
  auto parts = differing_parts(2, {10, 8});
  CHECK(images::open_animation(test::apng_file({10, 8}, parts), {}) != nullptr);
  parts[0].at = {3, 0};
  const File astray = test::apng_file({10, 8}, parts);
  CHECK_THROWS_WITH_AS(images::open_animation(astray, {}),
                       "broken APNG: its first picture does not fill it", images::BadPicture);
}

struct Shop {
  TempFolder folder;
  Shop() {
    const auto parts = differing_parts(7, {60, 80});
    write_file(folder / "photos/a.gif", test::gif_file({60, 80}, parts));
    write_file(folder / "photos/the same.gif", test::gif_file({60, 80}, parts));
    write_file(folder / "photos/b.png", test::apng_file({60, 80}, differing_parts(5, {60, 80})));
    write_file(folder / "photos/c.webp", test::webp_animation(differing_parts(4, {60, 80})));
    write_file(folder / "photos/still.gif", test::gif_file({60, 80}, {parts.back()}));
  }
  fs::path photos() const { return folder / "photos"; }
  fs::path library() const { return folder / "tiles"; }
  BuildSummary build(bool all_frames) const {
    return library::build_library(library(), {photos()},
                                  {.aspect = {}, .open_video = {}, .all_frames = all_frames}, {});
  }
};

library::IngestResult load(const fs::path& source, bool all_frames, const fs::path& cache = {},
                           const Events& events = {}) {
  library::TileOptions options;
  options.all_frames = all_frames;
  if (!cache.empty()) options.cache = cache;
  return library::load_tiles({source}, kAspect, events, options);
}

TEST_CASE("an animation is one tile, or one for each of its pictures") {
  const Shop shop;
  const library::IngestResult one = load(shop.photos(), false);
  CHECK(one.tiles.size() == 4);
  CHECK(one.duplicates == 1);
  const library::IngestResult all = load(shop.photos(), true);
  CHECK(all.tiles.size() == 7 + 5 + 4 + 1);
  CHECK(all.skipped.empty());
  std::set<std::vector<std::uint8_t>> thumbnails;
  for (const tiles::Tile& tile : all.tiles.tiles) thumbnails.insert(tiles::thumbnail_of(tile));
  CHECK(thumbnails.size() == 16);  // the still is one of the others
  // The one tile is the same as among all.
  for (const tiles::Tile& tile : one.tiles.tiles)
    CHECK(
        std::any_of(all.tiles.tiles.begin(), all.tiles.tiles.end(), [&](const tiles::Tile& other) {
          return other.id == tile.id && tiles::thumbnail_of(other) == tiles::thumbnail_of(tile);
        }));
}

TEST_CASE("folder, cache and library give the same pictures of animations, in whatever order") {
  const Shop shop;
  const tiles::TileSet one = load(shop.photos(), false).tiles;
  const tiles::TileSet all = load(shop.photos(), true).tiles;
  for (const bool frames : {false, true, false, true})
    CHECK(same_tiles(load(shop.photos(), frames, shop.folder / "cache").tiles, frames ? all : one));
  const std::size_t decoded = shop.build(false).decoded;
  CHECK((decoded == 4 || decoded == 5));  // two of the same, at the same time or not
  CHECK(same_tiles(load(shop.library(), false).tiles, one));
  const std::size_t again = shop.build(true).decoded;
  CHECK((again == 3 || again == 4));  // the still has no more
  CHECK(same_tiles(load(shop.library(), true).tiles, all));
  CHECK(same_tiles(load(shop.library(), false).tiles, one));
  CHECK(shop.build(true).decoded == 0);
  CHECK(shop.build(false).decoded == 0);  // what is there stays
  CHECK(same_tiles(load(shop.library(), true).tiles, all));
  CHECK(check_library(shop.library()).complaints.empty());
}

TEST_CASE("who wants all pictures is told when a library has but the first") {
  const Shop shop;
  shop.build(false);
  std::vector<std::string> warnings;
  Events events;
  events.warn = [&](const std::string& line) { warnings.push_back(line); };
  load(shop.library(), false, {}, events);
  CHECK(warnings.empty());
  load(shop.library(), true, {}, events);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].find("the first picture of 4 animations") != std::string::npos);
  shop.build(true);
  load(shop.library(), true, {}, events);
  CHECK(warnings.size() == 1);
}

TEST_CASE("lost pictures of an animation are noticed, and made anew") {
  const Shop shop;
  const tiles::TileSet all = load(shop.photos(), true).tiles;
  for (const char* harm : {"timestamp_us = 0", "timestamp_us = 300000"}) {
    fs::remove(shop.library());
    shop.build(true);
    test::run_sql(shop.library(), std::string("DELETE FROM picture WHERE ") + harm);
    CHECK_THROWS_AS(load(shop.library(), false), Error);
    repair_library(shop.library());
    CHECK(check_library(shop.library()).complaints.empty());
    shop.build(true);
    CHECK(same_tiles(load(shop.library(), true).tiles, all));
  }
}

TEST_CASE("what comes before damage in an animation is used") {
  const TempFolder folder;
  const File whole = test::gif_file({60, 80}, differing_parts(6, {60, 80}));
  write_file(folder / "cut.gif",
             {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() * 6 / 10)});
  std::vector<std::string> warnings;
  Events events;
  events.warn = [&](const std::string& line) { warnings.push_back(line); };
  CHECK(load(folder.path(), true, {}, events).tiles.size() == 3);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].find("damaged") != std::string::npos);
}

TEST_CASE("a large cell shows its own picture of the animation") {
  const TempFolder folder;
  const auto parts = differing_parts(4, {300, 400});
  write_file(folder / "a.gif", test::gif_file({300, 400}, parts));
  const tiles::TileSet set = load(folder.path(), true).tiles;
  REQUIRE(set.size() == 4);
  tiles::Atlas atlas(set, test::kRgb8, {}, 1 << 24);
  for (int i = 0; i < 4; ++i) {
    cv::Mat rgb;
    cv::cvtColor(parts[static_cast<std::size_t>(i)].rgba, rgb, cv::COLOR_RGBA2RGB);
    CHECK(difference(test::pixels_of(*atlas.get(i, {300, 400})), rgb) < 1);
  }
  CHECK(atlas.lost_sources().empty());
}

}  // namespace
}  // namespace smalti

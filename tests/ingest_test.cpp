#include "library/ingest.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <tbb/global_control.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <set>

#include "images/image_loader.h"
#include "smalti/error.h"
#include "smalti/skipped_file.h"
#include "support/pictures.h"
#include "support/temp_folder.h"
#include "tiles/crops.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::File;
using test::photo;
using test::TempFolder;
using test::write_file;

constexpr Aspect kAspect = {3, 4};

/// A picture file like no other of another number.
File picture_file(int number) { return test::png_file(photo({40 + number, 30})); }

library::IngestResult load(const fs::path& source) {
  return library::load_tiles({source}, kAspect, {});
}

/// Source names within the folder, in order.
std::vector<std::string> names(const library::IngestResult& result, const fs::path& folder) {
  std::vector<std::string> found;
  for (const tiles::Tile& tile : result.tiles.tiles) {
    found.push_back(tile.source.lexically_relative(folder).native());
  }
  std::sort(found.begin(), found.end());
  return found;
}

bool same_tiles(const tiles::TileSet& a, const tiles::TileSet& b) {
  return a.descriptors == b.descriptors &&
         std::equal(a.tiles.begin(), a.tiles.end(), b.tiles.begin(), b.tiles.end(),
                    [](const tiles::Tile& x, const tiles::Tile& y) {
                      return x.id == y.id && x.source == y.source && x.thumbnail == y.thumbnail;
                    });
}

Error failure(const std::vector<fs::path>& sources) {
  try {
    library::load_tiles(sources, kAspect, {});
  } catch (const Error& error) {
    return error;
  }
  FAIL("it should have failed");
  return Error(ErrorKind::kFailure, "");
}

using Names = std::vector<std::string>;

TEST_CASE("a tile is the thumbnail, its crop, and the description of that") {
  const TempFolder folder;
  write_file(folder / "a.png", test::png_file(photo({400, 300})));
  const library::IngestResult result = load(folder.path());
  REQUIRE(result.tiles.size() == 1);
  const tiles::Tile& tile = result.tiles.tiles[0];
  const Picture shown = images::decode_thumbnail(tile.thumbnail);
  CHECK(shown.size() == Size{128, 96});
  CHECK(tile.id.crop == Rect{28, 0, 72, 96});
  CHECK(tile.id.timestamp_us == 0);
  CHECK(result.tiles.descriptors == match::describe(shown, tile.id.crop));
}

TEST_CASE("folders are read recursively, by content, whatever the names") {
  const TempFolder folder;
  fs::create_directories(folder / "deep/er");
  const Names odd_names = {" ", "deep/er/no extension", "deep/wrong.jpg", "new\nline.png",
                           "not utf-8 \xFF.png"};
  int number = 0;
  for (const std::string& name : odd_names) write_file(folder / name, picture_file(number++));
  write_file(folder / "README.md", {'h', 'i'});
  const library::IngestResult result = load(folder.path());
  CHECK(names(result, folder.path()) == odd_names);
  CHECK(result.skipped.empty());
}

TEST_CASE("what is hidden inside a folder stays out") {
  const TempFolder folder;
  fs::create_directories(folder / ".thumbnails");
  write_file(folder / "seen.png", picture_file(0));
  write_file(folder / ".DS_Store", {0, 0, 0, 1});
  write_file(folder / "._seen.png", picture_file(1));
  write_file(folder / ".thumbnails/a.png", picture_file(2));
  CHECK(names(load(folder.path()), folder.path()) == Names{"seen.png"});
  // Who names it means it.
  CHECK(load(folder / ".thumbnails").tiles.size() == 1);
  CHECK(load(folder / "._seen.png").tiles.size() == 1);
}

TEST_CASE("links are followed, and loops of them end") {
  const TempFolder folder;
  fs::create_directories(folder / "a/b");
  write_file(folder / "a/b/one.png", picture_file(0));
  write_file(folder / "two.png", picture_file(1));
  fs::create_directory_symlink("../..", folder / "a/b/up");
  fs::create_directory_symlink(".", folder / "self");
  fs::create_symlink("loop", folder / "loop");
  fs::create_symlink("nowhere", folder / "broken.png");
  const library::IngestResult result = load(folder.path());
  CHECK(names(result, folder.path()) == Names{"a/b/one.png", "two.png"});
  CHECK(result.duplicates == 0);
  CHECK(result.skipped.size() == 2);

  const TempFolder other;
  fs::create_directory_symlink(folder / "a", other / "linked");
  CHECK(names(load(other.path()), other.path()).size() == 2);
}

TEST_CASE("files with the same bytes are one tile, under the first of their paths") {
  const TempFolder folder;
  for (const char* name : {"c.png", "a.png", "b.png"}) write_file(folder / name, picture_file(0));
  write_file(folder / "other.png", picture_file(1));
  const library::IngestResult result = load(folder.path());
  CHECK(names(result, folder.path()) == Names{"a.png", "other.png"});
  CHECK(result.duplicates == 2);
  // One file reached in two ways is no duplicate.
  const library::IngestResult twice =
      library::load_tiles({folder.path(), folder / "a.png"}, kAspect, {});
  CHECK(twice.duplicates == 2);
}

TEST_CASE("what is meant as a picture and is none is listed with its reason") {
  const TempFolder folder;
  const File good = test::jpeg_file(photo({300, 200}));
  write_file(folder / "good.jpg", good);
  write_file(folder / "cut.jpg", {good.begin(), good.begin() + 2000});
  write_file(folder / "empty.JPG", {});
  write_file(folder / "page.jpg", {'<', 'h', 't', 'm', 'l', '>'});
  write_file(folder / "notes.txt", {'h', 'i'});
  write_file(folder / "glass.png",
             test::png_file(cv::Mat(50, 50, CV_8UC4, cv::Scalar(1, 2, 3, 0))));
  const library::IngestResult result = load(folder.path());
  CHECK(names(result, folder.path()) == Names{"good.jpg"});
  std::vector<std::pair<std::string, std::string>> skipped;
  for (const SkippedFile& file : result.skipped) {
    skipped.emplace_back(file.path.filename().native(), file.reason);
  }
  CHECK(skipped ==
        decltype(skipped){
            {"cut.jpg", "breaks off in mid-picture"},
            {"empty.JPG", "zero bytes"},
            {"glass.png", "wholly transparent"},
            {"page.jpg", "no picture: none of JPEG, PNG, WebP, GIF, TIFF, BMP, HEIC and AVIF"}});
  // A file that the user names is meant.
  CHECK(library::load_tiles({folder / "good.jpg", folder / "notes.txt"}, kAspect, {})
            .skipped.size() == 1);
}

TEST_CASE("a FIFO keeps nobody waiting") {
  const TempFolder folder;
  write_file(folder / "a.png", picture_file(0));
  REQUIRE(::mkfifo((folder / "pipe.png").c_str(), 0600) == 0);
  CHECK(load(folder.path()).tiles.size() == 1);
  CHECK(library::load_tiles({folder / "a.png", folder / "pipe.png"}, kAspect, {}).skipped.size() ==
        1);
}

TEST_CASE("errors name the source and say what is wrong") {
  const TempFolder folder;
  const Error absent = failure({folder / "photos"});
  CHECK(absent.kind() == ErrorKind::kMissingInput);
  CHECK(absent.what() ==
        "cannot read tiles from '" + (folder / "photos").native() + "': no such file or folder");

  CHECK(failure({folder.path()}).kind() == ErrorKind::kBadInput);
  for (const char* name : {"a.jpg", "b.jpg", "c.jpg", "d.jpg"}) write_file(folder / name, {});
  const Error none = failure({folder.path()});
  CHECK(none.kind() == ErrorKind::kBadInput);
  CHECK(none.what() == "no usable tile in '" + folder.path().native() +
                           "': 4 files looked at, 4 skipped (a.jpg: zero bytes; b.jpg: zero "
                           "bytes; c.jpg: zero bytes; ...)");
}

TEST_CASE("the result depends neither on the order of sources nor on threads") {
  const TempFolder folder;
  std::vector<fs::path> files;
  for (int i = 0; i < 30; ++i) {
    files.push_back(folder / ("tile" + std::to_string(i)));
    write_file(files.back(), picture_file(i % 20));
  }
  const library::IngestResult forwards = library::load_tiles(files, kAspect, {});
  std::reverse(files.begin(), files.end());
  const library::IngestResult backwards = library::load_tiles(files, kAspect, {});
  const tbb::global_control one_thread(tbb::global_control::max_allowed_parallelism, 1);
  const library::IngestResult alone = library::load_tiles({folder.path()}, kAspect, {});
  CHECK(forwards.tiles.size() == 20);
  CHECK(forwards.duplicates == 10);
  CHECK(same_tiles(forwards.tiles, backwards.tiles));
  CHECK(same_tiles(forwards.tiles, alone.tiles));
  const auto by_id = [](const tiles::Tile& a, const tiles::Tile& b) { return a.id < b.id; };
  CHECK(std::is_sorted(alone.tiles.tiles.begin(), alone.tiles.tiles.end(), by_id));
}

TEST_CASE("progress counts every file, one report at a time") {
  const TempFolder folder;
  for (int i = 0; i < 20; ++i) write_file(folder / std::to_string(i), picture_file(i));
  std::vector<std::uint64_t> done;
  Events events;
  events.progress = [&](const Progress& progress) {
    CHECK(progress.phase == Progress::Phase::kTiles);
    CHECK(progress.total == 20);
    done.push_back(progress.done);
  };
  library::load_tiles({folder.path()}, kAspect, events);
  CHECK(done.size() == 21);
  CHECK(std::is_sorted(done.begin(), done.end()));
  CHECK(done.back() == 20);
}

TEST_CASE("a stop request ends the work with what is there") {
  const TempFolder folder;
  for (int i = 0; i < 40; ++i) write_file(folder / std::to_string(i), picture_file(i));
  std::atomic<bool> stop = false;
  Events events;
  events.stop = &stop;
  events.progress = [&](const Progress& progress) {
    if (progress.done >= 5) stop = true;
  };
  const library::IngestResult some = library::load_tiles({folder.path()}, kAspect, events);
  CHECK(some.tiles.size() >= 5);
  CHECK(some.tiles.size() < 40);
  CHECK(library::load_tiles({folder.path()}, kAspect, events).tiles.size() == 0);
}

TEST_CASE("centre crops have the aspect and lie in the middle") {
  CHECK(tiles::centre_crop({128, 96}, {3, 4}) == Rect{28, 0, 72, 96});
  CHECK(tiles::centre_crop({96, 128}, {3, 4}) == Rect{0, 0, 96, 128});
  CHECK(tiles::centre_crop({100, 100}, {4, 3}) == Rect{0, 12, 100, 75});
  CHECK(tiles::centre_crop({1, 1}, {3, 4}) == Rect{0, 0, 1, 1});
  CHECK(tiles::centre_crop({128, 14}, {3, 4}) == Rect{58, 0, 11, 14});
  CHECK(tiles::centre_crop({21, 128}, {3, 4}) == Rect{0, 50, 21, 28});
  CHECK(tiles::centre_crop({128, 1}, {1, 9}) == Rect{63, 0, 1, 1});
  for (int width = 1; width < 40; ++width) {
    for (int height = 1; height < 40; ++height) {
      const Rect crop = tiles::centre_crop({width, height}, {3, 4});
      CHECK((crop.width == width || crop.height == height));
      CHECK(std::abs(crop.width * 4 - crop.height * 3) <= 4);
      CHECK(std::abs((width - crop.width) - 2 * crop.x) <= 1);
    }
  }
}

/// What the media's README promises of each still: its upright size, or why it is refused.
const std::map<std::string, Size> kGoodStills = {
    {"alpha-2048x1536.png", {2048, 1536}},
    {"alpha-300.webp", {300, 300}},
    {"animated-alpha.gif", {80, 80}},
    {"animated-loop-3.webp", {370, 285}},
    {"apng-ball.png", {100, 100}},
    {"bad-corrupted-exif-3648x2736.jpg", {3648, 2736}},
    {"bad-exif-invalid-image00971.jpg", {636, 227}},
    {"book-flowers-3024x4032.jpg", {3024, 4032}},
    {"canyon-3072x2048.jpg", {3072, 2048}},
    {"cat-451x300.png", {451, 300}},
    {"cmyk-noprofile-500x333.jpg", {500, 333}},
    {"cmyk-profile-500x333.jpg", {500, 333}},
    {"dahlia-4240x2384.jpg", {4240, 2384}},
    {"denali-600x315.webp", {600, 315}},
    {"derived-1x1.png", {1, 1}},
    {"derived-panorama-9to1-4608x512.jpg", {4608, 512}},
    {"derived-rgb16-photo-hlg.png", {540, 960}},
    {"dunes-950x634.jpg", {950, 634}},
    {"exif-ori3-landscape.jpg", {1800, 1200}},
    {"exif-ori5-portrait.jpg", {1200, 1800}},
    {"exif-ori6-landscape.jpg", {1800, 1200}},
    {"exif-ori6-portrait-gray.jpg", {840, 700}},
    {"exif-ori6-room-3072x2304.jpg", {2304, 3072}},
    {"exif-ori8-portrait.jpg", {1200, 1800}},
    {"full-transparent.png", {300, 300}},
    {"gray-camera-512.png", {512, 512}},
    {"gray-concert-400x267.jpg", {400, 267}},
    {"gray16-interlaced-32x32.png", {32, 32}},
    {"im2682.heic", {4032, 3024}},
    {"image-in-alpha-928x169.png", {928, 169}},
    {"interlaced-adam7-32x32.png", {32, 32}},
    {"iphone13.heic", {3024, 4032}},
    {"kodim03-768x512.png", {768, 512}},
    {"mountain-4200x2800.jpg", {4200, 2800}},
    {"palette-trns-32x32.png", {32, 32}},
    {"photo-1617x1080.avif", {1617, 1080}},
    {"portrait-astronaut-512.png", {512, 512}},
    {"portrait-two-people-840x700.jpg", {840, 700}},
    {"progressive-cat.jpg", {320, 240}},
    {"rgb16-flag-900x600.png", {900, 600}},
    {"rgb16-trns-32x32.png", {32, 32}},
    {"rgba16-32x32.png", {32, 32}},
    {"rooftop-ultrahdr-3072x4080-gainmap.jpg", {3072, 4080}},
    {"satellite-3000x1688.jpg", {3000, 1688}},
    {"sea-4608x1976.jpg", {4608, 1976}},
    {"still-800x533.gif", {800, 533}},
    {"tree-1024x772.webp", {1024, 772}},
    {"very-tall-cubemap-2048x12288.jpg", {2048, 12288}},
    {"wisteria-3264x2448.jpg", {3264, 2448}},
    {"wrong-extension-webp.jpg", {1024, 772}},
};
const std::map<std::string, std::string> kRefusedStills = {
    {"bad-corrupt-header.jpg", "broken JPEG"},
    {"bad-empty.jpg", "zero bytes"},
    {"bad-reallybig.bmp", "more than the limit"},
    {"bad-shortfile.bmp", "breaks off"},
    {"bad-text.jpg", "no picture"},
    {"bad-truncated-half.jpg", "breaks off"},
    {"bad-truncated-half.png", "breaks off"},
    {"bad-truncated-header-only.jpg", "broken JPEG"},
    {"big-280MP-gray-20000x14000.jpg", "more than the limit"},
    {"bomb-65536x65536.png", "more than the limit"},
};

TEST_CASE("media: stills are what their list says") {
  const auto folder = test::media_folder("image");
  if (!folder) return;
  for (const auto& [name, size] : kGoodStills) {
    CAPTURE(name);
    const images::LoadedImage image =
        images::decode_image(images::read_file(*folder / name), name, 128);
    CHECK(image.full_size == size);
    CHECK(image.warning.empty() == (name != "bad-corrupted-exif-3648x2736.jpg"));
    const Size decoded = image.picture.size();
    CHECK(std::max(decoded.width, decoded.height) >=
          std::min(128, std::max(size.width, size.height)));
    CHECK((decoded.width > decoded.height) == (size.width > size.height));
  }
  for (const auto& [name, reason] : kRefusedStills) {
    CAPTURE(name);
    try {
      images::decode_image(images::read_file(*folder / name), name, 128);
      FAIL_CHECK("it should have been refused");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::kBadInput);
      CHECK(std::string(error.what()).find(reason) != std::string::npos);
    }
  }
  const library::IngestResult result = load(*folder);
  CHECK(result.skipped.size() == kRefusedStills.size() + 1);  // and the wholly transparent one
  CHECK(result.tiles.size() == kGoodStills.size() - 2);  // that, and the WebP that is there twice
  CHECK(result.duplicates == 1);
}

TEST_CASE("media: a phone's small copy shows what its picture shows") {
  const auto folder = test::media_folder("image");
  if (!folder) return;
  for (const char* name : {"im2682.heic", "iphone13.heic"}) {
    CAPTURE(name);
    const auto file = images::read_file(*folder / name);
    const images::LoadedImage small = images::decode_image(file, name, 128);
    CHECK(small.picture.width < 1000);
    const auto from_small = images::decode_thumbnail(images::make_thumbnail(small.picture));
    const auto from_full =
        images::decode_thumbnail(images::make_thumbnail(images::decode_image(file, name).picture));
    // Another filter made it, half a pixel off; anything turned or foreign is beyond 40.
    CHECK(test::difference(test::pixels_of(from_small), test::pixels_of(from_full)) < 12);
    CHECK_THROWS_AS(images::decode_image(std::span(file).first(file.size() / 2), name), Error);
  }
}

TEST_CASE("media: folders of a thousand photos and of emoji") {
  const auto folder = test::media_folder("tiles");
  if (!folder) return;
  const library::IngestResult photos = load(*folder / "photos-1k");
  CHECK(photos.tiles.size() == 1000);
  CHECK(photos.skipped.empty());
  CHECK(photos.duplicates == 0);
  const library::IngestResult emoji = load(*folder / "emoji");
  CHECK(emoji.tiles.size() + emoji.duplicates == 2181);
  CHECK(emoji.skipped.empty());
}

}  // namespace
}  // namespace smalti

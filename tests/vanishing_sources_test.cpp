// Sources that are deleted, replaced or taken away while something is made of them.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "images/image_loader.h"
#include "library/ingest.h"
#include "library/tile_library.h"
#include "smalti/error.h"
#include "smalti/photomosaic.h"
#include "smalti/tile_library.h"
#include "support/libraries.h"
#include "support/pictures.h"
#include "support/temp_folder.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::differing_photo;
using test::TempFolder;
using test::write_file;

constexpr Aspect kAspect = {3, 4};
constexpr int kFiles = 40;

void fill(const fs::path& folder) {
  for (int i = 0; i < kFiles; ++i)
    write_file(folder / (std::to_string(i) + ".png"), test::png_file(differing_photo(i)));
}

/// Calls `act` once, when so many files are done.
Events at_file(std::uint64_t done, std::function<void()> act) {
  Events events;
  events.progress = [done, act = std::move(act), acted = false](const Progress& progress) mutable {
    if (acted || progress.phase != Progress::Phase::kTiles || progress.done < done) return;
    acted = true;
    act();
  };
  return events;
}

TEST_CASE("a folder that vanishes midway leaves a whole library, and comes back") {
  const TempFolder folder;
  fill(folder / "photos");
  const library::IngestResult direct = library::load_tiles({folder / "photos"}, kAspect, {});
  const Events events = at_file(8, [&] { fs::rename(folder / "photos", folder / "elsewhere"); });
  const BuildSummary cut =
      library::build_library(folder / "tiles", {folder / "photos"}, {}, events);
  CHECK(cut.decoded >= 8);
  CHECK(cut.decoded < kFiles);
  CHECK(check_library(folder / "tiles").complaints.empty());
  const std::size_t some = library::load_library(folder / "tiles", kAspect, {}).tiles.size();
  CHECK(some <= cut.decoded);
  // Nothing is known of a folder that is not there; that is no reason to forget its pictures.
  CHECK_THROWS_AS(test::build(folder / "tiles", {folder / "photos"}), Error);
  CHECK(library::load_library(folder / "tiles", kAspect, {}).tiles.size() == some);

  fs::rename(folder / "elsewhere", folder / "photos");
  CHECK(test::build(folder / "tiles", {folder / "photos"}).decoded == kFiles - cut.decoded);
  CHECK(check_library(folder / "tiles").complaints.empty());
  CHECK(test::same_tiles(library::load_library(folder / "tiles", kAspect, {}).tiles, direct.tiles));
}

TEST_CASE("a folder that vanishes midway gives what was read, and names the rest") {
  const TempFolder folder;
  fill(folder / "photos");
  const Events events = at_file(8, [&] { fs::rename(folder / "photos", folder / "elsewhere"); });
  const library::IngestResult some = library::load_tiles({folder / "photos"}, kAspect, events);
  CHECK(some.tiles.size() >= 8);
  CHECK(some.tiles.size() + some.skipped.size() == kFiles);
}

// A mosaic of cells so large that they are filled from the files themselves.
struct LargeCells {
  TempFolder folder;
  PhotomosaicOptions options;

  LargeCells() {
    write_file(folder / "target.png", test::png_file(test::photo({400, 300})));
    for (int i = 0; i < 12; ++i) {
      cv::Mat large;
      cv::repeat(differing_photo(i), 12, 12, large);
      write_file(tile(i), test::jpeg_file(large));
    }
    options.target = folder / "target.png";
    options.tiles = {folder / "photos"};
    options.output = folder / "mosaic.png";
    options.overwrite = true;
    options.use_cache = false;
    options.layout.columns = 8;
    options.layout.enlarge = 6;
    options.memory_bytes = 20'000'000;
    options.threads = 2;
  }
  fs::path tile(int i) const { return folder / "photos" / (std::to_string(i) + ".jpg"); }

  /// The warnings of a run during which `act` happens as soon as the first rows are painted.
  std::vector<std::string> warnings_when(const std::function<void()>& act) {
    std::vector<std::string> warnings;
    Events events;
    events.warn = [&](const std::string& line) { warnings.push_back(line); };
    bool acted = false;
    events.progress = [&](const Progress& progress) {
      if (acted || progress.phase != Progress::Phase::kRows) return;
      acted = true;
      act();
    };
    const PhotomosaicSummary summary = make_photomosaic(options, events);
    CHECK(acted);
    CHECK(summary.tiles_used > 3);
    CHECK(fs::exists(*options.output));
    return warnings;
  }
};

TEST_CASE(
    "sources that are deleted or replaced while rendering are shown from their small copies") {
  LargeCells shop;
  const auto less_sharp = [](const std::vector<std::string>& warnings) {
    return std::any_of(warnings.begin(), warnings.end(), [](const std::string& line) {
      return line.find("less sharp") != std::string::npos;
    });
  };
  CHECK_FALSE(less_sharp(shop.warnings_when([] {})));
  // Another picture at the same name must not be taken for the tile.
  CHECK(less_sharp(shop.warnings_when([&] {
    for (int i = 0; i < 12; ++i)
      write_file(shop.tile(i),
                 test::jpeg_file(cv::Mat(300, 300, CV_8UC3, cv::Scalar(255, 0, 255))));
  })));
  const cv::Mat mosaic = test::pixels_of(
      images::decode_image(images::read_file(*shop.options.output), "mosaic").picture);
  cv::Mat magenta;
  cv::inRange(mosaic, cv::Scalar(250, 0, 250), cv::Scalar(255, 5, 255), magenta);
  CHECK(cv::countNonZero(magenta) == 0);
  LargeCells other;
  CHECK(less_sharp(other.warnings_when([&] { fs::remove_all(other.folder / "photos"); })));
}

}  // namespace
}  // namespace smalti

// Libraries that were made to harm: every checksum is right, and what the rows say is not.

#include <doctest/doctest.h>

#include <limits>
#include <opencv2/imgproc.hpp>

#include "library/library_file.h"
#include "library/tile_library.h"
#include "smalti/tile_library.h"
#include "support/libraries.h"
#include "support/temp_folder.h"
#include "support/workshop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::differing_photo;
using test::File;
using test::names_in;
using test::run_smalti;
using test::says;
using test::TempFolder;
using test::write_file;

constexpr Aspect kAspect = {3, 4};

/// A library of five photos.
class Shelf {
 public:
  Shelf() {
    for (int i = 0; i < 5; ++i)
      write_file(folder_ / "photos" / (std::to_string(i) + ".png"),
                 test::png_file(differing_photo(i)));
    test::build(library(), {folder_ / "photos"});
  }

  fs::path library() const { return folder_ / "shelf.tiles"; }
  fs::path operator/(const fs::path& name) const { return folder_ / name; }

  void falsify(const std::string& sql) const {
    test::run_sql(library(), sql);
    test::reseal(library());
  }

 private:
  TempFolder folder_;
};

/// All that reads a library does so and refuses it, and a repair leaves one that is none the worse.
void check_refused(const Shelf& shelf) {
  const auto refuses = [&](const char* what, const auto& use) {
    INFO(what);
    try {
      use();
      FAIL_CHECK("nothing was refused");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::kBadInput);
      CHECK_MESSAGE(says(error.what(), "shelf.tiles"), error.what());
    }
  };
  refuses("load", [&] {
    const library::IngestResult loaded = library::load_library(shelf.library(), kAspect, {});
    for (const tiles::Tile& tile : loaded.tiles.tiles) tiles::thumbnail_of(tile);
  });
  refuses("export", [&] { export_library(shelf.library(), shelf / "exported", {}); });
  CHECK_FALSE(check_library(shelf.library()).complaints.empty());
  try {
    repair_library(shelf.library());
    CHECK(check_library(shelf.library()).complaints.empty());
    test::build(shelf.library(), {shelf / "photos"});
  } catch (const Error& error) {
    CHECK(says(error.what(), "too damaged"));
    fs::remove(shelf.library());
    test::build(shelf.library(), {shelf / "photos"});
  }
  CHECK(library::load_library(shelf.library(), kAspect, {}).tiles.size() == 5);
}

TEST_CASE("values that smalti never writes are damage, whatever their checksums") {
  const std::string least = "-9223372036854775807 - 1";
  const std::string most = "9223372036854775807";
  const std::vector<std::string> falsehoods = {
      "UPDATE source SET path = CAST('/x/.profile' || char(0) || '.jpg' AS BLOB) WHERE id = "
      "(SELECT min(id) FROM source)",
      "UPDATE source SET path = x'' WHERE id = (SELECT min(id) FROM source)",
      "UPDATE root SET path = CAST('/x' || char(0) AS BLOB)",
      "UPDATE source SET size = " + least,
      "UPDATE source SET scanned_ns = " + least,
      "UPDATE source SET hash = x'00'",
      "UPDATE source SET kind = 99",
      "UPDATE source SET kind = -1",
      "UPDATE source SET state = 99",
      "UPDATE source SET state = -1",
      "UPDATE source SET width = " + most,
      "UPDATE source SET height = -1",
      "UPDATE source SET orientation = 9",
      "UPDATE source SET orientation = 0",
      "UPDATE source SET format = 'JP' || char(27) || ']0;x' || char(7)",
      "UPDATE source SET taken = char(27) || '[31mX'",
      "UPDATE source SET taken = '2024-07-31'",
      "UPDATE source SET interval_us = -1",
      "UPDATE source SET pictures = " + least,
      "UPDATE source SET remark = 'a' || char(0) || 'b'",
      "UPDATE picture SET timestamp_us = " + least,
      "UPDATE picture SET width = 0",
      "UPDATE picture SET width = 129",
      "UPDATE picture SET height = " + most,
      "UPDATE picture SET orphaned_s = " + least,
      "UPDATE description SET data = substr(data, 1, length(data) - 1)",
      "UPDATE description SET data = substr(data, 1, 10) || x'0080' || substr(data, 13)",
      "UPDATE description SET data = substr(data, 1, 12) || x'ff7f' || substr(data, 15)",
      "UPDATE description SET data = substr(data, 1, 8) || x'0200' || substr(data, 11)",
      "UPDATE description SET configuration = configuration || ' feature=7 size=4 space=0'",
  };
  const Shelf shelf;
  for (const std::string& sql : falsehoods) {
    CAPTURE(sql);
    shelf.falsify(sql);
    check_refused(shelf);
  }
}

TEST_CASE("counts that no library has are damage, and no memory is taken for them") {
  const Shelf shelf;
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t rows : {most, std::int64_t{1} << 60, std::int64_t{1'000'000'000},
                                  std::int64_t{-1}, std::numeric_limits<std::int64_t>::min()}) {
    for (const library::Table table : {library::Table::kSource, library::Table::kPicture}) {
      CAPTURE(rows);
      test::reseal(shelf.library());
      {
        sqlite::Database database(shelf.library(), sqlite::Database::Access::kWrite);
        library::write_tally(database, table, {rows, 0});
      }
      check_refused(shelf);
    }
  }
}

TEST_CASE("numbers of rows at the end of all numbers") {
  const Shelf shelf;
  // Scanned a minute after it was written, or building scans it again and gives it a new number.
  shelf.falsify(
      "UPDATE source SET id = 9223372036854775807, scanned_ns = scanned_ns + 60000000000 "
      "WHERE id = 5");
  CHECK(library::load_library(shelf.library(), kAspect, {}).tiles.size() == 5);
  write_file(shelf / "photos/new.png", test::png_file(differing_photo(7)));
  CHECK_THROWS_AS(test::build(shelf.library(), {shelf / "photos"}), Error);
}

File giant(const char* extension) {
  const cv::Mat pixels(3000, 4000, CV_8UC3, cv::Scalar(10, 90, 200));
  return extension == std::string("jpeg") ? test::jpeg_file(pixels) : test::webp_file(pixels);
}

TEST_CASE("thumbnails that are none are refused before they are decoded or written") {
  const std::string script = "#!/bin/sh\necho owned\n";
  const std::vector<File> thumbnails = {
      {},
      {script.begin(), script.end()},
      test::png_file(differing_photo(1)),
      {0xff, 0xd8, 0xff, 0xe0},
      giant("jpeg"),
      giant("webp"),
  };
  const Shelf shelf;
  for (std::size_t i = 0; i < thumbnails.size(); ++i) {
    CAPTURE(i);
    test::replace_thumbnails(shelf.library(), thumbnails[i]);
    for (const auto& use : {std::vector<std::string>{"image", shelf / "photos/0.png", "-t",
                                                     shelf.library(), "-o", shelf / "out.png"},
                            {"tiles", "export", shelf.library(), shelf / "exported"}}) {
      const test::Ended ended = run_smalti(use);
      CHECK_MESSAGE(ended.code == 65, ended.errors);
      CHECK(ended.peak_bytes < (test::kSanitized ? 1'500'000'000U : 400'000'000U));
    }
    CHECK_FALSE(fs::exists(shelf / "out.png"));
    if (fs::exists(shelf / "exported")) CHECK(names_in(shelf / "exported").empty());
  }
}

TEST_CASE("a thumbnail of another size than its picture is said to have is damage") {
  const Shelf shelf;
  test::replace_thumbnails(shelf.library(), test::jpeg_file(cv::Mat(1, 1, CV_8UC3)));
  CHECK_FALSE(check_library(shelf.library()).complaints.empty());
}

TEST_CASE("an export's names are names, whatever the sources are called") {
  const Shelf shelf;
  const char* const kPaths[] = {"/x/..", "/x/../../evil", "/", "-rf.jpg", "/x/.bash_profile"};
  for (int i = 0; i < 5; ++i)
    test::run_sql(shelf.library(), "UPDATE source SET path = CAST('" + std::string(kPaths[i]) +
                                       "' AS BLOB) WHERE id = " + std::to_string(i + 1));
  test::reseal(shelf.library());
  CHECK(export_library(shelf.library(), shelf / "exported", {}).written == 5);
  const auto names = names_in(shelf / "exported");
  CHECK(names.size() == 5);
  for (const std::string& name : names) {
    CAPTURE(name);
    CHECK(std::isalnum(static_cast<unsigned char>(name.front())) != 0);
    CHECK(name.ends_with(".jpg"));
  }
  CHECK(names_in(shelf / "") == std::set<std::string>{"exported", "photos", "shelf.tiles"});
}

// Ranges that are checked are those of real pictures, of which these are the most extreme.
TEST_CASE("all colours in all ways to describe them are possible values") {
  const TempFolder folder;
  cv::Mat pixels(48, 48, CV_8UC3);
  for (int corner = 0; corner < 8; ++corner) {
    const auto full = [&](int bit) { return (corner >> bit & 1) != 0 ? 255 : 0; };
    pixels = cv::Scalar(full(0), full(1), full(2));
    write_file(folder / "corners" / (std::to_string(corner) + ".png"), test::png_file(pixels));
  }
  cv::Mat noise(48, 48, CV_8UC4);
  cv::RNG(3).fill(noise, cv::RNG::UNIFORM, 0, 256);
  write_file(folder / "corners/noise.png", test::png_file(noise));
  for (const int size : {1, 2, 4, 6, 8}) {
    for (const ColorSpace space :
         {ColorSpace::kLab, ColorSpace::kOklab, ColorSpace::kRgb, ColorSpace::kLinear}) {
      for (const Feature feature :
           {Feature::kPatch, Feature::kMean, Feature::kDominant, Feature::kPalette}) {
        fs::remove(folder / "tiles");
        library::BuildOptions options;
        options.match = {size, space, feature};
        library::build_library(folder / "tiles", {folder / "corners"}, options, {});
        CHECK(check_library(folder / "tiles").complaints.empty());
        CHECK(library::load_library(folder / "tiles", Aspect{}, {}).tiles.size() == 9);
      }
    }
  }
}

}  // namespace
}  // namespace smalti

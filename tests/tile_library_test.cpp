#include "library/tile_library.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <thread>

#include "images/image_loader.h"
#include "smalti/error.h"
#include "smalti/tile_library.h"
#include "support/libraries.h"
#include "support/pictures.h"
#include "support/temp_folder.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::build;
using test::differing_photo;
using test::photo;
using test::same_tiles;
using test::TempFolder;
using test::write_file;

constexpr Aspect kAspect = {3, 4};

library::IngestResult load(const fs::path& library, Aspect aspect = kAspect) {
  return library::load_library(library, aspect, {});
}

Error failure(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  FAIL("it should have failed");
  return Error(ErrorKind::kFailure, "");
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("a library gives the tiles that its sources give") {
  const TempFolder folder;
  test::fill_with_awkward_pictures(folder / "photos");
  const fs::path library = folder / "tiles.smalti";
  const BuildSummary summary = build(library, {folder / "photos"});
  const library::IngestResult direct = library::load_tiles({folder / "photos"}, kAspect, {});
  const library::IngestResult kept = load(library);
  CHECK(summary.decoded + summary.known == summary.files - 2);  // less a text and an empty file
  CHECK(direct.tiles.size() > 5);
  CHECK(same_tiles(direct.tiles, kept.tiles));
  CHECK(direct.duplicates == kept.duplicates);
  REQUIRE(direct.skipped.size() == kept.skipped.size());
  for (std::size_t i = 0; i < direct.skipped.size(); ++i) {
    CHECK(direct.skipped[i].path == kept.skipped[i].path);
    CHECK(direct.skipped[i].reason == kept.skipped[i].reason);
  }
  // Described anew for another shape, and then from what was kept.
  for (int i = 0; i < 2; ++i)
    CHECK(same_tiles(library::load_tiles({folder / "photos"}, {16, 9}, {}).tiles,
                     load(library, {16, 9}).tiles));
}

TEST_CASE("a library is one file when nobody has it open") {
  const TempFolder folder;
  write_file(folder / "photos/a.png", test::png_file(differing_photo(0)));
  build(folder / "tiles.smalti", {folder / "photos"});
  load(folder / "tiles.smalti");
  CHECK(test::names_in(folder.path()) == std::set<std::string>{"photos", "tiles.smalti"});
  // Nor does it ask for a log when it is opened: 1 is what SQLite's format has for none.
  const std::vector<std::uint8_t> bytes = images::read_file(folder / "tiles.smalti");
  CHECK(bytes.at(18) == 1);
  CHECK(bytes.at(19) == 1);
}

TEST_CASE("a library built bit by bit is the one built at once") {
  const TempFolder folder;
  for (int i = 0; i < 12; ++i)
    write_file(folder / (i % 2 == 0 ? "even" : "odd") / std::to_string(i),
               test::png_file(differing_photo(i)));
  build(folder / "once", {folder / "even", folder / "odd"});
  build(folder / "bits", {folder / "even"});
  const BuildSummary second = build(folder / "bits", {folder / "odd"});
  CHECK(second.decoded == 6);
  CHECK(second.removed == 0);
  CHECK(load(folder / "bits").tiles.size() == 12);
  CHECK(same_tiles(load(folder / "once").tiles, load(folder / "bits").tiles));
}

TEST_CASE("a second build decodes nothing, a changed file costs one") {
  const TempFolder folder;
  for (int i = 0; i < 8; ++i)
    write_file(folder / "photos" / std::to_string(i), test::png_file(differing_photo(i)));
  write_file(folder / "photos/broken.jpg", {'h', 'i'});
  const fs::path library = folder / "tiles.smalti";
  CHECK(build(library, {folder / "photos"}).decoded == 8);

  const BuildSummary second = build(library, {folder / "photos"});
  CHECK(second.decoded == 0);
  CHECK(second.skipped.size() == 1);

  write_file(folder / "photos/3", test::png_file(differing_photo(30)));
  const BuildSummary changed = build(library, {folder / "photos"});
  CHECK(changed.decoded == 1);
  CHECK(
      same_tiles(load(library).tiles, library::load_tiles({folder / "photos"}, kAspect, {}).tiles));

  fs::rename(folder / "photos/4", folder / "photos/moved");
  const BuildSummary moved = build(library, {folder / "photos"});
  CHECK(moved.decoded == 0);
  CHECK(moved.known >= 1);  // and those too fresh to tell by their times
  CHECK(moved.removed == 1);

  fs::remove(folder / "photos/5");
  CHECK(build(library, {folder / "photos"}).removed == 1);
  CHECK(load(library).tiles.size() == 7);
  CHECK(
      same_tiles(load(library).tiles, library::load_tiles({folder / "photos"}, kAspect, {}).tiles));
}

TEST_CASE("a file that is old when it is scanned is not read again") {
  const TempFolder folder;
  write_file(folder / "photos/a", test::png_file(differing_photo(0)));
  std::this_thread::sleep_for(std::chrono::milliseconds(2100));  // ctime cannot be set
  build(folder / "tiles.smalti", {folder / "photos"});
  const BuildSummary second = build(folder / "tiles.smalti", {folder / "photos"});
  CHECK(second.unchanged == 1);
  CHECK(second.known == 0);
}

TEST_CASE("a change within the clock's tick of the scan is seen") {
  const TempFolder folder;
  const fs::path file = folder / "photos/a";
  write_file(file, test::png_file(differing_photo(0)));
  const auto written = fs::last_write_time(file);
  build(folder / "tiles.smalti", {folder / "photos"});
  // As many bytes, at the same time, in the same inode; only the time of the inode's change, which
  // may tick as coarsely, tells.
  std::vector<std::uint8_t> other = test::png_file(differing_photo(0));
  other[other.size() / 2] ^= 1U;
  std::ofstream(file, std::ios::binary | std::ios::in)
      .write(reinterpret_cast<const char*>(other.data()),
             static_cast<std::streamsize>(other.size()));
  fs::last_write_time(file, written);
  test::forget_ctime(folder / "tiles.smalti", file);
  const BuildSummary second = build(folder / "tiles.smalti", {folder / "photos"});
  CHECK(second.unchanged == 0);
  CHECK(second.decoded == 1);
}

TEST_CASE("sources that are gone leave, others stay") {
  const TempFolder folder;
  write_file(folder / "a/1", test::png_file(differing_photo(1)));
  write_file(folder / "b/2", test::png_file(differing_photo(2)));
  const fs::path library = folder / "tiles.smalti";
  build(library, {folder / "a", folder / "b"});
  fs::remove(folder / "b/2");
  CHECK(build(library, {folder / "a"}).removed == 0);
  CHECK(load(library).tiles.size() == 2);
  CHECK(build(library, {folder / "b"}).removed == 1);
  CHECK(load(library).tiles.size() == 1);
}

TEST_CASE("tiles that are shown outlive their source in the library") {
  const TempFolder folder;
  write_file(folder / "photos/1", test::png_file(differing_photo(1)));
  write_file(folder / "photos/2", test::png_file(differing_photo(2)));
  build(folder / "tiles.smalti", {folder / "photos"});
  const library::IngestResult in_use = load(folder / "tiles.smalti");
  fs::remove(folder / "photos/1");
  CHECK(build(folder / "tiles.smalti", {folder / "photos"}).removed == 1);
  for (const tiles::Tile& tile : in_use.tiles.tiles) CHECK_FALSE(tiles::thumbnail_of(tile).empty());
}

TEST_CASE("a library inside its own source is no tile") {
  const TempFolder folder;
  write_file(folder / "a.png", test::png_file(differing_photo(1)));
  for (int i = 0; i < 3; ++i) {
    const BuildSummary summary = build(folder / "tiles.smalti", {folder.path()});
    CHECK(summary.files == 1);
    CHECK(summary.skipped.empty());
  }
  CHECK(library::load_tiles({folder.path()}, kAspect, {}).skipped.empty());
}

TEST_CASE("libraries mix with folders and pictures") {
  const TempFolder folder;
  for (int i = 0; i < 6; ++i)
    write_file(folder / (i < 3 ? "a" : "b") / std::to_string(i),
               test::png_file(differing_photo(i)));
  write_file(folder / "one.png", test::png_file(differing_photo(7)));
  build(folder / "tiles.smalti", {folder / "a"});
  const library::IngestResult mixed =
      library::load_tiles({folder / "tiles.smalti", folder / "b", folder / "one.png"}, kAspect, {});
  const library::IngestResult direct =
      library::load_tiles({folder / "a", folder / "b", folder / "one.png"}, kAspect, {});
  CHECK(same_tiles(mixed.tiles, direct.tiles));
}

TEST_CASE("what is no library is refused and left alone") {
  const TempFolder folder;
  const test::File picture = test::png_file(differing_photo(0));
  write_file(folder / "photos/a.png", picture);
  const auto onto = [&](const char* name) {
    return failure([&] { build(folder / name, {folder / "photos"}); });
  };
  CHECK(onto("photos/a.png").kind() == ErrorKind::kCannotCreate);
  CHECK(images::read_file(folder / "photos/a.png") == picture);
  CHECK(onto("photos").kind() == ErrorKind::kCannotCreate);
  CHECK(onto("none/tiles").kind() == ErrorKind::kCannotCreate);
  CHECK(failure([&] { build(folder / "tiles", {folder / "nowhere"}); }).kind() ==
        ErrorKind::kMissingInput);
  CHECK_FALSE(fs::exists(folder / "tiles"));

  CHECK(failure([&] { load(folder / "nothing"); }).kind() == ErrorKind::kMissingInput);
  const Error no_library = failure([&] { load(folder / "photos/a.png"); });
  CHECK(no_library.kind() == ErrorKind::kBadInput);

  write_file(folder / "empty", {});
  CHECK(build(folder / "empty", {folder / "photos"}).decoded == 1);
}

TEST_CASE("a library of another version is refused") {
  const TempFolder folder;
  write_file(folder / "photos/a.png", test::png_file(differing_photo(0)));
  build(folder / "tiles", {folder / "photos"});
  test::run_sql(folder / "tiles", "PRAGMA user_version = 7");
  for (const auto& use :
       {std::function<void()>([&] { load(folder / "tiles"); }),
        std::function<void()>([&] { build(folder / "tiles", {folder / "photos"}); }),
        std::function<void()>([&] { check_library(folder / "tiles"); })}) {
    const Error error = failure(use);
    CHECK(error.kind() == ErrorKind::kBadInput);
    CHECK(says(error.what(), "version 7"));
    CHECK(says(error.hint(), "build it anew"));
  }
}

TEST_CASE("every altered row is found, named by its table, and made anew") {
  const TempFolder folder;
  for (int i = 0; i < 5; ++i)
    write_file(folder / "photos" / std::to_string(i), test::png_file(differing_photo(i)));
  const fs::path library = folder / "tiles";
  const library::IngestResult direct = library::load_tiles({folder / "photos"}, kAspect, {});
  const char* const kHarms[] = {
      "UPDATE source SET path = CAST('/nowhere' AS BLOB) WHERE id = 2",
      "UPDATE source SET state = 2 WHERE id = 2",
      "UPDATE source SET hash = (SELECT hash FROM source WHERE id = 1) WHERE id = 2",
      "DELETE FROM source WHERE id = 3",
      "UPDATE picture SET thumbnail_hash = thumbnail_hash + 1 WHERE id = 2",
      "UPDATE picture SET width = 9 WHERE id = 2",
      "DELETE FROM picture WHERE id = 4",
      "UPDATE thumbnail SET data = (SELECT data FROM thumbnail WHERE id = 1) WHERE id = 2",
      "UPDATE thumbnail SET data = substr(data, 1, length(data) - 1) WHERE id = 2",
      "DELETE FROM thumbnail WHERE id = 5",
      "UPDATE description SET data = zeroblob(length(data))",
      "DELETE FROM description",
      "UPDATE tally SET rows = rows + 1 WHERE id = 1",
      "DELETE FROM tally WHERE id = 2",
  };
  for (const char* harm : kHarms) {
    CAPTURE(harm);
    fs::remove(library);
    build(library, {folder / "photos"});
    REQUIRE(check_library(library).complaints.empty());
    test::run_sql(library, harm);
    CHECK_FALSE(check_library(library).complaints.empty());
    const Error error = failure([&] {
      for (const tiles::Tile& tile : load(library).tiles.tiles) tiles::thumbnail_of(tile);
    });
    CHECK(error.kind() == ErrorKind::kBadInput);
    CHECK(says(error.what(), "damaged"));
    CHECK(says(error.hint(), "check repair"));

    const LibraryRepair repair = repair_library(library);
    CHECK(repair.kept > 5);
    CHECK(check_library(library).complaints.empty());
    CHECK(build(library, {folder / "photos"}).decoded <= 2);
    CHECK(same_tiles(load(library).tiles, direct.tiles));
    CHECK(test::names_in(folder.path()) == std::set<std::string>{"photos", "tiles"});
  }
}

// A library whose rows of one table are those of another library.
void mix_up(const TempFolder& folder, const std::string& table) {
  write_file(folder / "a/1", test::png_file(differing_photo(1)));
  write_file(folder / "b/2", test::png_file(differing_photo(2)));
  build(folder / "one", {folder / "a"});
  build(folder / "two", {folder / "b"});
  test::run_sql(folder / "one", "ATTACH '" + (folder / "two").native() + "' AS two; DELETE FROM " +
                                    table + "; INSERT INTO " + table + " SELECT * FROM two." +
                                    table);
}

TEST_CASE("rows of another library do not pass for one's own") {
  const TempFolder folder;
  mix_up(folder, "thumbnail");
  CHECK_FALSE(check_library(folder / "one").complaints.empty());
  CHECK_THROWS_AS(tiles::thumbnail_of(load(folder / "one").tiles.tiles.at(0)), Error);
}

TEST_CASE("whole rows that were not written here are found, though their number is right") {
  const TempFolder folder;
  mix_up(folder, "root");
  CHECK_FALSE(check_library(folder / "one").complaints.empty());
  CHECK(failure([&] { load(folder / "one"); }).kind() == ErrorKind::kBadInput);
}

TEST_CASE("libraries are used where nobody may write") {
  const TempFolder folder;
  write_file(folder / "photos/a.png", test::png_file(differing_photo(0)));
  fs::create_directory(folder / "shelf");
  const fs::path library = folder / "shelf/tiles";
  build(library, {folder / "photos"});
  const library::IngestResult before = load(library);
  const auto closed = fs::perms::owner_read | fs::perms::owner_exec;
  fs::permissions(library, fs::perms::owner_read);
  fs::permissions(folder / "shelf", closed);
  CHECK(same_tiles(load(library).tiles, before.tiles));
  CHECK(load(library, {1, 1}).tiles.size() == 1);  // described, and not kept
  CHECK(check_library(library).complaints.empty());
  fs::permissions(folder / "shelf", fs::perms::owner_all);
}

TEST_CASE("damage and its reasons are kept and told each time") {
  const TempFolder folder;
  test::File damaged = test::jpeg_file(photo({300, 200}));
  std::fill(damaged.begin() + 1500, damaged.begin() + 1600, std::uint8_t{0});
  write_file(folder / "photos/damaged.jpg", damaged);
  write_file(folder / "photos/good.png", test::png_file(differing_photo(0)));
  std::vector<std::string> direct;
  Events events;
  events.warn = [&](const std::string& line) { direct.push_back(line); };
  library::load_tiles({folder / "photos"}, kAspect, events);
  build(folder / "tiles", {folder / "photos"});
  for (int i = 0; i < 2; ++i) {
    std::vector<std::string> told;
    events.warn = [&](const std::string& line) { told.push_back(line); };
    library::load_library(folder / "tiles", kAspect, events);
    CHECK(told == direct);
  }
}

TEST_CASE("a library knows what is in it") {
  const TempFolder folder;
  test::fill_with_awkward_pictures(folder / "photos");
  write_file(folder / "photos/dated.jpg",
             test::jpeg_with_exif(test::jpeg_file(photo({60, 40})), 1, "2024:07:31 18:05:00"));
  build(folder / "tiles", {folder / "photos"});
  const LibraryInfo info = inspect_library(folder / "tiles", {});
  CHECK(info.roots == std::vector<fs::path>{folder / "photos"});
  CHECK(info.formats.at("PNG") > 2);
  CHECK(info.formats.at("JPEG") >= 1);
  CHECK(info.first_taken == "2024:07:31 18:05:00");
  CHECK(info.dated == 1);
  CHECK(info.skipped.size() == 2);
  CHECK(info.bytes == fs::file_size(folder / "tiles"));
  std::size_t charted = 0;
  for (const auto& row : info.colors)
    for (const std::size_t count : row) charted += count;
  CHECK(charted == load(folder / "tiles").tiles.size());
}

TEST_CASE("an export holds every thumbnail once") {
  const TempFolder folder;
  test::fill_with_awkward_pictures(folder / "photos");
  build(folder / "tiles", {folder / "photos"});
  const ExportSummary first = export_library(folder / "tiles", folder / "new/out", {});
  const library::IngestResult tiles = load(folder / "tiles");
  CHECK(first.written == tiles.tiles.size());
  CHECK(test::names_in(folder / "new/out").size() == tiles.tiles.size());
  CHECK(export_library(folder / "tiles", folder / "new/out", {}).there == first.written);
  CHECK(library::load_tiles({folder / "new/out"}, kAspect, {}).skipped.empty());
}

TEST_CASE("a stopped build keeps what it has, and the next goes on") {
  const TempFolder folder;
  for (int i = 0; i < 40; ++i)
    write_file(folder / "photos" / std::to_string(i), test::png_file(differing_photo(i)));
  std::atomic<bool> stop = false;
  Events events;
  events.stop = &stop;
  events.progress = [&](const Progress& progress) {
    if (progress.done >= 5) stop = true;
  };
  const BuildSummary stopped =
      library::build_library(folder / "tiles", {folder / "photos"}, {}, events);
  CHECK(stopped.stopped);
  CHECK(stopped.decoded >= 5);
  CHECK(stopped.decoded < 40);
  CHECK(load(folder / "tiles").tiles.size() == stopped.decoded);
  CHECK(build(folder / "tiles", {folder / "photos"}).decoded == 40 - stopped.decoded);
}

}  // namespace
}  // namespace smalti

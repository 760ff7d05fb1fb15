// What libraries live through: many builders at once, sudden death, full disks, flipped bytes.
// SMALTI_LONG_TESTS=1 in the environment runs them in full.

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

#include "library/library_file.h"
#include "library/tile_library.h"
#include "smalti/error.h"
#include "smalti/tile_library.h"
#include "support/libraries.h"
#include "support/long_tests.h"
#include "support/program.h"
#include "support/temp_folder.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::differing_photo;
using test::Ended;
using test::Program;
using test::RunOptions;
using test::same_tiles;
using test::TempFolder;
using test::times;

constexpr Aspect kAspect = {3, 4};

/// Large enough to take a while.
void fill(const fs::path& folder, int count) {
  for (int i = 0; i < count; ++i) {
    cv::Mat large;
    cv::repeat(differing_photo(i), 12, 12, large);
    test::write_file(folder / (std::to_string(i) + ".jpg"), test::jpeg_file(large));
  }
}

std::string bytes_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write_bytes(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::vector<std::string> build_words(const TempFolder& folder) {
  return {test::smalti_program(), "tiles",  "build", folder / "photos", "-o",
          folder / "tiles",       "--quiet"};
}

void check_whole(const TempFolder& folder) {
  const LibraryCheck check = check_library(folder / "tiles");
  for (const std::string& complaint : check.complaints) FAIL_CHECK(complaint);
}

/// Every file, its picture and its small copy are there, once.
void check_count(const fs::path& library, std::int64_t files) {
  library::LibraryFile file = library::LibraryFile::read(library);
  for (const library::Table table :
       {library::Table::kSource, library::Table::kPicture, library::Table::kThumbnail})
    CHECK(file.tally(table).rows == files);
  CHECK(file.tally(library::Table::kRoot).rows == 1);
}

TEST_CASE("eight processes build one library") {
  const TempFolder folder;
  const int files = times(400, 48);
  fill(folder / "photos", files);
  const library::IngestResult direct = library::load_tiles({folder / "photos"}, kAspect, {});
  for (int round = 0; round < times(10, 2); ++round) {
    fs::remove(folder / "tiles");
    std::vector<std::thread> waiting;
    std::vector<Ended> ended(8);
    for (Ended& end : ended)
      waiting.emplace_back([&] { end = Program(build_words(folder)).wait(); });
    for (std::thread& thread : waiting) thread.join();
    for (const Ended& end : ended) {
      CAPTURE(end.errors);
      CHECK(end.code == 0);
    }
    check_whole(folder);
    check_count(folder / "tiles", files);
    CHECK(same_tiles(library::load_library(folder / "tiles", kAspect, {}).tiles, direct.tiles));
    CHECK(test::names_in(folder.path()) == std::set<std::string>{"photos", "tiles"});
  }
}

TEST_CASE("a build that is killed leaves a library that the next goes on with") {
  const TempFolder folder;
  fill(folder / "photos", times(200, 40));
  const library::IngestResult direct = library::load_tiles({folder / "photos"}, kAspect, {});
  std::mt19937 random(7);
  // From before the library is there to about when the build would end.
  std::uniform_int_distribution<int> moment_ms(1, test::kSanitized ? 1500 : 250);
  int unfinished = 0;
  for (int i = 0; i < times(50, 8); ++i) {
    if (i % 5 == 0) fs::remove(folder / "tiles");
    Program program(build_words(folder));
    std::this_thread::sleep_for(std::chrono::milliseconds(moment_ms(random)));
    program.send(SIGKILL);
    if (program.wait().killed) ++unfinished;
    if (!fs::exists(folder / "tiles") || fs::file_size(folder / "tiles") == 0) continue;
    check_whole(folder);
    const library::IngestResult some = library::load_library(folder / "tiles", kAspect, {});
    CHECK(some.tiles.size() <= direct.tiles.size());
  }
  CHECK(unfinished > 0);
  test::build(folder / "tiles", {folder / "photos"});
  check_whole(folder);
  check_count(folder / "tiles", static_cast<std::int64_t>(direct.tiles.size()));
  CHECK(same_tiles(library::load_library(folder / "tiles", kAspect, {}).tiles, direct.tiles));
}

TEST_CASE("a disk that fills up ends the build with 74 and leaves the library whole") {
  const TempFolder folder;
  fill(folder / "photos", 30);
  for (const rlim_t limit : {0, 5'000, 60'000, 100'000}) {
    CAPTURE(limit);
    fs::remove(folder / "tiles");
    RunOptions options;
    options.before = [limit] {
      const rlimit bytes{limit, limit};
      ::setrlimit(RLIMIT_FSIZE, &bytes);
    };
    const Ended ended = Program(build_words(folder), options).wait();
    CAPTURE(ended.errors);
    CHECK(ended.code == 74);
    if (fs::exists(folder / "tiles") && fs::file_size(folder / "tiles") > 0) check_whole(folder);
    CHECK(Program(build_words(folder)).wait().code == 0);
    check_whole(folder);
    CHECK(library::load_library(folder / "tiles", kAspect, {}).tiles.size() == 30);
  }
}

TEST_CASE("a disk that fills up ends a repair with 74 and leaves the library as it is") {
  const TempFolder folder;
  fill(folder / "photos", 60);
  test::build(folder / "tiles", {folder / "photos"});
  test::run_sql(folder / "tiles", "UPDATE thumbnail SET data = x'00' WHERE id = 7");
  const std::string damaged = bytes_of(folder / "tiles");
  for (const rlim_t limit : {0, 20'000, 60'000, 150'000}) {
    CAPTURE(limit);
    RunOptions options;
    options.before = [limit] {
      const rlimit bytes{limit, limit};
      ::setrlimit(RLIMIT_FSIZE, &bytes);
    };
    const Ended ended =
        Program({test::smalti_program(), "tiles", "check", "--repair", folder / "tiles"}, options)
            .wait();
    CAPTURE(ended.errors);
    CHECK(ended.code == 74);
    CHECK(bytes_of(folder / "tiles") == damaged);
    CHECK(test::names_in(folder.path()) == std::set<std::string>{"photos", "tiles"});
  }
  CHECK(repair_library(folder / "tiles").lost == 3);
  check_whole(folder);
}

TEST_CASE("a file system that fills up ends the build with 74, and the next goes on") {
  const TempFolder folder;
  fill(folder / "photos", 60);
  fs::create_directory(folder / "disk");
  // A small disk of its own, which is made larger for the second build.
  const std::string script =
      "mount -t tmpfs -o size=150k none \"$1\" || exit 99; cd \"$1\"\n"
      "\"$0\" tiles build \"$2\" -o tiles --quiet; [ $? = 74 ] || exit 10\n"
      "[ ! -s tiles ] || \"$0\" tiles check tiles || exit 11\n"
      "mount -o remount,size=50m none \"$1\" || exit 99\n"
      "\"$0\" tiles build \"$2\" -o tiles --quiet || exit 12\n"
      "\"$0\" tiles check tiles && cp tiles \"$3\"\n";
  const Ended ended =
      test::run_program({"unshare", "-rm", "sh", "-c", script, test::smalti_program(),
                         folder / "disk", folder / "photos", folder / "tiles"});
  if (ended.code == 99 || ended.code == 1 || ended.code == 127) {
    MESSAGE("left out: nothing can be mounted here");
    return;
  }
  CAPTURE(ended.errors);
  CHECK(ended.code == 0);
  check_count(folder / "tiles", 60);
}

/// Nothing where the damage was seen, and then how it was told.
std::optional<tiles::TileSet> tiles_of(const fs::path& library, std::string& told) {
  try {
    library::IngestResult loaded = library::load_library(library, kAspect, {});
    for (const tiles::Tile& tile : loaded.tiles.tiles) tiles::thumbnail_of(tile);
    return std::move(loaded.tiles);
  } catch (const Error& error) {
    told = error.what();
    return std::nullopt;
  }
}

constexpr std::size_t kPageBytes = 4096;

/// Of the page at which a table begins, and ends where it has few rows.
std::size_t page_of(const fs::path& library, const std::string& table) {
  library::LibraryFile file = library::LibraryFile::read(library);
  const std::string sql = "SELECT rootpage FROM sqlite_schema WHERE name = '" + table + "'";
  return (static_cast<std::size_t>(file.database().number(sql.c_str())) - 1) * kPageBytes;
}

// SQLite looks at a page's places for rows only when it first reads it.
TEST_CASE("a row that passes for another does not keep that from being saved") {
  const TempFolder folder;
  for (int i = 0; i < 5; ++i)
    test::write_file(folder / "photos" / std::to_string(i), test::png_file(differing_photo(i)));
  const fs::path library = folder / "tiles";
  test::build(library, {folder / "photos"});
  const tiles::TileSet right = library::load_tiles({folder / "photos"}, kAspect, {}).tiles;
  for (const char* table : {"thumbnail", "picture", "source"}) {
    CAPTURE(table);
    const std::size_t page = page_of(library, table);
    std::string bytes = bytes_of(library);
    REQUIRE(bytes[page] == 13);  // a leaf
    // In the free part of the page: five bytes of row 3, whose columns are all empty. The first
    // row is said to lie there, but a page further.
    constexpr std::size_t kFree = 100;
    const std::string false_row("\x05\x03\x05\0\0\0\0", 7);
    REQUIRE(bytes.substr(page + kFree, false_row.size()) == std::string(false_row.size(), '\0'));
    bytes.replace(page + kFree, false_row.size(), false_row);
    bytes[page + 8] = static_cast<char>(kPageBytes / 256);
    bytes[page + 9] = static_cast<char>(kFree);
    write_bytes(library, bytes);
    CHECK_FALSE(check_library(library).complaints.empty());
    repair_library(library);
    check_whole(folder);
    CHECK(test::build(library, {folder / "photos"}).decoded == 1);
    CHECK(same_tiles(library::load_library(library, kAspect, {}).tiles, right));
  }
}

TEST_CASE("a flipped byte is harmless or seen, and mended") {
  const TempFolder folder;
  for (int i = 0; i < 40; ++i)
    test::write_file(folder / "photos" / std::to_string(i), test::png_file(differing_photo(i)));
  const fs::path library = folder / "tiles";
  test::build(library, {folder / "photos"});
  const tiles::TileSet right = library::load_library(library, kAspect, {}).tiles;
  const std::string whole = bytes_of(library);
  std::mt19937 random(11);
  int seen = 0;
  int mended = 0;
  const int flips = times(1000, 60);
  for (int i = 0; i < flips; ++i) {
    // Half of them where SQLite says what lies where.
    std::size_t at = random() % whole.size();
    if (i % 2 == 1) at = at / kPageBytes * kPageBytes + random() % 64;
    const auto by = static_cast<char>(1 + random() % 255);
    CAPTURE(at);
    CAPTURE(static_cast<int>(by));
    std::string altered = whole;
    altered[at] = static_cast<char>(altered[at] ^ by);
    // A log that the last round left behind would be taken for this file's.
    for (const fs::path& file : library::files_of_library(library)) fs::remove(file);
    write_bytes(library, altered);
    std::string told;
    if (const auto tiles = tiles_of(library, told)) {
      try {
        CHECK(same_tiles(*tiles, right));
      } catch (const Error&) {
        FAIL_CHECK("read differently a second time");
      }
      continue;
    }
    ++seen;
    CAPTURE(told);
    try {
      const bool found = !check_library(library).complaints.empty();
      CHECK(found);
      repair_library(library);
      const bool whole_again = check_library(library).complaints.empty();
      CHECK(whole_again);
      test::build(library, {folder / "photos"});
      CHECK(same_tiles(library::load_library(library, kAspect, {}).tiles, right));
      ++mended;
    } catch (const Error& error) {  // beyond repair: a clear end, too
      CHECK_FALSE(std::string(error.what()).empty());
    }
  }
  MESSAGE(flips << " bytes flipped: " << seen << " seen, " << mended << " of these mended");
  CHECK(seen > flips / 8);
  CHECK(mended > seen * 3 / 4);
}

}  // namespace
}  // namespace smalti

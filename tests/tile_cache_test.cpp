#include "smalti/tile_cache.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <thread>

#include "library/cached_tiles.h"
#include "library/ingest.h"
#include "support/libraries.h"
#include "support/temp_folder.h"
#include "support/workshop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::differing_photo;
using test::run_smalti;
using test::same_tiles;
using test::says;
using test::TempFolder;
using test::write_file;

constexpr Aspect kAspect = {3, 4};

struct CachedLoad {
  library::IngestResult result;
  std::size_t made = 0;  ///< files that were looked into
  std::vector<std::string> warnings;
};

CachedLoad load(const std::vector<fs::path>& sources, const fs::path& cache) {
  CachedLoad load;
  Events events;
  events.progress = [&](const Progress& progress) { load.made = *progress.total; };
  events.warn = [&](const std::string& line) { load.warnings.push_back(line); };
  library::TileOptions options;
  options.cache = cache;
  load.result = library::load_tiles(sources, kAspect, events, options);
  return load;
}

void same(const library::IngestResult& a, const library::IngestResult& b) {
  CHECK(same_tiles(a.tiles, b.tiles));
  CHECK(a.duplicates == b.duplicates);
  REQUIRE(a.skipped.size() == b.skipped.size());
  for (std::size_t i = 0; i < a.skipped.size(); ++i) {
    CHECK(a.skipped[i].path == b.skipped[i].path);
    CHECK(a.skipped[i].reason == b.skipped[i].reason);
  }
}

std::vector<fs::path> libraries_in(const fs::path& cache) {
  std::vector<fs::path> found;
  for (const CachedLibrary& library : inspect_cache(cache)) found.push_back(library.library);
  return found;
}

TEST_CASE("a cached folder gives what the folder gives") {
  const TempFolder folder;
  test::fill_with_awkward_pictures(folder / "photos");
  write_file(folder / "more/1.png", test::png_file(differing_photo(9)));
  const std::vector<fs::path> sources = {folder / "photos", folder / "more", folder / "photos/deep",
                                         folder / "photos/photo 1.png"};
  const library::IngestResult direct = library::load_tiles(sources, kAspect, {});
  for (int i = 0; i < 3; ++i) same(load(sources, folder / "cache").result, direct);
  CHECK(libraries_in(folder / "cache").size() == 2);
  struct stat status {};
  REQUIRE(::stat((folder / "cache").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  write_file(folder / "photos/new.png", test::png_file(differing_photo(12)));
  fs::remove(folder / "photos/photo 0.png");
  same(load(sources, folder / "cache").result, library::load_tiles(sources, kAspect, {}));
}

TEST_CASE("what was readable by others is the user's alone again") {
  const TempFolder folder;
  write_file(folder / "photos/a.png", test::png_file(differing_photo(0)));
  const auto mode_of = [](const fs::path& path) {
    return static_cast<unsigned>(fs::status(path).permissions());
  };
  fs::create_directory(folder / "cache");
  fs::permissions(folder / "cache", static_cast<fs::perms>(0755));
  load({folder / "photos"}, folder / "cache");
  const std::vector<fs::path> libraries = libraries_in(folder / "cache");
  REQUIRE(libraries.size() == 1);
  CHECK(mode_of(folder / "cache") == 0700);
  CHECK(mode_of(libraries.front()) == 0600);
  fs::permissions(libraries.front(), static_cast<fs::perms>(0644));
  load({folder / "photos"}, folder / "cache");
  CHECK(mode_of(libraries.front()) == 0600);
}

TEST_CASE("the second time, no file is read") {
  const TempFolder folder;
  test::fill_with_awkward_pictures(folder / "photos");
  fs::create_symlink("nowhere", folder / "photos/broken.png");
  std::this_thread::sleep_for(std::chrono::milliseconds(2100));  // until times can tell changes
  const CachedLoad first = load({folder / "photos"}, folder / "cache");
  CHECK(first.made == 11);
  const CachedLoad second = load({folder / "photos"}, folder / "cache");
  CHECK(second.made == 0);
  same(second.result, first.result);
  CHECK(test::names_in(folder / "cache").size() == 1);
}

TEST_CASE("a folder has one library, however it is called") {
  const TempFolder folder;
  write_file(folder / "photos/1.png", test::png_file(differing_photo(1)));
  fs::create_directory_symlink("photos", folder / "linked");
  load({folder / "photos"}, folder / "cache");
  load({folder / "photos/"}, folder / "cache");
  load({folder / "photos/../photos"}, folder / "cache");
  const library::IngestResult linked = load({folder / "linked"}, folder / "cache").result;
  CHECK(linked.tiles.tiles.at(0).source == folder / "linked/1.png");
  CHECK(libraries_in(folder / "cache").size() == 1);
}

TEST_CASE("a cache that cannot be used is done without") {
  const TempFolder folder;
  test::fill_with_awkward_pictures(folder / "photos");
  write_file(folder / "file", {'h', 'i'});
  const std::vector<fs::path> sources = {folder / "photos", folder / "photos/deep"};
  const library::IngestResult direct = library::load_tiles(sources, kAspect, {});
  for (const fs::path& place : {folder / "file", folder / "file/cache", fs::path("/proc/none")}) {
    const CachedLoad loaded = load(sources, place);
    same(loaded.result, direct);
    REQUIRE(loaded.warnings.size() == 1);
    CHECK(says(loaded.warnings[0], "not kept for the next time: cannot make the folder"));
    CHECK(says(loaded.warnings[0], "no-cache"));
  }
}

TEST_CASE("a damaged cache is made anew") {
  const TempFolder folder;
  test::fill_with_awkward_pictures(folder / "photos");
  const library::IngestResult direct = library::load_tiles({folder / "photos"}, kAspect, {});
  load({folder / "photos"}, folder / "cache");
  const fs::path library = libraries_in(folder / "cache").at(0);
  for (const char* harm : {"DELETE FROM source WHERE id = 1", "UPDATE picture SET height = 5",
                           "PRAGMA user_version = 9", "DROP TABLE tally"}) {
    CAPTURE(harm);
    test::run_sql(library, harm);
    same(load({folder / "photos"}, folder / "cache").result, direct);
    CHECK(check_library(library).complaints.empty());
  }
  std::ofstream(library, std::ios::binary) << "no library at all, but long enough to have a head";
  same(load({folder / "photos"}, folder / "cache").result, direct);
}

TEST_CASE("the libraries used the longest ago make room") {
  const TempFolder folder;
  for (int i = 0; i < 3; ++i) {
    const fs::path photos = folder / std::to_string(i);
    write_file(photos / "1.png", test::png_file(differing_photo(i)));
    load({photos}, folder / "cache");
    for (const CachedLibrary& cached : inspect_cache(folder / "cache")) {
      const auto then = fs::file_time_type::clock::now() - std::chrono::hours(10 - i);
      if (cached.source == photos) fs::last_write_time(cached.library, then);
    }
  }
  const std::vector<CachedLibrary> before = inspect_cache(folder / "cache");
  REQUIRE(before.size() == 3);
  CHECK(before[2].source == folder / "0");
  library::trim_cache(folder / "cache", before[0].bytes + before[1].bytes, {});
  CHECK(libraries_in(folder / "cache") ==
        std::vector<fs::path>{before[0].library, before[1].library});
  library::trim_cache(folder / "cache", 1, before[1].library);
  CHECK(libraries_in(folder / "cache") == std::vector<fs::path>{before[1].library});
  CHECK(clear_cache(folder / "cache").removed == 1);
  CHECK(test::names_in(folder / "cache").empty());
}

TEST_CASE("a cache that is too large makes room when another folder comes") {
  const TempFolder folder;
  write_file(folder / "photos/1.png", test::png_file(differing_photo(1)));
  const fs::path old = folder / "cache/0123456789abcdef0123456789abcdef.smalti";
  write_file(old, {});
  fs::resize_file(old, kCacheBytes);  // a hole
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(1));
  load({folder / "photos"}, folder / "cache");
  const std::vector<fs::path> left = libraries_in(folder / "cache");
  REQUIRE(left.size() == 1);
  CHECK(left[0] != old);
}

TEST_CASE("the program remembers folders unless it is told not to") {
  const test::Workshop shop;
  const auto cached = [] { return inspect_cache(*cache_folder()).size(); };
  clear_cache(*cache_folder());
  const auto frames = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"video", shop.clip(), "-t", shop.tiles(), "-o", shop / "out.nut",
                               "-y", "--encoder", "rawvideo", "--duration", "1"});
    const test::Ended ended = run_smalti(more);
    INFO(ended.errors);
    REQUIRE(ended.code == 0);
    std::ifstream stream(shop / "out.nut", std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  };
  const std::string without = frames({"--no-cache"});
  CHECK(cached() == 0);
  CHECK(frames({}) == without);
  CHECK(cached() == 1);
  CHECK(frames({}) == without);
  const test::Ended info = run_smalti({"cache", "info"});
  CHECK(info.code == 0);
  CHECK(says(info.output, shop.tiles()));
  CHECK(says(run_smalti({"cache", "info", "--json"}).output, "\"libraries\":[{"));
  CHECK(says(run_smalti({"cache", "clear"}).output, "1 library removed"));
  CHECK(cached() == 0);
}

TEST_CASE("without a home nothing is remembered, and that is said once") {
  const test::Workshop shop;
  const auto run = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"env", "-u", "HOME", "-u", "XDG_CACHE_HOME",
                                 test::smalti_program(), "video", shop.clip(), "-o",
                                 shop / "out.mp4", "-y", "--duration", "0.2", "--progress", "off"});
    return test::run_program(words);
  };
  const std::string tiles = shop.tiles();
  const test::Ended without = run({"-t", tiles});
  CHECK(without.code == 0);
  CHECK(says(without.errors, "neither XDG_CACHE_HOME nor HOME is set"));
  CHECK_FALSE(says(run({"-t", tiles, "--no-cache"}).errors, "next time"));
  REQUIRE(run_smalti({"tiles", "build", tiles, "-o", shop / "tiles.smalti"}).code == 0);
  CHECK_FALSE(says(run({"-t", shop / "tiles.smalti"}).errors, "next time"));
  CHECK(test::run_program(
            {"env", "-u", "HOME", "-u", "XDG_CACHE_HOME", test::smalti_program(), "cache", "info"})
            .code == 66);
}

}  // namespace
}  // namespace smalti

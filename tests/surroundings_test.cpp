// What the program finds around it: where temporary files may go, and what times files claim.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cstdint>
#include <limits>

#include "base/file_state.h"
#include "support/clips.h"
#include "support/hard_shop.h"

namespace smalti {
namespace {

using test::Ended;
using test::HardShop;
using test::says;

using Limits = std::numeric_limits<std::int64_t>;

TEST_CASE("times beyond what nanoseconds can tell are the last they can") {
  const auto told = [](std::int64_t seconds) {
    struct stat status {};
    status.st_mtim = {seconds, 999'999'999};
    return file_state(status).mtime_ns;
  };
  CHECK(told(0) == 999'999'999);
  CHECK(told(-1) == -1);
  CHECK(told(9'223'372'035) == 9'223'372'035'999'999'999);
  for (const std::int64_t late : {std::int64_t{9'223'372'036}, Limits::max()})
    CHECK(told(late) == Limits::max());
  for (const std::int64_t early : {std::int64_t{-9'300'000'000}, Limits::min()})
    CHECK(told(early) == Limits::min());
}

TEST_CASE("a file is racy when it changed just before it was scanned, at any time") {
  constexpr std::int64_t kSecond = 1'000'000'000;
  const auto racy = [](std::int64_t changed, std::int64_t scanned) {
    return is_racy({.mtime_ns = changed, .ctime_ns = Limits::min()}, scanned);
  };
  CHECK(racy(10 * kSecond, 12 * kSecond));
  CHECK_FALSE(racy(10 * kSecond, 12 * kSecond + 1));
  CHECK(racy(13 * kSecond, 12 * kSecond));
  CHECK(racy(0, Limits::min()));
  CHECK(racy(Limits::min(), Limits::min()));
  CHECK_FALSE(racy(Limits::min(), Limits::max()));
}

TEST_CASE("files of an absurd time are files") {
  const HardShop shop;
  const timespec far[] = {{15'000'000'000, 0}, {15'000'000'000, 0}};  // in the year 2445
  for (const std::string& file : {shop.clip(), shop.tiles() + "/tile-1.png"})
    REQUIRE(::utimensat(AT_FDCWD, file.c_str(), far, 0) == 0);
  const Ended spliced = test::run_smalti({"splice", shop.clip(), "-o", shop.output("s"), "-q"});
  CHECK(spliced.code == 0);
  CHECK(spliced.errors.empty());
  const std::string library = shop / "tiles.smalti";
  CHECK(test::run_smalti({"tiles", "build", shop.tiles(), "-o", library, "-q"}).code == 0);
}

TEST_CASE("temporary files need a folder, and without it are told where to go") {
  const HardShop shop;
  clips::write_file(shop / "file", "text");
  const std::vector<std::string> rehearsal = {"video", shop.clip(), "-t", shop.tiles(),
                                              "--dry-run"};
  const std::vector<std::string> animation = {"animate", shop.tiles(), "-o", shop.output("a.gif")};
  struct Case {
    std::string folder;
    const char* why;
  };
  const std::vector<Case> cases = {{shop / "file", "Not a directory"},
                                   {shop / "none", "No such file or directory"},
                                   {"/proc", "No such file or directory"}};
  for (const Case& c : cases) {
    for (std::vector<std::string> words : {rehearsal, animation}) {
      words.insert(words.begin(), {"env", "TMPDIR=" + c.folder, test::smalti_program()});
      const Ended ended = test::run_program(words);
      CAPTURE(ended.errors);
      CHECK((ended.code == 73 || ended.code == 74));
      CHECK(says(ended.errors, "temporary file"));
      CHECK(says(ended.errors, "'" + c.folder + "': " + c.why));
      CHECK(says(ended.errors, "TMPDIR"));
      CHECK(shop.outputs().empty());
    }
  }
}

}  // namespace
}  // namespace smalti

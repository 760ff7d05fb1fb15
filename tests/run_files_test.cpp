// No run replaces what it reads, nor writes one file twice.

#include "products/run/run_files.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>
#include <functional>
#include <iterator>

#include "library/tile_library.h"
#include "smalti/error.h"
#include "support/sweep_shop.h"
#include "support/workshop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::Ended;
using test::run_smalti;
using test::says;

void write(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }

std::string bytes_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What is said of such files; empty when they may be used.
std::string complaint(const std::function<void(RunFiles&)>& name_them) {
  RunFiles files;
  name_them(files);
  try {
    files.check(true, {});
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kUsage);
    CHECK_FALSE(error.hint().empty());
    return error.what();
  }
  return "";
}

TEST_CASE("what is read is not written, through links either") {
  const test::TempFolder folder;
  write(folder / "clip", "x");
  fs::create_symlink("clip", folder / "soft");
  fs::create_hard_link(folder / "clip", folder / "hard");
  fs::create_directory_symlink(folder.path(), folder / "way");
  for (const char* name : {"clip", "soft", "hard", "way/clip", "way/./soft"}) {
    CAPTURE(name);
    const std::string said = complaint([&](RunFiles& files) {
      files.reads("target", folder / "clip");
      files.writes("report", folder / name);
    });
    CHECK(says(said, "the report '"));
    CHECK(says(said, "is the target itself"));
  }
  CHECK(complaint([&](RunFiles& files) {
          files.reads("target", folder / "clip");
          files.writes("report", folder / "other");
        }).empty());
}

TEST_CASE("nothing is written twice, whether it is there yet or not") {
  const test::TempFolder folder;
  write(folder / "there", "x");
  fs::create_symlink("there", folder / "soft");
  fs::create_hard_link(folder / "there", folder / "hard");
  fs::create_symlink("nowhere", folder / "dangling");
  fs::create_directory(folder / "sub");
  fs::create_directory_symlink("sub", folder / "way");
  REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
  struct Case {
    const char* one;
    const char* other;
    bool same;
  };
  for (const Case& c : {Case{"there", "there", true},
                        {"there", "soft", true},
                        {"soft", "hard", true},
                        {"a", "a", true},
                        {"a", "./a", true},
                        {"a", "sub/../a", true},
                        {"dangling", "nowhere", true},
                        {"sub/a", "way/a", true},
                        {"fifo", "fifo", true},
                        {"a", "b", false},
                        {"sub/a", "a", false},
                        {"there", "a", false}}) {
    CAPTURE(c.one);
    CAPTURE(c.other);
    const std::string said = complaint([&](RunFiles& files) {
      files.writes("report", folder / c.one);
      files.writes("output", folder / c.other);
    });
    CHECK(says(said, "is the report itself") == c.same);
  }
  // Nothing is lost there.
  CHECK(complaint([](RunFiles& files) {
          files.writes("report", "/dev/null");
          files.writes("output", "/dev/null");
        }).empty());
}

TEST_CASE("what lies in a folder of tiles is not replaced, but there may come more") {
  const test::TempFolder folder;
  fs::create_directories(folder / "tiles/more");
  write(folder / "tiles/more/a.jpg", "x");
  write(folder / "photo", "x");
  write(folder / "other", "x");
  fs::create_symlink("../photo", folder / "tiles/b.jpg");
  fs::create_hard_link(folder / "tiles/more/a.jpg", folder / "hard");
  const auto said = [&](const char* output) {
    return complaint([&](RunFiles& files) {
      files.reads("tile source", folder / "tiles");
      files.writes("output", folder / output);
    });
  };
  for (const char* name : {"tiles/more/a.jpg", "tiles/b.jpg", "photo", "hard"}) {
    CAPTURE(name);
    CHECK(says(said(name), "is one of the files in '" + (folder / "tiles").string()));
  }
  CHECK(said("tiles/new.jpg").empty());
  CHECK(said("other").empty());
}

TEST_CASE("what a library was made of is not replaced") {
  const test::SweepShop shop;
  const fs::path library = shop / "a.tiles";
  library::build_library(library, {shop.tiles()}, {}, {});
  const auto said = [&](const fs::path& output) {
    return complaint([&](RunFiles& files) {
      files.reads("tile source", library);
      files.writes("output", output);
    });
  };
  CHECK(says(said(shop.tiles() / "tile-3.png"), "one of the files that '" + library.string()));
  CHECK(says(said(library), "the tile source itself"));
  CHECK(said(shop.target()).empty());
}

TEST_CASE("every command refuses to write to what it reads, before any work") {
  const test::Workshop shop;
  const std::string clip = shop.clip();
  const std::string tiles = shop.tiles();
  const std::string tile = shop.tiles() / "tile-01.png";
  const std::string page = shop / "page.html";
  const std::string still = shop / "tile.png";
  const std::string made = shop / "mosaic.mkv";
  fs::copy_file(tile, still);
  const Ended built = run_smalti({"tiles", "build", tiles, "-q", "-o", shop / "a.tiles"});
  REQUIRE(built.code == 0);
  struct Case {
    std::vector<std::string> words;
    int code;
    const char* message;
  };
  const std::vector<Case> cases = {
      {{"video", clip, "-t", tiles, "-o", made, "--report", clip}, 2, "target itself"},
      {{"video", clip, "-t", tiles, "-o", made, "--save-placements", clip}, 2, "target itself"},
      {{"video", clip, "-t", tiles, "-o", made, "--report", made}, 2, "report itself"},
      {{"video", clip, "-t", tiles, "-o", made, "--report", tile}, 2, "one of the files"},
      {{"video", clip, "-t", tile, "-o", made, "--report", tile}, 2, "tile source itself"},
      {{"video", clip, "-t", shop / "a.tiles", "-o", made, "--report", shop / "a.tiles"},
       2,
       "tile source itself"},
      {{"video", clip, "-t", tiles, "-o", made, "--keep-partial", "--report",
        shop / "mosaic.partial.mkv"},
       2,
       "report itself"},
      {{"video", clip, "-t", tiles, "-o", tile}, 2, "one of the files"},
      {{"image", still, "-t", tiles, "-o", tile}, 2, "one of the files"},
      {{"image", still, "-t", tile, "-o", shop / "b.png", "--report", still}, 2, "target itself"},
      {{"sweep", still, "-t", tiles, "-o", shop / "b.gif", "--report", still}, 2, "target itself"},
      {{"explore", still, "-t", tiles, "--html", page, "--report", page}, 2, "report itself"},
      {{"explore", still, "-t", tiles, "--html", tile}, 2, "one of the files"},
      {{"animate", tiles, "-o", tile}, 2, "the picture itself"},
      {{"splice", clip, "-o", clip}, 73, "cannot make the folder"},
      {{"tiles", "build", tile, "-o", tile}, 73, "something else is there"},
      {{"tiles", "export", shop / "a.tiles", shop / "a.tiles"}, 73, "cannot make the folder"},
  };
  const std::size_t entries = shop.entries();
  const std::string clip_bytes = bytes_of(clip);
  const std::string tile_bytes = bytes_of(tile);
  const std::string still_bytes = bytes_of(still);
  for (Case c : cases) {
    if (c.code == 2) c.words.emplace_back("-y");
    std::string called;
    for (const std::string& word : c.words) called += word + " ";
    CAPTURE(called);
    const Ended ended = run_smalti(c.words);
    CAPTURE(ended.errors);
    CHECK(ended.code == c.code);
    CHECK(says(ended.errors, c.message));
    CHECK(shop.entries() == entries);
  }
  CHECK(bytes_of(clip) == clip_bytes);
  CHECK(bytes_of(tile) == tile_bytes);
  CHECK(bytes_of(still) == still_bytes);
}

TEST_CASE("a preview's poster is one of its outputs") {
  const test::Workshop shop;
  fs::create_symlink(shop.clip(), shop / "a-preview.jpg");
  const std::string before = bytes_of(shop.clip());
  const Ended ended = shop.video({"--preview", "-y", "-o", shop / "a.mkv"});
  CHECK(ended.code == 2);
  CHECK(says(ended.errors, "the poster '"));
  CHECK(bytes_of(shop.clip()) == before);
}

}  // namespace
}  // namespace smalti

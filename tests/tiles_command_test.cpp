// `smalti tiles` as its users meet it, and videos as tiles.

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "library/sqlite.h"
#include "library/tile_library.h"
#include "support/animated_files.h"
#include "support/libraries.h"
#include "support/workshop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::Ended;
using test::run_smalti;
using test::says;
using test::Workshop;
using Json = nlohmann::json;

Ended tiles(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "tiles");
  return run_smalti(arguments);
}

Json info_of(const fs::path& library) {
  const Ended ended = tiles({"info", library, "--json"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  return Json::parse(ended.output);
}

std::string frames_with(const Workshop& shop, std::vector<std::string> words) {
  words.insert(words.begin(), {"video", shop.clip(), "-o", shop / "out.nut", "-y", "--encoder",
                               "rawvideo", "--duration", "1", "--quiet"});
  const Ended ended = run_smalti(words);
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  std::ifstream stream(shop / "out.nut", std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::size_t longest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t longest = 0;
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
  return longest;
}

TEST_CASE("tiles build says what it did, info what there is, check that it is whole") {
  const Workshop shop;
  const std::string library = shop / "tiles.smalti";
  const Ended built = tiles({"build", shop.tiles(), "-o", library});
  CAPTURE(built.errors);
  CHECK(built.code == 0);
  CHECK(says(built.errors, "12 tiles; 12 files looked at, 12 decoded, 0 unchanged"));
  const Ended again = tiles({"build", shop.tiles(), "-o", library, "--progress", "json"});
  const Json done = Json::parse(again.output.substr(again.output.rfind("{\"event\"")));
  CHECK(done["decoded"] == 0);
  CHECK(done["files"] == 12);
  CHECK(done["tiles"] == 12);

  const Ended info = tiles({"info", library});
  CHECK(says(info.output, "12 tiles"));
  CHECK(says(info.output, "12 PNG"));
  CHECK_FALSE(says(info.output, "\033"));
  CHECK(info_of(library)["tiles"] == 12);
  CHECK(longest_line(info.output.substr(info.output.find("dark"))) <= 60);

  const Ended whole = tiles({"check", library});
  CHECK(whole.code == 0);
  CHECK(says(whole.output, "all as they were written"));
  test::run_sql(library, "DELETE FROM thumbnail WHERE id = 3");
  const Ended damaged = tiles({"check", library});
  CHECK(damaged.code == 65);
  CHECK(says(damaged.output, "1 row is missing from table 'thumbnail'"));
  CHECK(says(damaged.errors, "--repair"));
  CHECK(tiles({"check", library, "--repair"}).code == 0);
  CHECK(says(tiles({"build", shop.tiles(), "-o", library}).errors, "1 decoded"));
  CHECK(tiles({"check", library}).code == 0);

  CHECK(tiles({"export", library, shop / "exported"}).code == 0);
  CHECK(test::names_in(shop / "exported").size() == 12);
}

// Pictures of all kinds, animations and a video, in two folders.
void fill_with_all_sorts(const Workshop& shop) {
  test::fill_with_awkward_pictures(shop / "all/pictures");
  const auto parts = test::differing_parts(6, {60, 80});
  test::write_file(shop / "all/more/a.gif", test::gif_file({60, 80}, parts));
  test::write_file(shop / "all/more/b.webp",
                   test::webp_animation({parts.rbegin(), parts.rbegin() + 3}));
  for (int i = 0; i < 30; ++i)
    test::write_file(shop / "all/more" / (std::to_string(i) + ".png"),
                     test::png_file(test::differing_photo(10 + i)));
  fs::copy_file(shop.clip(), shop / "all/clip.mp4");
}

/// But for where the tiles were said to be.
std::string placements_in(const fs::path& file) {
  std::ifstream stream(file);
  std::string line;
  std::getline(stream, line);
  Json header = Json::parse(line);
  REQUIRE(header.erase("sources") == 1);
  std::string all = header.dump() + '\n';
  std::size_t tiles = 0;
  while (std::getline(stream, line)) {
    if (line.starts_with("{\"tile\"")) ++tiles;
    all += line + '\n';
  }
  CHECK(tiles > 5);
  return all;
}

void build_by_eight(const std::vector<std::string>& words) {
  std::vector<std::unique_ptr<test::Program>> builders;
  for (int i = 0; i < 8; ++i) builders.push_back(std::make_unique<test::Program>(words));
  for (const auto& builder : builders) CHECK(builder->wait().code == 0);
}

TEST_CASE("a mosaic is the same from folder, cache and library, however that was built") {
  const Workshop shop;
  fill_with_all_sorts(shop);
  const std::string all = shop / "all";
  const std::string one = shop / "one";
  const std::string eight = shop / "eight";
  const std::string bits = shop / "bits";
  REQUIRE(tiles({"build", all, "-o", one, "--frames"}).code == 0);
  build_by_eight(
      {test::smalti_program(), "tiles", "build", all, "-o", eight, "--frames", "--quiet"});
  for (const char* part : {"all/more", "all/pictures", "all/clip.mp4"})
    REQUIRE(tiles({"build", shop / part, "-o", bits}).code == 0);
  test::write_file(shop / "all/late.png", test::png_file(test::differing_photo(50)));
  fs::remove(shop / "all/more/3.png");
  for (const std::string& library : {one, eight, bits})
    REQUIRE(tiles({"build", all, "-o", library, "--frames"}).code == 0);

  using Words = std::vector<std::string>;
  for (const Words& how :
       {Words{}, Words{"--frames", "--crops", "2", "--flip"},
        Words{"--frames", "--crop", "attention", "--distinct", "--tile-aspect", "1:1"}}) {
    CAPTURE(how.size());
    const auto with = [&](Words words) {
      words.insert(words.end(), how.begin(), how.end());
      words.insert(words.end(), {"--save-placements", shop / "placements"});
      const std::string frames = frames_with(shop, words);
      return frames + placements_in(shop / "placements");
    };
    const std::string direct = with({"--no-cache", "-t", all});
    for (int i = 0; i < 2; ++i) CHECK(with({"-t", all}) == direct);
    for (const std::string& library : {one, eight, bits}) CHECK(with({"-t", library}) == direct);
  }
}

TEST_CASE("tiles build tells what gave nothing") {
  const Workshop shop;
  const std::string library = shop / "tiles.smalti";
  fs::create_directory(shop / "empty");
  const Ended none = tiles({"build", shop / "empty", "-o", library});
  CHECK(none.code == 65);
  CHECK(says(none.errors, "there is no tile in '" + library + "' yet"));
  CHECK_FALSE(says(tiles({"info", library}).output, "dark"));
  CHECK(tiles({"build", shop.tiles(), "-o", library}).code == 0);
  CHECK(tiles({"build", shop / "empty", "-o", library}).code == 0);

  const Ended own = tiles({"build", library, "-o", library});
  CHECK(own.code == 65);
  CHECK(says(own.errors, "is a tile library itself"));

  test::write_file(shop / "films/a.mp4", {});
  test::write_file(shop / "films/b.mkv", {'h', 'i'});
  test::write_file(shop / "films/c.doc", {'h', 'i'});
  fs::copy_file(shop.clip(), shop / "films/cut.mp4");
  fs::resize_file(shop / "films/cut.mp4", 1000);
  const std::string told = tiles({"build", shop / "films", "-o", shop / "films.smalti"}).errors;
  CHECK(says(told, "a.mp4': zero bytes"));
  CHECK(says(told, "b.mkv': no video"));
  CHECK(says(told, "cut.mp4': cannot open it: "));
  CHECK_FALSE(says(told, "c.doc"));
  CHECK_FALSE(says(told, "target"));
}

TEST_CASE("the info of a library says how large and how old its pictures are") {
  const Workshop shop;
  const std::string library = shop / "tiles.smalti";
  const test::File jpeg = test::jpeg_file(test::photo({1200, 1000}));
  test::write_file(shop / "dated/a.jpg", test::jpeg_with_exif(jpeg, 1, "2024:07:31 18:05:00"));
  REQUIRE(tiles({"build", shop / "dated", "-o", library}).code == 0);
  CHECK(says(tiles({"info", library}).output, "1.2 megapixels\n"));
  CHECK(says(tiles({"info", library}).output, "2024-07-31 to 2024-07-31, of 1 picture"));
  test::write_file(shop / "dated/b.png", test::png_file(test::photo({40, 30})));
  REQUIRE(tiles({"build", shop / "dated", "-o", library}).code == 0);
  CHECK(says(tiles({"info", library}).output, "1,200 pixels to 1.2 megapixels"));
}

TEST_CASE("only the small copies that a mosaic shows are read") {
  const Workshop shop;
  const cv::Scalar red(255, 0, 0);
  test::write_file(shop / "target.png", test::png_file(cv::Mat(60, 80, CV_8UC3, red)));
  test::write_file(shop.tiles() / "red.png", test::png_file(cv::Mat(40, 30, CV_8UC3, red)));
  const std::string library = shop / "tiles.smalti";
  REQUIRE(tiles({"build", shop.tiles(), "-o", library}).code == 0);
  const auto mosaic = [&] {
    return run_smalti({"image", shop / "target.png", "-t", library, "-o", shop / "mosaic.png", "-y",
                       "--look", "exact", "--columns", "8", "--enlarge", "1", "--quiet"})
        .code;
  };
  REQUIRE(mosaic() == 0);
  // Whoever reads one of the others is told of the damage.
  const std::string the_red_one =
      "SELECT picture.id FROM picture JOIN source USING(hash) "
      "WHERE CAST(path AS TEXT) LIKE '%red.png'";
  test::run_sql(library, "UPDATE thumbnail SET data = x'00' WHERE id <> (" + the_red_one + ")");
  CHECK(mosaic() == 0);
  test::run_sql(library, "UPDATE thumbnail SET data = x'00'");
  CHECK(mosaic() == 65);
}

TEST_CASE("a damaged library ends a mosaic with 65 and the advice to repair it") {
  const Workshop shop;
  const std::string library = shop / "tiles.smalti";
  REQUIRE(tiles({"build", shop.tiles(), "-o", library}).code == 0);
  // Seen only when the mosaic is painted.
  test::run_sql(library, "UPDATE thumbnail SET data = (SELECT data FROM thumbnail WHERE id = 2)");
  const Ended ended =
      run_smalti({"video", shop.clip(), "-t", library, "-o", shop / "out.mp4", "--quiet"});
  CHECK(ended.code == 65);
  CHECK(says(ended.errors, "damaged"));
  CHECK(says(ended.errors, "check --repair"));
  CHECK_FALSE(fs::exists(shop / "out.mp4"));
}

TEST_CASE("videos are tiles, a frame a second") {
  const Workshop shop;
  const std::string library = shop / "tiles.smalti";
  const Ended built = tiles({"build", shop.clip(), "-o", library});
  CAPTURE(built.errors);
  CHECK(built.code == 0);
  CHECK(says(built.errors, "1 file looked at, 1 decoded"));
  const Json info = info_of(library);
  CHECK(info["videos"] == 1);
  CHECK(info["tiles"] == 5);
  CHECK(info["formats"]["MP4"] == 1);
  CHECK(says(tiles({"build", shop.clip(), "-o", library}).errors, "0 decoded"));

  const library::IngestResult loaded = library::load_library(library, {3, 4}, {});
  std::vector<std::int64_t> times_us;
  for (const tiles::Tile& tile : loaded.tiles.tiles) times_us.push_back(tile.id.timestamp_us);
  std::sort(times_us.begin(), times_us.end());
  CHECK(times_us == std::vector<std::int64_t>{0, 1'000'000, 2'000'000, 3'000'000, 4'000'000});

  const std::string direct = frames_with(shop, {"--no-cache", "-t", shop.clip(), shop.tiles()});
  CHECK(frames_with(shop, {"-t", shop.clip(), shop.tiles()}) == direct);
  CHECK(frames_with(shop, {"-t", shop.clip(), shop.tiles()}) == direct);
  CHECK(frames_with(shop, {"-t", library, shop.tiles()}) == direct);
  // Also inside a folder.
  fs::copy_file(shop.clip(), shop.tiles() / "clip without extension");
  CHECK(frames_with(shop, {"-t", shop.tiles()}) == direct);
  CHECK(tiles({"export", library, shop / "exported"}).code == 0);
  CHECK(test::names_in(shop / "exported").size() == 5);
}

TEST_CASE("libraries are used from file systems that cannot be written to") {
  const Workshop shop;
  fs::create_directory(shop / "shelf");
  const std::string library = shop / "shelf/tiles.smalti";
  REQUIRE(tiles({"build", shop.tiles(), "-o", library}).code == 0);
  const std::string script =
      "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\" || exit 99; \"$@\"";
  const Ended ended = test::run_program(
      {"unshare", "-rm", "sh", "-c", script, shop / "shelf", test::smalti_program(), "video",
       shop.clip(), "-t", library, "-o", shop / "out.mp4", "--tile-aspect", "5:4", "--quiet"});
  if (ended.code == 99 || ended.code == 1 || ended.code == 127) {
    MESSAGE("left out: nothing can be mounted here");
    return;
  }
  CAPTURE(ended.errors);
  CHECK(ended.code == 0);
}

TEST_CASE("tiles commands that make no sense are refused") {
  const Workshop shop;
  const auto code = [](std::vector<std::string> words) { return tiles(std::move(words)).code; };
  CHECK(code({}) == 2);
  CHECK(code({"bild"}) == 2);
  CHECK(says(tiles({"bild", shop.tiles()}).errors, "did you mean `smalti tiles build`?"));
  CHECK(says(run_smalti({"cache", "inof"}).errors, "did you mean `smalti cache info`?"));
  CHECK(code({"build"}) == 2);
  CHECK(code({"build", shop.tiles()}) == 2);
  CHECK(code({"build", shop.tiles(), "-o", shop / "a", "--nonsense"}) == 2);
  CHECK(code({"build", shop / "none", "-o", shop / "a"}) == 66);
  CHECK(code({"build", shop.tiles(), "-o", shop / "none/a"}) == 73);
  CHECK(code({"build", shop.tiles(), "-o", shop.clip()}) == 73);
  sqlite::Database(fs::path(shop / "other.db"), sqlite::Database::Access::kCreate)
      .execute("CREATE TABLE a(b)");
  CHECK(code({"build", shop.tiles(), "-o", shop / "other.db"}) == 73);
  CHECK(code({"info", shop / "none"}) == 66);
  CHECK(code({"info", shop.clip()}) == 65);
  CHECK(code({"check", shop.clip()}) == 65);
  CHECK(code({"info"}) == 2);
  CHECK(code({"--help"}) == 0);
  CHECK(code({"build", "--help"}) == 0);
  CHECK(run_smalti({"cache"}).code == 2);
}

}  // namespace
}  // namespace smalti

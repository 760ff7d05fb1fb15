// Splicing that is stopped, killed, repeated, or given what it cannot use.

#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <fstream>
#include <opencv2/imgcodecs.hpp>

#include "support/clips.h"
#include "support/pictures.h"
#include "support/spliced.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::Ended;
using test::pictures_in;
using test::spliced_names;
using test::SpliceShop;

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

constexpr const char* kLong =
    "testsrc2=size=640x360:rate=25:duration=40,noise=alls=10:allf=t,format=yuv420p";

std::size_t visible_in(const fs::path& folder) {
  std::error_code error;
  std::size_t count = 0;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (!it->path().filename().string().starts_with('.')) ++count;
  return count;
}

// Runs until some pictures are there and sends the signal.
Ended interrupted(const SpliceShop& shop, const std::vector<std::string>& options,
                  const std::string& out, std::size_t pictures, int signal) {
  std::vector<std::string> words = {
      test::smalti_program(), "splice", shop / "a.mp4", shop / "b.mp4", "-o",
      (shop / out).string(),  "-q"};
  words.insert(words.end(), options.begin(), options.end());
  test::Program program(words);
  CHECK(program.wait_until([&] { return visible_in(shop / out) >= pictures; }, 60));
  program.send(signal);
  return program.wait();
}

TEST_CASE("a killed run leaves whole pictures, and the next one makes the rest and no more") {
  const SpliceShop shop;
  const std::string a = shop.video("a.mp4", kLong, {"-preset", "ultrafast"});
  const std::string b =
      shop.video("b.mp4", std::string(kLong) + ",negate", {"-preset", "ultrafast"});
  struct Way {
    std::string name;
    std::vector<std::string> options;
  };
  for (const Way& way : std::vector<Way>{{"every", {"--every", "0.4"}},
                                         {"distinct", {"--every", "0.4", "--distinct"}}}) {
    CAPTURE(way.name);
    REQUIRE(shop.splice({a, b}, way.name + "-once", way.options).code == 0);
    const auto expected = pictures_in(shop / (way.name + "-once"));
    const std::string out = way.name + "-killed";
    std::size_t before = 0;
    for (int kill = 0; kill < 3; ++kill) {
      const std::size_t wanted = std::min(before + 3, expected.size() - 1);
      CHECK(interrupted(shop, way.options, out, wanted, SIGKILL).killed);
      for (const auto& [name, bytes] : pictures_in(shop / out)) {
        REQUIRE(expected.contains(name));
        CHECK(bytes == expected.at(name));
      }
      before = visible_in(shop / out);
    }
    std::map<std::string, fs::file_time_type> made;
    for (const std::string& name : spliced_names(shop / out))
      made[name] = fs::last_write_time(shop / out / name);
    REQUIRE(shop.splice({a, b}, out, way.options).code == 0);
    CHECK(pictures_in(shop / out) == expected);
    for (const auto& [name, time] : made) CHECK(fs::last_write_time(shop / out / name) == time);
    CHECK(std::distance(fs::directory_iterator(shop / out / ".smalti-splice"), {}) == 1);
  }
}

TEST_CASE("scenes that were killed while looking for shots go on where they were") {
  const SpliceShop shop;
  const std::string shots =
      "testsrc2=size=320x180:rate=25:duration=30,hue=h='floor(t/2)*77':s=2,format=yuv420p";
  const std::string a = shop.video("a.mp4", shots, {"-preset", "ultrafast"});
  const std::string b = shop.video("b.mp4", shots + ",vflip", {"-preset", "ultrafast"});
  REQUIRE(shop.splice({a, b}, "once", {"--scenes"}).code == 0);
  const auto expected = pictures_in(shop / "once");
  CHECK(expected.size() > 10);
  test::Program program(
      {test::smalti_program(), "splice", a, b, "-o", (shop / "out").string(), "-q", "--scenes"});
  const auto noted = [&] {
    std::error_code error;
    const auto bytes = fs::file_size(shop / "out/.smalti-splice/journal", error);
    return !error && bytes > 400;
  };
  CHECK(program.wait_until(noted, 60));
  program.send(SIGKILL);
  program.wait();
  REQUIRE(shop.splice({a, b}, "out", {"--scenes"}).code == 0);
  CHECK(pictures_in(shop / "out") == expected);
}

TEST_CASE("Ctrl-C ends with 130, and the next run goes on") {
  const SpliceShop shop;
  const std::string a = shop.video("a.mp4", kLong, {"-preset", "ultrafast"});
  const std::string b = shop.video("b.mp4", kLong, {"-preset", "ultrafast"});
  const Ended ended = interrupted(shop, {"--every", "0.2"}, "out", 2, SIGINT);
  CHECK(ended.code == 130);
  CHECK(says(ended.errors, "run it again to go on"));
  const std::size_t before = visible_in(shop / "out");
  CHECK(before < 400);
  const Ended rest = shop.splice({a, b}, "out", {"--every", "0.2"});
  CHECK(rest.code == 0);
  CHECK(visible_in(shop / "out") == 400);
}

TEST_CASE("pictures that are there are not made again, those that are missing are") {
  const SpliceShop shop;
  const std::string clip =
      shop.video("clip.mp4", "testsrc2=size=160x90:rate=25:duration=6,format=yuv420p");
  REQUIRE(shop.splice({clip}, "out").code == 0);
  const auto expected = pictures_in(shop / "out");
  fs::remove(shop / "out/clip-00-00-03.000.jpg");
  clips::write_file(shop / "out/clip-00-00-04.000.jpg", "mine");
  const Ended again = shop.splice({clip}, "out");
  CHECK(says(again.errors, "5 of them there already"));
  auto now = pictures_in(shop / "out");
  CHECK(now.at("clip-00-00-04.000.jpg") == "mine");
  now["clip-00-00-04.000.jpg"] = expected.at("clip-00-00-04.000.jpg");
  CHECK(now == expected);
  // Nothing is decoded when nothing is missing, not even a video that could not be any more.
  fs::remove_all(shop / "out/.smalti-splice");
  CHECK(says(shop.splice({clip}, "out").errors, "6 of them there already"));
}

TEST_CASE("a line that was torn, and what follows nonsense, is done again") {
  const SpliceShop shop;
  const std::string clip =
      shop.video("clip.mp4", "testsrc2=size=160x90:rate=25:duration=6,format=yuv420p");
  REQUIRE(shop.splice({clip}, "out").code == 0);
  const auto expected = pictures_in(shop / "out");
  const fs::path journal = shop / "out/.smalti-splice/journal";
  const std::string whole = clips::read_bytes(journal);
  for (std::size_t cut = 0; cut < whole.size(); cut += 7) {
    CAPTURE(cut);
    clips::write_file(journal, whole.substr(0, cut));
    fs::remove(shop / "out/clip-00-00-02.000.jpg");
    REQUIRE(shop.splice({clip}, "out").code == 0);
    CHECK(pictures_in(shop / "out") == expected);
    CHECK(clips::read_bytes(journal) == whole);
  }
  clips::write_file(journal, whole.substr(0, whole.find("frame 0 1")) + "nonsense 7\n" + whole);
  REQUIRE(shop.splice({clip}, "out").code == 0);
  CHECK(clips::read_bytes(journal) == whole);

  // Nonsense, too: a name that leads out of the folder.
  std::string astray = whole;
  REQUIRE(whole.find(" clip ") != std::string::npos);
  astray.replace(whole.find(" clip "), 6, " ../clip ");
  clips::write_file(journal, astray);
  REQUIRE(shop.splice({clip}, "out").code == 0);
  CHECK(clips::read_bytes(journal) == whole);
  CHECK_FALSE(fs::exists(shop / "clip-00-00-02.000.jpg"));
}

TEST_CASE("a video that was changed is a new one, and its old pictures stay") {
  const SpliceShop shop;
  const std::string bars = "size=160x90:rate=25:duration=2,format=yuv420p";
  const std::string clip = shop.video("clip.mp4", "testsrc2=" + bars);
  REQUIRE(shop.splice({clip}, "out").code == 0);
  const auto old = pictures_in(shop / "out");
  shop.video("clip.mp4", "smptebars=" + bars);
  REQUIRE(shop.splice({clip}, "out").code == 0);
  const auto both = pictures_in(shop / "out");
  CHECK(both.size() == 4);
  for (const auto& [name, bytes] : old) CHECK(both.at(name) == bytes);
}

TEST_CASE("one folder holds pictures of one set of options, made by one run at a time") {
  const SpliceShop shop;
  const std::string a = shop.video("a.mp4", kLong, {"-preset", "ultrafast"});
  const std::string b = shop.video("b.mp4", kLong, {"-preset", "ultrafast"});
  test::Program running({test::smalti_program(), "splice", a, b, "-o", (shop / "out").string(),
                         "-q", "--every", "0.1"});
  CHECK(running.wait_until([&] { return visible_in(shop / "out") >= 1; }, 60));
  const Ended second = shop.splice({a}, "out", {"--every", "0.1"});
  CHECK(second.code == 73);
  CHECK(says(second.errors, "another run"));
  running.send(SIGINT);
  CHECK(running.wait().code == 130);
  for (const std::vector<std::string>& other :
       std::vector<std::vector<std::string>>{{"--every", "2"},
                                             {"--every", "0.1", "--size", "100"},
                                             {"--every", "0.1", "--distinct"},
                                             {"--every", "0.1", "--tile-aspect", "1:1"},
                                             {"--every", "0.1", "--limit", "4"},
                                             {"--scenes"}}) {
    const Ended ended = shop.splice({a}, "out", other);
    CHECK(ended.code == 73);
    CHECK(says(ended.errors, "other options (every 0.1, size 640)"));
  }
}

TEST_CASE("what cannot be spliced, and how that ends") {
  const SpliceShop shop;
  const std::string clip =
      shop.video("clip.mp4", "testsrc2=size=160x90:rate=25:duration=2,format=yuv420p");
  clips::write_file(shop / "text.mp4", "not a video");
  clips::write_file(shop / "empty.mp4", "");
  test::write_file(shop / "photo.jpg", test::jpeg_file(test::photo({64, 48})));
  fs::create_directory(shop / "nothing");
  fs::create_directory(shop / "some");
  fs::copy(shop / "clip.mp4", shop / "some/clip.mp4");
  clips::write_file(shop / "some/broken.mp4", "not a video");
  clips::write_file(shop / "file", "in the way");
  struct Case {
    std::vector<std::string> videos;
    std::vector<std::string> options;
    int code;
    const char* message;
    std::size_t pictures = 0;
    const char* out = "out";
  };
  const std::string some = shop / "some";
  const std::string text = shop / "text.mp4";
  const std::vector<Case> cases = {
      {{}, {}, 2, "there is no video"},
      {{clip}, {"--every", "0"}, 2, "--every does not take"},
      {{clip}, {"--every", "-1"}, 2, "--every"},
      {{clip}, {"--every", "often"}, 2, "--every"},
      {{clip}, {"--every", "1", "--scenes"}, 2, "--every"},
      {{clip}, {"--crops", "0"}, 2, "--crops"},
      {{clip}, {"--crops", "2"}, 2, "--tile-aspect"},
      {{clip}, {"--limit", "0"}, 2, "limit"},
      {{clip}, {"--size", "big"}, 2, "--size does not take 'big'"},
      {{clip}, {"--size", "0"}, 2, "--size"},
      {{clip}, {"--size", "99999"}, 2, "16384"},
      {{clip}, {"--size", "64x64", "--tile-aspect", "1:1"}, 2, "no effect"},
      {{clip}, {"--tile-aspect", "wide"}, 2, "--tile-aspect"},
      {{clip}, {"--scene"}, 2, "did you mean --scenes?"},
      {{shop / "none.mp4", clip}, {}, 66, "none.mp4"},
      {{text}, {}, 65, "text.mp4"},
      {{shop / "empty.mp4"}, {}, 65, "is empty"},
      {{shop / "photo.jpg"}, {}, 65, "still picture"},
      {{shop / "nothing"}, {}, 65, "no video to take pictures of"},
      {{text, clip}, {}, 65, "text.mp4", 2},
      {{some}, {}, 0, "broken.mp4", 2},
      {{some}, {"--strict"}, 65, "broken.mp4", 2},
      {{clip}, {}, 73, "file", 0, "file/out"},
      {{clip}, {}, 73, "file", 0, "file"}};
  for (const Case& c : cases) {
    std::string called;
    for (const auto& word : c.videos) called += word + " ";
    for (const auto& word : c.options) called += word + " ";
    CAPTURE(called);
    const Ended ended = shop.splice(c.videos, c.out, c.options);
    CAPTURE(ended.errors);
    CHECK(ended.code == c.code);
    CHECK(says(ended.errors, c.message));
    CHECK(visible_in(shop / c.out) == c.pictures);
    if (c.pictures == 0) CHECK_FALSE(fs::exists(shop / "out"));
    fs::remove_all(shop / "out");
  }
  CHECK(clips::read_bytes(shop / "file") == "in the way");
  CHECK(test::run_smalti({"splice", clip}).code == 2);
}

TEST_CASE("media: damaged videos give what decodes, and say so") {
  const auto media = test::media_folder("video");
  if (!media) return;
  const SpliceShop shop;
  const std::string broken = *media / "bad-truncated.mp4";
  const Ended ended = shop.splice({broken}, "out", {"--every", "0.5"});
  CHECK(ended.code == 0);
  CHECK(says(ended.errors, "bytes are missing"));
  CHECK(spliced_names(shop / "out").size() == 7);
  CHECK(shop.splice({broken}, "strict", {"--every", "0.5", "--strict"}).code == 65);
  CHECK(shop.splice({*media / "bad-audio-only-15s.mp4"}, "sound").code == 65);
  CHECK(shop.splice({*media / "bad-unsupported-vvc.mp4"}, "vvc").code == 65);
}

}  // namespace
}  // namespace smalti

// `--save-placements` and `--from-placements`: the same mosaic again, and files that are none.

#include <doctest/doctest.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "base/json.h"
#include "products/placements/placements_file.h"
#include "smalti/error.h"
#include "support/probe.h"
#include "support/workshop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::Ended;
using test::says;

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void write_lines(const fs::path& file, const std::vector<std::string>& lines) {
  std::ofstream out(file);
  for (const std::string& line : lines) out << line << '\n';
}

// A lossless mosaic of the clip's first second, and what stands where in it.
class Saved {
 public:
  explicit Saved(std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--save-placements", file(), "-o", shop_ / "saved.mkv", "-q",
                             "--duration", "1", "--columns", "16", "--encoder", "ffv1"});
    const Ended ended = test::run_smalti(words(more));
    INFO(ended.errors);
    REQUIRE(ended.code == 0);
  }

  fs::path file() const { return shop_ / "saved.ndjson"; }
  fs::path saved() const { return shop_ / "saved.mkv"; }
  fs::path operator/(const fs::path& name) const { return shop_ / name; }
  fs::path tiles() const { return shop_.tiles(); }
  fs::path clip() const { return shop_.clip(); }

  Ended again(std::vector<std::string> more, const std::string& placements = "saved.ndjson") const {
    more.insert(more.end(), {"-q", "--from-placements", shop_ / placements, "--encoder", "ffv1"});
    std::vector<std::string> all = {"video", shop_.clip()};
    all.insert(all.end(), more.begin(), more.end());
    return test::run_smalti(all);
  }

  // What is said of a copy of the file that was changed.
  std::string complaint(const std::function<void(std::vector<std::string>&)>& change) const {
    std::vector<std::string> lines = lines_of(file());
    change(lines);
    write_lines(shop_ / "changed.ndjson", lines);
    const Ended ended =
        again({"-y", "-o", shop_ / "never.mkv", "--duration", "1"}, "changed.ndjson");
    CHECK(ended.code == 65);
    CHECK_FALSE(fs::exists(shop_ / "never.mkv"));
    return ended.errors;
  }

 private:
  std::vector<std::string> words(const std::vector<std::string>& more) const {
    std::vector<std::string> all = {"video", shop_.clip(), "-t", shop_.tiles()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  test::Workshop shop_;
};

TEST_CASE("saved placements make the same video again, without being told how it was made") {
  const Saved saved({"--spacing", "1", "--color-adjust", "0.8", "--flip", "--opacity", "0.9"});
  const Ended ended = saved.again({"-o", saved / "again.mkv", "--duration", "1"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  CHECK(test::frame_hashes(saved / "again.mkv") == test::frame_hashes(saved.saved()));

  // A part of it, larger: the part's own frames.
  REQUIRE(saved
              .again({"-o", saved / "part.mkv", "--start", "0.4", "--duration", "0.4", "--size",
                      "640x360"})
              .code == 0);
  CHECK(test::probe(saved / "part.mkv").of_kind("video").front().width == 640);
  CHECK(test::frame_hashes(saved / "part.mkv").size() == 10);
  // And saved again, they are what they were.
  REQUIRE(saved
              .again({"-o", saved / "third.mkv", "--duration", "1", "--save-placements",
                      saved / "third.ndjson"})
              .code == 0);
  CHECK(lines_of(saved / "third.ndjson") == lines_of(saved.file()));
}

TEST_CASE("saved placements can be read: header, tiles, frames, end") {
  const Saved saved;
  const std::vector<std::string> lines = lines_of(saved.file());
  const Json header = Json::parse(lines.front());
  CHECK(header["smalti_placements"] == 1);
  CHECK(header["columns"] == 16);
  CHECK(header["library"]["tiles"] == 12);
  CHECK(header["sources"][0]["path"] == saved.tiles().string());
  CHECK(Json::parse(lines.back()) == Json{{"frames", 25}});

  std::set<int> defined;
  std::set<std::string> sources;
  int frames = 0;
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
    const Json line = Json::parse(lines[i]);
    if (line.contains("tile")) {
      defined.insert(line["tile"].get<int>());
      sources.insert(line["path"].get<std::string>());
      CHECK(fs::exists(line["path"].get<std::string>()));
      continue;
    }
    ++frames;
    const bool starts = line["pts"] == line["shot"];
    CHECK(line.contains("cells") == starts);
    if (starts) {
      CHECK(line["cells"].size() ==
            header["columns"].get<std::size_t>() * header["rows"].get<std::size_t>());
    }
    const Json& tiles = starts ? line["cells"] : line["changed"];
    for (std::size_t at = starts ? 0 : 1; at < tiles.size(); at += starts ? 1 : 2)
      CHECK(defined.count(tiles[at].get<int>()) == 1);
  }
  CHECK(frames == 25);
  CHECK(sources.size() == defined.size());
}

TEST_CASE("placements that were cut short or edited are refused before any work") {
  const Saved saved;
  using Lines = std::vector<std::string>;
  CHECK(says(saved.complaint([](Lines& l) { l.pop_back(); }), "cut short"));
  CHECK(says(saved.complaint([](Lines& l) { l.resize(1); }), "cut short"));
  CHECK(says(saved.complaint([](Lines& l) { l.clear(); }), "no file of placements"));
  CHECK(says(saved.complaint([](Lines& l) { l.back() = R"({"frames":24})"; }), "counts 24 frames"));
  CHECK(says(saved.complaint([](Lines& l) { l.push_back("{}"); }), "more behind"));
  CHECK(says(saved.complaint([](Lines& l) { l[3] = l[3].substr(0, 20); }), "line 4"));
  CHECK(says(saved.complaint([](Lines& l) { l.erase(l.begin() + 1); }), "numbered"));
  CHECK(says(saved.complaint([](Lines& l) { l.erase(l.end() - 2); }), "counts 25 frames"));
  CHECK(says(saved.complaint([](Lines& l) { std::swap(l[l.size() - 2], l[l.size() - 3]); }),
             "does not lie behind"));
  const auto edited = [&](const std::string& key, const Json& value) {
    return saved.complaint([&](Lines& l) {
      for (std::string& line : l) {
        Json json = Json::parse(line);
        if (!json.contains(key)) continue;
        json[key] = value;
        line = json.dump();
        break;
      }
    });
  };
  CHECK(says(edited("smalti_placements", 2), "version 2"));
  CHECK(says(edited("columns", 17), "cells are not 17x"));
  CHECK(says(edited("columns", 1.5), "whole number"));
  CHECK(says(edited("rows", 1000000000), "out of range"));
  CHECK(says(edited("cells", {1, 2, 3}), "cells are not 16x"));
  CHECK(says(edited("changed", {1}), "no pairs"));
  CHECK(says(edited("changed", {1, 500}), "out of range"));
  CHECK(says(edited("changed", {100000, 0}), "out of range"));
  CHECK(says(edited("hash", "abc"), "hash"));
  CHECK(says(edited("pts", "now"), "whole number"));
  CHECK(says(edited("time_base", {1, 7}), "made of another target"));

  // The target's frames lie elsewhere: none is taken for its neighbour.
  const std::string frames = saved.complaint([](Lines& l) {
    for (std::string& line : l) {
      Json json = Json::parse(line);
      if (!json.contains("changed")) continue;
      json["pts"] = json["pts"].get<int>() + 1;
      line = json.dump();
    }
  });
  CHECK(says(frames, "have none for the target's frame at 0.040 s"));
}

TEST_CASE("placements of other tiles, another target or another part are refused") {
  const Saved saved;
  const fs::path others = saved / "others";
  fs::create_directory(others);
  fs::copy(saved.tiles() / "tile-01.png", others / "one.png");
  Ended ended = saved.again({"-o", saved / "a.mkv", "-t", others.string(), "--duration", "1"});
  CHECK(ended.code == 65);
  CHECK(says(ended.errors, "were made with other tiles"));

  ended = saved.again({"-o", saved / "a.mkv"});  // the clip goes on for four seconds
  CHECK(ended.code == 65);
  CHECK(says(ended.errors, "end at 1.000 s, and the target goes on to 5.000 s"));
  CHECK_FALSE(fs::exists(saved / "a.mkv"));

  ended = test::run_smalti({"image", saved.tiles() / "tile-01.png", "-q", "-o", saved / "a.png",
                            "--from-placements", saved.file()});
  CHECK(ended.code == 65);
  CHECK(says(ended.errors, "are those of a video"));

  CHECK(saved.again({"-o", saved / "a.mkv", "--columns", "9"}).code == 2);
  CHECK(saved.again({"-o", saved / "a.mkv", "--look", "exact"}).code == 2);
  CHECK(saved.again({"-o", saved / "a.mkv", "--stabilizer", "none"}).code == 2);
  CHECK(saved.again({"-o", saved / "a.mkv"}, "missing.ndjson").code == 66);
}

TEST_CASE("placements of a target of another length are refused before tiles are looked for") {
  const Saved saved;
  const std::string none = saved / "none";
  fs::create_directory(none);
  const auto again = [&](const std::vector<std::string>& part) {
    std::vector<std::string> words = {"-o", saved / "a.mkv", "-t", none};
    words.insert(words.end(), part.begin(), part.end());
    const Ended ended = saved.again(words);
    CHECK(ended.code == 65);
    return ended.errors;
  };
  CHECK(says(again({"--duration", "1"}), "no usable tile"));
  CHECK(says(again({"--start", "0.4", "--duration", "0.6"}), "no usable tile"));
  CHECK(says(again({"--duration", "1.2"}), "end at 1.000 s, and the target goes on to 1.200 s"));
  CHECK(says(again({}), "end at 1.000 s, and the target goes on to 5.000 s"));
  CHECK(
      says(again({"--start", "2", "--duration", "0.5"}), "have none for the target's frame at 2."));

  const std::string shorter = saved / "shorter.mp4";
  REQUIRE(test::run_program({"ffmpeg", "-v", "error", "-i", saved.clip(), "-t", "0.6", "-c:v",
                             "libx264", "-an", shorter})
              .code == 0);
  const Ended ended = test::run_smalti({"video", shorter, "-q", "-o", saved / "a.mkv",
                                        "--from-placements", saved.file(), "-t", none});
  CHECK(ended.code == 65);
  CHECK(says(ended.errors, "go on to 1.000 s, and the target ends at 0.600 s"));
}

// Nothing of what a crafted file claims is believed before it is seen.
TEST_CASE("placements that claim too much are refused in little time and memory") {
  const Saved saved;
  const std::vector<std::string> lines = lines_of(saved.file());
  const auto refused = [&](const std::vector<std::string>& crafted, const std::string& why) {
    write_lines(saved / "crafted.ndjson", crafted);
    CAPTURE(why);
    try {
      const PlacementsReader reader(saved / "crafted.ndjson");
      FAIL("taken");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::kBadInput);
      CHECK_MESSAGE(says(error.what(), why), error.what());
      CHECK(std::string(error.what()).size() < 1000);
    }
  };
  const auto with = [&](const std::string& key, const Json& value) {
    Json header = Json::parse(lines.front());
    header[key] = value;
    std::vector<std::string> crafted = lines;
    crafted.front() = header.dump();
    return crafted;
  };
  const auto raw = [&](const std::string& line) {
    std::vector<std::string> crafted = lines;
    crafted.insert(crafted.begin() + 1, line);
    return crafted;
  };
  constexpr std::size_t kMany = 15'000'000;
  refused(with("canvas", {2147483647, 2147483647}), "out of range");
  refused(with("canvas", {0, 0}), "out of range");
  refused(with("columns", 1 << 24), "out of range");
  refused(with("columns", 1 << 20), "more than the file has room for");
  refused(with("aspect", {2147483647, 1}), "out of range");
  refused(with("time_base", {1, 0}), "out of range");
  refused(with("library", {{"tiles", 1e300}, {"hash", ""}}), "whole number");
  refused(with("end", 1.5), "whole number");
  refused(with("options", Json::array()), "line 1");
  refused(with("sources", "all"), "line 1");
  refused(raw(R"({"tile":1152921504606846976})"), "numbered");
  refused(raw(R"({"tile":18446744073709551615})"), "whole number");
  refused(raw(R"({"tile":-1})"), "out of range");
  refused(raw(R"({"frames":1e999})"), "no JSON object");
  refused(raw(R"({"pts":1,"pts":2})"), "\"pts\" stands there twice");
  refused(raw("[1,2]"), "no JSON object");
  refused(raw(std::string(kMany, '[')), "nested too deeply");
  refused(raw(R"({"a":)" + std::string(kMany, '[')), "nested too deeply");
  const auto laid = [&](const Json& layout) {
    std::vector<std::string> crafted = lines;
    for (std::string& line : crafted) {
      Json frame = Json::parse(line);
      if (!frame.contains("cells")) continue;
      frame["layout"] = layout;
      line = frame.dump();
      break;
    }
    return crafted;
  };
  Json often = Json::array();
  for (int i = 0; i < 100; ++i)
    for (const Json& side : {Json(0), Json(0), Json(16), Json::parse(lines.front())["rows"]})
      often.push_back(side);
  refused(laid(often), "lie over each other too often");
  refused(laid({0, 0, 17, 1}), "out of range");
  refused(laid({0, 0, 1}), "four numbers");
  refused(laid({0, 0, 1, 1}), "its cells are not 1");
  std::string keys = "{";
  for (int i = 0; i < 1'000'000; ++i) keys += "\"" + std::to_string(i) + "\":0,";
  refused(raw(keys + "\"last\":0}"), "too many keys");
  refused(raw(R"({"a":")" + std::string(kMany + (1 << 21), 'x') + R"("})"), "longer than any");

  // Of a claim that would take gigabytes, a whole run keeps clear.
  write_lines(saved / "crafted.ndjson", raw(std::string(kMany, '[')));
  const Ended ended = saved.again({"-o", saved / "a.mkv"}, "crafted.ndjson");
  CHECK(ended.code == 65);
  CHECK(ended.peak_bytes < 300'000'000 * (test::kSanitized ? 4 : 1));
}

TEST_CASE("a still's placements make it at another size; tiles gone since come from the library") {
  const test::Workshop shop;
  const fs::path target = shop / "target.png";
  REQUIRE(test::run_program(
              {"ffmpeg", "-v", "error", "-ss", "2", "-i", shop.clip(), "-frames:v", "1", target})
              .code == 0);
  const fs::path library = shop / "tiles.smalti";
  REQUIRE(test::run_smalti({"tiles", "build", shop.tiles(), "-o", library, "-q"}).code == 0);
  const auto image = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"image", target});
    return test::run_smalti(more);
  };
  REQUIRE(image({"-t", library, "-q", "-o", shop / "a.png", "--columns", "12", "--enlarge", "2",
                 "--save-placements", shop / "a.ndjson"})
              .code == 0);
  REQUIRE(image({"-q", "-o", shop / "b.png", "--from-placements", shop / "a.ndjson"}).code == 0);
  CHECK(test::run_program({"cmp", shop / "a.png", shop / "b.png"}).code == 0);

  for (const auto& entry : fs::directory_iterator(shop.tiles())) fs::remove(entry);
  const Ended ended =
      image({"-o", shop / "c.png", "--size", "2400x1350", "--from-placements", shop / "a.ndjson"});
  CHECK(ended.code == 0);
  CHECK(says(ended.errors, "shown less sharp than wanted"));
}

TEST_CASE("what cannot be saved is said before any work, and a stopped run saves nothing") {
  const test::Workshop shop;
  const auto tried = [&](std::vector<std::string> more) {
    more.insert(more.end(), {"-q", "--duration", "1"});
    return shop.video(more);
  };
  CHECK(tried({"-o", shop / "x.mp4", "--save-placements", shop / "x.mp4"}).code == 2);
  CHECK(tried({"-o", shop / "x.mp4", "--save-placements", shop / "no" / "x"}).code == 73);
  CHECK(tried({"--dry-run", "--save-placements", shop / "p.ndjson"}).code == 2);
  write_lines(shop / "there.ndjson", {"mine"});
  CHECK(tried({"-o", shop / "x.mp4", "--save-placements", shop / "there.ndjson"}).code == 73);
  CHECK(lines_of(shop / "there.ndjson") == std::vector<std::string>{"mine"});
  CHECK_FALSE(fs::exists(shop / "x.mp4"));
}

TEST_CASE("names that are not UTF-8 come back from base64") {
  for (const std::string bytes : {"", "a", "ab", "abc", "\xff\x00\x80 name"}) {
    CHECK(from_base64(base64(bytes)) == bytes);
  }
  CHECK_FALSE(from_base64("abc"));
  CHECK_FALSE(from_base64("ab=c"));
  CHECK_FALSE(from_base64("a==="));
  CHECK_FALSE(from_base64("ab=\n"));
  Json json;
  put_path(json, "path", "caf\xe9");
  CHECK(path_at(json, "path") == "caf\xe9");
  json["path_bytes"] = "?";
  CHECK_THROWS_AS(path_at(json, "path"), Json::exception);
}

}  // namespace
}  // namespace smalti

// The program as its users meet it: what it says and how it ends.

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "support/probe.h"
#include "support/program.h"
#include "support/temp_folder.h"
#include "support/workshop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::Ended;
using test::run_smalti;
using test::says;
using test::Workshop;

TEST_CASE("the main job, with its summary") {
  const Workshop shop;
  const Ended ended = shop.video({"-o", shop / "out.mp4"});
  INFO(ended.errors);
  CHECK(ended.code == 0);
  CHECK(says(ended.errors, "times, for cells at least 16 pixels wide"));
  CHECK(says(ended.errors, "300 cells of about"));  // of twelve tiles no more
  const test::Probe probe = test::probe(shop / "out.mp4");
  CHECK(probe.of_kind("video").at(0).width % 320 == 0);
  CHECK(probe.of_kind("audio").size() == 1);
  CHECK(test::frame_times(shop / "out.mp4", 0).size() == 125);
}

TEST_CASE("the target beside the mosaic") {
  const Workshop shop;
  const Ended ended = run_smalti({"video", shop.clip(), "-t", shop.tiles(), "-o", shop / "out.mkv",
                                  "--side-by-side", "--encoder", "ffv1", "--duration", "0.2",
                                  "--enlarge", "2", "--columns", "20"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  CHECK(test::probe(shop / "out.mkv").of_kind("video").at(0).width == 1280);
  // The left half is the clip, scaled as ffmpeg does it.
  const Ended compared = test::run_program(
      {"ffmpeg", "-i", shop / "out.mkv", "-i", shop.clip(), "-lavfi",
       "[0:v]crop=640:360:0:0[a];[1:v]trim=end_frame=5,scale=640:360:in_color_matrix=bt601:"
       "out_color_matrix=bt709[b];[a][b]psnr",
       "-f", "null", "-"});
  const std::size_t at = compared.errors.find("average:");
  REQUIRE(at != std::string::npos);
  CHECK(std::stod(compared.errors.substr(at + 8)) > 35);
}

TEST_CASE("short forms, the original's names, and tiles before the target") {
  const Workshop shop;
  const std::vector<std::string> quick = {"--columns", "8",          "--enlarge", "1", "--preset",
                                          "ultrafast", "--duration", "0.5",       "-q"};
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), quick.begin(), quick.end());
    const Ended ended = run_smalti(arguments);
    CAPTURE(ended.errors);
    CHECK(ended.code == 0);
    CHECK(ended.errors.empty());
    CHECK(ended.output.empty());
  };
  run({shop.clip(), "-t", shop.tiles(), "-o", shop / "a.mp4"});
  run({"video", "--target", shop.clip(), "--codebook-dir", shop.tiles(), "--savepath",
       shop / "b.mp4", "--width-aspect", "3", "--height-aspect", "4"});
  run({"video", "-o", shop / "c.mp4", "-t", shop.tiles(), shop.clip()});
  CHECK(test::frame_hashes(shop / "a.mp4") == test::frame_hashes(shop / "b.mp4"));
  CHECK(test::frame_hashes(shop / "a.mp4") == test::frame_hashes(shop / "c.mp4"));
}

TEST_CASE("an output's name is filled in") {
  const Workshop shop;
  CHECK(shop.video({"--savepath", shop / "%s-at-scale-%d.mp4", "--scale", "9", "-q"}).code == 0);
  CHECK(fs::exists(shop / "clip-at-scale-9.mp4"));
  CHECK(shop.video({"-o", shop / "{stem}-{scale}-%d.mp4", "--scale", "9", "-q"}).code == 0);
  CHECK(fs::exists(shop / "clip-9-%d.mp4"));
}

TEST_CASE("frames do not depend on threads or the flow graph, nor on where a run starts") {
  const Workshop shop;
  const auto frames = [&](const std::string& name, std::vector<std::string> more) {
    more.insert(more.end(), {"-o", shop / name, "--encoder", "ffv1", "-q", "--columns", "20",
                             "--enlarge", "1"});
    const Ended ended = run_smalti([&] {
      std::vector<std::string> arguments = {"video", shop.clip(), "-t", shop.tiles()};
      arguments.insert(arguments.end(), more.begin(), more.end());
      return arguments;
    }());
    INFO(ended.errors);
    REQUIRE(ended.code == 0);
    return test::frame_hashes(shop / name);
  };
  const auto one = frames("one.mkv", {"-j", "1"});
  CHECK(one.size() == 125);
  CHECK(frames("two.mkv", {"-j", "2"}) == one);
  CHECK(frames("five.mkv", {"-j", "5"}) == one);
}

TEST_CASE("usage errors end with 2 and say what to do") {
  const Workshop shop;
  struct Case {
    std::vector<std::string> arguments;
    const char* message;
  };
  const std::string clip = shop.clip();
  const std::string tiles = shop.tiles();
  const std::string out = shop / "out.mp4";
  const std::vector<Case> cases = {
      {{"video"}, "there is no target"},
      {{"video", clip}, "there are no tiles"},
      {{"video", clip, "-t", tiles, "--colums", "9"}, "did you mean --columns?"},
      {{"vidoe", clip, "-t", tiles}, "did you mean `smalti video`?"},
      {{"video", clip, clip, "-t", tiles}, "one argument too many"},
      {{"video", clip, "-t", tiles, "--columns", "0", "-o", out}, "from 1 to 1000000"},
      {{"video", clip, "-t", tiles, "--columns", "-5", "-o", out}, "from 1 to 1000000"},
      {{"video", clip, "-t", tiles, "--columns", "many"}, "--columns"},
      {{"video", clip, "-t", tiles, "--columns", "9", "--scale", "3"}, "--scale"},
      {{"video", clip, "-t", tiles, "--tile-size", "9x9", "--tile-aspect", "3:4"}, "--tile-size"},
      {{"video", clip, "-t", tiles, "--size", "64O", "-o", out}, "--size does not take '64O'"},
      {{"video", clip, "-t", tiles, "--columns", "80", "--size", "64x64", "-o", out}, "do not fit"},
      {{"video", clip, "-t", tiles, "--cells", "2700", "--size", "64x64", "-o", out}, "do not fit"},
      {{"video", clip, "-t", tiles, "--cells", "0", "-o", out}, "--cells"},
      {{"video", clip, "-t", tiles, "--cells", "9", "--columns", "9", "-o", out}, "--cells"},
      {{"video", clip, "-t", tiles, "--layout", "adaptive", "--columns", "9", "-o", out},
       "make a grid"},
      {{"video", clip, "-t", tiles, "--importance", "mask", "-o", out}, "needs a mask"},
      {{"video", clip, "-t", tiles, "--importance", "none", "--columns", "9", "-o", out},
       "has no effect: all cells are equal"},
      {{"video", clip, "-t", tiles, "--importance", "faces", "--mask", clip, "-o", out},
       "has no effect"},
      {{"video", clip, "-t", tiles, "--start", "-1", "-o", out}, "--start"},
      {{"video", clip, "-t", tiles, "--start", "900", "-o", out}, "start"},
      {{"video", clip, "-t", tiles, "--fps", "0", "-o", out}, "--fps does not take '0'"},
      {{"video", clip, "-t", tiles, "--threads", "0", "-o", out}, "--threads"},
      {{"video", clip, "-t", tiles, "--stabilizer", "glue"}, "--stabilizer"},
      {{"video", clip, "-t", tiles, "--stabilization-threshold", "2", "-o", out}, "threshold"},
      {{"video", clip, "-t", tiles, "--stabilizer", "none", "--stabilization-threshold", "0.5"},
       "no effect"},
      {{"video", clip, "-t", tiles, "--encoder", "libx999", "-o", out}, "libx999"},
      {{"video", clip, "-t", tiles, "--encoder", "ffv1", "--crf", "5", "-o", shop / "o.mkv"},
       "crf"},
      {{"video", clip, "-t", tiles, "--preset", "glacial", "-o", out}, "glacial"},
      {{"video", clip, "-t", tiles, "-o", shop / "{scale}.mp4"}, "choose one with --scale"},
      {{"video", clip, "-t", tiles, "--encoder-option", "x264", "-o", out}, "KEY=VALUE"},
      {{"video", clip, "-t", tiles, "--encoder-option", "nonsense=1", "-o", out}, "nonsense"},
      {{"video", clip, "-t", tiles, "-o", shop / "out.xyz"}, ".xyz"},
      {{"video", clip, "-t", tiles, "-o", clip, "-y"}, "is the target itself"},
      {{"video", clip, "-t", tiles, "-q", "-v"}, "--quiet"}};
  for (const Case& c : cases) {
    std::string called;
    for (const auto& word : c.arguments) called += word + " ";
    CAPTURE(called);
    const Ended ended = run_smalti(c.arguments);
    CAPTURE(ended.errors);
    CHECK(ended.code == 2);
    CHECK(says(ended.errors, "smalti: error: "));
    CHECK(says(ended.errors, c.message));
    CHECK(ended.output.empty());
  }
  CHECK(shop.entries() == 2);
}

TEST_CASE("inputs that are missing or unusable, outputs in the way") {
  const Workshop shop;
  std::ofstream(shop / "text.mp4") << "not a video";
  std::ofstream(shop / "there.mp4") << "old";
  fs::create_directory(shop / "empty");
  struct Case {
    std::vector<std::string> arguments;
    int code;
    const char* message;
  };
  const std::string clip = shop.clip();
  const std::string tiles = shop.tiles();
  const std::string out = shop / "out.mp4";
  const std::vector<Case> cases = {
      {{"video", shop / "none.mp4", "-t", tiles, "-o", out}, 66, "none.mp4"},
      {{"video", clip, "-t", shop / "none", "-o", out}, 66, "none"},
      {{"video", clip, "-t", shop / "empty", "-o", out}, 65, "empty"},
      {{"video", shop / "text.mp4", "-t", tiles, "-o", out}, 65, "text.mp4"},
      {{"video", shop.tiles(), "-t", tiles, "-o", out}, 65, "tiles"},
      {{"video", clip, "-t", tiles, "-o", shop / "there.mp4"}, 73, "--overwrite"},
      {{"video", clip, "-t", tiles, "-o", shop / "no/such/out.mp4"}, 73, "no/such"},
      {{"video", clip, "-t", tiles, "-o", tiles, "-y"}, 2, "tile source"}};
  for (const Case& c : cases) {
    CAPTURE(c.message);
    const Ended ended = run_smalti(c.arguments);
    CAPTURE(ended.errors);
    CHECK(ended.code == c.code);
    CHECK(says(ended.errors, c.message));
    CHECK_FALSE(fs::exists(out));
  }
  std::string there;
  std::ifstream(shop / "there.mp4") >> there;
  CHECK(there == "old");
}

TEST_CASE("help and version go to standard output and end with 0") {
  const Ended help = run_smalti({"video", "--help"});
  CHECK(help.code == 0);
  CHECK(says(help.output, "--tiles"));
  CHECK(says(help.output, "Examples:"));
  CHECK_FALSE(says(help.output, "--encoder-option"));
  CHECK(says(run_smalti({"video", "--help-all"}).output, "--encoder-option"));
  CHECK(says(run_smalti({"--help"}).output, "Exit codes"));
  CHECK(run_smalti({"--version"}).output == "smalti 0.1.0\n");
  CHECK(run_smalti({}).code == 0);
  std::istringstream lines(run_smalti({"video", "--help-all"}).output);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 100);
}

TEST_CASE("JSON progress is one object a line, the last one says what was made") {
  const Workshop shop;
  const Ended ended = shop.video({"-o", shop / "out.mp4", "--progress", "json"});
  REQUIRE(ended.code == 0);
  std::istringstream lines(ended.output);
  nlohmann::json last;
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) last = nlohmann::json::parse(line);
  CHECK(count >= 2);
  CHECK(last["event"] == "done");
  CHECK(last["frames"]["written"] == 125);
}

TEST_CASE("the first signal ends cleanly, with nothing left behind") {
  const Workshop shop;
  const fs::path out = shop / "out.mp4";
  const std::string& program = test::smalti_program();
  for (const int signal : {SIGINT, SIGTERM}) {
    const pid_t child = ::fork();
    if (child == 0) {
      const std::string clip = shop.clip();
      const std::string tiles = shop.tiles();
      ::execl(program.c_str(), program.c_str(), "video", clip.c_str(), "-t", tiles.c_str(), "-o",
              out.c_str(), "-q", "--preset", "veryslow", static_cast<char*>(nullptr));
      ::_exit(127);
    }
    // Three entries: the temporary file is there, so the run is under way.
    for (int i = 0; i < 1000 && shop.entries() < 3; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    CHECK(shop.entries() == 3);
    ::kill(child, signal);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 128 + signal);
    CHECK(shop.entries() == 2);
  }
}

TEST_CASE("without an output's name, the mosaic is named after its target") {
  const Workshop shop;
  const fs::path before = fs::current_path();
  fs::current_path(shop.tiles());
  const Ended ended = shop.video({"--columns", "8", "--duration", "0.2", "-q"});
  fs::current_path(before);
  CHECK(ended.code == 0);
  CHECK(fs::exists(shop.tiles() / "clip-mosaic.mp4"));
}

}  // namespace
}  // namespace smalti

// Standard streams that are closed, full, or read by nobody: what becomes of the work then.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "support/clips.h"
#include "support/hard_shop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using clips::read_bytes;
using test::Ended;
using test::HardShop;
using test::Program;
using test::run_smalti;
using test::RunOptions;
using test::says;

// The only end of a pipe that is left: for writing.
class LonelyPipe {
 public:
  LonelyPipe() {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    ::close(ends[0]);
    end_ = ends[1];
  }
  ~LonelyPipe() { ::close(end_); }
  LonelyPipe(const LonelyPipe&) = delete;
  LonelyPipe& operator=(const LonelyPipe&) = delete;
  int end() const { return end_; }

 private:
  int end_;
};

// A terminal, as long as nobody closes it.
class Terminal {
 public:
  Terminal() : window_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    REQUIRE(::grantpt(window_) == 0);
    REQUIRE(::unlockpt(window_) == 0);
    program_end_ = ::open(::ptsname(window_), O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(program_end_ >= 0);
  }
  ~Terminal() {
    close();
    ::close(program_end_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  int program_end() const { return program_end_; }
  void close() {
    if (window_ >= 0) ::close(window_);
    window_ = -1;
  }

 private:
  int window_;
  int program_end_ = -1;
};

void put_in_place_of(int stream, const char* file) {
  ::dup2(::open(file, O_RDWR | O_CLOEXEC), stream);
}

std::vector<std::string> talkative_job(const HardShop& shop, const std::string& enlarge) {
  return {"video",    shop.clip(), "--tiles",   shop.tiles(), "--columns", "8",          "-v",
          "--preset", "ultrafast", "--enlarge", enlarge,      "--output",  shop.output()};
}

TEST_CASE("messages that nobody can read never stop the work") {
  const HardShop shop;
  const LonelyPipe pipe;
  Terminal terminal;
  terminal.close();
  struct Case {
    const char* given;
    RunOptions options;
  };
  const std::vector<Case> cases = {
      {"closed", {.before = [] { ::close(STDERR_FILENO); }}},
      {"full", {.before = [] { put_in_place_of(STDERR_FILENO, "/dev/full"); }}},
      {"a pipe without a reader", {.errors = pipe.end()}},
      {"a terminal that was closed", {.errors = terminal.program_end()}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.given);
    const Ended ended = run_smalti(talkative_job(shop, "1"), c.options);
    CHECK(ended.code == 0);
    CHECK(clips::probe(shop.output()).frame_times_s.size() == 25);
    fs::remove(shop.output());
  }
}

TEST_CASE("no file takes the place of a closed stream and is written messages into") {
  const HardShop shop;
  const auto picture = [&](const std::string& name, const std::function<void()>& before) {
    const Ended ended =
        run_smalti({"image", shop.tiles() + "/tile-1.png", "-t", shop.tiles(), "--columns", "4",
                    "-v", "--progress", "plain", "-o", shop.output(name)},
                   {.before = before});
    CHECK(ended.code == 0);
    return read_bytes(shop.output(name));
  };
  const std::string usual = picture("usual.png", {});
  CHECK(picture("closed.png", [] {
          for (const int stream : {0, 1, 2}) ::close(stream);
        }) == usual);
  CHECK(picture("quiet.png", [] { ::close(STDERR_FILENO); }) == usual);
}

TEST_CASE("results that cannot be written are a failure, unless their reader went away") {
  const HardShop shop;
  const std::string library = shop / "tiles.smalti";
  REQUIRE(run_smalti({"tiles", "build", shop.tiles(), "-o", library, "-q"}).code == 0);
  const std::string tile = shop.tiles() + "/tile-1.png";
  const std::vector<std::vector<std::string>> cases = {
      {"--help"},
      {"--version"},
      {"tiles", "info", library},
      {"tiles", "check", library},
      {"cache", "info", "--json"},
      {"compare", tile, tile},
      {"video", shop.clip(), "-t", shop.tiles(), "-o", shop.output(), "-q", "--dry-run"},
  };
  for (const auto& words : cases) {
    CAPTURE(words.front());
    const Ended full =
        run_smalti(words, {.before = [] { put_in_place_of(STDOUT_FILENO, "/dev/full"); }});
    CHECK(full.code == 74);
    CHECK(says(full.errors, "error: cannot write to standard output: No space left on device"));
  }
  const LonelyPipe pipe;
  const Ended left = run_smalti({"--help"}, {.before = [&] { ::dup2(pipe.end(), STDOUT_FILENO); }});
  CHECK(left.code == 0);
  CHECK(left.errors.empty());
  const Ended closed = run_smalti({"--version"}, {.before = [] { ::close(STDOUT_FILENO); }});
  CHECK(closed.code == 74);
  CHECK(says(closed.errors, "error: cannot write to standard output"));
}

TEST_CASE("a mosaic is finished although its progress cannot be told") {
  const HardShop shop;
  const auto run = [&](const std::function<void()>& before) {
    return run_smalti(shop.job_to(shop.output(), {"-y"}), {.before = before});
  };
  for (const Ended& ended : {run([] { put_in_place_of(STDOUT_FILENO, "/dev/full"); }),
                             run([] { ::close(STDOUT_FILENO); })}) {
    CHECK(ended.code == 74);
    CHECK(says(ended.errors, "error: cannot write to standard output"));
    CHECK(says(ended.errors, "what it made is whole"));
  }
  CHECK(clips::probe(shop.output()).frame_times_s.size() == 25);
}

TEST_CASE("libraries keep quiet, too") {
  const HardShop shop;
  // Run lengths that end early, of which libavcodec has a word to say.
  std::string bmp(
      "BM\0\0\0\0\0\0\0\0\x3e\0\0\0\x28\0\0\0\x04\0\0\0\x04\0\0\0\x01\0\x08\0\x01\0\0\0", 34);
  bmp += std::string("\0\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\0", 20);
  bmp += std::string("\0\0\0\0\xff\xff\xff\0\x04\0", 10);
  clips::write_file(shop.tiles() + "/short.bmp", bmp);
  const std::string library = shop / "tiles.smalti";
  const Ended built = run_smalti({"tiles", "build", shop.tiles(), "-o", library, "-q"});
  CHECK(built.code == 0);
  CHECK(built.errors.empty());
  CHECK(
      says(run_smalti({"tiles", "info", library}).output, "short.bmp: breaks off in mid-picture"));

  // FFmpeg has a word about an attachment of a kind it does not know.
  test::ffmpeg({"-i", shop.clip(), "-c", "copy", "-attach", library, "-metadata:s:2",
                "mimetype=application/x-unknown", shop / "attached.mkv"});
  const Ended rehearsed = run_smalti(
      {"video", shop / "attached.mkv", "-t", shop.tiles(), "-o", shop.output(), "--dry-run", "-q"});
  CHECK(rehearsed.code == 0);
  CHECK(rehearsed.errors.empty());

  // The encoder refuses so small a picture, in many words of its own.
  const Ended refused =
      run_smalti({"video", shop.clip(), "-t", shop.tiles(), "--columns", "1", "--size", "32x32",
                  "--encoder", "libsvtav1", "-q", "-o", shop.output("small.mkv")});
  CHECK(refused.code != 0);
  CHECK(refused.errors.starts_with("smalti: error: "));
  CHECK_FALSE(says(refused.errors, "Svt["));
}

TEST_CASE("a terminal that is closed ends the run cleanly, but not one that is to outlive it") {
  const HardShop shop;
  Terminal terminal;
  RunOptions options;
  options.errors = terminal.program_end();
  options.timeout_s = test::kSilence_s;
  options.before = [] {
    ::setsid();
    ::ioctl(STDERR_FILENO, TIOCSCTTY, 0);
  };
  std::vector<std::string> words = talkative_job(shop, "6");
  words.insert(words.begin(), test::smalti_program());
  Program program(words, options);
  REQUIRE(program.wait_until([&] { return shop.outputs().size() == 1; }));
  terminal.close();
  const Ended ended = program.wait();
  CHECK(ended.code == 129);
  CHECK_FALSE(ended.killed);
  CHECK(shop.outputs().empty());

  // As `nohup` has it.
  options = {.timeout_s = test::kSilence_s};
  options.before = [] { ::signal(SIGHUP, SIG_IGN); };
  Program outliving(words, options);
  REQUIRE(outliving.wait_until([&] { return shop.outputs().size() == 1; }));
  outliving.send(SIGHUP);
  CHECK(outliving.wait().code == 0);
}

}  // namespace
}  // namespace smalti

// Outputs that are in the way or give way, disks that fill up, and signals: how the program ends
// when it may not finish.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "support/clips.h"
#include "support/hard_shop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using clips::read_bytes;
using clips::write_file;
using test::Ended;
using test::HardCase;
using test::HardShop;
using test::Program;
using test::RunOptions;
using test::says;

// A mosaic of some megabytes.
const std::vector<std::string> kLarge = {"--enlarge", "6", "--encoder-option", "qp=0"};

void make_fifo(const std::string& path) { REQUIRE(::mkfifo(path.c_str(), 0600) == 0); }

std::vector<std::string> program_words(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), test::smalti_program());
  return arguments;
}

// A run that does not end in this time hangs.
const RunOptions kSoon{.timeout_s = test::kSilence_s};

// Reads a FIFO at most to `most` bytes and lets go of it.
class FifoReader {
 public:
  FifoReader(const std::string& path, std::size_t most)
      : thread_([this, path, most] {
          const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
          std::string buffer(4096, '\0');
          for (ssize_t count = 1; count > 0 && bytes_.size() < most;) {
            count = ::read(file, buffer.data(), std::min(buffer.size(), most - bytes_.size()));
            if (count > 0) bytes_.append(buffer, 0, static_cast<std::size_t>(count));
          }
          ::close(file);
        }) {}
  ~FifoReader() {
    if (thread_.joinable()) thread_.join();
  }
  std::string take() {
    thread_.join();
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
  std::thread thread_;
};

TEST_CASE("outputs in the way, or nowhere") {
  const HardShop shop;
  const std::string clip = shop.clip();
  fs::create_symlink(clip, shop / "soft.mp4");
  fs::create_hard_link(clip, shop / "hard.mp4");
  fs::create_symlink(shop / "nowhere/out.mp4", shop / "dangling.mp4");
  fs::create_symlink("circle.mp4", shop / "circle.mp4");
  fs::copy_file(clip, shop / "there.mp4");
  fs::create_directory(shop / "folder.mp4");
  fs::create_directory(shop / "closed");
  fs::permissions(shop / "closed", fs::perms::owner_read | fs::perms::owner_exec);
  make_fifo(shop / "fifo.mp4");
  const std::string before = read_bytes(clip);
  const auto to = [&](const std::string& file, std::vector<std::string> more = {}) {
    return shop.job_to(file, std::move(more));
  };
  shop.meet_all({
      {"no such folder", to(shop / "none/out.mp4"), 73, "is not there"},
      {"a folder that is a file", to(clip + "/out.mp4"), 73, "is no folder"},
      {"a folder where nobody may write", to("/proc/out.mp4"), 73, "cannot create"},
      {"a folder", to(shop / "folder.mp4"), 73, "it is a folder"},
      {"a link to nowhere", to(shop / "dangling.mp4"), 73, "nowhere' is not there"},
      {"a link to itself", to(shop / "circle.mp4"), 73, "Too many levels"},
      {"something that is there", to(shop / "there.mp4"), 73, "--overwrite"},
      {"the target", to(clip, {"-y"}), 2, "is the target itself"},
      {"the target, softly linked", to(shop / "soft.mp4", {"-y"}), 2, "is the target itself"},
      {"the target, hard linked", to(shop / "hard.mp4", {"-y"}), 2, "is the target itself"},
      {"the target, without leave", to(shop / "hard.mp4"), 2, "is the target itself"},
      {"a tile", to(shop.tiles() + "/tile-1.png", {"-y"}), 2, "one of the files in"},
      {"an unknown extension", to(shop.output("out.xyz")), 2, ".xyz"},
      {"no extension", to(shop.output("out")), 2, "extension"},
      {"an empty name's folder", to(shop.output("")), 73, "it is a folder"},
      {"a FIFO for a container that goes back", to(shop / "fifo.mp4"), 2, ".mkv"},
  });
  if (::geteuid() != 0)
    shop.meet({"a folder closed to us", to(shop / "closed/out.mp4"), 73, "cannot be written to"});
  CHECK(read_bytes(clip) == before);
  CHECK(read_bytes(shop / "there.mp4") == before);
  CHECK(fs::is_fifo(shop / "fifo.mp4"));
}

TEST_CASE("devices and FIFOs are written as Matroska, whatever their name") {
  const HardShop shop;
  make_fifo(shop / "fifo");
  shop.meet_all({
      {"a device that takes everything", shop.job_to("/dev/null"), 0, ""},
      {"a device that is full", shop.job_to("/dev/full"), 74, "No space left"},
      {"the same, with leave", shop.job_to("/dev/full", {"-y"}), 74, "make room"},
  });
  {
    FifoReader reader(shop / "fifo", SIZE_MAX);
    shop.meet({"a FIFO read to its end", shop.job_to(shop / "fifo"), 0, ""});
    write_file(shop / "read.mkv", reader.take());
    CHECK(clips::probe(shop / "read.mkv").frame_times_s.size() == 25);
  }
  for (const std::size_t bytes : {0, 1, 3000}) {
    FifoReader reader(shop / "fifo", bytes);
    shop.meet(
        {"a FIFO whose reader goes away", shop.job_to(shop / "fifo", kLarge), 74, "Broken pipe"});
  }
  CHECK(fs::is_fifo(shop / "fifo"));
}

TEST_CASE("a disk that fills up ends the run with 74 and leaves nothing") {
  const HardShop shop;
  // Stands for the disk wherever no small file system can be made.
  for (const rlim_t limit : {0, 1, 5'000}) {
    RunOptions options;
    options.before = [limit] {
      const rlimit bytes{limit, limit};
      ::setrlimit(RLIMIT_FSIZE, &bytes);
    };
    for (const char* name : {"out.mp4", "out.mkv", "out.avi"})
      shop.meet({"no more room", shop.job_to(shop.output(name)), 74, "File too large"}, options);
    const HardCase replaced{"no more room, with leave", shop.job_to(shop.output("out.mkv"), {"-y"}),
                            74, "out.mkv"};
    shop.meet(replaced, options);
  }
  // A disk of 64 kB, where users may make one: a mosaic needs more, its header does not.
  const std::string script =
      "mount -t tmpfs -o size=64k none \"$0\" || exit 99; \"$@\"; code=$?; ls -A \"$0\"; exit "
      "$code";
  std::vector<std::string> words = {"unshare", "-rm", "sh", "-c", script, shop / "out"};
  for (const std::string& word : program_words(shop.job_to(shop.output(), kLarge)))
    words.push_back(word == "json" ? "plain" : word);
  const Ended ended = test::run_program(words, 60);
  if (ended.code == 99 || ended.code == 1 || ended.code == 127) {
    MESSAGE("left out: no small file system can be mounted here");
    return;
  }
  CAPTURE(ended.errors);
  CHECK(ended.code == 74);
  CHECK(says(ended.errors, "No space left on device"));
  CHECK(says(ended.errors, "make room on the disk"));
  CHECK(ended.output.empty());  // what ls saw
}

// A FIFO that gives half a clip and then keeps still: a run that is certainly under way.
class StillFifo {
 public:
  StillFifo(const HardShop& shop, const std::string& name, bool with_frames) : path_(shop / name) {
    make_fifo(path_);
    file_ = ::open(path_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (!with_frames) return;
    const std::string whole = read_bytes(shop / "clip.mkv");
    const std::string half = whole.substr(0, whole.size() * 3 / 4);
    REQUIRE(::write(file_, half.data(), half.size()) == static_cast<ssize_t>(half.size()));
  }
  ~StillFifo() { ::close(file_); }
  StillFifo(const StillFifo&) = delete;
  StillFifo& operator=(const StillFifo&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  int file_ = -1;
};

// A shop with a clip of five seconds that streams and fits into a pipe.
class StreamShop : public HardShop {
 public:
  StreamShop() {
    clips::ClipOptions options;
    options.frames = 125;
    options.b_frames = 0;
    clips::make_clip(*this / "clip.mkv", options);
    REQUIRE(fs::file_size(*this / "clip.mkv") < 60'000);
  }
};

Ended ended_by(Program& program, int signal) {
  program.send(signal);
  const auto before = std::chrono::steady_clock::now();
  Ended ended = program.wait();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
  CHECK(took.count() < (test::kSanitized ? 20 : 5));
  return ended;
}

TEST_CASE("one signal ends a run cleanly, wherever it is") {
  const StreamShop shop;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    CAPTURE(signal);
    for (const bool with_frames : {false, true}) {
      CAPTURE(with_frames);
      const StillFifo target(shop, fmt::format("fifo-{}-{}", signal, with_frames), with_frames);
      Program program(program_words(shop.job(target.path(), shop.tiles())), kSoon);
      if (with_frames) {
        REQUIRE(program.wait_until([&] { return shop.outputs().size() == 1; }));
      } else {
        REQUIRE(program.wait_until([&] { return program.catches(signal); }));
      }
      const Ended ended = ended_by(program, signal);
      CAPTURE(ended.errors);
      CHECK(ended.code == 128 + signal);
      CHECK_FALSE(ended.killed);
      CHECK(says(ended.errors, "smalti: error: stopped"));
      CHECK(shop.outputs().empty());
    }
  }
}

TEST_CASE("a FIFO that nobody reads keeps nobody from stopping") {
  const StreamShop shop;
  make_fifo(shop / "unread");
  Program unread(program_words(shop.job_to(shop / "unread")), kSoon);
  REQUIRE(unread.wait_until([&] { return unread.catches(SIGINT); }));
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  CHECK(ended_by(unread, SIGINT).code == 130);

  // Opened, but never read: full before the mosaic is done.
  const int reader = ::open((shop / "unread").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  Program full(program_words(shop.job_to(shop / "unread", kLarge)), kSoon);
  REQUIRE(full.wait_until([&] { return full.catches(SIGINT); }));
  std::this_thread::sleep_for(std::chrono::milliseconds(800));
  CHECK(ended_by(full, SIGINT).code == 130);
  ::close(reader);
}

TEST_CASE("a second signal ends a run at once that cannot end cleanly") {
  const HardShop shop;
  // Its first message waits for a reader that never comes.
  int pipe[2];
  REQUIRE(::pipe2(pipe, O_CLOEXEC | O_NONBLOCK) == 0);
  const std::string fill(4096, 'x');
  while (::write(pipe[1], fill.data(), fill.size()) > 0) continue;
  while (::write(pipe[1], "x", 1) > 0) continue;
  ::fcntl(pipe[1], F_SETFL, 0);
  RunOptions options;
  options.errors = pipe[1];
  options.timeout_s = kSoon.timeout_s;
  Program program(program_words(shop.job_to(shop.output(), {"-v"})), options);
  REQUIRE(program.wait_until([&] { return program.catches(SIGINT); }));
  program.send(SIGINT);
  CHECK_FALSE(program.wait_until([&] { return !program.catches(SIGINT); }, 1));
  const Ended ended = ended_by(program, SIGINT);
  CHECK(ended.code == 130);
  CHECK_FALSE(ended.killed);
  CHECK_FALSE(fs::exists(shop.output()));
  ::close(pipe[0]);
  ::close(pipe[1]);
}

TEST_CASE("after a kill only the temporary file stays, until the next run") {
  const StreamShop shop;
  const StillFifo target(shop, "fifo", true);
  Program program(program_words(shop.job(target.path(), shop.tiles())), kSoon);
  REQUIRE(program.wait_until([&] { return shop.outputs().size() == 1; }));
  program.send(SIGKILL);
  const Ended ended = program.wait();
  CHECK(ended.killed);
  CHECK(ended.code == 137);
  REQUIRE(shop.outputs().size() == 1);
  CHECK(shop.outputs().front().starts_with(".mosaic.mp4.smalti-"));

  CHECK(test::run_smalti(shop.job_to(shop.output())).code == 0);
  CHECK(shop.outputs() == std::vector<std::string>{"mosaic.mp4"});
}

TEST_CASE(
    "--keep-partial keeps the frames made before a signal, playable, at a name of their own") {
  const StreamShop shop;
  for (const int signal : {SIGINT, SIGTERM}) {
    for (const std::string extension : {"mp4", "mkv"}) {
      CAPTURE(extension);
      const StillFifo target(shop, fmt::format("fifo-{}-{}", signal, extension), true);
      const std::string output = shop.output("mosaic." + extension);
      Program program(program_words(shop.job(target.path(), shop.tiles(),
                                             {"--keep-partial", "--output", output})),
                      kSoon);
      // The clip's frames are on their way once the temporary file grows, or soon after.
      REQUIRE(program.wait_until([&] { return shop.outputs().size() == 1; }));
      std::this_thread::sleep_for(std::chrono::milliseconds(test::kSanitized ? 3000 : 700));
      const Ended ended = ended_by(program, signal);
      CAPTURE(ended.errors);
      CHECK(ended.code == 128 + signal);
      CHECK(says(ended.errors, "frames are kept as '"));
      REQUIRE(shop.outputs() == std::vector<std::string>{"mosaic.partial." + extension});
      const std::string partial = shop.output("mosaic.partial." + extension);
      const std::size_t frames = clips::probe(partial).frame_times_s.size();
      CHECK(frames > 10);
      CHECK(frames < 125);
      CHECK(says(ended.errors, fmt::format("the first {} frames", frames)));

      // And is in nobody's way unasked.
      const Ended again = test::run_smalti(
          shop.job(shop.clip(), shop.tiles(), {"--keep-partial", "--output", output}));
      CHECK(again.code == 73);
      CHECK(says(again.errors, "mosaic.partial."));
      fs::remove(partial);
    }
  }
  // Before the first frame there is nothing to keep.
  const StillFifo target(shop, "fifo", false);
  Program program(program_words(shop.job(target.path(), shop.tiles(), {"--keep-partial"})), kSoon);
  REQUIRE(program.wait_until([&] { return program.catches(SIGINT); }));
  CHECK(ended_by(program, SIGINT).code == 130);
  CHECK(shop.outputs().empty());
}

TEST_CASE("an encoder that waits for the end of its stream is told of it") {
  const StreamShop shop;
  const Ended found = test::run_program({"ffmpeg", "-v", "quiet", "-h", "encoder=libsvtav1"});
  if (!says(found.output, "Encoder libsvtav1")) {
    MESSAGE("left out: this FFmpeg has no libsvtav1");
    return;
  }
  const StillFifo target(shop, "fifo", true);
  std::vector<std::string> words = {test::smalti_program(),
                                    "video",
                                    target.path(),
                                    "-t",
                                    shop.tiles(),
                                    "--columns",
                                    "8",
                                    "--enlarge",
                                    "4",
                                    "--encoder",
                                    "libsvtav1",
                                    "--preset",
                                    "12",
                                    "-o",
                                    shop.output()};
  Program program(words, kSoon);
  REQUIRE(program.wait_until([&] { return shop.outputs().size() == 1; }));
  const Ended ended = ended_by(program, SIGINT);
  CAPTURE(ended.errors);
  CHECK(ended.code == 130);
  CHECK_FALSE(says(ended.errors, "Svt["));
  CHECK(shop.outputs().empty());
}

}  // namespace
}  // namespace smalti

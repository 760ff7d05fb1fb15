// FIFOs in every place where a file may be named: nobody writes into them and nobody reads them, so
// that whoever waits for the other end waits until it is stopped.

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <memory>
#include <thread>

#include "support/sweep_shop.h"
#include "support/workshop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::Ended;
using test::Program;

struct Case {
  std::string name;
  std::vector<std::string> words;
};

class FifoShop {
 public:
  FifoShop() {
    fs::copy_file(tile(), shop_ / "still.png");
    REQUIRE(test::run_smalti({"tiles", "build", tiles(), "-q", "-o", library()}).code == 0);
    REQUIRE(::mkfifo((shop_ / "in").c_str(), 0600) == 0);
  }

  std::string operator/(const std::string& name) const { return shop_ / name; }
  std::string clip() const { return shop_.clip(); }
  std::string tiles() const { return shop_.tiles(); }
  std::string tile() const { return shop_.tiles() / "tile-01.png"; }
  std::string library() const { return shop_ / "a.tiles"; }
  std::string input() const { return shop_ / "in"; }

  // A FIFO of this extension.
  std::string output(const std::string& extension) const {
    const fs::path path = shop_ / ("out" + extension);
    if (!fs::exists(path)) REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    return path;
  }

  // Starts all of them together, gives them a moment, and sends each one signal.
  void stop_all(const std::vector<Case>& cases) const {
    std::vector<std::unique_ptr<Program>> programs;
    for (const Case& c : cases) {
      std::vector<std::string> words = c.words;
      words.insert(words.begin(), test::smalti_program());
      programs.push_back(std::make_unique<Program>(words, test::RunOptions{.timeout_s = 60}));
    }
    for (const auto& program : programs)
      program->wait_until([&] { return program->catches(SIGTERM); });
    std::this_thread::sleep_for(std::chrono::milliseconds(test::kSanitized ? 5000 : 1500));
    for (const auto& program : programs) program->send(SIGTERM);
    const auto sent = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < programs.size(); ++i) {
      const Ended ended = programs[i]->wait();
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - sent;
      CAPTURE(cases[i].name);
      CAPTURE(ended.errors);
      CHECK_FALSE(ended.killed);
      CHECK(ended.code != 0);
      CHECK(ended.code != 1);
      CHECK(took.count() < (test::kSanitized ? 20 : 4));
    }
  }

 private:
  test::Workshop shop_;
};

TEST_CASE("a FIFO as input ends, or waits and ends with one signal") {
  const FifoShop shop;
  const std::string in = shop.input();
  const std::string tiles = shop.tiles();
  const std::string still = shop / "still.png";
  shop.stop_all({
      {"target of a video", {"video", in, "-t", tiles, "-o", shop / "a.mp4"}},
      {"target of a still", {"image", in, "-t", tiles, "-o", shop / "a.png"}},
      {"target of neither", {in, "-t", tiles, "-o", shop / "b.mp4"}},
      {"target of a sweep", {"sweep", in, "-t", tiles, "-o", shop / "a.gif"}},
      {"target of a page", {"explore", in, "-t", tiles, "--html", shop / "a.html"}},
      {"tile of a video", {"video", shop.clip(), "-t", in, "-o", shop / "c.mp4"}},
      {"tile of a still", {"image", still, "-t", in, "-o", shop / "b.png"}},
      {"target to compare", {"compare", in, still}},
      {"mosaic to compare", {"compare", still, in}},
      {"video to compare", {"compare", shop.clip(), in}},
      {"picture to animate", {"animate", in, "-o", shop / "b.gif"}},
      {"video to splice", {"splice", in, "-o", shop / "spliced"}},
      {"source of a library", {"tiles", "build", in, "-o", shop / "b.tiles"}},
      {"library to tell of", {"tiles", "info", in}},
      {"library to check", {"tiles", "check", in}},
      {"library to repair", {"tiles", "check", "--repair", in}},
      {"library to export", {"tiles", "export", in, shop / "exported"}},
      {"placements",
       {"video", shop.clip(), "-t", tiles, "-o", shop / "d.mp4", "--from-placements", in}},
      {"placements without end",
       {"video", shop.clip(), "-t", tiles, "-o", shop / "e.mp4", "--from-placements", "/dev/zero"}},
  });
}

TEST_CASE("a FIFO as output ends, or waits and ends with one signal") {
  const FifoShop shop;
  const std::string clip = shop.clip();
  const std::string tiles = shop.tiles();
  const std::string still = shop / "still.png";
  const std::vector<std::string> image = {"image", still, "-t", tiles, "-o", shop / "a.png"};
  const auto image_and = [&](const std::string& option, const std::string& extension) {
    std::vector<std::string> words = image;
    words.back() = shop / ("for" + extension + ".png");
    words.insert(words.end(), {option, shop.output(extension)});
    return words;
  };
  fs::create_directories(shop / "spliced/.smalti-splice");
  REQUIRE(::mkfifo((shop / "spliced/.smalti-splice/journal").c_str(), 0600) == 0);
  const auto still_to = [&](const std::string& extension) -> Case {
    return {extension, {"image", still, "-t", tiles, "-o", shop.output(extension)}};
  };
  shop.stop_all({
      {"video", {"video", clip, "-t", tiles, "-o", shop.output(".mkv")}},
      {"its report",
       {"video", clip, "-t", tiles, "--duration", "0.1", "-o", shop / "a.mp4", "--report",
        shop.output(".json")}},
      {"its placements",
       {"video", clip, "-t", tiles, "--duration", "0.1", "-o", shop / "b.mp4", "--save-placements",
        shop.output(".ndjson")}},
      still_to(".jpg"),
      still_to(".png"),
      still_to(".webp"),
      still_to(".avif"),
      still_to(".tif"),
      {"pages", {"image", still, "-t", tiles, "--pages", "A4", "-o", shop.output(".pdf")}},
      {"a still's report", image_and("--report", ".1")},
      {"a still's placements", image_and("--save-placements", ".2")},
      {"sweep as GIF", {"sweep", still, "-t", tiles, "-o", shop.output(".gif")}},
      {"sweep as WebP", {"sweep", still, "-t", tiles, "-o", shop.output(".s.webp")}},
      {"sweep as video", {"sweep", still, "-t", tiles, "-o", shop.output(".s.mkv")}},
      {"animation", {"animate", tiles, "-o", shop.output(".a.mkv")}},
      {"page", {"explore", still, "-t", tiles, "--html", shop.output(".html")}},
      {"spliced pictures", {"splice", clip, "-o", shop.output(".folder")}},
      {"journal", {"splice", clip, "-o", shop / "spliced"}},
      {"library", {"tiles", "build", tiles, "-o", shop.output(".tiles")}},
      {"exported pictures", {"tiles", "export", shop.library(), shop.output(".pictures")}},
  });
}

// What was written to a FIFO is what a file gets.
TEST_CASE("a FIFO that is read gets the report") {
  const test::SweepShop shop;
  const fs::path fifo = shop / "report";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  std::string text;
  std::thread reader([&] {
    std::ifstream in(fifo);
    text.assign(std::istreambuf_iterator<char>(in), {});
  });
  const Ended ended = test::run_smalti(
      {"image", shop.target(), "-t", shop.tiles(), "-q", "-o", shop / "a.png", "--report", fifo});
  reader.join();
  CHECK(ended.code == 0);
  CHECK(test::says(text, "\"fidelity\""));
}

}  // namespace
}  // namespace smalti

// `smalti explore`'s window, on a screen of its own, with a real mouse and keys.

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <thread>

#include "support/desktop.h"
#include "support/sweep_shop.h"
#include "support/workshop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::Desktop;
using test::Ended;
using test::Program;
using test::says;
using test::SweepShop;

const cv::Vec3b kBackground(40, 38, 36);
constexpr int kSomeRow = 100;  // of the screen: the mosaic is there

bool soon(const std::function<bool()>& happens, double timeout_s = 60) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::duration<double>(timeout_s);
  while (!happens()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return true;
}

// An explorer that is being used.
class Session {
 public:
  Session(const fs::path& folder, const fs::path& target, const fs::path& tiles,
          std::vector<std::string> more)
      : title_(target.filename().string() + " - smalti"),
        program_(desktop.here(folder, words(target, tiles, std::move(more)))) {}

  // The target's or mosaic's part of the screen, when all of it is to be seen.
  cv::Mat picture() {
    const cv::Mat screen = desktop.seen();
    int left = 0;
    int right = 1099;
    const auto is_empty = [&](int x) { return screen.at<cv::Vec3b>(kSomeRow, x) == kBackground; };
    while (left < right && is_empty(left)) ++left;
    while (right > left && is_empty(right)) --right;
    const int width = right + 1 - left;
    return width < 300 ? cv::Mat() : screen(cv::Rect(left, 0, width, width * 2 / 3));
  }

  bool comes_to_show(const cv::Mat& expected, double within = 6) {
    return soon([&] {
      const cv::Mat shown = picture();
      if (shown.empty()) return false;
      cv::Mat small;
      cv::resize(expected, small, shown.size(), 0, 0, cv::INTER_AREA);
      return test::difference(shown, small) < within;
    });
  }

  bool shows_something() {
    return soon([&] {
      const cv::Mat shown = picture();
      return is_open() && !shown.empty() && cv::mean(shown)[0] > 1;  // the screen itself is black
    });
  }

  bool changes(const cv::Mat& before) {
    return soon([&] { return test::difference(desktop.seen(), before) > 0.5; });
  }

  void close() { desktop.close(title_); }
  bool is_open() { return desktop.has_window(title_); }
  void send(int signal) { program_.send(signal); }
  Ended leave() {
    desktop.press("Escape");
    return program_.wait();
  }
  Ended end() { return program_.wait(); }

  Desktop desktop;

 private:
  static std::vector<std::string> words(const fs::path& target, const fs::path& tiles,
                                        std::vector<std::string> more) {
    std::vector<std::string> all = {test::smalti_program(), "explore", target, "-t", tiles};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  std::string title_;
  Program program_;
};

// Whether there is a column of the screen where all five sliders begin: a dark line as high as a
// slider, with light before it.
bool sliders_are_aligned(const cv::Mat& screen) {
  constexpr int kFirst = 647;  // middles of the sliders
  constexpr int kApart = 25;
  constexpr int kHalf = 2;
  cv::Mat grey;
  cv::cvtColor(screen, grey, cv::COLOR_RGB2GRAY);
  const auto begins = [&](int x, int y) {
    double least = 0;
    double most = 0;
    const auto column = [&](int at) { return grey(cv::Rect(at, y - kHalf, 1, 2 * kHalf + 1)); };
    cv::minMaxLoc(column(x), nullptr, &most);
    cv::minMaxLoc(column(x - 3), &least, nullptr);
    return most < 190 && least > 225;
  };
  for (int x = 60; x < 400; ++x) {
    int count = 0;
    for (int i = 0; i < 5; ++i) count += begins(x, kFirst + i * kApart) ? 1 : 0;
    if (count == 5) return true;
  }
  return false;
}

cv::Mat mosaic(const SweepShop& shop, int scale) {
  return shop.image(scale, {"--size", "1600x1067"});
}

TEST_CASE("a window shows the mosaic of the scale that is chosen, and the original") {
  const SweepShop shop;
  Session session(shop / ".", shop.target(), shop.tiles(),
                  {"--min-scale", "4", "--max-scale", "8"});
  REQUIRE(session.comes_to_show(mosaic(shop, 6)));
  CHECK(soon([&] { return sliders_are_aligned(session.desktop.seen()); }, 5));
  session.desktop.press("Up");
  CHECK(session.comes_to_show(mosaic(shop, 7)));
  for (int i = 0; i < 3; ++i) session.desktop.press("Down");
  CHECK(session.comes_to_show(mosaic(shop, 4)));
  session.desktop.press("Down");
  CHECK(session.comes_to_show(test::read_png(shop.target())));
  const Ended ended = session.leave();
  INFO(ended.errors);
  CHECK(ended.code == 0);
}

TEST_CASE("wheel and mouse look around, and a click tells of a tile") {
  const SweepShop shop;
  Session session(shop / ".", shop.target(), shop.tiles(), {});
  REQUIRE(session.comes_to_show(mosaic(shop, 6)));
  cv::Mat before = session.desktop.seen();
  session.desktop.click(500, 300);
  CHECK(session.changes(before));
  before = session.desktop.seen();
  session.desktop.wheel(500, 300, 5);
  CHECK(session.changes(before));
  CHECK(soon([&] { return session.desktop.seen().at<cv::Vec3b>(300, 5) != kBackground; }));
  before = session.desktop.seen();
  session.desktop.drag(500, 300, 560, 340);
  CHECK(session.changes(before));
  session.desktop.press("0");
  CHECK(soon([&] { return session.desktop.seen().at<cv::Vec3b>(300, 5) == kBackground; }));
  CHECK(session.leave().code == 0);
}

TEST_CASE("a mosaic is saved and its command printed") {
  const SweepShop shop;
  Session session(shop / ".", shop.target(), shop.tiles(),
                  {"--max-scale", "10", "--opacity", "0.9"});
  REQUIRE(session.shows_something());
  session.desktop.press("Up");
  session.desktop.press("c");
  session.desktop.press("s");
  const fs::path saved = shop / "beach-scale-6-spacing-4-adjust-0.5-opacity-0.9.jpg";
  REQUIRE(soon([&] { return fs::exists(saved); }));
  const Ended ended = session.leave();
  INFO(ended.errors);
  CHECK(ended.code == 0);
  REQUIRE(says(ended.output, "smalti image"));
  CHECK(says(ended.errors, saved.filename().string()));
  const std::string command = ended.output.substr(0, ended.output.find('\n'));
  const fs::path again = shop / "again.jpg";
  const Ended made = test::run_program(
      {"sh", "-c", test::smalti_program() + command.substr(6) + " -q -o " + again.string()});
  INFO(made.errors);
  REQUIRE(made.code == 0);
  CHECK(test::read_png(saved).size() == cv::Size(1920, 1280));
  CHECK(test::difference(test::read_png(saved), test::read_png(again)) == 0);
}

TEST_CASE("on a video the arrow keys step through its frames") {
  const test::Workshop shop;
  Session session(shop / ".", shop.clip(), shop.tiles(), {"--at", "2", "--max-scale", "10"});
  REQUIRE(session.shows_something());
  for (int i = 0; i < 3; ++i) session.desktop.press("Right");
  session.desktop.press("Left");
  session.desktop.press("c");
  session.desktop.press("s");
  const fs::path saved = shop / "clip-at-2.080-scale-5-spacing-4-adjust-0.5.jpg";
  REQUIRE(soon([&] { return fs::exists(saved); }));
  const Ended ended = session.leave();
  INFO(ended.errors);
  CHECK(ended.code == 0);
  CHECK(says(ended.output, "smalti video " + shop.clip().string()));
  CHECK(says(ended.output, "--scale 5"));
}

TEST_CASE("a window that is closed, or asked to end, in the midst of work leaves nothing") {
  const SweepShop shop;
  for (const bool by_signal : {false, true}) {
    CAPTURE(by_signal);
    Session session(shop / ".", shop.target(), shop.tiles(), {});
    REQUIRE(session.shows_something());
    const std::size_t before = shop.entries();
    session.desktop.press("s");
    session.desktop.press("Up");
    by_signal ? session.send(SIGTERM) : session.close();
    const Ended ended = session.end();
    INFO(ended.errors);
    CHECK(ended.code == (by_signal ? 143 : 0));
    // It may have been saved in time, but not in part.
    for (const auto& entry : fs::directory_iterator(shop / "."))
      CHECK_FALSE(says(entry.path().filename().string(), "partial"));
    CHECK(shop.entries() <= before + 1);
  }
}

TEST_CASE("a window that is closed while tiles are read ends at once") {
  const SweepShop shop;
  for (int i = 60; i < 600; ++i)
    fs::copy_file(shop.target(), shop.tiles() / (std::to_string(i) + ".png"));
  Session session(shop / ".", shop.target(), shop.tiles(), {"--no-cache"});
  REQUIRE(soon([&] { return session.is_open(); }));
  session.close();
  CHECK(session.end().code == 0);
}

TEST_CASE("without a display the page is recommended") {
  const SweepShop shop;
  const std::string target = shop.target();
  const std::string tiles = shop.tiles();
  for (const char* display : {"DISPLAY=", "DISPLAY=:9876"}) {
    CAPTURE(display);
    const Ended ended =
        test::run_program({"env", "-u", "WAYLAND_DISPLAY", "-u", "QT_QPA_PLATFORM", display,
                           test::smalti_program(), "explore", target, "-t", tiles});
    CHECK(ended.code == 1);
    CHECK(says(ended.errors, "cannot open a window"));
    CHECK(says(ended.errors, "--html"));
    CHECK_FALSE(says(ended.errors, "qt.qpa"));
  }
}

TEST_CASE("what a window cannot show is said before it opens, or instead") {
  const SweepShop shop;
  fs::create_directory(shop / "empty");
  struct Case {
    fs::path target;
    fs::path tiles;
    std::vector<std::string> more;
    int code;
    const char* says;
  };
  const std::vector<Case> cases = {
      {shop.target(), shop.tiles(), {"--min-scale", "5", "--max-scale", "4"}, 2, "--min-scale"},
      {shop.target(), shop.tiles(), {"--size", "300"}, 2, "--html"},
      {shop / "none.png", shop.tiles(), {}, 66, "none.png"},
      {shop.target(), shop / "empty", {}, 65, "empty"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.says);
    Session session(shop / ".", c.target, c.tiles, c.more);
    const Ended ended = session.end();
    INFO(ended.errors);
    CHECK(ended.code == c.code);
    CHECK(says(ended.errors, c.says));
  }
}

}  // namespace
}  // namespace smalti

// `smalti explore --html`, its page opened in Chromium as people open it.

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <regex>
#include <sstream>

#include "support/browser.h"
#include "support/sweep_shop.h"
#include "support/workshop.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::Browser;
using test::Ended;
using test::run_smalti;
using test::says;
using test::SweepShop;

// As WebDriver calls keys.
constexpr const char* kEnter = "\xee\x80\x87";
constexpr const char* kEscape = "\xee\x80\x8c";
constexpr const char* kArrowLeft = "\xee\x80\x92";
constexpr const char* kArrowRight = "\xee\x80\x94";

fs::path make_page(const SweepShop& shop, std::vector<std::string> more) {
  const fs::path page = shop / "page.html";
  std::vector<std::string> words = {"explore", shop.target(), "-t", shop.tiles(),
                                    "--html",  page,          "-q", "-y"};
  words.insert(words.end(), more.begin(), more.end());
  const Ended ended = run_smalti(words);
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  return page;
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// Where people want to look at it: SMALTI_SCREENSHOTS names a folder.
void keep(Browser& browser, const std::string& name) {
  if (const char* folder = std::getenv("SMALTI_SCREENSHOTS"))
    cv::imwrite((fs::path(folder) / (name + ".png")).string(), browser.seen());
}

// The middle of the screen's part that shows the mosaic, and of a cell of it.
struct Place {
  double x;
  double y;
};
Place on_screen(Browser& browser, const std::string& x, const std::string& y) {
  const auto at = browser.value("[sheet.getBoundingClientRect().left + (" + x +
                                ") * fitFactor() * zoom, sheet.getBoundingClientRect().top + (" +
                                y + ") * fitFactor() * zoom]");
  return {at[0], at[1]};
}

cv::Mat decoded(Browser& browser, const std::string& uri) {
  const std::string text = browser.value(uri);
  const auto bytes =
      browser.value("Array.from(new Uint8Array(bytesOf((" + uri + ").split(',')[1])))")
          .get<std::vector<std::uint8_t>>();
  REQUIRE(text.starts_with("data:image/jpeg;base64,"));
  cv::Mat pixels;
  cv::cvtColor(cv::imdecode(bytes, cv::IMREAD_COLOR), pixels, cv::COLOR_BGR2RGB);
  return pixels;
}

TEST_CASE("a page shows the original and the mosaic of every scale") {
  const SweepShop shop;
  const fs::path page = make_page(shop, {"--min-scale", "4", "--max-scale", "7", "--size", "480"});
  Browser browser(page, {});
  REQUIRE(browser.becomes("document.getElementById('mosaic').complete"));
  CHECK(browser.value("slider.max") == "4");
  CHECK(browser.value("document.title") == "beach.png – mosaics");
  keep(browser, "page");

  browser.value("(slider.value = 0, slider.dispatchEvent(new Event('input')))");
  CHECK(browser.becomes("$('mosaic').hidden && $('scale-text').textContent === 'original'"));
  CHECK(test::difference(decoded(browser, "$('original').src"), [&] {
          cv::Mat target;
          cv::resize(test::photo({240, 160}), target, {480, 320}, 0, 0, cv::INTER_LINEAR);
          return target;
        }()) < 4);
  for (int place = 1; place <= 4; ++place) {
    browser.value("show(" + std::to_string(place) + ")");
    const int scale = place + 3;
    CHECK(
        browser.becomes("$('scale-text').textContent.startsWith('" + std::to_string(scale) + "')"));
    CHECK(test::difference(decoded(browser, "$('mosaic').src"),
                           shop.image(scale, {"--size", "480x320"})) < 7);
  }
  CHECK(browser.value("performance.getEntriesByType('resource')"
                      ".filter((e) => !e.name.startsWith('data:')).length") == 0);
  CHECK(browser.complaints() == 0);
}

TEST_CASE("a click on a cell shows the tile's picture, name, date and distance") {
  const SweepShop shop;
  const fs::path page = make_page(shop, {"--min-scale", "4", "--max-scale", "8"});
  Browser browser(page, {});
  browser.value("show(5)");
  REQUIRE(browser.becomes("$('mosaic').complete && shown === 5"));
  CHECK(browser.value("$('card').hidden") == true);
  const Place cell = on_screen(browser, "(scaleAt(5).x[3] + scaleAt(5).x[4]) / 2",
                               "(scaleAt(5).y[2] + scaleAt(5).y[3]) / 2");
  browser.click(cell.x, cell.y);
  REQUIRE(browser.becomes("!$('card').hidden && $('picture').complete"));
  CHECK(browser.value("$('cell').textContent") == "column 4, row 3");
  const std::string name = browser.value("$('name').textContent");
  REQUIRE(std::regex_match(name, std::regex("tile-[0-9]+\\.png")));
  CHECK(std::regex_match(browser.value("$('date').textContent").get<std::string>(),
                         std::regex("file of 20[0-9][0-9]-[0-9-]+ [0-9:]+")));
  CHECK(std::regex_match(browser.value("$('distance').textContent").get<std::string>(),
                         std::regex("[0-9]+\\.[0-9] ΔE")));
  CHECK(std::regex_match(browser.value("$('uses').textContent").get<std::string>(),
                         std::regex("once|[0-9]+ times")));
  CHECK(test::difference(decoded(browser, "$('picture').src"),
                         test::read_png(shop.tiles() / name)) < 7);
  keep(browser, "cell");
  browser.press(kEscape);
  CHECK(browser.value("$('card').hidden") == true);
  // The card keeps out of the way.
  for (const char* column : {"0", "scaleAt(5).columns - 1"}) {
    CAPTURE(column);
    const Place corner = on_screen(browser, "scaleAt(5).x[" + std::string(column) + "] + 3", "3");
    browser.click(corner.x, corner.y);
    REQUIRE(browser.becomes("!$('card').hidden && $('picture').complete"));
    CHECK(browser.value("document.elementFromPoint(" + std::to_string(corner.x) + ", " +
                        std::to_string(corner.y) + ").id") == "mosaic");
  }
  CHECK(browser.complaints() == 0);
}

TEST_CASE("a page is looked around in with wheel, mouse and keys") {
  const SweepShop shop;
  Browser browser(make_page(shop, {"--min-scale", "6", "--max-scale", "9"}), {});
  browser.value("stage.focus()");
  browser.wheel(600, 350, -600);
  browser.drag(600, 350, 620, 350);
  const std::string hint = "$('hint').innerText";
  CHECK(browser.value(hint + ".includes('Wheel') && !" + hint + ".includes('Pinch')") == true);
  REQUIRE(browser.becomes("zoom > 2"));
  const double left = browser.value("left");
  browser.drag(600, 350, 640, 350);
  CHECK(browser.becomes("left > " + std::to_string(left + 20)));
  CHECK(browser.value("$('card').hidden") == true);
  keep(browser, "zoomed");
  browser.press("0");
  CHECK(browser.value("zoom") == 1);
  browser.press("+");
  CHECK(browser.value("zoom") == 1.5);
  const int shown = browser.value("shown");
  browser.press(kArrowRight);
  CHECK(browser.becomes("shown === " + std::to_string(shown + 1)));
  browser.press(kArrowLeft);
  CHECK(browser.becomes("shown === " + std::to_string(shown)));
  browser.press(kEnter);
  CHECK(browser.becomes("!$('card').hidden"));
  browser.value("slider.focus()");
  browser.press(kArrowRight);
  CHECK(browser.becomes("shown === " + std::to_string(shown + 1)));
  CHECK(browser.complaints() == 0);
}

TEST_CASE("on a phone fingers zoom, and nothing sticks out") {
  const SweepShop shop;
  Browser::Looks looks;
  looks.window = {360, 740};
  looks.phone = true;
  looks.dark = true;
  Browser browser(make_page(shop, {"--opacity", "0.7"}), looks);
  REQUIRE(browser.becomes("$('mosaic').complete"));
  CHECK(browser.value("document.documentElement.scrollWidth") == 360);
  CHECK(browser.value("$('mosaic').style.opacity") == "0.7");
  CHECK(browser.value("getComputedStyle(document.documentElement).colorScheme") == "dark");
  browser.pinch(180, 300, 60, 240);
  CHECK(browser.becomes("zoom > 2"));
  CHECK(browser.value("$('hint').innerText").get<std::string>().starts_with("Tap a cell"));
  browser.press("0");
  browser.value("pick(stage.clientWidth / 2, stage.clientHeight / 2)");
  REQUIRE(browser.becomes("!$('card').hidden && $('picture').complete"));
  keep(browser, "phone");
  CHECK(browser.value("getComputedStyle(document.body).backgroundColor") == "rgb(29, 28, 27)");
  browser.value("$('theme').click()");
  CHECK(browser.value("getComputedStyle(document.documentElement).colorScheme") == "light");
  CHECK(browser.value("getComputedStyle(document.body).backgroundColor") == "rgb(244, 242, 238)");
  keep(browser, "phone-light");
  CHECK(browser.value("[...document.querySelectorAll('button')].every((b) => b.ariaLabel) && "
                      "[...document.querySelectorAll('input')].every((i) => i.labels.length)") ==
        true);
  CHECK(browser.complaints() == 0);
}

TEST_CASE("the card of a cell is wholly to be seen, however small the window") {
  const SweepShop shop;
  const fs::path page = make_page(shop, {"--min-scale", "9", "--max-scale", "9"});
  for (const Size window : {Size{1200, 800}, Size{700, 420}, Size{740, 360}, Size{320, 568}}) {
    CAPTURE(window.width);
    Browser::Looks looks;
    looks.window = window;
    Browser browser(page, looks);
    browser.value("pick(stage.clientWidth / 2, stage.clientHeight / 2)");
    REQUIRE(browser.becomes("!$('card').hidden && $('picture').complete"));
    CHECK(browser.value("$('card').scrollHeight <= $('card').clientHeight && "
                        "$('card').scrollWidth <= $('card').clientWidth") == true);
    keep(browser, "card-" + std::to_string(window.width));
  }
}

TEST_CASE("a page follows the preference for light or dark until somebody chooses") {
  const SweepShop shop;
  Browser browser(make_page(shop, {"--min-scale", "9", "--max-scale", "9"}), {});
  const auto theme = [&] { return browser.value("document.documentElement.dataset.theme"); };
  CHECK(theme() == "light");
  browser.prefer(true);
  CHECK(browser.becomes("document.documentElement.dataset.theme === 'dark'"));
  browser.press("t");
  CHECK(theme() == "light");
  browser.prefer(false);
  browser.press("t");
  browser.prefer(true);
  browser.prefer(false);
  CHECK(theme() == "dark");
  CHECK(browser.complaints() == 0);
}

TEST_CASE("of many scales a page holds few at a time") {
  const SweepShop shop;
  Browser browser(make_page(shop, {"--min-scale", "1", "--max-scale", "40", "--size", "241"}), {});
  for (int place = 1; place <= 40; ++place) browser.value("show(" + std::to_string(place) + ")");
  CHECK(browser.value("scales.size").get<int>() < 20);
  browser.value("show(1)");
  CHECK(browser.becomes("$('scale-text').textContent.startsWith('1 ')"));
  browser.value("pick(stage.clientWidth / 2, stage.clientHeight / 2)");
  CHECK(browser.becomes("!$('card').hidden"));
  CHECK(browser.complaints() == 0);
}

TEST_CASE("of very many tiles a page has pictures of those that are used most") {
  if (std::getenv("SMALTI_LONG_TESTS") == nullptr) return;
  const SweepShop shop;
  fs::create_directory(shop / "noise");
  for (int i = 0; i < 900; ++i) {
    cv::Mat noise(128, 96, CV_8UC3);
    cv::randu(noise, 0, 256);
    test::write_png(shop / "noise" / (std::to_string(i) + ".png"), noise);
  }
  const Ended ended =
      run_smalti({"explore", shop.target(), "-t", shop / "noise", "--html", shop / "a.html",
                  "--use-all", "--max-scale", "1", "--size", "480x320"});
  INFO(ended.errors);
  CHECK(ended.code == 0);
  CHECK(says(ended.errors, "900 of 900 tiles used"));
  CHECK(says(ended.errors, "are shown as the mosaics have them"));
  CHECK(fs::file_size(shop / "a.html") < 10'000'000);
}

TEST_CASE("of a very large page is said that it is") {
  if (std::getenv("SMALTI_LONG_TESTS") == nullptr) return;
  const SweepShop shop;
  fs::create_directory(shop / "noise");
  for (int i = 0; i < 9; ++i) {
    cv::Mat noise(640, 480, CV_8UC3);
    cv::randu(noise, 0, 256);
    test::write_png(shop / "noise" / (std::to_string(i) + ".png"), noise);
  }
  const std::vector<std::string> words = {
      "explore",       shop.target(), "-t",        shop / "noise", "--html",
      shop / "a.html", "--size",      "2400x1600", "--max-scale",  "40"};
  const Ended ended = run_smalti(words);
  INFO(ended.errors);
  CHECK(ended.code == 0);
  CHECK(fs::file_size(shop / "a.html") > 50'000'000);
  CHECK(says(ended.errors, "phones"));
}

TEST_CASE("names of any bytes do a page no harm") {
  const SweepShop shop;
  const std::string tile = "<!-- <b>\"'&\xff\xed\xa0\x80.png";
  const fs::path tiles = shop / "odd";
  fs::create_directory(tiles);
  fs::copy_file(shop.tiles() / "tile-1.png", tiles / tile);
  fs::copy_file(shop.target(), shop / "<script>\"'&\xff\xed\xa0\x80.png");
  const fs::path page = shop / "page.html";
  const Ended ended = run_smalti({"explore", shop / "<script>\"'&\xff\xed\xa0\x80.png", "-t", tiles,
                                  "--html", page, "--min-scale", "9", "--max-scale", "9"});
  INFO(ended.errors);
  REQUIRE(ended.code == 0);
  Browser browser(page, {});
  CHECK(browser.value("$('title').textContent") == "<script>\"'&\\xff\\xed\\xa0\\x80.png");
  browser.value("show(1)");
  browser.value("pick(stage.clientWidth / 2, stage.clientHeight / 2)");
  REQUIRE(browser.becomes("!$('card').hidden"));
  CHECK(browser.value("$('name').textContent") == "<!-- <b>\"'&\\xff\\xed\\xa0\\x80.png");
  CHECK(browser.complaints() == 0);
}

TEST_CASE("the summary of a page says how large it is, and why") {
  const SweepShop shop;
  const fs::path page = shop / "a.html";
  const Ended ended = run_smalti(
      {"explore", shop.target(), "-t", shop.tiles(), "--html", page, "--max-scale", "4000"});
  INFO(ended.errors);
  CHECK(ended.code == 0);
  for (const char* part : {"scales end at 40", "40 mosaics of", "--size", "smalti image",
                           "40 of 40 scales", "tiles used"})
    CHECK(says(ended.errors, part));
  CHECK(fs::file_size(page) < 20'000'000);
  const std::string text = text_of(page);
  CHECK_FALSE(says(text, "http:"));
  CHECK_FALSE(says(text, "https:"));
  CHECK_FALSE(says(text, shop.tiles().parent_path().string()));
}

TEST_CASE("of what cannot be explored no page is left") {
  const SweepShop shop;
  fs::create_directory(shop / "empty");
  const std::string target = shop.target();
  const std::string tiles = shop.tiles();
  const std::string page = shop / "a.html";
  struct Case {
    std::vector<std::string> words;
    int code;
    const char* says;
  };
  const std::vector<Case> cases = {
      {{"--html", page}, 2, "no target"},
      {{target, "--html", page}, 2, "no tiles"},
      {{target, "-t", tiles, "--html", page, "--min-scale", "5", "--max-scale", "4"},
       2,
       "--min-scale"},
      {{target, "-t", tiles, "--html", page, "--max-scale", "0"}, 2, "--max-scale"},
      {{target, "-t", tiles, "--html", page, "--size", "20"}, 2, "--min-scale"},
      {{target, "-t", tiles, "--html", page, "--side-by-side"}, 2, "--side-by-side"},
      {{target, "-t", tiles, "--html", page, "--at", "1"}, 2, "--at has no effect"},
      {{target, "-t", shop / "empty", "--html", page}, 65, "empty"},
      {{shop / "none.png", "-t", tiles, "--html", page}, 66, "none.png"},
      {{target, "-t", tiles, "--html", shop / "no/a.html"}, 73, "no/a.html"},
      {{target, "-t", tiles, "--html", target, "-y"}, 2, "target itself"},
      {{target, "-t", tiles, "--html", shop.tiles()}, 2, "tile source"},
      {{target, "-t", tiles, "--html", shop / "empty"}, 73, "empty"},
  };
  const std::size_t before = shop.entries();
  for (const Case& c : cases) {
    std::vector<std::string> words = {"explore"};
    words.insert(words.end(), c.words.begin(), c.words.end());
    CAPTURE(c.says);
    const Ended ended = run_smalti(words);
    CAPTURE(ended.errors);
    CHECK(ended.code == c.code);
    CHECK(says(ended.errors, c.says));
    CHECK(shop.entries() == before);
  }
  fs::create_symlink("/dev/full", shop / "full.html");
  CHECK(run_smalti({"explore", target, "-t", tiles, "-y", "--html", shop / "full.html"}).code ==
        74);
}

}  // namespace
}  // namespace smalti

// The explorer without its window: what it makes, and where things are to be seen.

#include "explore/explorer.h"

#include <doctest/doctest.h>

#include <chrono>
#include <opencv2/imgproc.hpp>
#include <thread>

#include "explore/bounded_cache.h"
#include "explore/saving.h"
#include "explore/screen.h"
#include "explore/viewport.h"
#include "support/sweep_shop.h"
#include "support/workshop.h"

namespace smalti {
namespace {

using test::SweepShop;

ScalesOptions options_for(const std::filesystem::path& target, const std::filesystem::path& tiles) {
  ScalesOptions options;
  options.target = target;
  options.tiles = {tiles};
  options.use_cache = false;
  options.min_scale = 4;
  options.max_scale = 9;
  return options;
}

ExploreSettings at_scale(int scale) {
  ExploreSettings settings;
  settings.scale = scale;
  settings.spacing = 4;
  settings.color_adjust = 0.5;
  return settings;
}

std::shared_ptr<const explore::ExplorerView> made(explore::Explorer& explorer,
                                                  const ExploreSettings& settings) {
  explorer.show(settings, {});
  for (int i = 0; i < 3000; ++i) {
    const auto view = explorer.view();
    if (view && !view->coarse && view->settings == explorer.wanted()) return view;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  FAIL("it is never made");
  return nullptr;
}

cv::Mat rgb(const cv::Mat& bgr) {
  cv::Mat turned;
  cv::cvtColor(bgr, turned, cv::COLOR_BGR2RGB);
  return turned;
}

TEST_CASE("an explorer makes what `smalti image` makes, and remembers it") {
  const SweepShop shop;
  explore::Explorer explorer(options_for(shop.target(), shop.tiles()), {});
  CHECK(explorer.canvas() == Size{1600, 1067});
  for (const int scale : {5, 8}) {
    const auto view = made(explorer, at_scale(scale));
    CHECK(test::difference(rgb(view->picture), shop.image(scale, {"--size", "1600x1067"})) == 0);
  }
  // What was made is there at once.
  explorer.show(at_scale(5), {});
  CHECK(explorer.view()->settings.scale == 5);
  ExploreSettings other = at_scale(6);
  other.opacity = 0.6;
  other.randomness = 0.2;
  other.spacing = 2;
  other.color_adjust = 0.8;
  CHECK(test::difference(rgb(made(explorer, other)->picture),
                         shop.image(6, {"--size", "1600x1067", "--opacity", "0.6", "--randomness",
                                        "0.2", "--spacing", "2", "--color-adjust", "0.8"})) == 0);
  const auto original = made(explorer, at_scale(0));
  CHECK(original->placement.empty());
  cv::Mat target;
  cv::resize(test::read_png(shop.target()), target, {1600, 1067}, 0, 0, cv::INTER_LINEAR);
  CHECK(test::difference(rgb(original->picture), target) < 2);
}

TEST_CASE("what is saved has the settings that are seen") {
  const ScalesOptions options = options_for("pictures/beach.jpg", "tiles");
  ExploreSettings settings = at_scale(7);
  settings.spacing = 2;
  settings.randomness = 0.25;
  settings.color_adjust = 0.8;
  settings.opacity = 0.5;
  const PhotomosaicOptions still = explore::full_size_options(options, settings, 2.5, true);
  CHECK(still.target == options.target);
  CHECK(still.tiles == options.tiles);
  CHECK(still.layout.scale == 7);
  CHECK_FALSE(still.layout.enlarge);
  CHECK(still.select.spacing == 2);
  CHECK(still.select.randomness == 0.25);
  CHECK(still.color_adjust == 0.8);
  CHECK(still.opacity == 0.5);
  CHECK(still.at_s == 2.5);
  CHECK(still.fit_px == kDefaultScalesSide);
  CHECK(still.output == "beach-at-2.500-scale-7-spacing-2-adjust-0.8-opacity-0.5-random-0.25.jpg");
  const PhotomosaicOptions other = explore::full_size_options(options, at_scale(7), {}, false);
  CHECK_FALSE(other.at_s);
  CHECK_FALSE(other.fit_px);
  CHECK(other.output == "beach-scale-7-spacing-4-adjust-0.5.jpg");
}

TEST_CASE("of many wishes the last one is granted") {
  const SweepShop shop;
  explore::Explorer explorer(options_for(shop.target(), shop.tiles()), {});
  for (int i = 0; i < 60; ++i) explorer.show(at_scale(4 + i % 6), {});
  CHECK(made(explorer, at_scale(7))->settings.scale == 7);
  CHECK(made(explorer, at_scale(100))->settings.scale == 9);
  CHECK(made(explorer, at_scale(1))->settings.scale == 4);
}

TEST_CASE("an explorer tells of a cell") {
  const SweepShop shop;
  explore::Explorer explorer(options_for(shop.target(), shop.tiles()), {});
  const auto view = made(explorer, at_scale(8));
  const Rect cell = view->cells.fields().cell(3, 2);
  const explore::CellFacts facts = explorer.tell(*view, cell.x + 1, cell.y + cell.height - 0.5);
  CHECK(facts.column == 3);
  CHECK(facts.row == 2);
  CHECK(facts.cell == cell);
  CHECK(facts.source.parent_path() == shop.tiles());
  CHECK(facts.date.starts_with("file of 20"));
  CHECK(facts.uses >= 1);
  CHECK(facts.delta_e > 0);
  cv::Mat tile = test::read_png(facts.source);
  cv::resize(tile, tile, facts.thumbnail.size(), 0, 0, cv::INTER_AREA);
  CHECK(test::difference(rgb(facts.thumbnail), tile) < 6);
}

TEST_CASE("what is seen closely is painted larger") {
  const SweepShop shop;
  explore::Explorer explorer(options_for(shop.target(), shop.tiles()), {});
  made(explorer, at_scale(9));
  const explore::Detail wanted{3, {600, 300, 900, 700}};
  explorer.show(at_scale(9), wanted);
  for (int i = 0; i < 3000 && !explorer.detail(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  REQUIRE(explorer.detail());
  CHECK(explorer.detail()->detail == wanted);
  CHECK(explorer.detail()->picture.size() == cv::Size(900, 700));
  const cv::Mat all = shop.image(9, {"--size", "4800x3201"});
  // Grid lines of an enlarged canvas lie where those of the canvas do, not as evenly as can be.
  CHECK(test::difference(rgb(explorer.detail()->picture), all(cv::Rect(600, 300, 900, 700))) < 8);
}

TEST_CASE("an explorer goes from frame to frame of a video, and not beyond its ends") {
  const test::Workshop shop;
  ScalesOptions options = options_for(shop.clip(), shop.tiles());
  options.at_s = 0.08;
  explore::Explorer explorer(options, {});
  REQUIRE(explorer.is_video());
  ExploreSettings settings = at_scale(0);
  const auto time_at = [&](std::int64_t frame) {
    settings.frame = frame;
    return made(explorer, settings)->time_s;
  };
  CHECK(time_at(0) == doctest::Approx(0.08));
  CHECK(time_at(1) == doctest::Approx(0.12));
  CHECK(time_at(30) == doctest::Approx(1.28));
  CHECK(time_at(12) == doctest::Approx(0.56));
  CHECK(time_at(-1) == doctest::Approx(0.04));
  CHECK(time_at(-5) == doctest::Approx(0));
  CHECK(explorer.wanted().frame == -2);
  CHECK(time_at(1000) == doctest::Approx(4.96));
  CHECK(explorer.wanted().frame == 122);
}

TEST_CASE("settings that cannot be carried out are a problem, not an end") {
  const SweepShop shop;
  ScalesOptions options = options_for(shop.target(), shop.tiles());
  options.select.unique = true;
  explore::Explorer explorer(options, {});
  explorer.show(at_scale(4), {});
  for (int i = 0; i < 3000 && explorer.problem().empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  CHECK(test::says(explorer.problem(), "cells"));
}

TEST_CASE("a viewport keeps what is under the mouse, and the window full") {
  explore::Viewport view({1600, 1000});
  view.resize({800, 600});
  CHECK(view.scale() == 0.5);
  CHECK(view.on_canvas({0, 50}) == explore::Spot{0, 0});
  CHECK(view.detail() == explore::Detail{});
  const explore::Spot mouse{200, 150};
  const explore::Spot before = view.on_canvas(mouse);
  view.zoom_by(4, mouse);
  CHECK(view.scale() == 2);
  CHECK(view.on_canvas(mouse).x == doctest::Approx(before.x));
  CHECK(view.on_canvas(mouse).y == doctest::Approx(before.y));
  const explore::Detail detail = view.detail();
  CHECK(detail.factor == 2);
  CHECK(detail.part.width == doctest::Approx(800).epsilon(0.01));
  view.pan(10'000, 10'000);
  CHECK(view.on_canvas({0, 0}) == explore::Spot{0, 0});
  view.pan(-10'000, -10'000);
  CHECK(view.on_canvas({800, 600}) == explore::Spot{1600, 1000});
  view.zoom_by(1e9, mouse);
  CHECK(view.scale() == explore::Viewport::kMostPixelsPerPixel);
  view.zoom_out();
  CHECK(view.on_canvas({0, 50}) == explore::Spot{0, 0});
}

TEST_CASE("the latest of a cache stays, and what was asked for last") {
  explore::BoundedCache<int, int> cache(100);
  for (int i = 0; i < 3; ++i) cache.put(i, std::make_shared<int>(i), 40);
  CHECK_FALSE(cache.find(0));
  CHECK(cache.find(1));
  cache.put(3, std::make_shared<int>(3), 40);
  CHECK(cache.find(1));
  CHECK_FALSE(cache.find(2));
  cache.put(4, std::make_shared<int>(4), 1000);
  CHECK(cache.find(4));
  CHECK_FALSE(cache.find(1));
}

}  // namespace
}  // namespace smalti

// AnimationWriter: what others read out of its files.

#include "products/animation/animation_writer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <opencv2/imgproc.hpp>

#include "smalti/animation.h"
#include "smalti/error.h"
#include "support/animations.h"
#include "support/pictures.h"
#include "support/synthetic.h"
#include "support/temp_folder.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;
using test::ShownFrame;

constexpr Size kSize{96, 64};

// Smooth, and another for each number.
Picture smooth(int number, Size size = kSize) {
  return test::make_picture(test::kRgb8, size, [=](int c, int x, int y) {
    return (x * (c + 1) + y * 2 + number * 37) % 256;
  });
}

// Nothing that packs well.
Picture noise(int number, Size size) {
  return test::make_picture(test::kRgb8, size, [=](int c, int x, int y) {
    std::uint32_t h = static_cast<std::uint32_t>(x) * 73856093U ^
                      static_cast<std::uint32_t>(y) * 19349663U ^
                      static_cast<std::uint32_t>(c + 5 * number) * 83492791U;
    h = (h ^ (h >> 13)) * 1274126177U;
    return static_cast<int>((h ^ (h >> 16)) & 255);
  });
}

AnimationSummary made(const fs::path& path, int frames, const AnimationOptions& options,
                      const std::function<Picture(int)>& frame) {
  AnimationWriter writer(path, frame(0).size(), options);
  for (int i = 0; i < frames; ++i) writer.write(frame(i));
  const auto summary = writer.finish({});
  REQUIRE(summary);
  CHECK(summary->bytes == fs::file_size(path));
  return *summary;
}

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t entries(const test::TempFolder& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder.path()), {}));
}

TEST_CASE("frames come back as they were, as far as the format can") {
  const test::TempFolder folder;
  struct Case {
    const char* name;
    std::optional<int> colors;
    double within;
  };
  for (const Case& c : {Case{"a.gif", {}, 9}, Case{"b.gif", 64, 14}, Case{"a.apng", {}, 0},
                        Case{"a.png", {}, 0}, Case{"b.apng", 64, 14}, Case{"a.webp", {}, 8},
                        Case{"a.mp4", {}, 12}, Case{"a.mkv", {}, 12}, Case{"a.webm", {}, 14}}) {
    CAPTURE(c.name);
    AnimationOptions options;
    options.colors = c.colors;
    const AnimationSummary summary =
        made(folder / c.name, 5, options, [](int i) { return smooth(i); });
    CHECK(summary.frames == 5);
    CHECK(summary.size == kSize);
    const std::vector<ShownFrame> frames = test::shown_frames(folder / c.name);
    REQUIRE(frames.size() == 5);
    for (int i = 0; i < 5; ++i)
      CHECK(test::difference(frames[static_cast<std::size_t>(i)].pixels,
                             test::pixels_of(smooth(i))) <= c.within);
  }
}

TEST_CASE("as many colours as a palette has stay as they are, however near each other") {
  const test::TempFolder folder;
  const auto many = [](int colors) {
    return [=](int number) {
      return test::make_picture(test::kRgb8, {64, 48}, [=](int c, int x, int y) {
        const int color = (x + 64 * y + number) % colors;
        return c == 0 ? 255 - color : c == 1 ? color / 2 : color / 256;
      });
    };
  };
  for (const char* name : {"a.gif", "a.apng"}) {
    for (const Dither dither : {Dither::kNone, Dither::kBayer, Dither::kDiffusion}) {
      CAPTURE(name);
      AnimationOptions options;
      options.overwrite = true;
      options.colors = 256;
      options.dither = dither;
      made(folder / name, 3, options, many(256));
      const std::vector<ShownFrame> frames = test::shown_frames(folder / name);
      REQUIRE(frames.size() == 3);
      for (int i = 0; i < 3; ++i)
        CHECK(cv::norm(frames[static_cast<std::size_t>(i)].pixels, test::pixels_of(many(256)(i)),
                       cv::NORM_INF) == 0);
      // One more, and the least are changed.
      options.colors = 255;
      made(folder / name, 3, options, many(256));
      const double most = cv::norm(test::shown_frames(folder / name).front().pixels,
                                   test::pixels_of(many(256)(0)), cv::NORM_INF);
      CHECK(most > 0);
      CHECK(most < 12);
    }
  }
}

TEST_CASE("a palette has most colours where most pixels are") {
  const test::TempFolder folder;
  constexpr Size kLarge{256, 192};
  constexpr int kNoisy = 8;  // rows
  const Picture loud = noise(0, kLarge);
  const Picture frame = test::make_picture(test::kRgb8, kLarge, [&](int c, int x, int y) {
    if (y < kNoisy)
      return static_cast<int>(loud.planes[static_cast<std::size_t>(c)].row<std::uint8_t>(y)[x]);
    return 90 + (c == 0 ? x / 4 : c == 1 ? y / 4 : (x + y) / 8);
  });
  AnimationOptions options;
  options.colors = 64;
  options.dither = Dither::kNone;
  made(folder / "a.gif", 1, options, [&](int) { return frame; });
  const cv::Rect calm(0, kNoisy, kLarge.width, kLarge.height - kNoisy);
  CHECK(test::difference(test::shown_frames(folder / "a.gif").front().pixels(calm),
                         test::pixels_of(frame)(calm)) < 4);
}

TEST_CASE("progress moves a frame at a time, whatever is done with the frames") {
  const test::TempFolder folder;
  using Phase = Progress::Phase;
  std::vector<std::pair<Phase, std::uint64_t>> seen;
  Events events;
  events.progress = [&](const Progress& p) {
    seen.emplace_back(p.phase, p.done);
    CHECK(p.total == 5);
  };
  AnimationOptions options;
  options.max_bytes = 60'000;
  AnimationWriter writer(folder / "a.gif", {160, 120}, options);
  for (int i = 0; i < 5; ++i) writer.write(noise(i, {160, 120}));
  REQUIRE(writer.finish(events)->smaller);

  std::size_t counted = 0;  // for colours: once for each size but the first
  std::size_t written = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const auto& [phase, done] = seen[i];
    if (done == 0) ++(phase == Phase::kFrames ? counted : written);
    CHECK((done == 0 || (done == seen[i - 1].second + 1 && phase == seen[i - 1].first)));
  }
  CHECK(seen.front() == std::pair(Phase::kWriting, std::uint64_t{0}));
  CHECK(seen.back() == std::pair(Phase::kWriting, std::uint64_t{5}));
  CHECK(counted >= 1);
  CHECK(written == counted + 6);  // at first all numbers of colours from 256 to 32
}

TEST_CASE("what will be too large is not written to its end") {
  const test::TempFolder folder;
  std::vector<std::uint64_t> reached;  // by each attempt
  Events events;
  events.progress = [&](const Progress& p) {
    if (p.done == 0) reached.push_back(0);
    reached.back() = p.done;
  };
  AnimationOptions options;
  options.max_bytes = 700'000;
  AnimationWriter writer(folder / "a.gif", {160, 120}, options);
  for (int i = 0; i < 60; ++i) writer.write(noise(i, {160, 120}));
  REQUIRE(writer.finish(events)->fewer_colors);
  REQUIRE(reached.size() >= 2);
  CHECK(reached.front() < 50);
  CHECK(reached.back() == 60);
}

TEST_CASE("each frame is shown at its time, and rounding does not add up") {
  const test::TempFolder folder;
  for (const Rational fps :
       {Rational{3, 1}, Rational{7, 1}, Rational{30000, 1001}, Rational{1, 2}}) {
    for (const char* name : {"a.gif", "a.apng", "a.webp", "a.mkv"}) {
      CAPTURE(name);
      CAPTURE(fps.num);
      AnimationOptions options;
      options.overwrite = true;
      options.fps = fps;
      made(folder / name, 22, options, [](int i) { return smooth(i); });
      const std::vector<ShownFrame> frames = test::shown_frames(folder / name);
      REQUIRE(frames.size() == 22);
      const bool gif = std::string(name) == "a.gif";
      const double unit = gif ? 0.0051 : 0.00101;
      for (std::size_t i = 0; i < frames.size(); ++i) {
        CHECK(std::abs(frames[i].start_s - static_cast<double>(i) / fps.value()) < unit);
        if (std::string(name) != "a.mkv")
          CHECK(std::abs(frames[i].length_s - 1 / fps.value()) < 2 * unit);
      }
      const double end = frames.back().start_s + frames.back().length_s;
      if (std::string(name) != "a.mkv") CHECK(std::abs(end - 22 / fps.value()) < unit);
    }
  }
}

TEST_CASE("pictures play for ever") {
  const test::TempFolder folder;
  for (const char* name : {"a.gif", "a.apng", "a.webp"}) {
    CAPTURE(name);
    made(folder / name, 3, {}, [](int i) { return smooth(i); });
    CHECK(test::loops_for_ever(folder / name));
  }
}

TEST_CASE("a frame may be shown again") {
  const test::TempFolder folder;
  AnimationWriter writer(folder / "a.apng", kSize, {});
  for (int i = 0; i < 3; ++i) writer.write(smooth(i));
  writer.repeat(1);
  REQUIRE(writer.finish({})->frames == 4);
  const std::vector<ShownFrame> frames = test::shown_frames(folder / "a.apng");
  REQUIRE(frames.size() == 4);
  CHECK(test::difference(frames[3].pixels, test::pixels_of(smooth(1))) == 0);
}

TEST_CASE("one frame is an animation too") {
  const test::TempFolder folder;
  for (const char* name : {"a.gif", "a.apng", "a.webp", "a.mp4"}) {
    CAPTURE(name);
    made(folder / name, 1, {}, [](int i) { return smooth(i); });
    if (fs::path(name).extension() != ".webp") CHECK(test::shown_frames(folder / name).size() == 1);
  }
}

TEST_CASE("the same frames give the same bytes") {
  const test::TempFolder folder;
  for (const char* extension : {".gif", ".apng", ".webp", ".mp4", ".mkv"}) {
    CAPTURE(extension);
    AnimationOptions options;
    options.threads = 2;
    for (const char* name : {"a", "b"})
      made(folder / (std::string(name) + extension), 4, options, [](int i) { return smooth(i); });
    CHECK(bytes_of(folder / (std::string("a") + extension)) ==
          bytes_of(folder / (std::string("b") + extension)));
  }
}

TEST_CASE("what has to fit fits: colours go first, then size") {
  const test::TempFolder folder;
  const auto frame = [](int i) { return noise(i, {160, 120}); };
  AnimationOptions options;
  options.overwrite = true;
  const AnimationSummary whole = made(folder / "a.gif", 4, options, frame);
  CHECK(whole.colors == 256);
  CHECK_FALSE(whole.fewer_colors);

  options.max_bytes = whole.bytes * 8 / 10;
  const AnimationSummary fewer = made(folder / "a.gif", 4, options, frame);
  CHECK(fewer.bytes <= *options.max_bytes);
  CHECK(fewer.fewer_colors);
  CHECK_FALSE(fewer.smaller);
  CHECK(fewer.size == Size{160, 120});

  for (const char* name : {"a.gif", "a.apng", "a.webp", "a.mp4"}) {
    CAPTURE(name);
    options.max_bytes = 9000;
    const AnimationSummary small = made(folder / name, 4, options, frame);
    CHECK(small.bytes <= 9000);
    // Lossy formats may get there by quality alone.
    if (fs::path(name).extension() == ".gif" || fs::path(name).extension() == ".apng")
      CHECK(small.smaller);
    CHECK(std::abs(small.size.width * 3 - small.size.height * 4) < 12);
    CHECK(test::shown_frames(folder / name).front().pixels.cols == small.size.width);
  }

  options.max_bytes = 50;
  AnimationWriter writer(folder / "none.gif", {160, 120}, options);
  writer.write(frame(0));
  CHECK_THROWS_AS(writer.finish({}), Error);
  CHECK_FALSE(fs::exists(folder / "none.gif"));
}

TEST_CASE("a large GIF has fewer colours by itself, but not below 128") {
  if (std::getenv("SMALTI_LONG_TESTS") == nullptr) return;
  const test::TempFolder folder;
  const auto frame = [](int i) { return noise(i, {800, 534}); };
  const AnimationSummary summary = made(folder / "a.gif", 24, {}, frame);
  CHECK(summary.colors == kFewestDefaultColors);
  CHECK(summary.fewer_colors);
  AnimationOptions options;
  options.overwrite = true;
  options.colors = 256;
  const AnimationSummary wanted = made(folder / "a.gif", 24, options, frame);
  CHECK(wanted.colors == 256);
  CHECK(wanted.bytes > kComfortableGifBytes);
}

TEST_CASE("nothing is left unless it is whole") {
  const test::TempFolder folder;
  for (const char* name : {"a.gif", "a.apng", "a.webp", "a.mp4"}) {
    {
      AnimationWriter writer(folder / name, kSize, {});
      writer.write(smooth(0));
    }
    CHECK(entries(folder) == 0);
    AnimationWriter writer(folder / name, kSize, {});
    writer.write(smooth(0));
    const std::atomic<bool> stop = true;
    Events events;
    events.stop = &stop;
    CHECK_FALSE(writer.finish(events));
    CHECK(entries(folder) == 0);
  }
}

TEST_CASE("what a format cannot hold is refused before any work") {
  const test::TempFolder folder;
  const auto refused = [&](const char* name, Size size, const AnimationOptions& options) {
    CAPTURE(name);
    try {
      AnimationWriter(folder / name, size, options);
      FAIL("not refused");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::kUsage);
    }
    CHECK(entries(folder) == 0);
  };
  AnimationOptions fast;
  fast.fps = {60, 1};
  AnimationOptions colors;
  colors.colors = 64;
  AnimationOptions few;
  few.colors = 1;
  AnimationOptions dither;
  dither.dither = Dither::kNone;
  refused("a.bmp", kSize, {});
  refused("a", kSize, {});
  refused("a.gif", {70'000, 10}, {});
  refused("a.webp", {20'000, 10}, {});
  refused("a.gif", {0, 10}, {});
  refused("a.mp4", {95, 64}, {});
  refused("a.gif", kSize, fast);
  refused("a.webp", kSize, colors);
  refused("a.mp4", kSize, colors);
  refused("a.gif", kSize, few);
  refused("a.apng", kSize, dither);
}

}  // namespace
}  // namespace smalti

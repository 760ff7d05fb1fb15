#include "match/frame_matcher.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <thread>
#include <vector>

#include "support/synthetic.h"

namespace smalti {
namespace {

match::DescriptorTable random_table(std::size_t count, std::mt19937& random) {
  match::DescriptorTable table(count);
  for (std::size_t i = 0; i < count; ++i) {
    const int base = static_cast<int>(random() % 1500);
    for (std::size_t k = 0; k < match::kDescriptorSize; ++k)
      table.row(i)[k] = static_cast<std::int16_t>(base + static_cast<int>(random() % 100));
  }
  return table;
}

// Frames that drift: some cells stay to the bit, some by a little, some jump.
std::vector<match::DescriptorTable> drifting_frames(std::size_t frames, std::size_t cells,
                                                    std::mt19937& random) {
  std::vector<match::DescriptorTable> out{random_table(cells, random)};
  while (out.size() < frames) {
    match::DescriptorTable next = out.back();
    for (std::size_t i = 0; i < cells; ++i) {
      const unsigned fate = random() % 10;
      if (fate == 0) {
        const match::DescriptorTable other = random_table(1, random);
        std::copy(other[0].begin(), other[0].end(), next.row(i));
      } else if (fate < 6) {
        for (std::size_t k = 0; k < match::kDescriptorSize; ++k)
          next.row(i)[k] =
              static_cast<std::int16_t>(next.row(i)[k] + static_cast<int>(random() % 9) - 4);
      }
    }
    out.push_back(std::move(next));
  }
  return out;
}

std::size_t wrong_answers(match::FrameMatcher& matcher, const match::DescriptorTable& tiles,
                          const match::DescriptorTable& frame) {
  const match::Placement placement = matcher.nearest(frame);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < frame.size(); ++i)
    wrong += match::nearest_by_scan(tiles, frame[i], {}) != placement[i] ? 1 : 0;
  return wrong;
}

TEST_CASE("skipping searches never changes an answer, and does skip") {
  std::mt19937 random(1);
  for (const std::size_t tile_count : {1, 2, 3, 40, 800}) {
    CAPTURE(tile_count);
    match::DescriptorTable tiles = random_table(tile_count, random);
    for (std::size_t i = 0; i + 1 < tile_count; i += 5)  // twins: never certain
      std::copy_n(tiles[i].begin(), match::kDescriptorSize, tiles.row(i + 1));
    const match::TileIndex index(tiles);
    match::FrameMatcher matcher(index);
    const auto frames = drifting_frames(30, 200, random);
    std::size_t wrong = 0;
    for (const match::DescriptorTable& frame : frames)
      wrong += wrong_answers(matcher, tiles, frame);
    CHECK(wrong == 0);
    CHECK(matcher.searched() + matcher.skipped() == 30 * 200);
    CHECK(matcher.skipped() > 600);
    CHECK(matcher.searched() >= 200);
  }
}

TEST_CASE("a cell between two tiles is searched again until it is certain") {
  const match::DescriptorTable tiles = test::flat_table({0, 1000});
  const match::TileIndex index(tiles);
  match::FrameMatcher matcher(index);
  for (const int lightness : {100, 400, 499, 500, 501, 900, 499, 500, 0}) {
    CAPTURE(lightness);
    const match::DescriptorTable cell = test::flat_table({lightness});
    CHECK(matcher.nearest(cell)[0].tile == (lightness <= 500 ? 0 : 1));
  }
}

TEST_CASE("grids of other sizes, frames in any order and threads at once give the same") {
  std::mt19937 random(2);
  const match::DescriptorTable tiles = random_table(300, random);
  const match::TileIndex index(tiles);
  match::FrameMatcher matcher(index);
  auto frames = drifting_frames(20, 150, random);
  const auto others = drifting_frames(20, 80, random);
  frames.insert(frames.end(), others.begin(), others.end());
  std::shuffle(frames.begin(), frames.end(), random);

  std::vector<std::size_t> wrong(4);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < wrong.size(); ++t)
    threads.emplace_back([&, t] {
      for (std::size_t i = t; i < frames.size(); i += 2)
        wrong[t] += wrong_answers(matcher, tiles, frames[i]);
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == std::vector<std::size_t>(4, 0));
}

}  // namespace
}  // namespace smalti

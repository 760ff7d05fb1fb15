// The index against the oracle on many queries: random ones, and crops of real photographs. Every
// place that a kd-tree, a projection or wide instructions could get wrong. SMALTI_LONG_TESTS=1 in
// the environment asks 100,000 queries of up to 20,000 tiles.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <random>
#include <vector>

#include "images/image_loader.h"
#include "match/coordinates.h"
#include "match/tile_index.h"
#include "match/vector_index.h"
#include "support/pictures.h"
#include "support/synthetic.h"

namespace smalti {
namespace {

bool is_long() { return std::getenv("SMALTI_LONG_TESTS") != nullptr; }

// Picture-like descriptors, every third one any colours, every seventh constant, every fifth a
// duplicate of another.
match::DescriptorTable random_tiles(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  match::DescriptorTable table = test::picture_like(count, seed);
  for (std::size_t i = 0; i < count; ++i) {
    std::int16_t* row = table.row(i);
    if (i % 3 == 0)
      for (std::size_t k = 0; k < table.width(); ++k)
        row[k] = static_cast<std::int16_t>(static_cast<int>(random() % 1600) - (k % 3 != 0) * 800);
    if (i % 7 == 0)
      for (std::size_t k = 3; k < table.width(); ++k) row[k] = row[k % 3];
    if (i % 5 == 0) std::copy_n(table[random() % (i + 1)].begin(), table.width(), row);
  }
  return table;
}

// Crops of the photos of a folder.
match::DescriptorTable real_crops(const std::filesystem::path& folder, std::size_t count,
                                  unsigned seed) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".jpg") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::mt19937 random(seed);
  const auto any = [&](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  constexpr std::size_t kOfEach = 250;
  match::DescriptorTable table(count);
  Picture picture;
  for (std::size_t i = 0; i < count; ++i) {
    if (i % kOfEach == 0)
      picture = images::decode_image(images::read_file(files[random() % files.size()]), "a photo")
                    .picture;
    const int width = 3 + any(picture.width / 2);
    const int height = 4 + any(picture.height / 2);
    const Rect crop{any(picture.width - width), any(picture.height - height), width, height};
    const match::DescriptorTable one = match::describe(picture, crop);
    std::copy_n(one[0].begin(), table.width(), table.row(i));
  }
  return table;
}

// Answers of the index that are not the oracle's: k = 1, 5 and 40, plain, and with a bound,
// acceptance and penalties.
std::size_t wrong_answers(const match::DescriptorTable& tiles,
                          const match::DescriptorTable& queries) {
  const match::TileIndex index(tiles);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const auto salt = static_cast<std::int64_t>(i * 31 % 97);
    const std::int64_t typical = index.nearest(queries[i]).distance;
    const match::SearchLimits narrow{
        .bound = i % 2 == 0 ? std::numeric_limits<std::int64_t>::max() : typical * 3,
        .accept = [&](match::TileNumber t) { return (t + salt) % 4 != 0; },
        .penalty = [&](match::TileNumber t) { return (t * 7 + salt) % 5 * typical / 8; }};
    for (const match::SearchLimits& limits : {match::SearchLimits{}, narrow}) {
      const std::vector<match::Candidate> best =
          match::nearest_k_by_scan(tiles, queries[i], 40, limits);
      for (const std::size_t k : {1, 5, 40}) {
        const std::vector<match::Candidate> found = index.nearest_k(queries[i], k, limits);
        const std::size_t expected = std::min(k, best.size());
        wrong += !std::equal(found.begin(), found.end(), best.begin(),
                             best.begin() + static_cast<std::ptrdiff_t>(expected));
      }
      const auto one = index.nearest(queries[i], limits);
      wrong += one.has_value() == best.empty() || (one && *one != best.front());
    }
  }
  return wrong;
}

TEST_CASE("random queries: the oracle's answers") {
  for (const std::size_t count : {1, 3, 39, 1000}) {
    CAPTURE(count);
    CHECK(wrong_answers(random_tiles(count, 1), random_tiles(200, 2)) == 0);
  }
  CHECK(wrong_answers(random_tiles(20'000, 3), random_tiles(is_long() ? 50'000 : 300, 4)) == 0);
}

TEST_CASE("queries of real photographs: the oracle's answers") {
  const auto folder = test::media_folder("tiles/photos-1k");
  if (!folder) return;
  CHECK(wrong_answers(real_crops(*folder, 20'000, 5),
                      real_crops(*folder, is_long() ? 50'000 : 500, 6)) == 0);
}

TEST_CASE("descriptors of every width, and tiles with several: the oracle's answers") {
  std::mt19937 random(7);
  for (const auto& [width, alternatives] : {std::pair{3, 1}, {12, 1}, {108, 1}, {192, 1}, {3, 4}}) {
    CAPTURE(width);
    const auto made = [&](std::size_t rows) {
      match::DescriptorTable table(rows, static_cast<std::size_t>(width));
      for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t k = 0; k < table.width(); ++k)
          table.row(i)[k] = static_cast<std::int16_t>(random() % 1200);
      return table;
    };
    const match::DescriptorTable tiles = made(static_cast<std::size_t>(600 * alternatives));
    const match::DescriptorTable queries = made(100);
    const match::TileIndex index(tiles, static_cast<std::size_t>(alternatives));
    CHECK(index.size() == 600);
    for (std::size_t i = 0; i < queries.size(); ++i) {
      std::vector<match::Candidate> all;
      for (match::TileNumber t = 0; t < 600; ++t) all.push_back({t, index.distance(queries[i], t)});
      for (const match::Candidate& c : all) {  // the distance itself
        std::int32_t nearest = std::numeric_limits<std::int32_t>::max();
        for (int a = 0; a < alternatives; ++a)
          nearest = std::min(
              nearest, match::distance(queries[i],
                                       tiles[static_cast<std::size_t>(c.tile * alternatives + a)]));
        REQUIRE(c.distance == nearest);
      }
      std::stable_sort(all.begin(), all.end(),
                       [](const match::Candidate& a, const match::Candidate& b) {
                         return a.distance < b.distance;
                       });
      CHECK(index.nearest(queries[i]) == all[0]);
      CHECK(index.nearest_two(queries[i]).second == all[1]);
      CHECK(index.nearest_two(queries[i], 17, 5).second == all[1]);
      CHECK(index.nearest_k(queries[i], 40, {}) == std::vector(all.begin(), all.begin() + 40));
    }
  }
}

std::int16_t any_coordinate(std::mt19937& random) {
  return static_cast<std::int16_t>(static_cast<int>(random() % 8000) - 4000);
}

unsigned within(const match::Separations& separations, std::int32_t limit) {
  unsigned mask = 0;
  for (std::size_t p = 0; p < match::kSideBySide; ++p)
    mask |= static_cast<unsigned>(separations[p] <= limit) << p;
  return mask;
}

template <std::size_t N>
void check_points(std::mt19937& random, bool same) {
  std::array<std::int16_t, N> at{};
  for (auto& v : at) v = any_coordinate(random);
  match::Points<N> points;
  match::Separations expected{};
  for (std::size_t p = 0; p < match::kSideBySide; ++p) {
    for (std::size_t i = 0; i < N; ++i) {
      points.at(i, p) = same ? at[i] : any_coordinate(random);
      const int apart = std::max(0, std::abs(points.at(i, p) - at[i]) - 1);
      expected[p] += apart * apart;
    }
  }
  const std::int32_t limit = expected[random() % match::kSideBySide];
  match::Separations found;
  CHECK(match::separate(at, points, limit, found) == within(expected, limit));
  CHECK(std::equal(found.begin(), found.end(), expected.begin()));
}

void check_boxes(std::mt19937& random) {
  std::array<std::int16_t, match::kBoxed> at{};
  for (auto& v : at) v = any_coordinate(random);
  match::Boxes boxes;
  match::Separations expected{};
  for (std::size_t p = 0; p < match::kSideBySide; ++p) {
    for (std::size_t i = 0; i < match::kBoxed; ++i) {
      const auto [low, high] = std::minmax({any_coordinate(random), any_coordinate(random)});
      boxes.below.at(i, p) = static_cast<std::int16_t>(low - 1);
      boxes.above.at(i, p) = static_cast<std::int16_t>(high + 1);
      const int outside = std::max({0, low - 1 - at[i], at[i] - high - 1});
      expected[p] += outside * outside;
    }
  }
  const std::int32_t limit = expected[random() % match::kSideBySide];
  match::Separations found;
  CHECK(match::separate(at, boxes, limit, found) == within(expected, limit));
  CHECK(std::equal(found.begin(), found.end(), expected.begin()));
}

TEST_CASE("wide instructions find the separations that plain arithmetic finds") {
  std::mt19937 random(8);
  for (int round = 0; round < 200; ++round) {
    check_points<match::kFirst>(random, round % 4 == 0);
    check_points<match::kRest>(random, round % 4 == 0);
    check_boxes(random);
  }
}

// Vectors that differ much, far from zero, hardly, not at all, in size, and corners of a cube.
std::vector<float> vectors(std::size_t count, std::size_t dimensions, int kind, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(count * dimensions);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float v = normal(random);
    values[i] = kind == 0 ? v : kind == 1 ? 1e6F + v : kind == 2 ? v * 1e-30F : kind == 3 ? 7 : 0;
    if (kind == 5) values[i] = v < 0 ? -1 : 1;
    if (kind == 4) values[i] = v * (i / dimensions % 9 == 0 ? 1e15F : 1e-3F);
    if (i >= dimensions * 4 && i / dimensions % 4 == 0) values[i] = values[i - dimensions * 4];
  }
  return values;
}

TEST_CASE("the index of float vectors finds what a scan finds") {
  for (const int kind : {0, 1, 2, 3, 4, 5}) {
    for (const std::size_t dimensions : {1, 5, 48, 100}) {
      for (const std::size_t count : {1, 16, 17, 2000}) {
        CAPTURE(kind);
        CAPTURE(dimensions);
        CAPTURE(count);
        const std::vector<float> tiles = vectors(count, dimensions, kind, 9);
        const std::vector<float> queries = vectors(40, dimensions, kind, 10);
        const match::VectorIndex index(tiles.data(), count, dimensions);
        std::size_t wrong = 0;
        for (std::size_t q = 0; q < 40; ++q) {
          const float* query = &queries[q * dimensions];
          match::VectorIndex::Answer best{0,
                                          match::squared_distance(query, tiles.data(), dimensions)};
          for (std::size_t t = 1; t < count; ++t) {
            const double d = match::squared_distance(query, &tiles[t * dimensions], dimensions);
            if (d < best.distance) best = {static_cast<std::int32_t>(t), d};
          }
          for (const std::size_t guess : {std::size_t{0}, q % count}) {
            const auto found = index.nearest(query, static_cast<std::int32_t>(guess));
            wrong += found.number != best.number || found.distance != best.distance;
          }
          wrong += index.place_near(query) >= count;
        }
        CHECK(wrong == 0);
      }
    }
  }
}

}  // namespace
}  // namespace smalti

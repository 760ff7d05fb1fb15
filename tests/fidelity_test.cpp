#include "smalti/fidelity.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "measure/fidelity.h"
#include "support/synthetic.h"

namespace smalti {
namespace {

match::Placement each_its_own(std::size_t cells) {
  match::Placement placement(cells);
  for (std::size_t i = 0; i < cells; ++i) placement[i].tile = static_cast<match::TileNumber>(i);
  return placement;
}

match::DescriptorTable random_table(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  match::DescriptorTable table(count);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t k = 0; k < match::kDescriptorSize; ++k)
      table.row(i)[k] = static_cast<std::int16_t>(random() % 1600);
  return table;
}

TEST_CASE("a mosaic equal to its target is perfect") {
  const Grid grid = Grid::even({320, 240}, 10, 6, {2, 2});
  const match::DescriptorTable table = random_table(60, 1);
  const Fidelity f = measure::measure_fidelity(grid, table, table, each_its_own(60));
  CHECK(f.mean_delta_e() == 0);
  CHECK(f.rms_delta_e() == 0);
  CHECK(f.mean_ssim() == doctest::Approx(1));
  CHECK(f.blocks == 60 * 16);
}

TEST_CASE("distances are CIELAB units, of blocks") {
  const Grid grid = Grid::even({64, 32}, 2, 1, {2, 2});
  const match::DescriptorTable target = test::flat_table({800, 800});  // L* 50
  const match::DescriptorTable tiles = test::flat_table({848, 752});   // 3 above, 3 below
  const Fidelity f = measure::measure_fidelity(grid, target, tiles, each_its_own(2));
  CHECK(f.mean_delta_e() == doctest::Approx(3));
  CHECK(f.rms_delta_e() == doctest::Approx(3));

  match::DescriptorTable mixed = test::flat_table({800, 800});
  mixed.row(0)[0] += 16 * 3;
  mixed.row(0)[1] += 16 * 4;  // one block of 32 is 5 away
  const Fidelity g = measure::measure_fidelity(grid, target, mixed, each_its_own(2));
  CHECK(g.mean_delta_e() == doctest::Approx(5.0 / 32));
  CHECK(g.rms_delta_e() == doctest::Approx(std::sqrt(25.0 / 32)));
}

TEST_CASE("unrelated structure has an SSIM near 0, inverted structure below") {
  const Grid grid = Grid::even({640, 480}, 20, 15, {2, 2});
  const match::DescriptorTable target = random_table(300, 1);
  CHECK(std::abs(measure::measure_fidelity(grid, target, random_table(300, 2), each_its_own(300))
                     .mean_ssim()) < 0.1);
  match::DescriptorTable inverted = target;
  for (std::size_t i = 0; i < 300; ++i)
    for (std::size_t k = 0; k < match::kDescriptorSize; k += 3)
      inverted.row(i)[k] = static_cast<std::int16_t>(1600 - target[i][k]);
  CHECK(measure::measure_fidelity(grid, target, inverted, each_its_own(300)).mean_ssim() < -0.5);
}

TEST_CASE("frames add up, and a grid of one cell is one window") {
  const Grid grid = Grid::even({32, 32}, 1, 1, {2, 2});
  const match::DescriptorTable a = test::flat_table({800});
  const match::DescriptorTable b = test::flat_table({816});
  Fidelity sum = measure::measure_fidelity(grid, a, b, each_its_own(1));
  CHECK(sum.windows == 1);
  sum += measure::measure_fidelity(grid, a, a, each_its_own(1));
  CHECK(sum.windows == 2);
  CHECK(sum.mean_delta_e() == doctest::Approx(0.5));
}

}  // namespace
}  // namespace smalti

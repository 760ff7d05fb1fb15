#include "smalti/fidelity.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <vector>

namespace smalti {
namespace {

// The lightness of every block, as a picture.
class LightnessMap {
 public:
  explicit LightnessMap(const Grid& grid)
      : width_(grid.columns() * kBlocksPerSide),
        height_(grid.rows() * kBlocksPerSide),
        values_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_)) {}

  void set_cell(int column, int row, Descriptor cell) {
    for (int b = 0; b < kBlocks; ++b)
      values_[at(column * kBlocksPerSide + b % kBlocksPerSide,
                 row * kBlocksPerSide + b / kBlocksPerSide)] =
          static_cast<float>(cell[static_cast<std::size_t>(b) * 3]) / kLabScale;
  }

  int width() const { return width_; }
  int height() const { return height_; }
  float operator()(int x, int y) const { return values_[at(x, y)]; }

 private:
  std::size_t at(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
           static_cast<std::size_t>(x);
  }

  int width_;
  int height_;
  std::vector<float> values_;
};

double ssim_of_window(const LightnessMap& a, const LightnessMap& b, const Rect& window) {
  constexpr double kRange = 100;
  constexpr double kC1 = (0.01 * kRange) * (0.01 * kRange);
  constexpr double kC2 = (0.03 * kRange) * (0.03 * kRange);
  double sum_a = 0, sum_b = 0, sum_aa = 0, sum_bb = 0, sum_ab = 0;
  for (int y = window.y; y < window.y + window.height; ++y) {
    for (int x = window.x; x < window.x + window.width; ++x) {
      const double p = a(x, y);
      const double q = b(x, y);
      sum_a += p;
      sum_b += q;
      sum_aa += p * p;
      sum_bb += q * q;
      sum_ab += p * q;
    }
  }
  const double n = static_cast<double>(window.width) * window.height;
  const double mean_a = sum_a / n;
  const double mean_b = sum_b / n;
  const double variance_a = sum_aa / n - mean_a * mean_a;
  const double variance_b = sum_bb / n - mean_b * mean_b;
  const double covariance = sum_ab / n - mean_a * mean_b;
  return (2 * mean_a * mean_b + kC1) * (2 * covariance + kC2) /
         ((mean_a * mean_a + mean_b * mean_b + kC1) * (variance_a + variance_b + kC2));
}

void add_ssim(const LightnessMap& a, const LightnessMap& b, Fidelity& fidelity) {
  constexpr int kWindow = 8;
  constexpr int kStride = 4;
  const int width = std::min(kWindow, a.width());
  const int height = std::min(kWindow, a.height());
  for (int y = 0; y + height <= a.height(); y += kStride) {
    for (int x = 0; x + width <= a.width(); x += kStride) {
      fidelity.sum_ssim += ssim_of_window(a, b, {x, y, width, height});
      ++fidelity.windows;
    }
  }
}

// A tile's descriptor as the tinter shifts it.
void show(Descriptor tile, Descriptor cell, TileNumber number, const Tinter* tinter,
          std::int16_t* shown) {
  std::copy_n(tile.begin(), kDescriptorSize, shown);
  if (tinter == nullptr || !tinter->active()) return;
  const auto shift = tinter->lab_shift(cell, number);
  for (std::size_t i = 0; i < kDescriptorSize; ++i)
    shown[i] = static_cast<std::int16_t>(shown[i] + std::lround(shift[i % 3]));
}

void add_delta_e(Descriptor a, Descriptor b, Fidelity& fidelity) {
  for (std::size_t i = 0; i < kDescriptorSize; i += 3) {
    std::int32_t squared = 0;
    for (std::size_t c = 0; c < 3; ++c) squared += (a[i + c] - b[i + c]) * (a[i + c] - b[i + c]);
    const double delta_e_squared = static_cast<double>(squared) / (kLabScale * kLabScale);
    fidelity.sum_delta_e += std::sqrt(delta_e_squared);
    fidelity.sum_squared_delta_e += delta_e_squared;
    ++fidelity.blocks;
  }
}

double mean(double sum, std::uint64_t count) {
  return count > 0 ? sum / static_cast<double>(count) : 0;
}

}  // namespace

double Fidelity::mean_delta_e() const { return mean(sum_delta_e, blocks); }
double Fidelity::rms_delta_e() const { return std::sqrt(mean(sum_squared_delta_e, blocks)); }
double Fidelity::mean_ssim() const { return mean(sum_ssim, windows); }

Fidelity& Fidelity::operator+=(const Fidelity& other) {
  sum_delta_e += other.sum_delta_e;
  sum_squared_delta_e += other.sum_squared_delta_e;
  sum_ssim += other.sum_ssim;
  blocks += other.blocks;
  windows += other.windows;
  return *this;
}

Fidelity measure_fidelity(const Grid& grid, const DescriptorTable& target,
                          const DescriptorTable& tiles, const Placement& placement,
                          const Tinter* tinter) {
  assert(target.size() == grid.cells() && placement.size() == grid.cells());
  Fidelity fidelity;
  LightnessMap target_lightness(grid);
  LightnessMap mosaic_lightness(grid);
  std::size_t i = 0;
  for (int row = 0; row < grid.rows(); ++row) {
    for (int column = 0; column < grid.columns(); ++column, ++i) {
      const bool empty = placement[i].tile < 0;
      DescriptorTable shown(1);
      if (empty) {
        std::copy_n(target[i].begin(), kDescriptorSize, shown.row(0));
      } else {
        show(tiles[static_cast<std::size_t>(placement[i].tile)], target[i], placement[i].tile,
             tinter, shown.row(0));
      }
      const Descriptor tile = shown[0];
      if (!empty) add_delta_e(target[i], tile, fidelity);
      target_lightness.set_cell(column, row, target[i]);
      mosaic_lightness.set_cell(column, row, tile);
    }
  }
  add_ssim(target_lightness, mosaic_lightness, fidelity);
  return fidelity;
}

}  // namespace smalti

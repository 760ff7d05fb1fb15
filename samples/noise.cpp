#include "noise.h"

#include <cmath>

namespace samples {
namespace {

// Quintic ease: its second derivative is 0 at the lattice points, so no grid shows in shading.
float ease(float t) { return t * t * t * (t * (t * 6.0F - 15.0F) + 10.0F); }

std::uint32_t wrap(int i, int period) {
  if (period > 0) {
    i %= period;
    if (i < 0) i += period;
  }
  return static_cast<std::uint32_t>(i);
}

// A lighter mix than hash(), good enough where neighbours are blended anyway.
float lattice_value(std::uint32_t row, std::uint32_t x) {
  std::uint32_t h = row ^ (x * 0x9E3779B1U);
  h = (h ^ (h >> 15)) * 0x85EBCA77U;
  h = (h ^ (h >> 13)) * 0xC2B2AE3DU;
  return unit_float(h);
}

}  // namespace

std::uint32_t hash(std::uint32_t a) {
  a ^= a >> 16;
  a *= 0x9E3779B1U;
  a ^= a >> 15;
  a *= 0x85EBCA77U;
  a ^= a >> 13;
  a *= 0xC2B2AE3DU;
  return a ^ (a >> 16);
}

std::uint32_t hash(std::uint32_t a, std::uint32_t b) { return hash(hash(a) + b * 0x9E3779B9U); }

std::uint32_t hash(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  return hash(hash(a, b) + c * 0x7FEB352DU);
}

float value_noise(float x, float y, std::uint32_t seed, int period_x) {
  const float floor_x = std::floor(x);
  const float floor_y = std::floor(y);
  const int ix = static_cast<int>(floor_x);
  const auto iy = static_cast<std::uint32_t>(static_cast<int>(floor_y));
  const float u = ease(x - floor_x);
  const float v = ease(y - floor_y);
  const std::uint32_t x0 = wrap(ix, period_x);
  const std::uint32_t x1 = wrap(ix + 1, period_x);
  // Two rows share their hash of (seed, row), which halves the mixing work.
  const std::uint32_t row0 = hash(seed + iy * 0x632BE5ABU);
  const std::uint32_t row1 = hash(seed + (iy + 1U) * 0x632BE5ABU);
  const float top0 = lattice_value(row0, x0);
  const float top1 = lattice_value(row0, x1);
  const float bottom0 = lattice_value(row1, x0);
  const float bottom1 = lattice_value(row1, x1);
  const float top = top0 + (top1 - top0) * u;
  const float bottom = bottom0 + (bottom1 - bottom0) * u;
  return top + (bottom - top) * v;
}

float fractal_noise(float x, float y, int octaves, std::uint32_t seed) {
  float sum = 0.0F;
  float weight = 0.5F;
  float total = 0.0F;
  for (int i = 0; i < octaves; ++i) {
    sum += weight * value_noise(x, y, seed + static_cast<std::uint32_t>(i) * 101U);
    total += weight;
    weight *= 0.5F;
    // The odd shift keeps the lattices of two octaves from lining up.
    x = x * 2.0F + 17.3F;
    y = y * 2.0F - 9.1F;
  }
  return sum / total;
}

}  // namespace samples

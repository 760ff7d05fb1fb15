// Integer hashing and smooth noise. Everything random in the samples comes from here, so that two
// runs give the same pictures whatever the number of threads.
#pragma once

#include <cstdint>

namespace samples {

// Well-mixed hash of one, two or three integers.
std::uint32_t hash(std::uint32_t a);
std::uint32_t hash(std::uint32_t a, std::uint32_t b);
std::uint32_t hash(std::uint32_t a, std::uint32_t b, std::uint32_t c);

// Maps a hash to [0, 1).
inline float unit_float(std::uint32_t h) {
  return static_cast<float>(h >> 8) * (1.0F / 16777216.0F);
}

// Smooth noise in [0, 1] over the plane. With period_x > 0 it repeats every period_x units in x.
float value_noise(float x, float y, std::uint32_t seed, int period_x = 0);

// Sum of `octaves` noises, each twice as fine and half as strong, in [0, 1].
float fractal_noise(float x, float y, int octaves, std::uint32_t seed);

// A stream of random numbers, cheap enough to make one per tile.
class Rng {
 public:
  explicit Rng(std::uint32_t seed) : seed_(seed) {}

  std::uint32_t next() { return hash(seed_, count_++); }
  float uniform() { return unit_float(next()); }
  float uniform(float low, float high) { return low + (high - low) * uniform(); }
  int below(int limit) { return static_cast<int>(next() % static_cast<std::uint32_t>(limit)); }
  bool chance(float probability) { return uniform() < probability; }
  float sign() { return chance(0.5F) ? 1.0F : -1.0F; }

 private:
  std::uint32_t seed_;
  std::uint32_t count_ = 0;
};

}  // namespace samples

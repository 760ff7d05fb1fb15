#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "match/descriptor.h"

namespace smalti::match {

/// A picture of lightness alone: L*, 0 to 100.
class LightnessMap {
 public:
  LightnessMap(int width, int height)
      : width_(width),
        height_(height),
        values_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)) {}

  int width() const { return width_; }
  int height() const { return height_; }
  float& operator()(int x, int y) { return values_[at(x, y)]; }
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

struct SsimSum {
  double sum = 0;  ///< over all windows
  std::uint64_t windows = 0;
};

/// SSIM as Wang et al. 2004 define it (K1 = 0.01, K2 = 0.03, uniform weights), over windows of
/// 8 x 8 moved by 4; a map smaller than a window is one window. Both are of one size.
SsimSum ssim(const LightnessMap& a, const LightnessMap& b);

/// The same of two descriptors' blocks as one window: of their first channel, which must be a
/// lightness. 1 where it is equal. Whole numbers but for the last step, so that every machine gives
/// the same.
double ssim(Descriptor a, Descriptor b);

}  // namespace smalti::match

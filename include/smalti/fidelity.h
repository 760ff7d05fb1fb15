#pragma once

#include <cstdint>

namespace smalti {

/// How far a mosaic frame is from its target, seen at the resolution of descriptors: 4 x 4 blocks a
/// cell in CIELAB, whatever the matcher went by.
struct Fidelity {
  double sum_delta_e = 0;  ///< over all blocks: Euclidean CIELAB distance (CIE 1976)
  double sum_squared_delta_e = 0;
  double sum_ssim = 0;  ///< over all windows
  std::uint64_t blocks = 0;
  std::uint64_t windows = 0;

  double mean_delta_e() const;
  double rms_delta_e() const;
  double mean_ssim() const;
  Fidelity& operator+=(const Fidelity& other);
};

}  // namespace smalti

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace smalti {

/// CIEDE2000 over many samples: 0 is equal, about 1 just visible side by side.
class ColorDifferences {
 public:
  void add(double difference);
  ColorDifferences& operator+=(const ColorDifferences& other);

  std::uint64_t samples() const { return samples_; }
  double mean() const;
  /// What this share of the samples stays within, to the nearest 0.02.
  double percentile(double share) const;

 private:
  double sum_ = 0;
  std::uint64_t samples_ = 0;
  std::vector<std::uint64_t> counts_;  // by difference; grown as far as needed
};

/// How close a finished mosaic looks to its target from a distance; of one picture or, added up, of
/// the frames of a video.
///
/// The same pictures give the same figures on every run and with any number of threads; between
/// machines their last digits may differ.
struct Comparison {
  ColorDifferences half_cell;    ///< after blurring with sigma = 1/2 cell
  ColorDifferences eighth_cell;  ///< and 1/8 cell, where single tiles begin to be seen

  double sum_squared_error = 0;  ///< of cells' mean colours: R, G, B as sRGB codes, 0 to 255
  std::uint64_t codes = 0;
  double sum_ssim = 0;  ///< of cells' lightness, one L* a cell
  std::uint64_t windows = 0;

  /// Nothing when the cells' means are equal.
  std::optional<double> psnr_db() const;
  double mean_ssim() const;
  Comparison& operator+=(const Comparison& other);
};

}  // namespace smalti

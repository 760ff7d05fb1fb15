#pragma once

#include <cstdint>
#include <vector>

#include "base/picture.h"
#include "color/lab.h"

namespace smalti::match {

/// Positions in a plane in 1/kSubsample of a sample, from 0 to its width or height.
using Position = std::int64_t;
inline constexpr int kSubsampleBits = 12;
inline constexpr Position kSubsample = Position{1} << kSubsampleBits;

/// A stretch of a plane in one direction.
struct Stretch {
  Position begin = 0;
  Position end = 0;  ///< above begin
};

/// The mean of a plane over each block (rows[r], columns[c]), row by row; samples that a block
/// covers in part count with that part. Sums are exact, means rounded down.
std::vector<color::Mean> block_means(const Plane& plane, int depth,
                                     const std::vector<Stretch>& columns,
                                     const std::vector<Stretch>& rows);

/// The same with every sample weighed by alpha, which may have another resolution than the plane
/// (each sample takes the alpha at its place). `coverage` receives each block's mean alpha; where
/// that is 0 the mean is 0.
std::vector<color::Mean> block_means(const Plane& plane, const Plane& alpha, int depth,
                                     const std::vector<Stretch>& columns,
                                     const std::vector<Stretch>& rows,
                                     std::vector<color::Mean>& coverage);

}  // namespace smalti::match

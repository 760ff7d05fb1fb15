#pragma once

#include <cstdint>
#include <filesystem>

#include "smalti/comparison.h"
#include "smalti/events.h"
#include "smalti/image_limits.h"
#include "smalti/layout_options.h"

namespace smalti {

struct CompareOptions {
  std::filesystem::path target;
  std::filesystem::path mosaic;
  LayoutOptions layout;  ///< the cells of the mosaic, laid over the target
  ImageLimits limits;
  int threads = 0;  ///< 0: as many as processors
};

struct CompareSummary {
  bool stopped = false;  ///< events.stop became true: the figures are of the frames so far
  Size target_size;      ///< upright, in square pixels
  Size mosaic_size;
  int columns = 0;
  int rows = 0;
  bool video = false;
  std::uint64_t frames = 0;  ///< compared; 1 for stills
  double length_s = 0;       ///< of video that was compared
  Comparison figures;
};

/// Compares a mosaic with its target: two pictures, or two videos frame by frame.
///
/// Each frame of the target is compared with the mosaic's frame that is shown at its time, both
/// counted from the first frame; where one video is longer, only what they have in common counts,
/// and a warning says so. Another warning says when the shapes differ by more than one percent: the
/// mosaic is then seen stretched over the target. A video of a single frame passes for a picture.
///
/// Throws Error: kMissingInput and kBadInput as the readers of pictures and videos do, kUsage for a
/// picture against a video and for cells that the target has no room for.
CompareSummary compare_files(const CompareOptions& options, const Events& events);

}  // namespace smalti

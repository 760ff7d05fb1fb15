#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "smalti/events.h"
#include "smalti/mosaic_job.h"
#include "smalti/pages.h"

namespace smalti {

struct PhotomosaicOptions : StillOptions {
  std::optional<int> quality;  ///< of the file written, 1 to 100
  std::optional<double> dpi;   ///< pixels an inch on paper; kDefaultDpi
  std::optional<Paper> pages;  ///< a PDF of pages instead of a picture file
  std::optional<double> overlap_mm;
};

inline constexpr double kDefaultDpi = 300;

/// A mosaic of a still is this many times as large as its target, or the largest whole factor that
/// stays within kMostPixelsByDefault, unless the user says otherwise.
inline constexpr int kDefaultEnlarge = 8;
inline constexpr std::int64_t kMostPixelsByDefault = 64'000'000;

struct PhotomosaicSummary : MosaicSummary {
  double dpi = kDefaultDpi;
  std::size_t empty_cells = 0;    ///< where the target is transparent
  std::optional<PagePlan> pages;  ///< when it became a PDF of pages
};

/// Turns a picture, or one frame of a video, into a mosaic picture. Cells of which less than half
/// is opaque stay empty: transparent, or white where the format has no alpha. Works strip by strip,
/// so that the mosaic may be larger than memory. Throws Error as the parts it is made of do.
PhotomosaicSummary make_photomosaic(const PhotomosaicOptions& options, const Events& events);

/// Whether the file's content is a still picture; a GIF is when it has one frame. False for what
/// cannot be read.
bool is_still(const std::filesystem::path& file);

}  // namespace smalti

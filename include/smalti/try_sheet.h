#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "smalti/events.h"
#include "smalti/look.h"
#include "smalti/mosaic_job.h"
#include "smalti/photomosaic.h"

namespace smalti {

/// How many cells a mosaic that is tried has, and how captions say it.
struct TryDensity {
  LayoutOptions layout;
  const char* name;
};

inline LayoutOptions layout_of_cells(int cells) {
  LayoutOptions layout;
  layout.cells = cells;
  return layout;
}

/// From coarse to fine, around what is taken by default.
inline const std::array kTryDensities = {
    TryDensity{layout_of_cells(1000), "1,000 cells"},
    TryDensity{layout_of_cells(2700), "2,700 cells"},
    TryDensity{layout_of_cells(7000), "7,000 cells"},
};

inline constexpr int kDefaultTrySide = 640;
inline constexpr int kSmallestTrySide = 64;
inline constexpr int kLargestTrySide = 4096;

/// Of `layout`, all but `aspect` must be absent; `select.spacing` and `color_adjust` are those of
/// each look.
struct TryOptions : StillOptions {
  int side = kDefaultTrySide;  ///< the longer edge of one mosaic on the sheet, in pixels
  std::optional<std::filesystem::path> html;  ///< the same as a page
};

/// One of the sheet's mosaics.
struct TriedMosaic {
  std::string name;          ///< its caption: "natural, 80 columns"
  Look look;                 ///< what the options below were set by
  PhotomosaicOptions still;  ///< of the still that it is, in the size that stills have
};

/// All of them, row by row: a row for each of kLooks, a column for each of kTryDensities.
std::vector<TriedMosaic> tried_mosaics(const TryOptions& options);

/// `canvas` is that of each mosaic on the sheet, `columns` and `rows` those of the finest.
struct TrySummary : MosaicSummary {
  Size sheet;
  bool of_video = false;             ///< the target is one, of which a frame was tried
  std::vector<TriedMosaic> mosaics;  ///< as tried_mosaics gives them
  std::uint64_t page_bytes = 0;      ///< of the page, if there is one
};

/// Makes a sheet of mosaics of one picture, or one frame of a video, with captions. Each is the
/// mosaic that make_photomosaic makes of TriedMosaic::still, tile by tile, at another size. With
/// `html`, makes a page of them too that needs no other file; `line_of` gives the line beneath each
/// there, as the user would type it. The tiles are loaded once and several mosaics made at a time,
/// within `memory_bytes`. Throws Error as the parts it is made of do.
TrySummary make_try_sheet(const TryOptions& options,
                          const std::function<std::string(const TriedMosaic&)>& line_of,
                          const Events& events);

}  // namespace smalti

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "smalti/crop_options.h"
#include "smalti/encoding.h"
#include "smalti/layout_options.h"
#include "smalti/mosaic_job.h"
#include "smalti/sizes.h"

/// Which tile stands where, kept in a file, so that the same mosaic can be made again at another
/// size or with another encoder, without matching.
///
/// The file is text, a JSON object a line. The first is a header (PlacementsHeader). A tile is
/// defined before the first frame that shows it, by what makes it itself (TileId) and its source.
/// A frame has its pts, the pts of its shot's first frame, where the cells begin on the canvas,
/// where they lie among columns and rows when that is new, and all its cells, or only those that
/// changed; at each shot's first frame they are all there. The last line counts the frames, so that
/// a file cut short is noticed. docs/formats.md describes it.
namespace smalti {

struct PlacementsHeader {
  Size canvas;                        ///< of the mosaic it was saved from, black around it included
  FitMode fit_mode = FitMode::kCrop;  ///< in which that showed the target
  int columns = 0;
  int rows = 0;
  Aspect aspect;       ///< of the tiles
  Rational time_base;  ///< of every pts; 0/1 of a still
  /// Where the target ended, or the part of it that was asked for; absent where nobody knew.
  std::optional<std::int64_t> end_pts;
  std::vector<std::filesystem::path> sources;  ///< of the tiles
  std::size_t tiles = 0;                       ///< how many there were
  std::string library;                         ///< a hash of all their identities
  CropOptions crops;
  bool all_frames = false;  ///< MosaicOptions::all_frames
  double color_adjust = 0;
  double opacity = 1;
};

/// Throws Error: kMissingInput for a file that cannot be read, kBadInput for one that does not
/// begin as such a file does.
PlacementsHeader read_placements_header(const std::filesystem::path& file);

/// Makes the options those of the saved mosaic: cells, tiles' shape and crops, colours, opacity;
/// where nothing else is asked for, its canvas and its tile sources too.
void adopt(const PlacementsHeader& header, MosaicOptions& options);

}  // namespace smalti

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "smalti/crop_options.h"
#include "smalti/fidelity.h"
#include "smalti/layout_options.h"
#include "smalti/match_options.h"
#include "smalti/select_options.h"
#include "smalti/skipped_file.h"

/// What every mosaic is made from, and what is told of every one: videos and stills alike.
namespace smalti {

/// What of the target counts more than the rest where an adaptive layout lays its cells.
enum class Importance {
  kFaces,  ///< faces eight times
  kMask,   ///< what a mask has in white eight times, what it has in black once
  kNone,
};

struct MosaicOptions {
  std::filesystem::path target;
  std::vector<std::filesystem::path> tiles;     ///< folders and picture files
  std::optional<std::filesystem::path> output;  ///< STEM-mosaic.EXT in the current folder
  bool overwrite = false;
  /// Folders and videos among the tiles are remembered (tile_cache.h).
  bool use_cache = true;
  bool all_frames = false;  ///< every picture of animations is a tile, not the first alone

  CropOptions crops;  ///< of the tiles
  LayoutOptions layout;
  std::optional<Importance> importance;       ///< by default kMask with a mask, kFaces without
  std::optional<std::filesystem::path> mask;  ///< a picture, laid over the whole target
  MatchOptions match;                         ///< what the matcher sees of cells and tiles
  SelectOptions select;                       ///< which of the tiles
  /// Tiles that are frames of the target within so many seconds of the one shown are left out.
  std::optional<double> exclude_near_s;
  double color_adjust = 0;    ///< Tinter's strength
  double opacity = 1;         ///< of the tiles over the target, 0 to 1
  bool side_by_side = false;  ///< the target to the left of the mosaic, as large as it

  /// For pictures on their way and rendered tiles; codecs need memory of their own.
  std::uint64_t memory_bytes = 800'000'000;

  /// Writes down what stands where, and makes the mosaic that was written down (placements.h),
  /// whose options must have been adopted.
  std::optional<std::filesystem::path> save_placements;
  std::optional<std::filesystem::path> from_placements;
  /// Where the caller will write about the run: no other file of it may be the same.
  std::optional<std::filesystem::path> report;
  bool measure_fidelity = false;
  bool strict = false;  ///< a skipped tile or damage in the target is an error
  int threads = 0;      ///< of smalti, decoders and encoders each; 0: as many as processors
};

/// Of a mosaic of one picture.
struct StillOptions : MosaicOptions {
  std::optional<double> at_s;  ///< the frame shown then, of a video; absent: its middle one
  /// The target counts as shrunk to this on its longer edge: scales, tile sizes and the canvas go
  /// by that size. What it looks like is still measured on all of its pixels.
  std::optional<int> fit_px;
  std::int64_t max_pixels = 128'000'000;  ///< of the target
};

/// What the time of a run goes into.
enum class Stage { kTiles, kRead, kDescribe, kMatch, kStabilize, kCompose, kEncode, kFinish };
inline constexpr std::size_t kStages = 8;

struct MosaicSummary {
  std::filesystem::path output;
  bool stopped = false;  ///< events.stop became true: nothing was left at `output`

  Size canvas;                ///< of the mosaic, without the target beside it
  Size tiled;                 ///< as much of it as cells cover; the rest is black
  bool side_by_side = false;  ///< the target is beside it
  int columns = 0;            ///< of the grid, or of an adaptive layout's fields
  int rows = 0;
  std::size_t cells = 0;  ///< in all; of an adaptive video's shots at most
  bool adaptive = false;
  double enlarge = 1;
  bool enlarged_by_itself = false;

  /// Crops and mirrored twins of one picture count once.
  std::size_t tiles_available = 0;
  std::size_t tiles_used = 0;
  std::vector<SkippedFile> tiles_skipped;
  std::size_t tile_duplicates = 0;

  std::uint64_t frames_read = 0;
  std::uint64_t frames = 0;  ///< written
  std::uint64_t damaged = 0;
  std::uint64_t cuts = 0;  ///< shots less one
  /// Share of the cells' area that changes its tile from frame to frame, without cuts.
  double switch_rate = 0;
  std::uint64_t bytes = 0;

  std::string encoder;
  std::uint64_t cells_searched = 0;  ///< how the matcher answered
  std::uint64_t cells_skipped = 0;
  std::optional<Fidelity> fidelity;  ///< when it was asked for

  /// Seconds, by Stage, added up over all threads.
  std::array<double, kStages> stage_s{};
  double wall_s = 0;
  std::uint64_t peak_memory_bytes = 0;  ///< of the process, so far

  double seconds(Stage stage) const { return stage_s[static_cast<std::size_t>(stage)]; }
};

}  // namespace smalti

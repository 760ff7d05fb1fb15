#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "smalti/error.h"
#include "smalti/events.h"
#include "smalti/photomosaic.h"
#include "smalti/scales.h"

namespace smalti {

inline constexpr int kDefaultExploreMinScale = 1;
inline constexpr int kDefaultExploreMaxScale = 12;

/// What can be changed while exploring.
struct ExploreSettings {
  std::int64_t frame = 0;  ///< of a video, counted from the one it was opened at
  int scale = 0;           ///< 0: the target itself
  int spacing = 0;
  double randomness = 0;
  double color_adjust = 0;
  double opacity = 1;
  auto operator<=>(const ExploreSettings&) const = default;
};

struct ExplorePageSummary : ScalesSummary {
  Size picture;                    ///< of each mosaic
  std::size_t mosaics = 0;         ///< on the page
  std::uint64_t mosaic_bytes = 0;  ///< of all of them, and of the tiles' pictures, within `bytes`
  std::uint64_t tile_bytes = 0;
  /// Tiles that the page shows as the mosaics have them, and not by themselves.
  std::size_t tiles_without_picture = 0;
};

/// Makes one HTML file, `output`, that shows a target's mosaics at every scale, tells of each cell
/// which tile it shows, and needs nothing else: no network, no other file. Tiles are called by
/// their files' names without folders. `opacity` is where the page's own slider stands at first;
/// `side_by_side` has no effect. The mosaics are those of make_sweep on that canvas, as JPEG.
/// Throws Error as make_sweep does.
ExplorePageSummary make_explore_page(const ScalesOptions& options, const Events& events);

/// Throws Error (kFailure), with the page as a way out, where no window can be opened.
void check_display();

/// What the window asks of whoever opened it. Both are called from the thread that called
/// run_explorer.
struct ExplorerHost {
  /// Prints the command that makes this mosaic, or all of the video.
  std::function<void(const PhotomosaicOptions&)> print_command;
  /// Tells of a file that was saved.
  std::function<void(const PhotomosaicSummary&)> print_saved;
  /// For what can only be said and not thrown: the window system ends the program after it.
  std::function<void(const Error&)> print_error;
};

/// Opens a window in which a target's mosaics are looked at, and returns when it is closed or
/// events.stop becomes true; what is being made then is dropped. All work is done in other threads.
/// A video's scales are those of its mosaic where `fit_px` is absent. Saves stills
/// as make_photomosaic does, into the current folder. Only the main thread may call it, once a
/// process. Throws Error as make_sweep and check_display do.
void run_explorer(const ScalesOptions& options, const ExplorerHost& host, const Events& events);

}  // namespace smalti

#pragma once

#include <filesystem>
#include <tuple>
#include <type_traits>

#include "cli/text/console.h"
#include "smalti/animate.h"
#include "smalti/compare.h"
#include "smalti/photomosaic.h"
#include "smalti/splice.h"
#include "smalti/sweep.h"
#include "smalti/tile_library.h"
#include "smalti/try_sheet.h"
#include "smalti/video_mosaic.h"

namespace smalti::cli {

/// What is asked of the command itself, beside what it makes.
struct Wishes {
  bool dry_run = false;
  bool preview = false;
  bool window = false;  ///< the explorer's
  bool json = false;
  bool repair = false;
  std::filesystem::path folder;  ///< to export to
};

/// The structs that a command's options go into, each found by its type: as itself, as its bases,
/// and so are the structs inside it. They are the caller's and must outlive this.
class Structs {
 public:
  template <typename... Options>
  explicit Structs(Options&... options) {
    (add(options), ...);
  }

  /// Null for one that the command does not have.
  template <typename Options>
  Options* find() const {
    return std::get<Options*>(all_);
  }

 private:
  template <typename Options>
  void add(Options& options) {
    std::apply([&](auto*&... known) { (point(known, options), ...); }, all_);
    if constexpr (requires { options.layout; }) add(options.layout);
    if constexpr (requires { options.aspect.width; }) add(options.aspect);
    if constexpr (requires { options.crops.kind; }) add(options.crops);
    if constexpr (requires { options.match; }) add(options.match);
    if constexpr (requires { options.select; }) add(options.select);
    if constexpr (requires { options.encode; }) add(options.encode);
    if constexpr (requires { options.animation; }) add(options.animation);
    if constexpr (requires { options.limits; }) add(options.limits);
  }

  template <typename Known, typename Options>
  static void point(Known*& known, Options& options) {
    if constexpr (std::is_base_of_v<Known, Options>) known = &options;
  }

  std::tuple<MosaicOptions*, StillOptions*, ScalesOptions*, SweepOptions*, TryOptions*,
             PhotomosaicOptions*, VideoMosaicOptions*, LayoutOptions*, Aspect*, CropOptions*,
             MatchOptions*, SelectOptions*, EncodeOptions*, AnimationOptions*, AnimateOptions*,
             ImageLimits*, CompareOptions*, SpliceOptions*, TileJob*, ConsoleOptions*, Wishes*>
      all_{};
};

}  // namespace smalti::cli

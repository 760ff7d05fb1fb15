#pragma once

#include "cli/flags/call.h"
#include "cli/text/console.h"
#include "smalti/animate.h"
#include "smalti/compare.h"
#include "smalti/photomosaic.h"
#include "smalti/scales.h"
#include "smalti/splice.h"
#include "smalti/sweep.h"
#include "smalti/tile_library.h"
#include "smalti/try_sheet.h"
#include "smalti/video_mosaic.h"

/// The commands, one a source file, and what each makes of its call.
namespace smalti::cli {

extern const Command kVideoCommand;
extern const Command kImageCommand;
extern const Command kCompareCommand;
extern const Command kSpliceCommand;
extern const Command kTilesCommand;
extern const Command kTilesBuildCommand;
extern const Command kTilesInfoCommand;
extern const Command kTilesCheckCommand;
extern const Command kTilesExportCommand;
extern const Command kCacheCommand;
extern const Command kCacheInfoCommand;
extern const Command kCacheClearCommand;
extern const Command kSweepCommand;
extern const Command kAnimateCommand;
extern const Command kExploreCommand;
extern const Command kTryCommand;

/// What a call asks for.
template <typename Options>
struct Request {
  Options options;
  ConsoleOptions console;
  Wishes wishes;

  Structs structs() { return Structs(options, console, wishes); }
};

/// Each throws Error (kUsage) for a call that cannot be carried out.
Request<VideoMosaicOptions> video_request(const Call& call);
Request<PhotomosaicOptions> image_request(const Call& call);
Request<CompareOptions> compare_request(const Call& call);
Request<SpliceOptions> splice_request(const Call& call);
Request<TileJob> tiles_request(const Call& call);
Request<SweepOptions> sweep_request(const Call& call);
Request<AnimateOptions> animate_request(const Call& call);
Request<ScalesOptions> explore_request(const Call& call);
Request<TryOptions> try_request(const Call& call);

}  // namespace smalti::cli

#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>

#include "base/content_hash.h"
#include "library/ingest.h"
#include "match/near_duplicates.h"
#include "mosaic/layout.h"
#include "products/run/own_frames.h"
#include "products/run/run.h"
#include "products/run/run_files.h"
#include "products/run/stage_clock.h"
#include "smalti/events.h"
#include "smalti/mosaic_job.h"
#include "tiles/atlas.h"

/// What every mosaic, still or moving, checks and tells in the same way.
namespace smalti {

/// Throws Error (kMissingInput) for a target or tile source that is not there.
void check_inputs(const MosaicOptions& options);

/// What a job reads, and all that it writes but its mosaic.
RunFiles files_of(const MosaicOptions& options);

/// Throws Error for an output that is in the way (kCannotCreate) or another file of the job
/// (kUsage), and for the job's other outputs.
void check_output_name(const std::filesystem::path& output, const MosaicOptions& options,
                       const Events& events);

/// Loads the tiles and says which files are left out; with `strict`, throws Error (kBadInput) for
/// these instead.
library::IngestResult timed_load(const MosaicOptions& options, const mosaic::Layout& layout,
                                 StageClock& clock, const Events& events);

/// Takes the tile made of the target's own file out, and says so. Throws Error (kBadInput) when no
/// other is left.
void leave_out(const ContentHash& target, library::IngestResult& tiles, const Events& events);

/// The tiles that count as one under these controls: always those of one picture. Where placements
/// are given nothing is chosen, and none are looked for.
match::NearDuplicates near_duplicates(const MosaicOptions& options, const tiles::TileSet& tiles);

/// How many different tiles there are to choose from at any time.
std::size_t choosable(const tiles::TileSet& tiles, const match::NearDuplicates& near,
                      const std::optional<OwnFrames>& own);

/// The controls as far as so many different tiles allow them; says what is relaxed.
SelectOptions affordable(const SelectOptions& wanted, std::size_t tiles, const Events& events);

/// The target's own frames among the tiles, when some are to be left out. Throws as OwnFrames does.
std::optional<OwnFrames> own_frames(const MosaicOptions& options, const mosaic::Layout& layout,
                                    const tiles::TileSet& tiles, const match::NearDuplicates& near);

/// How much of a difference in mean colour need not count in matching, in 256ths, because colour
/// adjusting will make it good. 0 in a grid, and where means are not compared in CIELAB.
int made_good(const MosaicOptions& options, const mosaic::Layout& layout);

/// The layout that was asked for; where that is adaptive, says no number of cells, and tiles are so
/// few that they would come back too often, or may not, one of fewer cells, as `plan` gives it.
mosaic::Layout for_so_many_tiles(const MosaicOptions& options, const mosaic::Layout& asked,
                                 std::size_t choosable,
                                 const std::function<mosaic::Layout(const LayoutOptions&)>& plan);

/// One line when tiles had to be enlarged from their thumbnails.
void warn_of_lost_sources(const tiles::Atlas& atlas, const Events& events);

/// Writes all that is known before the first frame, but for the encoder.
void fill_plan(MosaicSummary& summary, const MosaicOptions& options,
               const std::filesystem::path& output, const mosaic::Layout& layout,
               const library::IngestResult& tiles);

}  // namespace smalti

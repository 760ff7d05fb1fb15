#pragma once

#include <cstddef>

#include "base/cells.h"
#include "base/picture.h"
#include "match/descriptor.h"
#include "match/frame_matcher.h"
#include "match/near_duplicates.h"
#include "match/tile_index.h"
#include "products/placements/placements_file.h"
#include "products/run/own_frames.h"
#include "products/run/stage_clock.h"
#include "smalti/events.h"
#include "smalti/select_options.h"

/// Which tiles a still mosaic is made of.
namespace smalti {

struct StillMatch {
  match::DescriptorTable cells;
  match::Placement placement;
  std::size_t empty = 0;  ///< cells of which less than half is opaque: they get no tile
};

/// What a still's tiles are chosen from, and how.
struct StillChoice {
  const match::TileIndex& index;
  MatchOptions match;
  SelectOptions select;
  const match::NearDuplicates& near;
  match::TileFilter allowed = {};
  int made_good = 0;  ///< of the tiles' view (run/job.h)
};

/// What the options ask for, as far as there are tiles enough. The index is that of the tiles; all
/// but options and events must outlive the choice.
StillChoice still_choice(const MosaicOptions& options, const tiles::TileSet& tiles,
                         const match::TileIndex& index, const match::NearDuplicates& near,
                         const std::optional<OwnFrames>& own, double time_s, const Events& events);

/// Any thread. The matcher is the index's. Throws Error as Selector does.
StillMatch match_still(const Picture& target, const Cells& cells, match::FrameMatcher& matcher,
                       const StillChoice& choice, StageClock& clock);

/// The same as a still's placements have it. Throws Error as their reader does.
StillMatch replay_still(const Picture& target, const Cells& cells, PlacementsReader& placements,
                        StageClock& clock);

}  // namespace smalti

#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "match/near_duplicates.h"
#include "match/tile_index.h"
#include "mosaic/keeping.h"
#include "mosaic/seen_frame.h"
#include "smalti/select_options.h"
#include "smalti/stabilizer_options.h"

namespace smalti::mosaic {

/// Decides placements over time. A selector says which tile is best, a keeping rule when a cell
/// changes to it.
///
/// Stateful, in frame order. What it remembers ends at a shot's first frame, so a run that starts
/// at a cut decides as the full run does.
class Stabilizer {
 public:
  virtual ~Stabilizer() = default;
  /// Takes the next frame (nearest, what was matched, and shot filled in) and returns the
  /// placements that are now decided: none, or one or more, in the order their frames came.
  virtual std::vector<match::Placement> push(std::shared_ptr<const SeenFrame> frame) = 0;
  /// The end of the stream: returns the placements of the frames still held, in order.
  virtual std::vector<match::Placement> flush() = 0;
  /// The largest number of frames held back after a push.
  virtual std::size_t look_ahead() const = 0;
};

/// Decides each frame at once, by the rule and a selector with these controls. The index must
/// outlive it. Throws Error as Selector does, with the first frame.
std::unique_ptr<Stabilizer> make_stabilizer(std::unique_ptr<KeepingRule> rule,
                                            const match::TileIndex& index,
                                            const SelectOptions& select = {},
                                            const match::NearDuplicates& near = {});

/// The one of that name. Threshold from 0 (never replaced within a shot) to 1; without meaning for
/// kNone. Throws Error (kUsage) outside of that.
std::unique_ptr<Stabilizer> make_stabilizer(StabilizerKind kind, double threshold,
                                            const match::TileIndex& index,
                                            const SelectOptions& select = {},
                                            const match::NearDuplicates& near = {});

}  // namespace smalti::mosaic

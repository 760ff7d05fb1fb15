#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "match/near_duplicates.h"
#include "match/tile_index.h"
#include "pipeline/frame_job.h"
#include "smalti/select_options.h"
#include "smalti/stabilizer_options.h"

namespace smalti {

/// Decides over time when a cell keeps its tile: reads `nearest`, writes `placement`.
///
/// Stateful, in frame order. What it remembers ends at a shot's first frame, so a run that starts
/// at a cut decides as the full run does.
class Stabilizer {
 public:
  virtual ~Stabilizer() = default;

  /// Takes the next frame (nearest, what was matched, and shot filled in) and returns those that
  /// are now decided: none, or one or more, in the order they came.
  virtual std::vector<JobPtr> push(JobPtr job) = 0;

  /// The end of the stream: returns the frames still held, decided, in order.
  virtual std::vector<JobPtr> flush() = 0;

  /// The largest number of frames held back after a push.
  virtual std::size_t look_ahead() const = 0;

  /// What it remembers between two frames, and back: a stabilizer restored from `save()` decides
  /// the following frames as the saved one would have. For use when no frame is held.
  virtual Placement save() const = 0;
  virtual void restore(const Placement& state) = 0;
};

/// The index must outlive the stabilizer. Threshold from 0 (never replaced within a shot) to 1;
/// without meaning for kNone. Throws Error (kUsage) outside of that, and for kPrevious with
/// controls that are not plain, which are defined for the others only.
std::unique_ptr<Stabilizer> make_stabilizer(StabilizerKind kind, double threshold,
                                            const TileIndex& index,
                                            const SelectOptions& select = {},
                                            const NearDuplicates& near = {});

}  // namespace smalti

#pragma once

#include <cstdint>

#include "base/grid.h"
#include "match/descriptor.h"
#include "mosaic/seen_frame.h"

namespace smalti {

/// Whether a new shot begins between two neighbouring frames of the same grid: a function of their
/// descriptors alone, so that it does not matter where a run started. const, any thread.
bool is_cut(const Grid& grid, const DescriptorTable& before, const DescriptorTable& after);

/// Marks where shots start. Stateful, in frame order.
class ShotMarker {
 public:
  /// Sets starts_shot and shot_pts of the frame of this time. A frame whose grid differs in size
  /// from the one before starts a shot of its own.
  void mark(SeenFrame& frame, std::int64_t pts);

 private:
  std::shared_ptr<const Grid> grid_;
  DescriptorTable before_;
  std::int64_t shot_pts_ = 0;
};

}  // namespace smalti

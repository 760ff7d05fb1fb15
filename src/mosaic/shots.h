#pragma once

#include <cstdint>
#include <memory>

#include "base/cells.h"
#include "match/descriptor.h"
#include "mosaic/seen_frame.h"

namespace smalti::mosaic {

/// Whether a new shot begins between two neighbouring frames of the same cells: a function of their
/// descriptors alone, so that it does not matter where a run started. Descriptors are in CIELAB, of
/// any number of blocks. const, any thread.
bool is_cut(const Cells& cells, const match::DescriptorTable& before,
            const match::DescriptorTable& after);

/// Marks where shots start. Stateful, in frame order.
class ShotMarker {
 public:
  /// Sets starts_shot and shot_pts of the frame of this time, by what is seen in these cells. A
  /// frame with other cells than the one before starts a shot of its own.
  void mark(SeenFrame& frame, std::int64_t pts, const std::shared_ptr<const Cells>& cells,
            const match::DescriptorTable& seen);
  /// By its own cells and descriptors.
  void mark(SeenFrame& frame, std::int64_t pts) {
    mark(frame, pts, frame.cells, frame.descriptors);
  }

 private:
  std::shared_ptr<const Cells> cells_;
  match::DescriptorTable before_;
  std::int64_t shot_pts_ = 0;
};

}  // namespace smalti::mosaic

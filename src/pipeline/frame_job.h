#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/grid.h"
#include "base/picture.h"
#include "match/descriptor.h"
#include "match/tile_index.h"
#include "smalti/fidelity.h"

namespace smalti {

namespace media {
class Packet;
}

/// One frame on its way through the pipeline. Each stage fills in its part; at any time one stage
/// owns the job.
struct FrameJob {
  std::uint64_t index = 0;    ///< 0, 1, 2, ... without gaps, in the order of presentation
  std::int64_t pts = 0;       ///< the source's own, absolute, in the target's video time base
  std::int64_t duration = 0;  ///< 0 when unknown
  bool damaged = false;       ///< the decoder said that the picture is not what was recorded

  Picture source;  ///< upright; dropped once it is described
  std::shared_ptr<const Grid> grid;
  DescriptorTable descriptors;  ///< one a cell
  DescriptorTable other_view;  ///< as the matcher is to see the cells; empty where that is no other
  TileFilter allowed;          ///< which tiles this frame may show
  Placement nearest;           ///< the best tile of each cell, this frame seen alone

  bool starts_shot = false;   ///< first frame after a cut, or of all
  std::int64_t shot_pts = 0;  ///< pts of the shot's first frame: names the shot in any run
  Placement placement;        ///< what is shown

  /// What the matcher sees.
  const DescriptorTable& view() const { return other_view.empty() ? descriptors : other_view; }

  std::optional<Fidelity> fidelity;  ///< of the placement, when it is wanted

  Picture mosaic;  ///< in the encoder's pixel format

  /// Packets of copied streams that stand before this frame in the source.
  std::vector<std::shared_ptr<media::Packet>> packets;
};

using JobPtr = std::shared_ptr<FrameJob>;

}  // namespace smalti

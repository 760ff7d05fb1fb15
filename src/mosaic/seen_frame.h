#pragma once

#include <cstdint>
#include <memory>

#include "base/cells.h"
#include "match/descriptor.h"
#include "match/tile_index.h"

namespace smalti::mosaic {

/// What deciding knows of a frame. Each stage fills in its part.
struct SeenFrame {
  match::DescriptorTable overview;     ///< what shots are found by where cells follow from them
  std::shared_ptr<const Cells> cells;  ///< of this frame; the same object for as long as they last
  match::DescriptorTable descriptors;  ///< one a cell
  match::DescriptorTable
      other_view;             ///< as the matcher is to see the cells; empty where that is no other
  match::TileFilter allowed;  ///< which tiles this frame may show
  match::Placement nearest;   ///< the best tile of each cell, this frame seen alone

  bool starts_shot = false;   ///< first frame after a cut, or of all
  std::int64_t shot_pts = 0;  ///< pts of the shot's first frame: names the shot in any run

  /// What the matcher sees.
  const match::DescriptorTable& view() const {
    return other_view.empty() ? descriptors : other_view;
  }
};

}  // namespace smalti::mosaic

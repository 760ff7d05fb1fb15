#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "base/picture.h"
#include "match/tile_index.h"
#include "media/source_frame.h"
#include "mosaic/seen_frame.h"
#include "smalti/fidelity.h"

namespace smalti::pipeline {

/// One frame on its way through the pipeline: what was read, what is seen in it, and what is made
/// of it. Each stage fills in its part; at any time one stage owns the job.
struct FrameJob : media::SourceFrame, mosaic::SeenFrame {
  FrameJob() = default;
  /// Its picture is dropped once it is described.
  explicit FrameJob(media::SourceFrame frame) : SourceFrame(std::move(frame)) {}

  match::Placement placement;        ///< what is shown
  std::optional<Fidelity> fidelity;  ///< of the placement, when it is wanted
  Picture mosaic;                    ///< in the encoder's pixel format
};

using JobPtr = std::shared_ptr<FrameJob>;

}  // namespace smalti::pipeline

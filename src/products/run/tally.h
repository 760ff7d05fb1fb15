#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "pipeline/frame_job.h"
#include "products/run/used_pictures.h"
#include "smalti/video_mosaic.h"

namespace smalti {

/// Counts what a run did. Stateful, in frame order.
class RunTally {
 public:
  explicit RunTally(const tiles::TileSet& tiles) : used_(tiles) {}

  /// Keep the middle frame. `expected_frames` tells where that is; without it, it is the first.
  void keep_middle(std::optional<std::uint64_t> expected_frames) {
    middle_frame_ = expected_frames.value_or(0) / 2;
  }

  void count(const pipeline::FrameJob& job);
  std::uint64_t frames() const { return frames_; }

  /// The placement half-way and what its cells look like, for a poster. Empty before the first
  /// frame, and when nobody asked for it.
  const match::Placement& middle() const { return middle_; }
  const std::shared_ptr<const Cells>& middle_cells() const { return middle_cells_; }
  const match::DescriptorTable& middle_seen() const { return middle_seen_; }

  /// Writes frames, cuts, switch rate, fidelity and tiles used.
  void fill(VideoMosaicSummary& summary) const;

 private:
  UsedPictures used_;
  std::optional<std::uint64_t> middle_frame_;
  match::Placement middle_;
  std::shared_ptr<const Cells> middle_cells_;
  match::DescriptorTable middle_seen_;
  match::Placement before_;
  std::shared_ptr<const Cells> before_cells_;
  std::uint64_t frames_ = 0;
  std::uint64_t shots_ = 0;
  std::uint64_t switches_ = 0;  // in fields, as chances
  Fidelity fidelity_;
  bool measured_ = false;
  std::uint64_t chances_ = 0;  // of cells that could have kept their tile
};

}  // namespace smalti

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "smalti/frame_job.h"
#include "smalti/video_mosaic.h"

namespace smalti {

/// Counts what a run did. Stateful, in frame order.
class Tally {
 public:
  explicit Tally(std::size_t tiles) : used_(tiles) {}

  void count(const FrameJob& job);
  std::uint64_t frames() const { return frames_; }

  /// Writes frames, cuts, switch rate, fidelity and tiles used.
  void fill(VideoMosaicSummary& summary) const;

 private:
  std::vector<bool> used_;
  Placement before_;
  std::uint64_t frames_ = 0;
  std::uint64_t shots_ = 0;
  std::uint64_t switches_ = 0;
  Fidelity fidelity_;
  bool measured_ = false;
  std::uint64_t chances_ = 0;  // cells that could have kept their tile
};

}  // namespace smalti

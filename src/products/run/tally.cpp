#include "products/run/tally.h"

namespace smalti {

void RunTally::count(const pipeline::FrameJob& job) {
  if (middle_frame_ && frames_ <= *middle_frame_) {
    middle_ = job.placement;
    middle_cells_ = job.cells;
    middle_seen_ = job.descriptors;
  }
  ++frames_;
  if (job.starts_shot) ++shots_;
  if (job.fidelity) {
    fidelity_ += *job.fidelity;
    measured_ = true;
  }
  used_.add(job.placement);
  if (!job.starts_shot && before_cells_ == job.cells) {
    for (std::size_t i = 0; i < before_.size(); ++i) {
      const Rect place = job.cells->in_fields(i);
      const auto area =
          static_cast<std::uint64_t>(place.width) * static_cast<std::uint64_t>(place.height);
      chances_ += area;
      switches_ += before_[i].tile != job.placement[i].tile ? area : 0;
    }
  }
  before_ = job.placement;
  before_cells_ = job.cells;
}

void RunTally::fill(VideoMosaicSummary& summary) const {
  summary.frames = frames_;
  summary.cuts = shots_ > 0 ? shots_ - 1 : 0;
  summary.switch_rate =
      chances_ > 0 ? static_cast<double>(switches_) / static_cast<double>(chances_) : 0;
  if (measured_) summary.fidelity = fidelity_;
  summary.tiles_used = used_.count();
}

}  // namespace smalti

#pragma once

#include <deque>
#include <utility>
#include <vector>

#include "mosaic/stabilizer.h"
#include "pipeline/frame_job.h"

namespace smalti {

/// Frames that wait for a stabilizer to decide them. In frame order; one thread at a time.
class HeldJobs {
 public:
  /// Takes a frame; gives those whose placements are decided by now.
  std::vector<pipeline::JobPtr> push(pipeline::JobPtr job, mosaic::Stabilizer& stabilizer) {
    waiting_.push_back(job);
    return placed(stabilizer.push(std::move(job)));
  }
  /// The others, behind the last frame.
  std::vector<pipeline::JobPtr> flush(mosaic::Stabilizer& stabilizer) {
    return placed(stabilizer.flush());
  }

 private:
  std::vector<pipeline::JobPtr> placed(std::vector<match::Placement> placements) {
    std::vector<pipeline::JobPtr> jobs;
    for (match::Placement& placement : placements) {
      jobs.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
      jobs.back()->placement = std::move(placement);
    }
    return jobs;
  }

  std::deque<pipeline::JobPtr> waiting_;
};

}  // namespace smalti

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
  std::vector<JobPtr> push(JobPtr job, Stabilizer& stabilizer) {
    waiting_.push_back(job);
    return placed(stabilizer.push(std::move(job)));
  }
  /// The others, behind the last frame.
  std::vector<JobPtr> flush(Stabilizer& stabilizer) { return placed(stabilizer.flush()); }

 private:
  std::vector<JobPtr> placed(std::vector<Placement> placements) {
    std::vector<JobPtr> jobs;
    for (Placement& placement : placements) {
      jobs.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
      jobs.back()->placement = std::move(placement);
    }
    return jobs;
  }

  std::deque<JobPtr> waiting_;
};

}  // namespace smalti

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "pipeline/frame_job.h"

namespace smalti::pipeline {

/// What happens to frames, without how it is scheduled. Stages "in order" are called for one frame
/// at a time, by increasing index, though from changing threads; "parallel" ones for several at
/// once. A stage that throws ends the run.
struct Stages {
  /// In order. The next frame, or null at the end; not called again after that.
  std::function<JobPtr()> read;
  /// Parallel. Looks at what laying cells goes by.
  std::function<void(FrameJob&)> look;
  /// In order. Takes a frame, returns those whose cells are laid, in order.
  std::function<std::vector<JobPtr>(JobPtr)> lay;
  /// In order, once, after the last frame: what `lay` still has.
  std::function<std::vector<JobPtr>()> lay_rest;
  /// Parallel. Describes and matches.
  std::function<void(FrameJob&)> match;
  /// In order. Takes a frame, returns those that are decided, in order (Stabilizer::push).
  std::function<std::vector<JobPtr>(JobPtr)> hold;
  /// In order, once, after the last frame: what `hold` still has.
  std::function<std::vector<JobPtr>()> flush;
  /// Parallel.
  std::function<void(FrameJob&)> compose;
  /// In order.
  std::function<void(FrameJob&)> write;
};

struct PipelineCounts {
  std::uint64_t read = 0;
  std::uint64_t written = 0;
};

/// Runs the stages as a flow graph. At most `max_frames` frames are alive at a time, which must be
/// more than `lay` and `hold` ever keep back together. Returns when every frame read has been
/// written; throws what a stage threw, and Error (kFailure) when a frame was lost on the way.
PipelineCounts run_graph(const Stages& stages, std::size_t max_frames);

/// The same as a plain loop on the calling thread: the oracle that run_graph is held against.
PipelineCounts run_serial(const Stages& stages);

/// Bounds the threads that all of smalti's own work shares for as long as it lives. Codecs have
/// threads of their own.
class ThreadLimit {
 public:
  explicit ThreadLimit(std::size_t threads);
  ~ThreadLimit();
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  struct Control;
  std::unique_ptr<Control> control_;
};

}  // namespace smalti::pipeline

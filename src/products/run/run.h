#pragma once

#include <cstddef>

#include "media/log.h"
#include "pipeline/pipeline.h"
#include "products/run/run_files.h"
#include "products/run/stage_clock.h"
#include "products/run/stopwatch.h"
#include "smalti/events.h"
#include "smalti/mosaic_job.h"

namespace smalti {

/// The processors, for 0; never below 1.
std::size_t thread_count(int wanted);

/// What every command that works has as long as it works, and makes first of all: no more threads
/// than wanted, libav's messages as notes, its times, its end when it is told to stop, and one
/// place that holds the names of its files against each other. One within another is fine.
class Run {
 public:
  /// `threads` as thread_count takes it. `events` must outlive it.
  Run(int threads, const Events& events);

  const Events& events() const { return events_; }
  std::size_t threads() const { return threads_; }
  /// Whether the user wants it to end. Any thread.
  bool stopped() const { return events_.stop_requested(); }

  /// Before any work: throws Error as RunFiles::check does.
  void check(const RunFiles& files, bool overwrite) const { files.check(overwrite, events_); }

  StageClock& clock() { return clock_; }
  /// Since it began.
  double seconds() const { return watch_.seconds(); }
  /// Writes time and memory.
  void fill_costs(MosaicSummary& summary) const;

 private:
  const Events& events_;
  std::size_t threads_;
  Stopwatch watch_;
  StageClock clock_;
  media::LogCapture log_;
  pipeline::ThreadLimit thread_limit_;
};

}  // namespace smalti

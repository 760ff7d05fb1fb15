#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "smalti/mosaic_job.h"

namespace smalti {

/// Adds up how long each stage worked, over all threads: a frame matched in 10 ms on each of two
/// threads counts 20. Any thread.
class StageClock {
 public:
  using Clock = std::chrono::steady_clock;

  /// Counts from its construction to its destruction.
  class Running {
   public:
    explicit Running(std::atomic<std::int64_t>& sum) : sum_(sum) {}
    ~Running() { sum_ += std::chrono::nanoseconds(Clock::now() - start_).count(); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    std::atomic<std::int64_t>& sum_;
    Clock::time_point start_ = Clock::now();
  };

  Running measure(Stage stage) { return Running(sums_[static_cast<std::size_t>(stage)]); }
  double seconds(Stage stage) const {
    return static_cast<double>(sums_[static_cast<std::size_t>(stage)].load()) * 1e-9;
  }

 private:
  std::array<std::atomic<std::int64_t>, kStages> sums_{};
};

}  // namespace smalti

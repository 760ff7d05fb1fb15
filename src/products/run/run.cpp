#include "products/run/run.h"

#include <sys/resource.h>

#include <algorithm>
#include <cstdint>
#include <thread>

namespace smalti {

std::size_t thread_count(int wanted) {
  if (wanted > 0) return static_cast<std::size_t>(wanted);
  return std::max(1U, std::thread::hardware_concurrency());
}

Run::Run(int threads, const Events& events)
    : events_(events), threads_(thread_count(threads)), log_(events), thread_limit_(threads_) {}

void Run::fill_costs(MosaicSummary& summary) const {
  for (std::size_t i = 0; i < kStages; ++i)
    summary.stage_s[i] = clock_.seconds(static_cast<Stage>(i));
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  summary.peak_memory_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  summary.wall_s = seconds();
}

}  // namespace smalti

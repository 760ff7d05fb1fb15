#include "smalti/tile_jobs.h"

#include "media/log.h"
#include "pipeline/pipeline.h"
#include "products/job.h"

namespace smalti {

BuildSummary build_tiles(const std::filesystem::path& library,
                         const std::vector<std::filesystem::path>& sources, int threads,
                         const Events& events) {
  const media::LogCapture log(events);
  const ThreadLimit thread_limit(thread_count(threads));
  return build_library(library, sources, {}, events);
}

}  // namespace smalti

#include "smalti/tile_jobs.h"

#include "media/log.h"
#include "pipeline/pipeline.h"
#include "products/job.h"
#include "products/video_tiles.h"

namespace smalti {

BuildSummary build_tiles(const std::filesystem::path& library,
                         const std::vector<std::filesystem::path>& sources, int threads,
                         const Events& events) {
  const media::LogCapture log(events);
  const ThreadLimit thread_limit(thread_count(threads));
  return build_library(library, sources, {.aspect = {}, .open_video = video_opener(events)},
                       events);
}

}  // namespace smalti

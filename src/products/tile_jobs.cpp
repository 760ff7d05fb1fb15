#include "smalti/tile_jobs.h"

#include "media/log.h"
#include "pipeline/pipeline.h"
#include "products/job.h"
#include "products/video_tiles.h"

namespace smalti {

BuildSummary build_tiles(const TileJob& job, const Events& events) {
  const media::LogCapture log(events);
  const ThreadLimit thread_limit(thread_count(job.threads));
  const BuildOptions how{
      .aspect = {}, .open_video = video_opener(events), .all_frames = job.all_frames};
  return build_library(job.library, job.sources, how, events);
}

}  // namespace smalti

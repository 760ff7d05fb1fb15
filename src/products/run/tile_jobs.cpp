#include "library/tile_library.h"
#include "media/log.h"
#include "pipeline/pipeline.h"
#include "products/run/job.h"
#include "products/run/video_tiles.h"
#include "smalti/tile_library.h"

namespace smalti {

BuildSummary build_tiles(const TileJob& job, const Events& events) {
  const media::LogCapture log(events);
  const ThreadLimit thread_limit(thread_count(job.threads));
  const BuildOptions how{
      .aspect = {}, .open_video = video_opener(events), .all_frames = job.all_frames};
  return build_library(job.library, job.sources, how, events);
}

}  // namespace smalti

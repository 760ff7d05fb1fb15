#include "library/tile_library.h"
#include "products/run/run.h"
#include "products/run/video_tiles.h"
#include "smalti/tile_library.h"

namespace smalti {

BuildSummary build_tiles(const TileJob& job, const Events& events) {
  const Run run(job.threads, events);
  const library::BuildOptions how{
      .aspect = {}, .open_video = video_opener(events), .all_frames = job.all_frames};
  return library::build_library(job.library, job.sources, how, events);
}

}  // namespace smalti

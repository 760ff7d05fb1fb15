// The main job, from a clip and pictures to a mosaic video. Read this file first: it says what
// happens to every frame, and in which room.

#include "smalti/video_mosaic.h"

#include <utility>

#include "match/descriptor.h"
#include "measure/fidelity.h"
#include "pipeline/pipeline.h"
#include "products/run/job.h"
#include "products/video/video_parts.h"

namespace smalti {
namespace {

// What is done to a frame: read and write in order, hold in order too, the others on any thread.
Stages make_stages(VideoParts& p) {
  Stages stages;
  stages.read = [&p] {
    const auto timed = p.clock.measure(Stage::kRead);
    return p.events.stop_requested() ? nullptr : p.target.read();
  };
  stages.match = [&p](FrameJob& job) {
    {
      const auto timed = p.clock.measure(Stage::kDescribe);
      job.grid = p.grid;
      job.descriptors = describe(job.source, *job.grid);
      const MatchOptions& match = p.options.match;
      if (!match.plain()) job.other_view = describe(job.source, *job.grid, match);
      if (!p.painter.shows_target()) job.source = {};
    }
    const auto timed = p.clock.measure(Stage::kMatch);
    if (p.own) job.allowed = p.own->at(p.target.seconds(job.pts));
    if (!p.replays()) job.nearest = p.matcher.nearest(job.view(), job.allowed);
  };
  stages.hold = [&p](JobPtr job) {
    const auto timed = p.clock.measure(Stage::kStabilize);
    if (!p.replays()) p.shots.mark(*job);
    return p.stabilizer->push(std::move(job));
  };
  stages.flush = [&p] { return p.stabilizer->flush(); };
  stages.compose = [&p](FrameJob& job) {
    const auto timed = p.clock.measure(Stage::kCompose);
    job.mosaic = p.painter.paint(job);
    job.source = {};
    if (p.options.measure_fidelity)
      job.fidelity = measure_fidelity(*job.grid, job.descriptors, p.tiles.tiles.descriptors,
                                      job.placement, &p.tinter);
  };
  stages.write = [&p](FrameJob& job) {
    const auto timed = p.clock.measure(Stage::kEncode);
    p.writer.write(job);
    if (p.saved) p.saved->write(job.pts, job.shot_pts, *job.grid, job.placement);
    p.tally.count(job);
    p.events.report({Progress::Phase::kFrames, p.tally.frames(), p.target.info().frames});
  };
  return stages;
}

}  // namespace

VideoMosaicSummary make_video_mosaic(const VideoMosaicOptions& options, const Events& events) {
  MosaicRun run(options, events);
  VideoParts parts(options, run.clock(), events);
  const Stages stages = make_stages(parts);
  const PipelineCounts counts =
      options.serial ? run_serial(stages) : run_graph(stages, parts.memory.frames);
  VideoMosaicSummary summary = parts.finish(counts);
  run.fill_costs(summary);
  return summary;
}

}  // namespace smalti

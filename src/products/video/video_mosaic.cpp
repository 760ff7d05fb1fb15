// The main job, from a clip and pictures to a mosaic video. Read this file first: it says what
// happens to every frame, and in which room.

#include "smalti/video_mosaic.h"

#include <utility>

#include "match/descriptor.h"
#include "measure/fidelity.h"
#include "pipeline/pipeline.h"
#include "products/run/run.h"
#include "products/video/video_parts.h"

namespace smalti {
namespace {

// What is done to a frame: read and write in order, hold in order too, the others on any thread.
pipeline::Stages make_stages(VideoParts& p) {
  pipeline::Stages stages;
  stages.read = [&p]() -> pipeline::JobPtr {
    const auto timed = p.clock.measure(Stage::kRead);
    std::optional<media::SourceFrame> frame;
    if (!p.events.stop_requested()) frame = p.target.read();
    return frame ? std::make_shared<pipeline::FrameJob>(std::move(*frame)) : nullptr;
  };
  stages.look = [&p](pipeline::FrameJob& job) {
    const auto timed = p.clock.measure(Stage::kDescribe);
    job.picture = mosaic::shown_part(job.picture, p.layout);
    if (p.shot_layouts) job.overview = p.shot_layouts->overview(job.picture);
  };
  stages.lay = [&p](pipeline::JobPtr job) -> std::vector<pipeline::JobPtr> {
    const auto timed = p.clock.measure(Stage::kDescribe);
    if (p.shot_layouts) return p.shot_layouts->push(std::move(job));
    job->cells = p.grid;
    if (p.replays()) p.replayed->place(*job, p.layout.cells.fields());
    return {std::move(job)};
  };
  stages.lay_rest = [&p]() -> std::vector<pipeline::JobPtr> {
    if (!p.shot_layouts) return {};
    return p.shot_layouts->flush();
  };
  stages.match = [&p](pipeline::FrameJob& job) {
    {
      const auto timed = p.clock.measure(Stage::kDescribe);
      job.descriptors = match::describe(job.picture, *job.cells);
      const MatchOptions& match = p.options.match;
      if (!match.plain()) job.other_view = match::describe(job.picture, *job.cells, match);
      if (p.made_good > 0) job.other_view = match::less_of_mean(job.view(), p.made_good);
      if (!p.painter.shows_target()) job.picture = {};
    }
    const auto timed = p.clock.measure(Stage::kMatch);
    if (p.own) job.allowed = p.own->at(p.target.seconds(job.pts));
    if (!p.replays()) job.nearest = p.matcher.nearest(job.view(), job.allowed);
  };
  stages.hold = [&p](pipeline::JobPtr job) -> std::vector<pipeline::JobPtr> {
    const auto timed = p.clock.measure(Stage::kStabilize);
    if (p.replays()) return {std::move(job)};
    if (!p.shot_layouts) p.shots.mark(*job, job->pts);
    return p.held.push(std::move(job), *p.stabilizer);
  };
  stages.flush = [&p]() -> std::vector<pipeline::JobPtr> {
    if (p.replays()) return {};
    return p.held.flush(*p.stabilizer);
  };
  stages.compose = [&p](pipeline::FrameJob& job) {
    const auto timed = p.clock.measure(Stage::kCompose);
    job.mosaic = p.painter.paint(job);
    job.picture = {};
    if (p.options.measure_fidelity)
      job.fidelity = measure::measure_fidelity(*job.cells, job.descriptors,
                                               p.tiles.tiles.descriptors, job.placement, &p.tinter);
  };
  stages.write = [&p](pipeline::FrameJob& job) {
    const auto timed = p.clock.measure(Stage::kEncode);
    p.writer.write(job, job.mosaic);
    if (p.saved) p.saved->write(job.pts, job.shot_pts, *job.cells, job.placement);
    p.tally.count(job);
    p.events.report({Progress::Phase::kFrames, p.tally.frames(), p.target.info().frames});
  };
  return stages;
}

}  // namespace

VideoMosaicSummary make_video_mosaic(const VideoMosaicOptions& options, const Events& events) {
  Run run(options.threads, events);
  VideoParts parts(options, run.clock(), events);
  const pipeline::Stages stages = make_stages(parts);
  const pipeline::PipelineCounts counts = options.serial
                                              ? pipeline::run_serial(stages)
                                              : pipeline::run_graph(stages, parts.memory.frames);
  VideoMosaicSummary summary = parts.finish(counts);
  run.fill_costs(summary);
  return summary;
}

}  // namespace smalti

// The main job, from a clip and pictures to a mosaic video. Read this file first: every step is
// here, and each leads to the room that does it.

#include "smalti/video_mosaic.h"

#include <memory>
#include <utility>

#include "media/mosaic_writer.h"
#include "media/target_reader.h"
#include "pipeline/pipeline.h"
#include "products/frame_painter.h"
#include "products/job.h"
#include "products/placements_file.h"
#include "products/poster.h"
#include "products/run_bounds.h"
#include "products/stage_clock.h"
#include "products/tally.h"
#include "smalti/atlas.h"
#include "smalti/descriptor.h"
#include "smalti/fidelity.h"
#include "smalti/frame_matcher.h"
#include "smalti/shots.h"
#include "smalti/tile_index.h"

namespace smalti {
namespace {

// The parts that do the work; they outlive the run.
struct Parts {
  media::TargetReader& target;
  std::shared_ptr<const Grid> grid;
  const DescriptorTable& tiles;
  const Tinter& tinter;
  const MatchOptions& match;
  FrameMatcher* matcher;  // null where placements are given
  const OwnFrames* own;   // null unless some are to be left out
  ShotMarker& shots;
  Stabilizer& stabilizer;
  FramePainter& painter;
  media::MosaicWriter& writer;
  PlacementsWriter* saved;  // null unless asked for
  Tally& tally;
  StageClock& clock;
  bool measure_fidelity;
  const Events& events;
};

// The stages of the pipeline over these parts.
Stages make_stages(const Parts& p) {
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
      if (!p.match.plain()) job.other_view = describe(job.source, *job.grid, p.match);
      if (!p.painter.shows_target()) job.source = {};
    }
    const auto timed = p.clock.measure(Stage::kMatch);
    if (p.own != nullptr) job.allowed = p.own->at(p.target.seconds(job.pts));
    if (p.matcher != nullptr) job.nearest = p.matcher->nearest(job.view(), job.allowed);
  };
  stages.hold = [&p](JobPtr job) {
    const auto timed = p.clock.measure(Stage::kStabilize);
    if (p.matcher != nullptr) p.shots.mark(*job);
    return p.stabilizer.push(std::move(job));
  };
  stages.flush = [&p] { return p.stabilizer.flush(); };
  stages.compose = [&p](FrameJob& job) {
    const auto timed = p.clock.measure(Stage::kCompose);
    job.mosaic = p.painter.paint(job);
    job.source = {};
    if (p.measure_fidelity)
      job.fidelity =
          measure_fidelity(*job.grid, job.descriptors, p.tiles, job.placement, &p.tinter);
  };
  stages.write = [&p](FrameJob& job) {
    const auto timed = p.clock.measure(Stage::kEncode);
    p.writer.write(job);
    if (p.saved != nullptr) p.saved->write(job.pts, job.shot_pts, *job.grid, job.placement);
    p.tally.count(job);
    p.events.report({Progress::Phase::kFrames, p.tally.frames(), p.target.info().frames});
  };
  return stages;
}

}  // namespace

VideoMosaicSummary make_video_mosaic(const VideoMosaicOptions& options, const Events& events) {
  MosaicRun run(options, events);
  StageClock& clock = run.clock();

  // What can fail for a wrong option or a wrong name does so before any work.
  check_names(options);
  const auto replayed = open_placements(options);
  media::TargetReader target(options.target, read_options(options), events);
  if (replayed) replayed->expect(target.info().time_base);
  const std::filesystem::path output = output_path(options, target.streams());
  const media::EncoderPlan encoder = media::plan_encoder(output, options.encode);
  const Layout layout =
      plan_layout(options.layout, target.info().size, encoder.format.chroma_step());
  const IngestResult tiles = timed_load(options, layout, clock, events);

  if (replayed) replayed->use(tiles.tiles);

  const TileIndex index(tiles.tiles.view(), tiles.tiles.alternatives);
  const auto own = own_frames(options, layout, tiles.tiles);
  const NearDuplicates near = near_duplicates(options.select, tiles.tiles);
  FrameMatcher matcher(index);
  const auto stabilizer =
      replayed ? make_replay(*replayed)
               : make_stabilizer(
                     options.stabilizer, options.stabilization_threshold, index,
                     affordable(options.select, choosable(tiles.tiles, near, own), events), near);
  const MemoryPlan memory =
      plan_memory(options, stabilizer->look_ahead(), target.info(), encoder, layout.grid.canvas());
  Atlas atlas(tiles.tiles, encoder.format, encoder.color, memory.atlas_bytes);
  const Tinter tinter(tiles.tiles.descriptors, options.color_adjust, encoder.format, encoder.color);
  FramePainter painter(atlas, tinter, encoder, layout.grid.canvas(), options);
  const auto saved = save_placements(options, layout, target.info().time_base, tiles.tiles);
  ShotMarker shots;
  Tally tally(tiles.tiles.size());
  if (options.poster) tally.keep_middle(target.info().frames);
  media::MosaicWriter writer(output, options.overwrite, encoder, options.encode, painter.size(),
                             target, events);

  const Parts parts{target,
                    std::make_shared<const Grid>(layout.grid),
                    tiles.tiles.descriptors,
                    tinter,
                    options.match,
                    replayed ? nullptr : &matcher,
                    own ? &*own : nullptr,
                    shots,
                    *stabilizer,
                    painter,
                    writer,
                    saved.get(),
                    tally,
                    clock,
                    options.measure_fidelity,
                    events};
  const Stages stages = make_stages(parts);
  const PipelineCounts counts =
      options.serial ? run_serial(stages) : run_graph(stages, memory.frames);

  // Only now is the output given its name; a run that was stopped leaves none.
  VideoMosaicSummary summary;
  fill_plan(summary, options, output, layout, tiles);
  summary.encoder = encoder.encoder;
  tally.fill(summary);
  summary.frames_read = counts.read;
  summary.streams = writer.stream_lines();
  summary.fps = target.info().fps.value();
  summary.cells_searched = matcher.searched();
  summary.cells_skipped = matcher.skipped();
  summary.damaged = target.damaged();
  summary.missing_bytes = target.missing_bytes();
  warn_of_lost_sources(atlas, events);
  check_damage(summary, options, events);
  summary.stopped = events.stop_requested();
  if (summary.stopped && options.keep_partial && counts.written > 0)
    summary.partial = partial_path(output);
  if (!summary.stopped || summary.partial) {
    const auto timed = clock.measure(Stage::kFinish);
    const media::OutputSummary written =
        writer.finish(target.take_remaining_packets(), summary.partial);
    summary.bytes = written.bytes;
    summary.duration_s = written.duration_s;
    if (saved && !summary.stopped) saved->finish();
    if (options.poster) write_poster(*options.poster, options, tally, layout.grid, tiles.tiles);
  }
  run.fill_costs(summary);
  return summary;
}

}  // namespace smalti

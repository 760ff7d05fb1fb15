#include "products/video/video_parts.h"

#include "products/run/job.h"
#include "products/video/poster.h"

namespace smalti {
namespace {

const VideoMosaicOptions& checked(const VideoMosaicOptions& options, const Events& events) {
  check_names(options, events);
  return options;
}

}  // namespace

VideoParts::VideoParts(const VideoMosaicOptions& wanted, StageClock& stages, const Events& told)
    : options(checked(wanted, told)),
      events(told),
      clock(stages),
      replayed(open_placements(options)),
      target(options.target, read_options(options), events),
      output(output_path(options, target.streams(), events)),
      encoder(media::plan_encoder(output, options.encode)),
      asked(plan(options.layout)),
      importance(importance_finder(options, asked)),
      made_good(smalti::made_good(options, asked)),
      tiles(load()),
      index(tiles.tiles.view(), tiles.tiles.alternatives),
      near(near_duplicates(options, tiles.tiles)),
      own(own_frames(options, asked, tiles.tiles, near)),
      layout(for_so_many_tiles(options, asked, choosable(tiles.tiles, near, own),
                               [this](const LayoutOptions& fewer) { return plan(fewer); })),
      matcher(index),
      grid(layout.merge_to > 0 || replays() ? nullptr
                                            : std::make_shared<const Cells>(layout.cells)),
      shot_layouts(lay_shots()),
      stabilizer(choose_stabilizer()),
      memory(share_memory()),
      atlas(tiles.tiles, encoder.format, encoder.color, memory.atlas_bytes),
      tinter(tiles.tiles.descriptors, options.color_adjust, encoder.format, encoder.color),
      painter(atlas, tinter, encoder, layout, options),
      saved(save_placements(options, layout, target.info().time_base, target.info().end_pts,
                            tiles.tiles, events)),
      tally(tiles.tiles),
      writer(output, options.overwrite, encoder, options.encode, painter.size(), target, events) {
  if (options.poster) tally.keep_middle(target.info().frames);
}

mosaic::Layout VideoParts::plan(const LayoutOptions& wanted) const {
  return mosaic::plan_layout(wanted, target.info().size, encoder.format.chroma_step());
}

library::IngestResult VideoParts::load() {
  if (replayed) {
    const media::TargetInfo& info = target.info();
    replayed->expect(info.time_base);
    replayed->expect_part(info.first_pts, info.end_pts, !options.duration_s);
  }
  library::IngestResult loaded = timed_load(options, asked, clock, events);
  if (replayed) replayed->use(loaded.tiles);
  if (made_good > 0) loaded.tiles.other_view = match::less_of_mean(loaded.tiles.view(), made_good);
  return loaded;
}

std::unique_ptr<mosaic::Stabilizer> VideoParts::choose_stabilizer() const {
  if (replayed) return nullptr;
  const SelectOptions select =
      affordable(options.select, choosable(tiles.tiles, near, own), events);
  const double threshold = options.stabilization_threshold.value_or(
      importance ? kCalmerThreshold : kDefaultStabilizationThreshold);
  return mosaic::make_stabilizer(options.stabilizer, threshold, index, select, near);
}

std::size_t VideoParts::frames_to_wait() const {
  return affordable_wait(options, ShotLayouts::kLookAhead, target.info(), encoder);
}

std::unique_ptr<ShotLayouts> VideoParts::lay_shots() const {
  if (importance == nullptr) return nullptr;
  return std::make_unique<ShotLayouts>(layout.cells.fields(), layout.merge_to, frames_to_wait(),
                                       *importance);
}

MemoryPlan VideoParts::share_memory() const {
  return plan_memory(options, shot_layouts ? frames_to_wait() : 0,
                     stabilizer ? stabilizer->look_ahead() : 0, target.info(), encoder,
                     layout.picture);
}

VideoMosaicSummary VideoParts::finish(const pipeline::PipelineCounts& counts) {
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
  if (summary.stopped && !summary.partial) return summary;

  const auto timed = clock.measure(Stage::kFinish);
  const media::OutputSummary written =
      writer.finish(target.take_remaining_packets(), summary.partial);
  summary.bytes = written.bytes;
  summary.duration_s = written.duration_s;
  if (saved && !summary.stopped) saved->finish();
  if (options.poster) write_poster(*options.poster, options, tally, layout, tiles.tiles, events);
  return summary;
}

}  // namespace smalti

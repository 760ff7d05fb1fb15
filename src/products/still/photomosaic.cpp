// A still mosaic, from a picture and tiles to a file: every step is here, and each leads to the
// room that does it.

#include "smalti/photomosaic.h"

#include "match/frame_matcher.h"
#include "match/tile_index.h"
#include "measure/fidelity.h"
#include "products/placements/placements_file.h"
#include "products/run/job.h"
#include "products/run/stage_clock.h"
#include "products/still/still_match.h"
#include "products/still/still_output.h"
#include "products/still/still_painter.h"
#include "products/still/still_target.h"
#include "tiles/atlas.h"

namespace smalti {
namespace {

constexpr Rational kNoTime{0, 1};

// The largest whole factor up to kDefaultEnlarge that keeps the mosaic at a sane size.
LayoutOptions with_default_size(LayoutOptions options, Size target) {
  if (options.size || options.enlarge) return options;
  const std::int64_t pixels = std::int64_t{target.width} * target.height;
  int factor = kDefaultEnlarge;
  while (factor > 1 && pixels * factor * factor > kMostPixelsByDefault) --factor;
  options.enlarge = factor;
  return options;
}

}  // namespace

PhotomosaicSummary make_photomosaic(const PhotomosaicOptions& options, const Events& events) {
  Run run(options.threads, events);
  StageClock& clock = run.clock();

  // What can fail for a wrong option or a wrong name does so before any work.
  check_inputs(options);
  const std::filesystem::path output = still_output_path(options, events);
  const auto replayed = open_placements(options);
  if (replayed) replayed->expect(kNoTime);
  StillTarget target = [&] {
    const auto timed = clock.measure(Stage::kRead);
    return read_still_target(options, events);
  }();
  const Size size = counted_size(target.size, options);
  const Layout layout =
      plan_layout(with_default_size(options.layout, size), size, {1, 1}, kLargestStillSide);
  const StillPlan plan = plan_still(options, output, layout.grid.canvas(), target.picture, events);

  IngestResult tiles = timed_load(options, layout, clock, events);
  if (target.hash) leave_out(*target.hash, tiles, events);
  const TileIndex index(tiles.tiles.view(), tiles.tiles.alternatives);
  FrameMatcher matcher(index);
  if (replayed) replayed->use(tiles.tiles);
  const NearDuplicates near = near_duplicates(options, tiles.tiles);
  const auto own = own_frames(options, layout, tiles.tiles, near);
  const StillMatch matched =
      replayed
          ? replay_still(target.picture, layout.grid, *replayed, clock)
          : match_still(target.picture, layout.grid, matcher,
                        still_choice(options, tiles.tiles, index, near, own, target.time_s, events),
                        clock);
  const Tinter tinter(tiles.tiles.descriptors, options.color_adjust, StillPainter::kFormat, {});
  const std::vector<Shift> shifts = tinter.shifts(matched.cells, matched.placement);

  Atlas atlas(tiles.tiles, StillPainter::kFormat, {}, plan.atlas_bytes);
  const Picture shown = plan.shows_target ? as_rgb(target.picture) : Picture{};
  target.picture = {};
  const StillPainter painter(matched.placement, layout.grid, atlas, shifts, plan.look, shown);

  PhotomosaicSummary summary;
  fill_plan(summary, options, output, layout, tiles);
  summary.enlarged_by_itself = !options.layout.size && !options.layout.enlarge;
  summary.encoder = plan.encoder;
  summary.dpi = plan.write.dpi;
  summary.pages = plan.pages;
  summary.tiles_used = count_used(matched.placement, tiles.tiles.size());
  summary.empty_cells = matched.empty;
  summary.cells_searched = matcher.searched();
  summary.frames_read = 1;
  if (options.measure_fidelity)
    summary.fidelity = measure_fidelity(layout.grid, matched.cells, tiles.tiles.descriptors,
                                        matched.placement, &tinter);

  // Only at its end is the output given its name; a run that was stopped leaves none.
  const auto saved = save_placements(options, layout, kNoTime, {}, tiles.tiles, events);
  if (saved) saved->write(0, 0, layout.grid, matched.placement);
  const std::optional<std::uint64_t> bytes = write_still(plan, output, painter, clock, events);
  if (saved && bytes) saved->finish();
  warn_of_lost_sources(atlas, events);
  summary.stopped = !bytes;
  summary.bytes = bytes.value_or(0);
  summary.frames = summary.stopped ? 0 : 1;
  run.fill_costs(summary);
  return summary;
}

}  // namespace smalti

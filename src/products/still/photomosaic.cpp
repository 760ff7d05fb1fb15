// A still mosaic, from a picture and tiles to a file: make_photomosaic at the end says what
// happens, in order, and each step leads to the room that does it.

#include "smalti/photomosaic.h"

#include <memory>
#include <optional>
#include <vector>

#include "match/frame_matcher.h"
#include "match/tile_index.h"
#include "measure/fidelity.h"
#include "products/placements/placements_file.h"
#include "products/run/job.h"
#include "products/run/stage_clock.h"
#include "products/run/used_pictures.h"
#include "products/still/still_cells.h"
#include "products/still/still_match.h"
#include "products/still/still_mosaics.h"
#include "products/still/still_output.h"
#include "products/still/still_painter.h"
#include "products/still/still_target.h"
#include "tiles/atlas.h"

namespace smalti {
namespace {

constexpr Rational kNoTime{0, 1};

// What a still mosaic is made with, each made from those above it.
struct StillParts {
  // What can fail for a wrong option or a wrong name does so before any work; then the tiles are
  // loaded.
  StillParts(const PhotomosaicOptions& options, StageClock& clock, const Events& events);

  const PhotomosaicOptions& options;
  const Events& events;
  StageClock& clock;

  const std::filesystem::path output;
  const std::unique_ptr<PlacementsReader> replayed;  // null unless placements are given
  StillTarget target;
  const mosaic::Layout asked;  // the layout, before tiles are counted
  const StillPlan plan;
  const std::unique_ptr<ImportanceFinder> importance;  // null for equal cells
  const library::IngestResult tiles;

  const match::TileIndex index;
  const match::NearDuplicates near;
  const std::optional<OwnFrames> own;  // empty unless some are to be left out
  const mosaic::Layout layout;
  match::FrameMatcher matcher;
  const Cells cells;
};

std::filesystem::path checked_output(const PhotomosaicOptions& options, const Events& events) {
  check_inputs(options);
  return still_output_path(options, events);
}

std::unique_ptr<PlacementsReader> open_still_placements(const PhotomosaicOptions& options) {
  auto replayed = open_placements(options);
  if (replayed) replayed->expect(kNoTime);
  return replayed;
}

StillTarget timed_target(const PhotomosaicOptions& options, StageClock& clock,
                         const Events& events) {
  const auto timed = clock.measure(Stage::kRead);
  return read_still_target(options, events);
}

library::IngestResult other_tiles(const StillParts& p) {
  library::IngestResult tiles = load_other_tiles(p.options, p.target, p.asked, p.clock, p.events);
  if (p.replayed) p.replayed->use(tiles.tiles);
  if (const int share = made_good(p.options, p.asked); share > 0)
    tiles.tiles.other_view = match::less_of_mean(tiles.tiles.view(), share);
  return tiles;
}

// Those of the placements, of the grid, or where there is something to be seen.
Cells cells_of(StillParts& p) {
  if (p.replayed) return cells_of(p.replayed->at(0), p.layout.cells.fields());
  const auto timed = p.clock.measure(Stage::kDescribe);
  return lay_still(p.layout, mosaic::shown_part(p.target.picture, p.layout), p.importance.get());
}

StillParts::StillParts(const PhotomosaicOptions& wanted, StageClock& stages, const Events& told)
    : options(wanted),
      events(told),
      clock(stages),
      output(checked_output(options, events)),
      replayed(open_still_placements(options)),
      target(timed_target(options, clock, events)),
      asked(still_layout(options, target.size)),
      plan(plan_still(options, output, asked, target.picture, events)),
      importance(importance_finder(options, asked)),
      tiles(other_tiles(*this)),
      index(tiles.tiles.view(), tiles.tiles.alternatives),
      near(near_duplicates(options, tiles.tiles)),
      own(own_frames(options, asked, tiles.tiles, near)),
      layout(for_so_many_tiles(options, asked, choosable(tiles.tiles, near, own),
                               [this](const LayoutOptions& fewer) {
                                 StillOptions still = options;
                                 still.layout = fewer;
                                 return still_layout(still, target.size);
                               })),
      matcher(index),
      cells(cells_of(*this)) {
  target.picture = mosaic::shown_part(target.picture, layout);
}

// Gives every cell its tile.
StillMatch match_cells(StillParts& p) {
  if (p.replayed) return replay_still(p.target.picture, p.cells, *p.replayed, p.clock);
  StillChoice choice =
      still_choice(p.options, p.tiles.tiles, p.index, p.near, p.own, p.target.time_s, p.events);
  choice.made_good = made_good(p.options, p.layout);
  return match_still(p.target.picture, p.cells, p.matcher, choice, p.clock);
}

// What the painter shows of the target, which nothing else needs by now.
Picture take_shown(StillParts& p) {
  Picture shown = p.plan.shows_target ? as_rgb(p.target.picture) : Picture{};
  p.target.picture = {};
  return shown;
}

// All that is known before the first pixel.
PhotomosaicSummary summarize(const StillParts& p, const StillMatch& matched,
                             const mosaic::Tinter& tinter) {
  const tiles::TileSet& tiles = p.tiles.tiles;
  PhotomosaicSummary summary;
  fill_plan(summary, p.options, p.output, p.layout, p.tiles);
  summary.cells = p.cells.size();
  summary.enlarged_by_itself = !p.options.layout.chooses_canvas();
  summary.encoder = p.plan.encoder;
  summary.dpi = p.plan.write.dpi;
  summary.pages = p.plan.pages;
  UsedPictures used(tiles);
  used.add(matched.placement);
  summary.tiles_used = used.count();
  summary.empty_cells = matched.empty;
  summary.cells_searched = p.matcher.searched();
  summary.frames_read = 1;
  if (p.options.measure_fidelity)
    summary.fidelity = measure::measure_fidelity(p.cells, matched.cells, tiles.descriptors,
                                                 matched.placement, &tinter);
  return summary;
}

// Only at its end is the output given its name, and so are the placements; a run that was stopped
// leaves none.
void write_files(const StillParts& p, const StillMatch& matched, const StillPainter& painter,
                 PhotomosaicSummary& summary) {
  const auto saved = save_placements(p.options, p.layout, kNoTime, {}, p.tiles.tiles, p.events);
  if (saved) saved->write(0, 0, p.cells, matched.placement);
  const auto bytes = write_still(p.plan, p.output, painter, p.clock, p.events);
  if (saved && bytes) saved->finish();
  summary.stopped = !bytes;
  summary.bytes = bytes.value_or(0);
  summary.frames = summary.stopped ? 0 : 1;
}

}  // namespace

PhotomosaicSummary make_photomosaic(const PhotomosaicOptions& options, const Events& events) {
  Run run(options.threads, events);
  StillParts p(options, run.clock(), events);

  const StillMatch matched = match_cells(p);
  const mosaic::Tinter tinter(p.tiles.tiles.descriptors, options.color_adjust,
                              StillPainter::kFormat, {});
  const std::vector<mosaic::Shift> shifts = tinter.shifts(matched.cells, matched.placement);

  tiles::Atlas atlas(p.tiles.tiles, StillPainter::kFormat, {}, p.plan.atlas_bytes);
  const Picture shown = take_shown(p);
  const StillPainter painter(matched.placement, p.cells, atlas, shifts, p.plan.look, shown);

  PhotomosaicSummary summary = summarize(p, matched, tinter);
  write_files(p, matched, painter, summary);
  warn_of_lost_sources(atlas, events);
  run.fill_costs(summary);
  return summary;
}

}  // namespace smalti

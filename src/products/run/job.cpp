#include "products/run/job.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/wording.h"
#include "library/tile_library.h"
#include "mosaic/selector.h"
#include "products/run/video_tiles.h"
#include "smalti/error.h"
#include "smalti/tile_cache.h"
#include "tiles/crops.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

void report_skipped(const std::vector<SkippedFile>& skipped, bool strict, const Events& events) {
  if (skipped.empty()) return;
  const SkippedFile& first = skipped.front();
  if (strict)
    throw Error(ErrorKind::kBadInput,
                fmt::format("'{}' cannot be a tile: {}", first.path.string(), first.reason),
                worded("mend or remove it, or leave out {strict} to go on without it"));
  for (const SkippedFile& s : skipped)
    events.warning(fmt::format("tile left out: '{}': {}", s.path.string(), s.reason));
}

}  // namespace

void check_inputs(const MosaicOptions& options) {
  check_is_there("target", options.target);
  if (options.from_placements) check_is_there("placements", *options.from_placements);
  if (options.mask) check_is_there("mask", *options.mask);
  for (const fs::path& tiles : options.tiles) check_is_there("tiles", tiles);
}

RunFiles files_of(const MosaicOptions& options) {
  RunFiles files;
  files.reads("target", options.target);
  if (options.mask) files.reads("mask", *options.mask);
  for (const fs::path& tiles : options.tiles) files.reads("tile source", tiles);
  if (options.from_placements) files.reads("file of placements", *options.from_placements);
  if (options.save_placements) files.writes("file of placements", *options.save_placements);
  if (options.report) files.writes("report", *options.report);
  return files;
}

void check_output_name(const fs::path& output, const MosaicOptions& options, const Events& events) {
  RunFiles files = files_of(options);
  files.writes("output", output);
  files.check(options.overwrite, events);
}

library::IngestResult timed_load(const MosaicOptions& options, const mosaic::Layout& layout,
                                 StageClock& clock, const Events& events) {
  const auto timed = clock.measure(Stage::kTiles);
  library::TileOptions how;
  how.open_video = video_opener(events);
  how.all_frames = options.all_frames;
  how.match = options.match;
  if (options.use_cache) how.cache = cache_folder();
  const bool from_libraries =
      std::all_of(options.tiles.begin(), options.tiles.end(), library::is_library);
  if (options.use_cache && !how.cache && !from_libraries)
    events.warning(
        worded("tiles are not kept for the next time: neither XDG_CACHE_HOME nor HOME is set; "
               "{no-cache} silences this"));
  library::IngestResult tiles = library::load_tiles(options.tiles, layout.aspect, events, how);
  // There may be none, which no other part is made for.
  if (events.stop_requested()) throw Error(ErrorKind::kFailure, "stopped: nothing was made");
  report_skipped(tiles.skipped, options.strict, events);
  if (!options.crops.plain())
    tiles.tiles = tiles::crop_anew(std::move(tiles.tiles), layout.aspect, options.crops, events,
                                   options.match);
  return tiles;
}

void leave_out(const ContentHash& target, library::IngestResult& tiles, const Events& events) {
  const auto is_target = [&](const tiles::Tile& tile) {
    return ContentHash{tile.id.hash_high, tile.id.hash_low} == target;
  };
  tiles::TileSet& set = tiles.tiles;
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < set.size(); ++i)
    if (!is_target(set.tiles[i])) kept.push_back(i);
  if (kept.size() == set.size()) return;
  if (kept.empty() && !set.tiles.empty())
    throw Error(ErrorKind::kBadInput, "the only tile is the target itself",
                "name a folder with other pictures");

  set = tiles::subset(std::move(set), kept);
  events.warning("the target is among the tiles, and left out");
}

match::NearDuplicates near_duplicates(const MosaicOptions& options, const tiles::TileSet& tiles) {
  const SelectOptions& select = options.select;
  if (options.from_placements) return {};
  if (select.counts_uses())
    return match::NearDuplicates(tiles.descriptors, tiles::pictures_of(tiles).of_tile);
  if (select.unique || select.use_all)
    return match::NearDuplicates::of_pictures(tiles::pictures_of(tiles).of_tile);
  return {};
}

std::size_t choosable(const tiles::TileSet& tiles, const match::NearDuplicates& near,
                      const std::optional<OwnFrames>& own) {
  const std::size_t different = near.groups(tiles.size());
  const std::size_t left_out = own ? own->most_left_out() : 0;
  return different > left_out ? different - left_out : 1;
}

SelectOptions affordable(const SelectOptions& wanted, std::size_t tiles, const Events& events) {
  SelectOptions select = wanted;
  if (select.unique) return select;
  select.spacing = mosaic::affordable_spacing(wanted.spacing, tiles);
  if (select.spacing < wanted.spacing)
    events.warning(
        fmt::format("{} tiles are too few to keep equal ones more than {} cells apart: {}", tiles,
                    wanted.spacing,
                    select.spacing == 0 ? std::string("they may touch")
                                        : fmt::format("{} is kept", select.spacing)));
  return select;
}

std::optional<OwnFrames> own_frames(const MosaicOptions& options, const mosaic::Layout& layout,
                                    const tiles::TileSet& tiles,
                                    const match::NearDuplicates& near) {
  if (!options.exclude_near_s) return std::nullopt;
  return OwnFrames(tiles, options.target, *options.exclude_near_s, options.select, near,
                   layout.merge_to > 0 ? layout.merge_to : layout.cells.size());
}

int made_good(const MosaicOptions& options, const mosaic::Layout& layout) {
  // Not all of it: a tile that has the colour by itself is better than one that was shifted.
  constexpr double kOfAdjusting = 0.7;
  const bool means_count = options.match.space == ColorSpace::kLab &&
                           options.match.feature == Feature::kPatch &&
                           options.match.blocks_per_side() > 1;
  if (layout.merge_to == 0 || !means_count) return 0;
  return static_cast<int>(std::lround(kOfAdjusting * options.color_adjust * 256));
}

mosaic::Layout for_so_many_tiles(const MosaicOptions& options, const mosaic::Layout& asked,
                                 std::size_t choosable,
                                 const std::function<mosaic::Layout(const LayoutOptions&)>& plan) {
  constexpr std::size_t kLeast = 300;
  constexpr std::size_t kComfortableUses = 6;
  if (options.layout.cells || asked.merge_to == 0) return asked;
  std::size_t most = std::max(kLeast, kComfortableUses * choosable);
  const SelectOptions& select = options.select;
  if (select.max_uses)
    most = std::min(most, choosable * static_cast<std::size_t>(*select.max_uses));
  if (select.unique) most = std::min(most, choosable);
  if (asked.merge_to <= most) return asked;
  LayoutOptions fewer = options.layout;
  fewer.cells = static_cast<int>(most);
  return plan(fewer);
}

void warn_of_lost_sources(const tiles::Atlas& atlas, const Events& events) {
  const auto lost = atlas.lost_sources();
  if (lost.empty()) return;
  events.warning(fmt::format(
      "{} shown less sharp than wanted, from small stored pictures: {}{}",
      lost.size() == 1 ? std::string("one tile is") : fmt::format("{} tiles are", lost.size()),
      lost.begin()->second, lost.size() == 1 ? "" : "; ..."));
}

void fill_plan(MosaicSummary& summary, const MosaicOptions& options, const fs::path& output,
               const mosaic::Layout& layout, const library::IngestResult& tiles) {
  summary.output = output;
  summary.canvas = layout.picture;
  summary.tiled = layout.cells.canvas();
  summary.side_by_side = options.side_by_side;
  summary.columns = layout.cells.fields().columns();
  summary.rows = layout.cells.fields().rows();
  summary.cells = layout.merge_to > 0 ? layout.merge_to : layout.cells.size();
  summary.adaptive = layout.merge_to > 0;
  summary.enlarge = layout.enlarge;
  summary.enlarged_by_itself = layout.enlarged_by_itself;
  summary.tiles_available = tiles::pictures_of(tiles.tiles).count;
  summary.tiles_skipped = tiles.skipped;
  summary.tile_duplicates = tiles.duplicates;
}

}  // namespace smalti

#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "library/ingest.h"
#include "match/frame_matcher.h"
#include "match/near_duplicates.h"
#include "match/tile_index.h"
#include "media/video_reader.h"
#include "media/video_writer.h"
#include "mosaic/layout.h"
#include "mosaic/shots.h"
#include "mosaic/stabilizer.h"
#include "mosaic/tint.h"
#include "pipeline/pipeline.h"
#include "products/placements/placements_file.h"
#include "products/run/own_frames.h"
#include "products/run/run_bounds.h"
#include "products/run/stage_clock.h"
#include "products/run/tally.h"
#include "products/video/frame_painter.h"
#include "products/video/held_jobs.h"
#include "products/video/shot_layouts.h"
#include "smalti/video_mosaic.h"
#include "tiles/atlas.h"

namespace smalti {

/// What a mosaic video is made with, each made from those above it.
struct VideoParts {
  /// What can fail for a wrong option or a wrong name does so before any work; then the tiles are
  /// loaded. Throws Error as make_video_mosaic does. All arguments must outlive it.
  VideoParts(const VideoMosaicOptions& options, StageClock& clock, const Events& events);

  /// Gives the output its name, unless the run was stopped: that leaves none. Throws Error as
  /// make_video_mosaic does.
  VideoMosaicSummary finish(const pipeline::PipelineCounts& counts);

  bool replays() const { return replayed != nullptr; }

  const VideoMosaicOptions& options;
  const Events& events;
  StageClock& clock;

  const std::unique_ptr<PlacementsReader> replayed;  // null unless placements are given
  media::VideoReader target;
  const std::filesystem::path output;
  const media::EncoderPlan encoder;
  const mosaic::Layout asked;                          // the layout, before tiles are counted
  const std::unique_ptr<ImportanceFinder> importance;  // null for equal cells
  const int made_good;                                 // of a difference in mean colour, in 256ths
  const library::IngestResult tiles;

  const match::TileIndex index;
  const match::NearDuplicates near;
  const std::optional<OwnFrames> own;  // empty unless some are to be left out
  const mosaic::Layout layout;
  match::FrameMatcher matcher;
  const std::shared_ptr<const Cells> grid;          // null where cells are laid by what is seen
  const std::unique_ptr<ShotLayouts> shot_layouts;  // which these do; else null
  const std::unique_ptr<mosaic::Stabilizer> stabilizer;  // null where placements are given
  HeldJobs held;
  mosaic::ShotMarker shots;

  const MemoryPlan memory;
  tiles::Atlas atlas;
  const mosaic::Tinter tinter;
  FramePainter painter;
  const std::unique_ptr<PlacementsWriter> saved;  // null unless asked for
  RunTally tally;
  media::VideoWriter writer;

 private:
  mosaic::Layout plan(const LayoutOptions& wanted) const;
  library::IngestResult load();
  std::unique_ptr<ShotLayouts> lay_shots() const;
  std::unique_ptr<mosaic::Stabilizer> choose_stabilizer() const;
  MemoryPlan share_memory() const;
  std::size_t frames_to_wait() const;
};

}  // namespace smalti

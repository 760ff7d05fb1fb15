#pragma once

#include <cstddef>
#include <filesystem>

#include "media/video_reader.h"
#include "media/video_writer.h"
#include "smalti/events.h"
#include "smalti/video_mosaic.h"

/// What a video mosaic checks before and after its work, and how much it takes on at a time.
namespace smalti {

/// Throws Error for a target or tile source that is not there (kMissingInput), and for an output
/// that is in the way (kCannotCreate), one of the inputs or another output (kUsage).
void check_names(const VideoMosaicOptions& options, const Events& events);

/// Where the frames of a stopped run are kept: OUT.partial.EXT beside the output.
std::filesystem::path partial_path(const std::filesystem::path& output);

media::ReadOptions read_options(const VideoMosaicOptions& options);

/// The output the user named, or else one named after the target, in the current folder. Throws as
/// check_names does.
std::filesystem::path output_path(const VideoMosaicOptions& options,
                                  const media::InputStreams& streams, const Events& events);

/// Warns of frames that the decoder could not make whole, and of a target that is cut short; with
/// `strict`, throws Error (kBadInput) for these instead.
void check_damage(const VideoMosaicSummary& summary, const VideoMosaicOptions& options,
                  const Events& events);

/// How the memory that a run may take is shared out.
struct MemoryPlan {
  std::size_t atlas_bytes = 0;  ///< rendered tiles are kept up to this
  std::size_t frames = 0;  ///< alive at a time; enough to keep every stage busy where it can be
};

/// How many frames, `wanted` at most, may wait undescribed for those behind them.
std::size_t affordable_wait(const VideoMosaicOptions& options, std::size_t wanted,
                            const media::TargetInfo& target, const media::EncoderPlan& encoder);

/// `waiting` frames are held back with their target's picture, `look_ahead` others without. Throws
/// Error (kUsage) when not even the fewest frames that a run needs fit.
MemoryPlan plan_memory(const VideoMosaicOptions& options, std::size_t waiting,
                       std::size_t look_ahead, const media::TargetInfo& target,
                       const media::EncoderPlan& encoder, Size canvas);

}  // namespace smalti

#pragma once

#include <cstddef>
#include <filesystem>

#include "media/mosaic_writer.h"
#include "media/target_reader.h"
#include "products/stage_clock.h"
#include "products/stopwatch.h"
#include "smalti/events.h"
#include "smalti/ingest.h"
#include "smalti/layout.h"
#include "smalti/stabilizer.h"
#include "smalti/video_mosaic.h"

/// What a video mosaic checks before and after its work, and how much it takes on at a time.
namespace smalti {

/// Rendered tiles are kept up to this.
inline constexpr std::size_t kAtlasBytes = std::size_t{256} << 20;

/// Frames on their way are kept to this, as far as the stabilizer's look-ahead allows.
inline constexpr std::size_t kFrameBytes = std::size_t{512} << 20;

/// The processors, for 0; never below 1.
std::size_t thread_count(int wanted);

/// Throws Error for a target or tile source that is not there (kMissingInput), and for an output
/// that is in the way (kCannotCreate) or one of the inputs (kUsage).
void check_names(const VideoMosaicOptions& options);

media::ReadOptions read_options(const VideoMosaicOptions& options);

/// The output the user named, or else one named after the target, in the current folder. Throws as
/// check_names does.
std::filesystem::path output_path(const VideoMosaicOptions& options,
                                  const media::InputStreams& streams);

/// Loads the tiles and says which files are left out; with `strict`, throws Error (kBadInput) for
/// these instead.
IngestResult timed_load(const VideoMosaicOptions& options, const Layout& layout, StageClock& clock,
                        const Events& events);

/// The same for frames that the decoder could not make whole.
void check_damage(const VideoMosaicSummary& summary, const VideoMosaicOptions& options,
                  const Events& events);

/// How many frames may be alive at a time: enough to keep every stage busy.
std::size_t frames_in_flight(const Stabilizer& stabilizer, const media::TargetInfo& target,
                             const media::EncoderPlan& encoder, const Layout& layout);

/// A summary with all that is known before the first frame.
VideoMosaicSummary summarize(const Layout& layout, const IngestResult& tiles,
                             const std::filesystem::path& output,
                             const media::EncoderPlan& encoder);

/// Writes time and memory.
void fill_costs(VideoMosaicSummary& summary, const StageClock& clock, const Stopwatch& watch);

}  // namespace smalti

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "smalti/events.h"
#include "smalti/video_mosaic.h"

/// What there is to see before the whole job is done.
namespace smalti {

struct Preview {
  VideoMosaicSummary summary;  ///< of the part that was made
  std::filesystem::path poster;
};

/// Makes three seconds from the middle of what the options ask for, and a poster image of them:
/// "NAME-preview.EXT" and "NAME-preview.jpg" for an output "NAME.EXT". Throws as make_video_mosaic.
Preview make_preview(const VideoMosaicOptions& options, const Events& events);

/// What the job would do and take.
struct DryRun {
  VideoMosaicSummary sample;            ///< of two seconds from the middle, made and thrown away
  std::filesystem::path output;         ///< where the whole would be written
  std::optional<std::uint64_t> frames;  ///< of the whole, as far as the header can be believed
  std::optional<std::uint64_t> bytes;   ///< estimated from the sample, like the following
  std::optional<double> seconds;
};

/// Checks everything that the job checks before it starts, and does a sample of it in the folder
/// for temporary files. Leaves nothing behind. Throws as make_video_mosaic.
DryRun rehearse(const VideoMosaicOptions& options, const Events& events);

}  // namespace smalti

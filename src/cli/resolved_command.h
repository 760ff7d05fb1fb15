#pragma once

#include <string>

#include "smalti/mosaic_job.h"
#include "smalti/photomosaic.h"
#include "smalti/rehearsal.h"

namespace smalti::cli {

/// The call of `smalti video` that does the same as a job, with every choice written out.
std::string resolved_command(const VideoMosaicOptions& options, const DryRun& run);

/// The call of `smalti image` that makes a still, and of `smalti video` that makes all of a video
/// with the same cells, tiles and look. Both have a scale.
std::string image_command(const PhotomosaicOptions& options);
std::string video_command(const PhotomosaicOptions& options);

}  // namespace smalti::cli

#pragma once

#include "cli/text/terminal_text.h"
#include "smalti/look.h"
#include "smalti/mosaic_job.h"
#include "smalti/photomosaic.h"
#include "smalti/rehearsal.h"

namespace smalti::cli {

/// The call of `smalti video` that does the same as a job, with every choice written out.
TerminalText resolved_command(const VideoMosaicOptions& options, const DryRun& run);

/// The call of `smalti image` that makes a still, and of `smalti video` that makes all of a video
/// with the same cells, tiles and look. Both have a scale.
TerminalText image_command(const PhotomosaicOptions& options);
TerminalText video_command(const PhotomosaicOptions& options);

/// The call of `smalti image` that makes a still in a look by its name, with no other choice
/// written out than those that somebody made.
TerminalText image_command(const PhotomosaicOptions& options, const Look& look);

}  // namespace smalti::cli

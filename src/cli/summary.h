#pragma once

#include <string>

#include "smalti/photomosaic.h"
#include "smalti/rehearsal.h"
#include "smalti/splice.h"
#include "smalti/video_mosaic.h"

namespace smalti::cli {

/// What was made, of what, and how fast: three lines, and one about paper for a still.
std::string summary_text(const VideoMosaicSummary& summary);
std::string summary_text(const PhotomosaicSummary& summary);

/// What the job would do and take; `command` is what would do it.
std::string dry_run_text(const DryRun& run, const VideoMosaicOptions& options,
                         const std::string& command);

/// The first as one JSON object on a line, {"event":"done",...}, without the line's end.
std::string summary_json(const VideoMosaicSummary& summary);
std::string summary_json(const PhotomosaicSummary& summary);

/// The same of spliced videos.
std::string summary_text(const SpliceSummary& summary);
std::string summary_json(const SpliceSummary& summary);

}  // namespace smalti::cli

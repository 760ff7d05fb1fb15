#pragma once

#include <string>

#include "smalti/mosaic_job.h"
#include "smalti/rehearsal.h"

namespace smalti::cli {

/// The call of `smalti video` that does the same as a job, with every choice written out.
std::string resolved_command(const VideoMosaicOptions& options, const DryRun& run);

}  // namespace smalti::cli

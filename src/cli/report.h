#pragma once

#include <string>
#include <vector>

#include "smalti/video_mosaic.h"

namespace smalti::cli {

/// The report of a run, as README documents it, one JSON object with a line's end.
/// `command` is the program's arguments as they were given.
std::string report_json(const VideoMosaicSummary& summary, const VideoMosaicOptions& options,
                        const std::vector<std::string>& command);

}  // namespace smalti::cli

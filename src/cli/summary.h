#pragma once

#include <string>

#include "smalti/video_mosaic.h"

namespace smalti::cli {

/// What was made, of what, and how fast: three lines.
std::string summary_text(const VideoMosaicSummary& summary);

/// The same as one JSON object on a line, {"event":"done",...}, without the line's end.
std::string summary_json(const VideoMosaicSummary& summary);

}  // namespace smalti::cli

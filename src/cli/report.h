#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "smalti/video_mosaic.h"

namespace smalti::cli {

/// The report of a run, as README documents it, one JSON object with a line's end.
/// `command` is the program's arguments as they were given.
std::string report_json(const VideoMosaicSummary& summary, const VideoMosaicOptions& options,
                        const std::vector<std::string>& command);

/// Writes it whole or not at all. Throws Error as OutputFile does.
void write_report(const std::filesystem::path& file, bool overwrite, const std::string& json);

}  // namespace smalti::cli

#pragma once

#include <string>
#include <vector>

#include "smalti/mosaic_job.h"

namespace smalti::cli {

/// The report of a run, as docs/formats.md documents it, one JSON object with a line's end.
/// `command` is the program's arguments as they were given.
std::string report_json(const MosaicSummary& summary, const std::filesystem::path& target,
                        const std::vector<std::string>& command);

}  // namespace smalti::cli

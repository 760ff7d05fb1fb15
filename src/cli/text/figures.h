#pragma once

#include "cli/text/terminal_text.h"
#include "smalti/compare.h"

namespace smalti::cli {

/// What `smalti compare` found, as a table with a word on how to read it.
TerminalText figures_text(const CompareSummary& summary, const CompareOptions& options);

/// The same as one JSON object with a line's end, as docs/formats.md documents it.
TerminalText figures_json(const CompareSummary& summary, const CompareOptions& options);

}  // namespace smalti::cli

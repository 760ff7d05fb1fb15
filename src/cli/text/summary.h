#pragma once

#include "cli/text/terminal_text.h"
#include "smalti/animate.h"
#include "smalti/explore.h"
#include "smalti/photomosaic.h"
#include "smalti/rehearsal.h"
#include "smalti/splice.h"
#include "smalti/sweep.h"
#include "smalti/try_sheet.h"
#include "smalti/video_mosaic.h"

namespace smalti::cli {

/// What was made, of what, and how fast: three lines, and one about paper for a still.
TerminalText summary_text(const VideoMosaicSummary& summary);
TerminalText summary_text(const PhotomosaicSummary& summary);
/// Says too how to make the file smaller, and how to make one of its mosaics.
TerminalText summary_text(const SweepSummary& summary, const SweepOptions& options);
/// The same of a page.
TerminalText summary_text(const ExplorePageSummary& summary, const ScalesOptions& options);
TerminalText summary_text(const AnimateSummary& summary);
/// Says too which line makes each of the mosaics.
TerminalText summary_text(const TrySummary& summary, const TryOptions& options);

/// What the job would do and take; `command` is what would do it.
TerminalText dry_run_text(const DryRun& run, const VideoMosaicOptions& options,
                          const TerminalText& command);

/// The first as one JSON object on a line, {"event":"done",...}, without the line's end.
TerminalText summary_json(const VideoMosaicSummary& summary);
TerminalText summary_json(const PhotomosaicSummary& summary);
TerminalText summary_json(const SweepSummary& summary);
TerminalText summary_json(const AnimateSummary& summary);
TerminalText summary_json(const ExplorePageSummary& summary);
TerminalText summary_json(const TrySummary& summary);

/// The same of spliced videos.
TerminalText summary_text(const SpliceSummary& summary);
TerminalText summary_json(const SpliceSummary& summary);

}  // namespace smalti::cli

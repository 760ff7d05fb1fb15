#pragma once

#include "cli/flags/call.h"
#include "cli/text/console.h"
#include "cli/text/summary.h"
#include "smalti/mosaic_job.h"

/// What the commands that make a mosaic of a target have in common.
namespace smalti::cli {

/// Fills the structs by the call, and adopts what was written down where the call names it. The
/// structs hold MosaicOptions. Throws Error (kUsage) for a missing target or tiles, for values out
/// of form, and for options that have no effect together.
void fill_mosaic(const Call& call, const Structs& structs);

/// What --report asks for; nothing without it.
void write_report(const MosaicOptions& options, const MosaicSummary& summary, const Run& run,
                  const Events& events);

/// Runs `make` with the console's events and tells how it went: its summary on the console, as
/// `text` makes it, and in the report. Returns the program's exit code.
template <typename Make, typename Text>
int run_job(const ConsoleOptions& said, const MosaicOptions& options, const Run& run,
            const Make& make, const Text& text) {
  Console console(said, run.stop);
  const auto summary = make(console.events());
  console.finish();
  if (summary.stopped) return say_stopped();
  write_report(options, summary, run, console.events());
  tell(said, summary_json(summary), text(summary));
  return 0;
}

}  // namespace smalti::cli

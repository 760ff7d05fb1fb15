#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/job_flags.h"
#include "cli/summary.h"

namespace smalti::cli {

/// Runs `make` with the console's events and tells how it went: its summary on the console, as
/// `text` makes it, and in the report. Returns the program's exit code.
template <typename Make, typename Text>
int run_job(const JobFlags& flags, const std::vector<std::string>& command,
            const std::atomic<bool>& stop, const Make& make, const Text& text) {
  Console console(flags.console(), stop);
  const auto summary = make(console.events());
  console.finish();
  if (summary.stopped) return say_stopped();
  flags.write_report(summary, command, console.events());
  tell(flags.console(), summary_json(summary), text(summary));
  return 0;
}

}  // namespace smalti::cli

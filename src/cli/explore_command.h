#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <string>
#include <vector>

#include "cli/job_flags.h"
#include "cli/scales_flags.h"
#include "cli/still_flags.h"
#include "smalti/explore.h"

namespace smalti::cli {

/// `smalti explore`: its flags, and what becomes of them.
class ExploreCommand {
 public:
  /// Adds the command to the program. The App must not outlive it.
  explicit ExploreCommand(CLI::App& program);

  /// What the parsed words ask for. Throws Error (kUsage).
  const ScalesOptions& resolve();

  /// Runs with the flags that were parsed out of `command`; returns the exit code. Throws Error.
  int run(const std::vector<std::string>& command, const std::atomic<bool>& stop);

 private:
  int make_page(const std::vector<std::string>& command, const std::atomic<bool>& stop);
  int open_window(const std::atomic<bool>& stop);

  CLI::App* app_;
  ScalesOptions options_;
  JobFlags flags_;
  ScalesFlags scales_;
  StillFlags still_;
  std::string html_;
};

}  // namespace smalti::cli

#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <string>
#include <vector>

#include "cli/animation_flags.h"
#include "cli/job_flags.h"
#include "cli/scales_flags.h"
#include "cli/still_flags.h"
#include "smalti/sweep.h"

namespace smalti::cli {

/// `smalti sweep`: its flags, and what becomes of them.
class SweepCommand {
 public:
  /// Adds the command to the program. The App must not outlive it.
  explicit SweepCommand(CLI::App& program);

  /// What the parsed words ask for. Throws Error (kUsage).
  const SweepOptions& resolve();

  /// Runs with the flags that were parsed out of `command`; returns the exit code. Throws Error.
  int run(const std::vector<std::string>& command, const std::atomic<bool>& stop);

 private:
  void add_everyday_options();

  CLI::App* app_;
  SweepOptions options_;
  JobFlags flags_;
  ScalesFlags scales_;
  StillFlags still_;
  AnimationFlags animation_;
  bool ascending_ = true;
};

}  // namespace smalti::cli

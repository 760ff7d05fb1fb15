#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <string>
#include <vector>

#include "cli/job_flags.h"
#include "cli/still_flags.h"
#include "smalti/photomosaic.h"

namespace smalti::cli {

/// `smalti image`: its flags, and what becomes of them.
class ImageCommand {
 public:
  /// Adds the command to the program. The App must not outlive it.
  explicit ImageCommand(CLI::App& program);

  /// What the parsed words name as the target; empty when they name none.
  std::string target() const { return flags_.target(); }

  /// What the parsed words ask for. Throws Error (kUsage).
  const PhotomosaicOptions& resolve();

  /// Runs with the flags that were parsed out of `command`; returns the exit code. Throws Error.
  int run(const std::vector<std::string>& command, const std::atomic<bool>& stop);

 private:
  void add_everyday_options();
  void add_output_options();

  CLI::App* app_;
  PhotomosaicOptions options_;
  JobFlags flags_;
  StillFlags still_;
};

}  // namespace smalti::cli

#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "cli/animation_flags.h"
#include "cli/console.h"
#include "smalti/animate.h"

namespace smalti::cli {

/// `smalti animate`: its flags, and what becomes of them.
class AnimateCommand {
 public:
  /// Adds the command to the program. The App must not outlive it.
  explicit AnimateCommand(CLI::App& program);

  /// What the parsed words ask for. Throws Error (kUsage).
  const AnimateOptions& resolve();

  /// Runs with the flags that were parsed out of `command`; returns the exit code. Throws Error.
  int run(const std::vector<std::string>& command, const std::atomic<bool>& stop);

 private:
  bool given(const char* option) const { return app_->count(option) > 0; }
  void add_everyday_options();
  void add_running_options();

  CLI::App* app_;
  AnimateOptions options_;
  AnimationFlags animation_;
  ConsoleOptions console_;
  std::vector<std::string> pictures_;
  std::string output_;
  std::string size_;
  std::string memory_;
  std::optional<std::string> fuzz_;
  double max_megapixels_ = 128;
};

}  // namespace smalti::cli

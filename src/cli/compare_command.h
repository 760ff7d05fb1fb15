#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <string>
#include <vector>

#include "cli/console.h"
#include "smalti/compare.h"

namespace smalti::cli {

/// `smalti compare`: its flags, and what becomes of them.
class CompareCommand {
 public:
  /// Adds the command to the program. The App must not outlive it.
  explicit CompareCommand(CLI::App& program);

  /// What the parsed words ask for. Throws Error (kUsage).
  CompareOptions resolve() const;

  /// Runs with the flags that were parsed out of `command`; returns the exit code. Throws Error.
  int run(const std::vector<std::string>& command, const std::atomic<bool>& stop);

 private:
  bool given(const char* option) const { return app_->count(option) > 0; }
  void check_arguments() const;

  CLI::App* app_;
  CompareOptions options_;
  ConsoleOptions console_;
  std::string target_;
  std::string mosaic_;
  std::string tile_aspect_;
  int max_megapixels_ = 128;
  bool json_ = false;
};

}  // namespace smalti::cli

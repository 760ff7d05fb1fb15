#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <string>
#include <vector>

#include "cli/console.h"
#include "smalti/splice.h"

namespace smalti::cli {

/// `smalti splice`: its flags, and what becomes of them.
class SpliceCommand {
 public:
  /// Adds the command to the program. The App must not outlive it.
  explicit SpliceCommand(CLI::App& program);

  const CLI::App& app() const { return *app_; }

  /// What the parsed words ask for. Throws Error (kUsage).
  SpliceOptions resolve() const;

  /// Runs with the flags that were parsed; returns the exit code. Throws Error.
  int run(const std::atomic<bool>& stop);

 private:
  void add_everyday_options();
  void add_run_options();

  bool given(const char* option) const { return app_->count(option) > 0; }
  void check_arguments() const;
  int tell(const SpliceSummary& summary, const Events& events) const;

  CLI::App* app_;
  SpliceOptions options_;
  ConsoleOptions console_;
  std::vector<std::string> videos_;
  std::string output_;
  std::string every_;
  std::string size_;
  std::string tile_aspect_;
};

}  // namespace smalti::cli

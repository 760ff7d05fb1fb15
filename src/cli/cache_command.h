#pragma once

#include <CLI/CLI.hpp>

namespace smalti::cli {

/// `smalti cache info|clear`.
class CacheCommand {
 public:
  /// Adds the commands to the program. The App must not outlive them.
  explicit CacheCommand(CLI::App& program);

  CLI::App& app() const { return *cache_; }

  /// Runs the one that was parsed; returns the exit code. Throws Error.
  int run();

 private:
  CLI::App* cache_;
  CLI::App* info_;
  CLI::App* clear_;
  bool json_ = false;
};

}  // namespace smalti::cli

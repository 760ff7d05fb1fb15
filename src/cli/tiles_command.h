#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <string>
#include <vector>

#include "cli/console.h"

namespace smalti::cli {

/// `smalti tiles build|info|check|export`.
class TilesCommand {
 public:
  /// Adds the commands to the program. The App must not outlive them.
  explicit TilesCommand(CLI::App& program);

  CLI::App& app() const { return *tiles_; }

  /// Runs the one that was parsed; returns the exit code. Throws Error.
  int run(const std::atomic<bool>& stop);

 private:
  void add_build();
  void add_info();
  void add_check();
  void add_export();
  void add_running(CLI::App& app);

  int build(Console& console) const;
  int info(Console& console) const;
  int check() const;
  int export_pictures(Console& console) const;

  CLI::App* tiles_;
  CLI::App* build_;
  CLI::App* info_;
  CLI::App* check_;
  CLI::App* export_;
  ConsoleOptions console_;
  std::vector<std::string> sources_;
  std::string library_;
  std::string folder_;
  bool all_frames_ = false;
  int threads_ = 0;
  bool json_ = false;
  bool repair_ = false;
};

}  // namespace smalti::cli

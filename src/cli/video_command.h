#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/job_flags.h"
#include "smalti/video_mosaic.h"

namespace smalti::cli {

/// `smalti video`: its flags, and what becomes of them.
class VideoCommand {
 public:
  /// Adds the command to the program. The App must not outlive it.
  explicit VideoCommand(CLI::App& program);

  /// What the parsed words name as the target; empty when they name none.
  std::string target() const { return flags_.target(); }

  /// What the parsed words ask for. Throws Error (kUsage).
  const VideoMosaicOptions& resolve();

  /// Runs with the flags that were parsed out of `command`; returns the exit code. Throws Error.
  int run(const std::vector<std::string>& command, const std::atomic<bool>& stop);

 private:
  void add_everyday_options();
  void add_time_options();
  void add_encoding_options();
  void add_run_options();

  void refuse_options_without_effect() const;
  int make(const std::vector<std::string>& command, Console& console) const;
  int preview(Console& console) const;
  int dry_run(Console& console) const;

  CLI::App* app_;
  VideoMosaicOptions options_;
  JobFlags flags_;
  bool dry_run_ = false;
  bool preview_ = false;
  std::string start_;
  std::string duration_;
  std::string fps_;
  std::string encoder_;
  std::string preset_;
  std::vector<std::string> encoder_options_;
};

}  // namespace smalti::cli

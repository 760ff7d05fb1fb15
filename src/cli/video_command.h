#pragma once

#include <CLI/CLI.hpp>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/console.h"
#include "smalti/video_mosaic.h"

namespace smalti::cli {

/// `smalti video`: its flags, and what becomes of them.
class VideoCommand {
 public:
  /// Adds the command to the program. The App must not outlive it.
  explicit VideoCommand(CLI::App& program);

  /// Runs with the flags that were parsed out of `command`; returns the exit code. Throws Error.
  int run(const std::vector<std::string>& command, const std::atomic<bool>& stop);

 private:
  void add_everyday_options();
  void add_grid_options();
  void add_time_options();
  void add_encoding_options();
  void add_run_options();

  bool given(const char* option) const { return app_->count(option) > 0; }
  void check_arguments() const;
  void refuse_options_without_effect() const;
  VideoMosaicOptions options() const;
  int make(const VideoMosaicOptions& options, const std::vector<std::string>& command,
           Console& console) const;
  int preview(const VideoMosaicOptions& options, Console& console) const;
  int dry_run(const VideoMosaicOptions& options, Console& console) const;

  CLI::App* app_;
  VideoMosaicOptions options_;
  ConsoleOptions console_;
  std::string target_;
  std::vector<std::string> tiles_;
  bool dry_run_ = false;
  bool preview_ = false;
  std::string memory_;
  std::string output_;
  std::string savepath_;
  std::string report_;
  std::string tile_size_;
  std::string tile_aspect_;
  std::string size_;
  std::string start_;
  std::string duration_;
  std::string fps_;
  std::string encoder_;
  std::string preset_;
  std::vector<std::string> encoder_options_;
};

}  // namespace smalti::cli

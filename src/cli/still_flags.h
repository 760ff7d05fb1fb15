#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "smalti/mosaic_job.h"

namespace smalti::cli {

/// The flags of commands whose target is one picture.
class StillFlags {
 public:
  /// Values go to `options`, at the latest in resolve(). Both must outlive the flags.
  StillFlags(CLI::App& app, StillOptions& options) : app_(app), options_(options) {}

  /// --at, an everyday flag.
  void add_time();
  /// --fit and --max-megapixels.
  void add_target();
  /// Throws Error (kUsage) for values out of form.
  void resolve();

 private:
  CLI::App& app_;
  StillOptions& options_;
  std::string at_;
  double max_megapixels_ = 128;
};

}  // namespace smalti::cli

#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "smalti/scales.h"

namespace smalti::cli {

/// The flags of commands that make mosaics of one picture at several scales.
class ScalesFlags {
 public:
  /// Values go to `options`, at the latest in resolve(). Both must outlive the flags.
  ScalesFlags(CLI::App& app, ScalesOptions& options) : app_(app), options_(options) {}

  /// --min-scale and --max-scale.
  void add_scales();
  /// --size; its help.
  void add_size(const std::string& help);
  /// Throws Error (kUsage) for values out of form.
  void resolve();

 private:
  CLI::App& app_;
  ScalesOptions& options_;
  std::string size_;
};

}  // namespace smalti::cli

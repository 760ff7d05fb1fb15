#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/terminal_text.h"
#include "smalti/animation.h"

namespace smalti::cli {

/// The flags of commands that write animations: rate, colours, and how large the file may become.
class AnimationFlags {
 public:
  /// Values go to `options`, at the latest in resolve(). Both must outlive the flags.
  AnimationFlags(CLI::App& app, AnimationOptions& options) : app_(app), options_(options) {}

  /// --fps, an everyday flag.
  void add_rate(const std::string& by_default);
  /// --max-file-size, --colors and --dither.
  void add_file();
  /// Throws Error (kUsage) for values out of form.
  void resolve();

 private:
  CLI::App& app_;
  AnimationOptions& options_;
  std::string fps_;
  std::string max_bytes_;
  Dither dither_ = Dither::kBayer;
};

/// "21 frames of 800x534 pixels, 7.1 MB, 256 colours, 0:07", and what was done to make it fit.
TerminalText animation_text(const AnimationSummary& summary);

/// A line that says how to make the file smaller.
TerminalText smaller_text(const AnimationSummary& summary);

}  // namespace smalti::cli

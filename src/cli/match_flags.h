#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "smalti/match_options.h"

namespace smalti::cli {

/// The flags that say what of cells and tiles is compared.
class MatchFlags {
 public:
  /// Adds them to a group of the command's help; values go to `options`. Both must outlive the
  /// flags.
  MatchFlags(CLI::App& app, const char* group, MatchOptions& options);

  /// Throws Error (kUsage) for flags that have no effect together.
  void resolve();

 private:
  CLI::App& app_;
  MatchOptions& options_;
  double factor_ = 1;  // of the older name
};

/// The flags that would choose these, each with a space before it; empty for the defaults.
std::string match_text(const MatchOptions& options);

}  // namespace smalti::cli

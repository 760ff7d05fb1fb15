#pragma once

#include <CLI/CLI.hpp>

#include "cli/console.h"

/// The flags of how a command runs and speaks, alike in all that have them.
namespace smalti::cli {

inline constexpr const char* kRunGroup = "Running";

/// -j,--threads: 0, the default, is one a processor.
void add_threads(CLI::App& app, int& threads, const char* group = kRunGroup);
void add_quiet(CLI::App& app, ConsoleOptions& console, const char* text = "Print errors only");
void add_progress(CLI::App& app, ConsoleOptions& console, const char* group = kRunGroup);
void add_verbose(CLI::App& app, ConsoleOptions& console, const char* group = kRunGroup);

/// Throws Error (kUsage) for --verbose or --progress beside --quiet.
void check_console(const CLI::App& app);

}  // namespace smalti::cli

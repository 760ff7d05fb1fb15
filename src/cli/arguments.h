#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

/// What every command does with its arguments beyond CLI11.
namespace smalti::cli {

/// Gives a command --help and --help-all, and lets unknown arguments through for check_extras.
void prepare(CLI::App& app);

/// Throws Error (kUsage) for the first argument the command does not know, naming the option that
/// may have been meant.
void check_extras(const CLI::App& app);

void exclude_each_other(const std::vector<CLI::Option*>& options);

/// The word as a POSIX shell takes it for itself, in quotes where it needs them.
std::string shell_word(const std::string& word);

/// `smalti video -t photos/ clip.mp4`: --tiles takes all that follows it, the target too. Gives the
/// last of several back to a target that is missing.
void take_target_from(std::vector<std::string>& tiles, std::string& target);

}  // namespace smalti::cli

#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

/// What every command does with its arguments beyond CLI11.
namespace smalti::cli {

/// Adds a command with --help and --help-all, which lets unknown arguments through for
/// check_extras. `usage` is how it is called, `footer` ends its help.
CLI::App* add_command(CLI::App& parent, const char* name, const char* about, const char* usage,
                      const char* footer = "");

/// Null for an option that the command does not have.
CLI::Option* find_option(CLI::App& app, const char* name);
const CLI::Option* find_option(const CLI::App& app, const char* name);

/// False for an option that the command does not have.
bool given(const CLI::App& app, const char* option);

/// Throws Error (kUsage): `option` has no effect with `beside`.
[[noreturn]] void refuse_without_effect(const std::string& option, const std::string& beside);

/// Throws Error (kUsage) for the first argument the command does not know, naming the option that
/// may have been meant, or for a word too many with `words`, what the command takes besides
/// options.
void check_extras(const CLI::App& app,
                  const std::string& words = "there is one target; pictures follow --tiles");

/// A check for options that take a number: lets through what is written in decimal, without spaces,
/// plus or leading zeros, and lies in the range. What it says of all else names the range.
/// (CLI::Range lets nan through, and CLI11 reads 010 as 8.)
template <typename Number>
CLI::Validator in_range(Number least, Number most);
/// The same for numbers from `least` to below `end`.
CLI::Validator in_range_below(double least, double end);

/// Flags take no value but `true` and `false`. For a program with all its commands.
void refuse_values_of_flags(CLI::App& program);

void exclude_each_other(const std::vector<CLI::Option*>& options);

/// The word as a shell takes it for itself, in quotes where it needs them: printable, whatever is
/// in it, and then in those that bash, zsh and POSIX of 2024 know.
std::string shell_word(const std::string& word);

/// An output's name with what it names filled in: {stem} by the target's name without folder and
/// extension, {scale} by --scale. Throws Error (kUsage) for {scale} without one.
std::string expand_name(const std::string& name, const std::string& target,
                        std::optional<int> scale);

/// The older spelling of such a name, with %s for {stem} and %d for {scale}.
std::string modern_name(std::string name);

/// `smalti video -t photos/ clip.mp4`: --tiles takes all that follows it, the target too. Gives the
/// last of several back to a target that is missing.
void take_target_from(std::vector<std::string>& tiles, std::string& target);

}  // namespace smalti::cli

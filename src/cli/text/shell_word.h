#pragma once

#include <string>

namespace smalti::cli {

/// The word as a shell takes it for itself, in quotes where it needs them: printable, whatever is
/// in it, and then in those that bash, zsh and POSIX of 2024 know.
std::string shell_word(const std::string& word);

}  // namespace smalti::cli

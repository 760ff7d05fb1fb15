#pragma once

#include <string>
#include <variant>
#include <vector>

#include "cli/flags/call.h"

namespace smalti::cli {

/// What is asked for instead of a run: help, or the version.
using Answer = std::string;

/// Reads a command line by the table and the list of commands. The first word is a command, or an
/// option of the program itself. Throws Error (kUsage) for what cannot be taken apart; whether
/// values have the right form, and words that are neither options nor values, are Call's concern
/// but for what is found by the way.
std::variant<Call, Answer> parse(const std::vector<std::string>& words);

}  // namespace smalti::cli

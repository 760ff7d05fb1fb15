#pragma once

#include <string>

#include "cli/commands/command.h"

namespace smalti::cli {

/// What `smalti --help` prints.
std::string program_help();

/// What a command is for, how it is called, its options and examples. Every option shows its short
/// and its first long name; further long names are aliases for those who know them. `all`: not the
/// everyday options alone.
std::string command_help(const Command& command, bool all);

/// Of the program: what it is for, how it is called, and what ends its help.
extern const char* const kProgramAbout;
extern const char* const kProgramUsage;
extern const char* const kProgramFooter;

}  // namespace smalti::cli

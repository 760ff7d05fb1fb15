#include <fmt/format.h>

#include <array>

#include "cli/commands/commands.h"
#include "smalti/error.h"

namespace smalti::cli {
namespace {

constexpr std::array kCommands = {
    &kVideoCommand,       &kImageCommand,      &kCompareCommand,   &kSpliceCommand,
    &kTilesCommand,       &kTilesBuildCommand, &kTilesInfoCommand, &kTilesCheckCommand,
    &kTilesExportCommand, &kCacheCommand,      &kCacheInfoCommand, &kCacheClearCommand,
    &kTryCommand,         &kSweepCommand,      &kAnimateCommand,   &kExploreCommand};

}  // namespace

std::span<const Command* const> all_commands() { return kCommands; }

const Command& command_of(Commands id) {
  for (const Command* command : kCommands)
    if (command->id == id) return *command;
  throw std::logic_error("there is no such command");
}

}  // namespace smalti::cli

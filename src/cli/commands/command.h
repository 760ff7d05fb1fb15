#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace smalti::cli {

class Call;

/// Commands, or sets of them.
using Commands = std::uint32_t;
inline constexpr Commands kVideo = 1U << 0U;
inline constexpr Commands kImage = 1U << 1U;
inline constexpr Commands kCompare = 1U << 2U;
inline constexpr Commands kSplice = 1U << 3U;
inline constexpr Commands kTilesAlone = 1U << 4U;
inline constexpr Commands kTilesBuild = 1U << 5U;
inline constexpr Commands kTilesInfo = 1U << 6U;
inline constexpr Commands kTilesCheck = 1U << 7U;
inline constexpr Commands kTilesExport = 1U << 8U;
inline constexpr Commands kCacheAlone = 1U << 9U;
inline constexpr Commands kCacheInfo = 1U << 10U;
inline constexpr Commands kCacheClear = 1U << 11U;
inline constexpr Commands kSweep = 1U << 12U;
inline constexpr Commands kAnimate = 1U << 13U;
inline constexpr Commands kExplore = 1U << 14U;
inline constexpr Commands kTry = 1U << 15U;

/// Those that make mosaics of several scales, of one picture, of a target.
inline constexpr Commands kScales = kSweep | kExplore;
inline constexpr Commands kStills = kImage | kScales | kTry;
inline constexpr Commands kMosaics = kVideo | kStills;
/// Those of them that have one look.
inline constexpr Commands kLooked = kMosaics & ~kTry;

/// The program's arguments, its name first, and what turns true when the run is to end.
struct Run {
  const std::vector<std::string>& words;
  const std::atomic<bool>& stop;
};

/// All of a command but its options.
struct Command {
  Commands id;
  const char* name;   ///< "video", "tiles build"
  const char* about;  ///< in a line
  const char* usage;
  const char* footer = "";  ///< of its help
  /// What to do about a word that it does not take.
  const char* one_too_many = "there is one target; pictures follow --tiles";
  bool has_groups = true;                        ///< otherwise all of its options are everyday ones
  int (*run)(const Call& call, const Run& run);  ///< returns the exit code; throws Error
};

/// The one list of commands (list.cpp), in help's order; those of a command behind it.
std::span<const Command* const> all_commands();

const Command& command_of(Commands id);

}  // namespace smalti::cli

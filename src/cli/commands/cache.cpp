#include <filesystem>

#include "cli/commands/commands.h"
#include "cli/flags/notation.h"
#include "cli/text/library_text.h"
#include "smalti/error.h"
#include "smalti/tile_cache.h"

namespace smalti::cli {
namespace {

constexpr const char* kForm = "`smalti cache --help` shows how it is called";

constexpr const char* kFooter = R"(
Folders and videos that gave tiles are remembered here, so that the next use starts at once.
--no-cache does without. Nothing in it is lost for good: it is made anew when it is needed.
)";

std::filesystem::path folder() {
  if (const auto folder = cache_folder()) return *folder;
  throw Error(ErrorKind::kMissingInput, "there is no cache: neither XDG_CACHE_HOME nor HOME is set",
              "name a folder for it in XDG_CACHE_HOME");
}

int run_info(const Call& call, const Run& /*run*/) {
  Wishes wishes;
  call.fill(Structs(wishes));
  const std::string name = folder().string();
  const auto libraries = inspect_cache(folder());
  print_result(wishes.json ? cache_json(name, libraries) : cache_text(name, libraries));
  return 0;
}

int run_clear(const Call& /*call*/, const Run& /*run*/) {
  const CacheClearing clearing = clear_cache(folder());
  print_result(shown("{} removed, {} freed{}\n", counted(clearing.removed, "library", "libraries"),
                     bytes_text(clearing.bytes),
                     clearing.in_use == 0
                         ? TerminalText()
                         : shown("; {} in use by other programs", clearing.in_use)));
  return 0;
}

int run_alone(const Call& /*call*/, const Run& /*run*/) {
  throw Error(ErrorKind::kUsage, "`smalti cache` does nothing by itself",
              "it has info and clear: `smalti cache --help`");
}

}  // namespace

const Command kCacheCommand = {.id = kCacheAlone,
                               .name = "cache",
                               .about = "Show or clear what is remembered of tile sources",
                               .usage = "smalti cache info|clear",
                               .footer = kFooter,
                               .one_too_many = kForm,
                               .has_groups = false,
                               .run = run_alone};

const Command kCacheInfoCommand = {.id = kCacheInfo,
                                   .name = "cache info",
                                   .about = "Show where it is, and what is in it",
                                   .usage = "smalti cache info [--json]",
                                   .one_too_many = kForm,
                                   .has_groups = false,
                                   .run = run_info};

const Command kCacheClearCommand = {.id = kCacheClear,
                                    .name = "cache clear",
                                    .about = "Remove all that nobody is using",
                                    .usage = "smalti cache clear",
                                    .one_too_many = kForm,
                                    .has_groups = false,
                                    .run = run_clear};

}  // namespace smalti::cli

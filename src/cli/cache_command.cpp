#include "cli/cache_command.h"

#include <filesystem>
#include <memory>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/help.h"
#include "cli/library_text.h"
#include "cli/values.h"
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

}  // namespace

CacheCommand::CacheCommand(CLI::App& program)
    : cache_(add_command(program, "cache", "Show or clear what is remembered of tile sources",
                         "smalti cache info|clear", kFooter)),
      info_(add_command(*cache_, "info", "Show where it is, and what is in it",
                        "smalti cache info [--json]")),
      clear_(
          add_command(*cache_, "clear", "Remove all that nobody is using", "smalti cache clear")) {
  info_->add_flag("--json", json_, "Print one JSON object")->group(kEveryday);
}

int CacheCommand::run() {
  if (cache_->got_subcommand(info_)) {
    check_extras(*info_, kForm);
    const std::string name = folder().string();
    const auto libraries = inspect_cache(folder());
    print_result(json_ ? cache_json(name, libraries) : cache_text(name, libraries));
    return 0;
  }
  if (cache_->got_subcommand(clear_)) {
    check_extras(*clear_, kForm);
    const CacheClearing clearing = clear_cache(folder());
    print_result(
        shown("{} removed, {} freed{}\n", counted(clearing.removed, "library", "libraries"),
              bytes_text(clearing.bytes),
              clearing.in_use == 0 ? TerminalText()
                                   : shown("; {} in use by other programs", clearing.in_use)));
    return 0;
  }
  check_extras(*cache_, kForm);
  throw Error(ErrorKind::kUsage, "`smalti cache` does nothing by itself",
              "it has info and clear: `smalti cache --help`");
}

}  // namespace smalti::cli

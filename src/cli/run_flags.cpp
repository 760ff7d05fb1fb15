#include "cli/run_flags.h"

#include <map>
#include <string>

#include "cli/arguments.h"
#include "cli/help.h"

namespace smalti::cli {
namespace {

const std::map<std::string, ProgressStyle> kProgressStyles = {{"auto", ProgressStyle::kAuto},
                                                              {"plain", ProgressStyle::kPlain},
                                                              {"json", ProgressStyle::kJson},
                                                              {"off", ProgressStyle::kOff}};

}  // namespace

void add_threads(CLI::App& app, int& threads, const char* group) {
  app.add_option("-j,--threads", threads, "Threads to use (default: one a processor)")
      ->type_name("N")
      ->group(group)
      ->check(in_range(1, 1024));
}

void add_quiet(CLI::App& app, ConsoleOptions& console, const char* text) {
  app.add_flag("-q,--quiet", console.quiet, text)->group(kEveryday);
}

void add_progress(CLI::App& app, ConsoleOptions& console, const char* group) {
  app.add_option("--progress", console.progress,
                 "auto (a bar on a terminal, otherwise lines), plain, json (one object a line on "
                 "standard output) or off")
      ->type_name("STYLE")
      ->group(group)
      ->transform(CLI::CheckedTransformer(kProgressStyles, CLI::ignore_case).description(""));
}

void add_verbose(CLI::App& app, ConsoleOptions& console, const char* group) {
  app.add_flag("-v,--verbose", console.verbose, "Print details, and what the codecs say")
      ->group(group);
}

void check_console(const CLI::App& app) {
  for (const char* option : {"--verbose", "--progress"})
    if (given(app, option) && given(app, "--quiet")) refuse_without_effect(option, "--quiet");
}

}  // namespace smalti::cli

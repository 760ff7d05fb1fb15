#include "cli/app.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/compare_command.h"
#include "cli/help.h"
#include "cli/suggest.h"
#include "cli/video_command.h"
#include "smalti/error.h"

namespace smalti::cli {
namespace {

constexpr const char* kAbout =
    "smalti makes mosaics of your own pictures: videos that keep their sound.";
constexpr const char* kProgramUsage =
    "smalti [video] TARGET --tiles PHOTOS [--output OUT] [options]";
constexpr const char* kProgramFooter = R"(
Examples:
  smalti video beach.mp4 -t photos/ -o mosaic.mp4
  smalti beach.mp4 -t photos/            the same, written to beach-mosaic.mp4
  smalti compare beach.mp4 mosaic.mp4    how close the mosaic is
  smalti video --help                    the options for everyday

Exit codes: 0 done, 1 failure, 2 wrong usage, 65 unusable input, 66 input missing,
73 output in the way, 74 read or write error, 130 and 143 stopped by a signal.
)";

const std::vector<std::string> kCommands = {"video", "compare"};

bool is_command(const std::string& word) {
  return std::find(kCommands.begin(), kCommands.end(), word) != kCommands.end();
}

// A first word that is neither command nor file, but nearly a command.
void refuse_misspelt_command(const std::string& word) {
  std::error_code error;
  if (word.starts_with("-") || std::filesystem::exists(word, error)) return;
  if (const auto meant = did_you_mean(word, kCommands))
    throw Error(ErrorKind::kUsage, fmt::format("there is no command '{}'", word),
                fmt::format("did you mean `smalti {}`?", *meant));
}

// `smalti TARGET ...` is short for the command that fits the target.
std::vector<std::string> with_command(std::vector<std::string> words) {
  static const std::vector<std::string> kProgramFlags = {"-h", "--help", "--help-all", "--version"};
  if (words.empty()) return {"--help"};
  const std::string& first = words.front();
  if (is_command(first) ||
      std::find(kProgramFlags.begin(), kProgramFlags.end(), first) != kProgramFlags.end())
    return words;
  refuse_misspelt_command(first);
  words.insert(words.begin(), "video");
  return words;
}

}  // namespace

int run(int argc, char** argv, const std::atomic<bool>& stop) {
  CLI::App program(kAbout, "smalti");
  program.formatter(std::make_shared<HelpFormatter>(kProgramUsage));
  program.footer(kProgramFooter);
  program.set_help_flag("-h,--help", "Print this help");
  program.set_version_flag("--version", "smalti " SMALTI_VERSION);
  const std::vector<std::string> command(argv, argv + argc);
  VideoCommand video(program);
  CompareCommand compare(program);
  const std::map<std::string, std::function<int()>> runs = {
      {"video", [&] { return video.run(command, stop); }},
      {"compare", [&] { return compare.run(command, stop); }}};

  std::vector<std::string> words = with_command({command.begin() + 1, command.end()});
  const std::string name = words.front();
  std::reverse(words.begin(), words.end());  // as CLI11 wants them
  try {
    program.parse(words);
  } catch (const CLI::Success& success) {
    return program.exit(success);
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorKind::kUsage, error.what(),
                fmt::format("`smalti {}--help` shows how it is called",
                            is_command(name) ? name + " " : ""));
  }
  return runs.at(name)();
}

}  // namespace smalti::cli

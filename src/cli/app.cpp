#include "cli/app.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/program.h"
#include "cli/suggest.h"
#include "smalti/error.h"
#include "smalti/photomosaic.h"

namespace smalti::cli {
namespace {

bool is_one_of(const std::string& word, const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// A first word that is neither command nor file, but nearly a command.
void refuse_misspelt_command(const std::string& word, const std::vector<std::string>& commands) {
  std::error_code error;
  if (word.starts_with("-") || std::filesystem::exists(word, error)) return;
  if (const auto meant = did_you_mean(word, commands))
    throw Error(ErrorKind::kUsage, fmt::format("there is no command '{}'", word),
                fmt::format("did you mean `smalti {}`?", *meant));
}

// Which of the words is the target depends on which options take a value, so each command is asked.
std::string command_for_target(const std::vector<std::string>& words) {
  const auto names_still = [&](const char* command, const auto& target_of) {
    Program program;
    std::vector<std::string> all = words;
    all.insert(all.begin(), command);
    try {
      program.parse(all);
    } catch (const CLI::Error&) {
      return false;  // help, or wrong for this command
    }
    const std::string target = target_of(program);
    return !target.empty() && is_still(target);
  };
  const bool still =
      names_still("image", [](const Program& program) { return program.image.target(); }) ||
      names_still("video", [](const Program& program) { return program.video.target(); });
  return still ? "image" : "video";
}

// `smalti TARGET ...` is short for the command that fits the target.
std::vector<std::string> with_command(std::vector<std::string> words,
                                      const std::vector<std::string>& commands) {
  if (words.empty()) return {"--help"};
  const std::string& first = words.front();
  if (is_one_of(first, commands) || is_one_of(first, {"-h", "--help", "--help-all", "--version"}))
    return words;
  refuse_misspelt_command(first, commands);
  words.insert(words.begin(), command_for_target(words));
  return words;
}

}  // namespace

int run(int argc, char** argv, const std::atomic<bool>& stop) {
  Program program;
  const std::vector<std::string> command(argv, argv + argc);
  const std::vector<std::string> words =
      with_command({command.begin() + 1, command.end()}, program.commands());
  try {
    program.parse(words);
  } catch (const CLI::Success& success) {
    std::ostringstream wanted;  // help or the version
    program.app.exit(success, wanted, wanted);
    print_result(shown_lines(wanted.str()));
    return 0;
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorKind::kUsage, error.what(),
                fmt::format("`smalti {} --help` shows how it is called", words.front()));
  }
  return program.run(command, stop);
}

}  // namespace smalti::cli

#include "cli/app.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/flags/naming.h"
#include "cli/flags/parser.h"
#include "cli/flags/suggest.h"
#include "cli/text/console.h"
#include "smalti/error.h"

namespace smalti::cli {
namespace {

bool is_one_of(const std::string& word, const std::vector<std::string>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Those that may be a first word.
std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const Command* command : all_commands())
    if (const std::string name = command->name; name.find(' ') == std::string::npos)
      names.push_back(name);
  return names;
}

// A first word that is neither command nor file, but nearly a command.
void refuse_misspelt_command(const std::string& word) {
  std::error_code error;
  if (word.starts_with("-") || std::filesystem::exists(word, error)) return;
  if (const auto meant = did_you_mean(word, command_names()))
    throw Error(ErrorKind::kUsage, fmt::format("there is no command '{}'", word),
                fmt::format("did you mean `smalti {}`?", *meant));
}

// Whether the words, read as that command's, name a still.
bool names_still(const char* command, std::vector<std::string> words) {
  words.insert(words.begin(), command);
  std::string target;
  try {
    const auto asked = parse(words);
    if (const Call* call = std::get_if<Call>(&asked)) target = call->target();
  } catch (const Error&) {
    return false;  // wrong for this command
  }
  return !target.empty() && is_still(target);
}

// Which of the words is the target depends on which options take a value, so each command is asked.
std::string command_for_target(const std::vector<std::string>& words) {
  return names_still("image", words) || names_still("video", words) ? "image" : "video";
}

// `smalti TARGET ...` is short for the command that fits the target.
std::vector<std::string> with_command(std::vector<std::string> words) {
  if (words.empty()) return {"--help"};
  const std::string& first = words.front();
  if (is_one_of(first, command_names()) ||
      is_one_of(first, {"-h", "--help", "--help-all", "--version"}))
    return words;
  refuse_misspelt_command(first);
  words.insert(words.begin(), command_for_target(words));
  return words;
}

}  // namespace

int run(int argc, char** argv, const std::atomic<bool>& stop) {
  name_options();
  const std::vector<std::string> words(argv, argv + argc);
  const auto asked = parse(with_command({words.begin() + 1, words.end()}));
  if (const Answer* answer = std::get_if<Answer>(&asked)) {
    print_result(shown_lines(*answer));
    return 0;
  }
  const Call& call = std::get<Call>(asked);
  call.refuse_extras();
  return call.command().run(call, {words, stop});
}

}  // namespace smalti::cli

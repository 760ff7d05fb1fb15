// Numbers on the command line: every option that takes one, of every command.

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/program.h"
#include "smalti/error.h"
#include "support/workshop.h"

namespace smalti::cli {
namespace {

using test::says;

// What options that take no number call their values.
const std::set<std::string> kNoNumbers = {"PATH",   "FILE",  "FILE.json", "FOLDER",
                                          "NAME",   "STYLE", "PAPER",     "LIBRARY",
                                          "SOURCE", "TEXT",  "KEY=VALUE", ""};

struct Command {
  std::vector<std::string> words;
  std::function<void(Program&)> resolve;
};

// How each is called with nothing else that could be wrong.
const std::map<std::string, Command> kCommands = {
    {"video", {{"video", "a.mp4", "-t", "t"}, [](Program& p) { p.video.resolve(); }}},
    {"image", {{"image", "a.png", "-t", "t"}, [](Program& p) { p.image.resolve(); }}},
    {"compare", {{"compare", "a.png", "b.png"}, [](Program& p) { p.compare.resolve(); }}},
    {"splice", {{"splice", "a.mp4", "-o", "o"}, [](Program& p) { p.splice.resolve(); }}},
    {"sweep", {{"sweep", "a.png", "-t", "t"}, [](Program& p) { p.sweep.resolve(); }}},
    {"animate", {{"animate", "a.png"}, [](Program& p) { p.animate.resolve(); }}},
    {"explore", {{"explore", "a.png", "-t", "t"}, [](Program& p) { p.explore.resolve(); }}},
    {"tiles", {{"tiles", "build", "t", "-o", "a.tiles"}, [](Program&) {}}},
    {"cache", {{"cache", "info"}, [](Program&) {}}},
};

// What is said of such a call; nothing when it is taken.
std::optional<std::string> complaint(const Command& command, const std::string& flag) {
  Program program;
  std::vector<std::string> words = command.words;
  if (says(flag, "--overlap")) words.emplace_back("--pages=A4");
  if (says(flag, "--seed")) words.emplace_back("--best-k=2");
  words.push_back(flag);
  try {
    program.parse(words);
    command.resolve(program);
  } catch (const CLI::ParseError& error) {
    return error.what();
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kUsage);
    return std::string(error.what()) + " " + error.hint();
  }
  return std::nullopt;
}

// Calls `tell` with the command that an option belongs to.
void for_each_option(const std::function<void(const Command&, const CLI::Option&)>& tell) {
  const Program program;
  for (const std::string& name : program.commands()) {
    REQUIRE(kCommands.contains(name));
    const Command& command = kCommands.at(name);
    const CLI::App* app = program.app.get_subcommand(name);
    if (name == "tiles" || name == "cache") app = app->get_subcommand(command.words[1]);
    for (const CLI::Option* option : app->get_options())
      if (!option->get_lnames().empty()) tell(command, *option);
  }
}

TEST_CASE("no option takes what is no number, or one beyond its range, and says which it takes") {
  const std::vector<std::string> never = {
      "nan",  "-nan", "inf", "-inf", "1e308",  "-1", "9223372036854775808", "18446744073709551616",
      "0x10", " 5",   "5 ",  "+5",   "1e-320", ""};
  // 0 and the next number above it are as good as each other where 0 is taken.
  const std::set<std::string> as_zero = {"--opacity",    "--color-adjust",
                                         "--randomness", "--repeat-penalty",
                                         "--overlap",    "--stabilization-threshold",
                                         "--crf",        "--start",
                                         "--at"};
  int tried = 0;
  for_each_option([&](const Command& command, const CLI::Option& option) {
    if (option.get_items_expected_max() == 0 || kNoNumbers.contains(option.get_type_name())) return;
    const std::string name = "--" + option.get_lnames().front();
    for (const std::string& value : never) {
      if (value == "1e-320" && as_zero.contains(name)) continue;
      if (value == "9223372036854775808" && name == "--seed") continue;
      CAPTURE(command.words.front());
      CAPTURE(value);
      const auto said = complaint(command, name + "=" + value);
      CHECK_MESSAGE(said, name);
      if (said) CHECK_MESSAGE(says(*said, name.substr(2)), *said);
      if (said) CHECK_MESSAGE(!says(*said, "stod"), *said);
      ++tried;
    }
  });
  CHECK(tried > 800);
}

TEST_CASE("what is said names the range") {
  const auto said = [](const char* command, const std::string& flag) {
    return complaint(kCommands.at(command), flag).value_or("");
  };
  CHECK(said("video", "--opacity=nan") == "--opacity: 'nan' is no number from 0 to 1");
  CHECK(said("image", "--columns=0") == "--columns: '0' is no whole number from 1 to 1000000");
  CHECK(said("image", "--randomness=1") == "--randomness: '1' is no number from 0 to below 1");
  CHECK(says(said("image", "--memory=1"), "--memory"));
  CHECK(says(said("image", "--memory=1"), "from 1000000 "));
  CHECK(said("image", "--memory=1M").empty());
  CHECK(says(said("video", "--duration=0"), "from 0.001 "));
  CHECK(says(said("image", "--columns=010"), "no whole number"));
  CHECK(said("image", "--spacing=0").empty());
}

TEST_CASE("flags take no values") {
  int tried = 0;
  for_each_option([&](const Command& command, const CLI::Option& option) {
    if (option.get_items_expected_max() != 0) return;
    const std::string name = "--" + option.get_lnames().front();
    if (says(name, "--help")) return;
    for (const char* value : {"1e308", "nan", "2", "maybe", "-1"}) {
      const auto said = complaint(command, name + "=" + value);
      CAPTURE(command.words.front());
      CHECK_MESSAGE(said, name);
      if (said) CHECK_MESSAGE(says(*said, name.substr(2)), *said);
      ++tried;
    }
    CHECK_FALSE(says(complaint(command, name).value_or(""), "takes no"));
  });
  CHECK(tried > 100);
}

}  // namespace
}  // namespace smalti::cli

// Numbers on the command line: every option that takes one, of every command.

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/flags/parser.h"
#include "smalti/error.h"
#include "support/workshop.h"

namespace smalti::cli {
namespace {

using test::says;

// What options that take no number call their values.
const std::set<std::string> kNoNumbers = {"PATH",   "FILE",      "FILE.json", "FOLDER",
                                          "NAME",   "STYLE",     "PAPER",     "LIBRARY",
                                          "SOURCE", "KEY=VALUE", ""};

// How each command is called with nothing else that could be wrong, and what it makes of that.
struct Calling {
  std::vector<std::string> words;
  std::function<void(const Call&)> resolve;
};

const std::map<Commands, Calling> kCallings = {
    {kVideo, {{"video", "a.mp4", "-t", "t"}, video_request}},
    {kImage, {{"image", "a.png", "-t", "t"}, image_request}},
    {kCompare, {{"compare", "a.png", "b.png"}, compare_request}},
    {kSplice, {{"splice", "a.mp4", "-o", "o"}, splice_request}},
    {kTry, {{"try", "a.png", "-t", "t"}, try_request}},
    {kSweep, {{"sweep", "a.png", "-t", "t"}, sweep_request}},
    {kAnimate, {{"animate", "a.png"}, animate_request}},
    {kExplore, {{"explore", "a.png", "-t", "t", "--html=a"}, explore_request}},
    {kTilesBuild, {{"tiles", "build", "t", "-o", "a.tiles"}, tiles_request}},
    {kTilesInfo, {{"tiles", "info", "a.tiles"}, tiles_request}},
    {kTilesCheck, {{"tiles", "check", "a.tiles"}, tiles_request}},
    {kTilesExport, {{"tiles", "export", "a.tiles", "out"}, tiles_request}},
    {kCacheInfo, {{"cache", "info"}, [](const Call&) {}}},
    {kCacheClear, {{"cache", "clear"}, [](const Call&) {}}},
};

// What is said of such a call; nothing when it is taken.
std::optional<std::string> complaint(Commands command, const std::string& flag) {
  const Calling& calling = kCallings.at(command);
  std::vector<std::string> words = calling.words;
  if (says(flag, "--overlap")) words.emplace_back("--pages=A4");
  if (says(flag, "--seed")) words.emplace_back("--best-k=2");
  words.push_back(flag);
  try {
    calling.resolve(std::get<Call>(parse(words)));
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::kUsage);
    return std::string(error.what()) + " " + error.hint();
  }
  return std::nullopt;
}

// Calls `tell` with the command that an option belongs to.
void for_each_option(const std::function<void(const Command&, const Option&)>& tell) {
  for (const Command* command : all_commands())
    for (const Option* option : options_of(command->id)) {
      REQUIRE(kCallings.contains(command->id));
      if (option->name().starts_with("--")) tell(*command, *option);
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
  for_each_option([&](const Command& command, const Option& option) {
    if (option.value.is_flag() || kNoNumbers.contains(option.form)) return;
    const std::string name = option.name();
    for (const std::string& value : never) {
      if (value == "1e-320" && as_zero.contains(name)) continue;
      if (value == "9223372036854775808" && name == "--seed") continue;
      CAPTURE(command.name);
      CAPTURE(value);
      const auto said = complaint(command.id, name + "=" + value);
      CHECK_MESSAGE(said, name);
      if (said) CHECK_MESSAGE(says(*said, name.substr(2)), *said);
      if (said) CHECK_MESSAGE(!says(*said, "stod"), *said);
      ++tried;
    }
  });
  CHECK(tried > 800);
}

TEST_CASE("what is said names the range") {
  const auto said = [](Commands command, const std::string& flag) {
    return complaint(command, flag).value_or("");
  };
  CHECK(said(kVideo, "--opacity=nan").starts_with("--opacity: 'nan' is no number from 0 to 1 `"));
  CHECK(said(kImage, "--columns=0")
            .starts_with("--columns: '0' is no whole number from 1 to 1000000 `"));
  CHECK(said(kImage, "--randomness=1")
            .starts_with("--randomness: '1' is no number from 0 to below 1 `"));
  CHECK(says(said(kImage, "--memory=1"), "--memory"));
  CHECK(says(said(kImage, "--memory=1"), "from 1000000 "));
  CHECK(said(kImage, "--memory=1M").empty());
  CHECK(says(said(kVideo, "--duration=0"), "from 0.001 "));
  CHECK(says(said(kImage, "--columns=010"), "no whole number"));
  CHECK(said(kImage, "--spacing=0").empty());
}

TEST_CASE("flags take no values") {
  int tried = 0;
  for_each_option([&](const Command& command, const Option& option) {
    if (!option.value.is_flag()) return;
    const std::string name = option.name();
    for (const char* value : {"1e308", "nan", "2", "maybe", "-1"}) {
      const auto said = complaint(command.id, name + "=" + value);
      CAPTURE(command.name);
      CHECK_MESSAGE(said, name);
      if (said) CHECK_MESSAGE(says(*said, name.substr(2)), *said);
      ++tried;
    }
    CHECK_FALSE(says(complaint(command.id, name).value_or(""), "takes no"));
  });
  CHECK(tried > 100);
}

}  // namespace
}  // namespace smalti::cli

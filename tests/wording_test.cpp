// Messages from below the command line name options and commands as users know them.

#include "base/wording.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "cli/flags/naming.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;

// Names options for as long as it lives.
struct Named {
  Named() { cli::name_options(); }
  ~Named() {
    give_names([](std::string_view what) { return std::string(what); });
  }
};

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What the messages in a source name: what stands in braces in the literals that are worded.
std::set<std::string> names_in(const std::string& source) {
  static const std::regex kWorded(R"re(worded\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\))re");
  static const std::regex kName(R"re(\{([^}]*)\})re");
  std::set<std::string> names;
  for (std::sregex_iterator call(source.begin(), source.end(), kWorded), end; call != end; ++call) {
    const std::string joined = std::regex_replace((*call)[1].str(), std::regex(R"re("\s*")re"), "");
    for (std::sregex_iterator name(joined.begin(), joined.end(), kName); name != end; ++name)
      names.insert((*name)[1].str());
  }
  return names;
}

TEST_CASE("every option and command that a message names is in the table") {
  const Named named;
  std::set<std::string> all;
  std::size_t worded = 0;
  for (const auto& entry : fs::recursive_directory_iterator(SMALTI_SOURCES)) {
    if (entry.path().extension() != ".cpp") continue;
    const std::string source = text_of(entry.path());
    for (std::size_t at = source.find("worded("); at != std::string::npos;
         at = source.find("worded(", at + 1))
      ++worded;
    const std::set<std::string> names = names_in(source);
    CHECK_MESSAGE((names.empty() == (source.find("worded(") == std::string::npos)), entry.path());
    all.insert(names.begin(), names.end());
  }
  CHECK(worded > 50);
  CHECK(all.size() > 30);
  for (const std::string& name : all) {
    CAPTURE(name);
    const std::string given = with_names("{" + name + "}");
    CHECK(given == (name.starts_with("command ") ? "smalti " + name.substr(8) : "--" + name));
  }
}

TEST_CASE("names are filled in where they stand, and nothing else changes") {
  CHECK(worded("`{command tiles check} {repair}` keeps it") ==
        "`command tiles check repair` keeps it");
  const Named named;
  CHECK(worded("`{command tiles check} {repair}` keeps it") ==
        "`smalti tiles check --repair` keeps it");
  CHECK(worded("{size} or {enlarge}") == "--size or --enlarge");
  CHECK(worded("no name") == "no name");
  CHECK_THROWS_AS(worded("{sise}"), std::logic_error);
  CHECK_THROWS_AS(worded("{command tile}"), std::logic_error);
}

}  // namespace
}  // namespace smalti

// The man page tells of every command and option that help tells of.

#include "cli/text/man_page.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "cli/flags/option.h"

namespace smalti::cli {
namespace {

// As roff has it.
std::string with_dashes(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '-' ? std::string("\\-") : std::string(1, c);
  return out;
}

// What the page says from a command's heading to the next.
std::string section_of(const std::string& page, const Command& command) {
  const std::size_t begin = page.find(std::string(".SS smalti ") + command.name + "\n");
  REQUIRE(begin != std::string::npos);
  return page.substr(begin, page.find(".SS ", begin + 1) - begin);
}

TEST_CASE("the man page has every command with all of its options, and none that is hidden") {
  const std::string page = man_page();
  int told = 0;
  for (const Command* command : all_commands()) {
    const std::string section = section_of(page, *command);
    for (const Option* option : options_of(command->id)) {
      const std::string name = with_dashes(option->all_names().front());
      CAPTURE(command->name);
      CAPTURE(name);
      CHECK((section.find("\n\\fB" + name + "\\fR") != std::string::npos ||
             section.find("\n\\fI" + name + "\\fR") != std::string::npos) ==
            (option->group != Group::kHidden));
      ++told;
    }
  }
  CHECK(told > 200);
}

TEST_CASE("no line of the man page is taken for a request by accident") {
  std::istringstream lines(man_page());
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    const bool is_request = line.starts_with(".TH ") || line.starts_with(".SH ") ||
                            line.starts_with(".SS ") || line == ".PP" || line == ".TP" ||
                            line == ".br" || line == ".nf" || line == ".fi";
    CHECK((is_request || (!line.starts_with('.') && !line.starts_with('\''))));
  }
}

}  // namespace
}  // namespace smalti::cli

#include "cli/text/man_page.h"

#include <fmt/format.h>

#include <sstream>
#include <string_view>

#include "cli/flags/option.h"
#include "cli/text/help.h"

namespace smalti::cli {
namespace {

// Text that roff shows as it is; quotes and dashes too, which people copy.
std::string escaped(std::string_view text) {
  std::string out = text.starts_with('.') ? "\\&" : "";
  for (const char c : text) {
    switch (c) {
      case '\\':
        out += "\\e";
        break;
      case '-':
        out += "\\-";
        break;
      case '\'':
        out += "\\(aq";
        break;
      case '`':
        out += "\\(ga";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string bold(std::string_view text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + escaped(text) + "\\fR"; }

// The end of a help: paragraphs, and lines that begin with blanks and stand as they are.
std::string footer_text(std::string_view footer) {
  std::string out;
  bool is_example = false;
  std::istringstream lines{std::string(footer)};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("  ") != is_example) {
      is_example = !is_example;
      out += is_example ? ".nf\n" : ".fi\n";
    }
    out += line.empty() ? ".PP\n" : escaped(line) + "\n";
  }
  return out + (is_example ? ".fi\n" : "");
}

std::string names_of(const Option& option) {
  if (option.group == Group::kArgument) return italic(option.all_names().front());
  std::string names;
  for (const std::string& name : option.all_names())
    if (!name.starts_with("--")) names = bold(name) + ", ";
  names += bold(option.name());
  return *option.form == '\0' ? names : names + " " + italic(option.form);
}

std::string entry(const Option& option, Commands command) {
  return fmt::format(".TP\n{}\n{}\n", names_of(option), escaped(option.help.of(command)));
}

std::string command_text(const Command& command) {
  std::string out = fmt::format(".SS smalti {}\n{}\n.PP\n{}\n", escaped(command.name),
                                escaped(command.about), bold(command.usage));
  for (const Option* option : options_of(command.id))
    if (option->group == Group::kArgument) out += entry(*option, command.id);
  for (const OptionGroup& group : groups_of(command)) {
    out += fmt::format(".PP\n{}\n", bold(title(group.group)));
    for (const Option* option : group.options) out += entry(*option, command.id);
  }
  return out + footer_text(command.footer);
}

}  // namespace

std::string man_page() {
  std::string out = ".TH SMALTI 1 \"\" \"smalti " SMALTI_VERSION "\"\n";
  out += ".SH NAME\nsmalti \\- mosaics of your own pictures\n";
  out += fmt::format(".SH SYNOPSIS\n{}\n", bold(kProgramUsage));
  for (const Command* command : all_commands()) out += ".br\n" + bold(command->usage) + "\n";
  out +=
      fmt::format(".SH DESCRIPTION\n{}\n{}", escaped(kProgramAbout), footer_text(kProgramFooter));
  out += ".SH COMMANDS\n";
  out += "Every command takes " + bold("--help") + " and " + bold("--help-all") + "; " +
         bold("smalti --version") + " tells the version.\n";
  for (const Command* command : all_commands()) out += command_text(*command);
  return out;
}

}  // namespace smalti::cli

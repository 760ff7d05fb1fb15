#include "cli/text/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "cli/flags/option.h"

namespace smalti::cli {

const char* const kProgramAbout =
    "smalti makes mosaics of your own pictures: videos that keep their sound, and stills of any "
    "size.";
const char* const kProgramUsage =
    "smalti [video|image] TARGET --tiles PHOTOS [--output OUT] [options]";
const char* const kProgramFooter = R"(
Examples:
  smalti video beach.mp4 -t photos/ -o mosaic.mp4
  smalti image beach.jpg -t photos/ -o mosaic.jpg
  smalti beach.mp4 -t photos/            by what it is; written to beach-mosaic.mp4
  smalti splice holiday.mp4 -o tiles/    pictures of a video, to be tiles
  smalti compare beach.jpg mosaic.jpg    how close the mosaic is
  smalti tiles build photos/ -o my.tiles keep small copies of many pictures
  smalti try beach.jpg -t photos/        all looks on one sheet, to choose from
  smalti sweep beach.jpg -t photos/      what each scale looks like, as a GIF
  smalti explore beach.jpg -t photos/    the same, to look around in
  smalti video --help                    the options for everyday

Exit codes: 0 done, 1 failure, 2 wrong usage, 65 unusable input, 66 input missing,
73 output in the way, 74 read or write error, 129, 130 and 143 stopped by a signal.
)";

namespace {

constexpr std::size_t kTextColumn = 34;
constexpr std::size_t kWidth = 98;

// Breaks text between words, its lines standing at kTextColumn.
std::string wrapped(const std::string& text) {
  std::string out;
  std::size_t column = kTextColumn;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::size_t length = end - at;
    if (column > kTextColumn && column + 1 + length > kWidth) {
      out += "\n" + std::string(kTextColumn, ' ');
      column = kTextColumn;
    } else if (column > kTextColumn) {
      out += ' ';
      ++column;
    }
    out += text.substr(at, length);
    column += length;
    at = end + 1;
  }
  return out;
}

std::string row(const std::string& name, const std::string& text) {
  if (name.size() + 1 < kTextColumn)
    return fmt::format("{:<{}}{}\n", name, kTextColumn, wrapped(text));
  return fmt::format("{}\n{}{}\n", name, std::string(kTextColumn, ' '), wrapped(text));
}

std::string option_row(const Option& option, Commands command) {
  std::string name = "      ";
  for (const std::string& other : option.all_names())
    if (!other.starts_with("--")) name = fmt::format("  {}, ", other);
  name += option.name();
  if (*option.form != '\0') name += fmt::format(" {}", option.form);
  return row(name, option.help.of(command));
}

// Of a command, or without one of the program.
std::string commands_of(const std::string& parent) {
  std::string out;
  for (const Command* command : all_commands()) {
    const std::string_view name = command->name;
    const std::size_t space = name.rfind(' ');
    const bool is_within =
        space == std::string_view::npos ? parent.empty() : name.substr(0, space) == parent;
    if (is_within) out += row(fmt::format("  {}", name.substr(space + 1)), command->about);
  }
  return out.empty() ? out : "\nCommands:\n" + out;
}

}  // namespace

std::string program_help() {
  return fmt::format("{}\n\nUsage: {}\n{}{}", kProgramAbout, kProgramUsage, commands_of(""),
                     kProgramFooter);
}

std::string command_help(const Command& command, bool all) {
  std::string out =
      fmt::format("{}\n\nUsage: {}\n{}", command.about, command.usage, commands_of(command.name));
  if (all)
    out += "\nHelp:\n" + row("  -h, --help", "Print this help") +
           row("      --help-all", "Print all options");
  for (const OptionGroup& group : groups_of(command)) {
    if (!all && group.group != Group::kEveryday) continue;
    out += fmt::format("\n{}:\n", title(group.group));
    for (const Option* option : group.options) out += option_row(*option, command.id);
  }
  return out + command.footer;
}

}  // namespace smalti::cli

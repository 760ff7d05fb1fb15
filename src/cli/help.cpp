#include "cli/help.h"

#include <fmt/format.h>

#include <cstddef>
#include <vector>

namespace smalti::cli {
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

std::string option_row(const CLI::Option& option) {
  const auto& shorts = option.get_snames();
  const auto& longs = option.get_lnames();
  std::string name = shorts.empty() ? "      " : fmt::format("  -{}", shorts.front());
  if (!longs.empty()) name += fmt::format("{}--{}", shorts.empty() ? "" : ", ", longs.front());
  if (option.get_type_size() != 0) name += " " + option.get_type_name();
  return row(name, option.get_description());
}

std::string options_of(const CLI::App& app, bool all) {
  std::string out;
  for (const std::string& group : app.get_groups()) {
    if (group == kHidden || (!all && group != kEveryday)) continue;
    const auto options = app.get_options([&](const CLI::Option* option) {
      return option->get_group() == group && option->nonpositional() && !option->get_positional();
    });
    if (options.empty()) continue;
    out += fmt::format("\n{}:\n", group);
    for (const CLI::Option* option : options) out += option_row(*option);
  }
  return out;
}

std::string commands_of(const CLI::App& app) {
  std::string out;
  for (const CLI::App* command : app.get_subcommands({}))
    out += row("  " + command->get_name(), command->get_description());
  return out.empty() ? out : "\nCommands:\n" + out;
}

}  // namespace

std::string HelpFormatter::make_help(const CLI::App* app, std::string /*name*/,
                                     CLI::AppFormatMode mode) const {
  const bool all = mode == CLI::AppFormatMode::All;
  return fmt::format("{}\n\nUsage: {}\n{}{}{}", app->get_description(), usage_, commands_of(*app),
                     options_of(*app, all), app->get_footer());
}

}  // namespace smalti::cli

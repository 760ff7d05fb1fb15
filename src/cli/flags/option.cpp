#include "cli/flags/option.h"

#include <fmt/format.h>

namespace smalti::cli {

Words Option::all_names() const {
  Words all;
  std::string_view rest = names;
  for (bool more = true; more;) {
    const std::size_t comma = rest.find(',');
    all.emplace_back(rest.substr(0, comma));
    more = comma != std::string_view::npos;
    if (more) rest.remove_prefix(comma + 1);
  }
  return all;
}

std::string Option::name() const {
  const Words all = all_names();
  for (const std::string& name : all)
    if (name.starts_with("--")) return name;
  return all.front();
}

std::vector<const Option*> options_of(Commands command) {
  std::vector<const Option*> options;
  for (const Option& option : all_options())
    if ((option.commands & command) != 0) options.push_back(&option);
  return options;
}

Words long_names(Commands command) {
  Words names = {"--help", "--help-all"};
  for (const Option* option : options_of(command))
    for (const std::string& name : option->all_names())
      if (name.starts_with("--")) names.push_back(name);
  return names;
}

const char* title(Group group) {
  switch (group) {
    case Group::kEveryday:
      return "Everyday options";
    case Group::kFile:
      return "File";
    case Group::kGrid:
      return "Grid and canvas";
    case Group::kTiles:
      return "Tiles";
    case Group::kLook:
      return "Look";
    case Group::kTime:
      return "Time";
    case Group::kEncoding:
      return "Encoding";
    case Group::kRunning:
      return "Running";
    case Group::kPaper:
      return "File and paper";
    case Group::kHidden:
    case Group::kArgument:
      break;
  }
  return "";
}

std::vector<OptionGroup> groups_of(const Command& command) {
  std::vector<OptionGroup> groups;
  for (int g = 0; g < static_cast<int>(Group::kHidden); ++g) {
    OptionGroup group{static_cast<Group>(g), {}};
    for (const Option* option : options_of(command.id)) {
      const bool is_shown = option->group < Group::kHidden;
      const Group place = is_shown && !command.has_groups ? Group::kEveryday : option->group;
      if (place == group.group) group.options.push_back(option);
    }
    if (!group.options.empty()) groups.push_back(group);
  }
  return groups;
}

}  // namespace smalti::cli

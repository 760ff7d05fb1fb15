#include "cli/flags/parser.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <string_view>

#include "cli/text/help.h"
#include "smalti/error.h"

// All of CLI11: it takes words apart, and knows options by their names alone. What they mean is the
// table's.
namespace smalti::cli {
namespace {

// Where CLI11 leaves an option's words.
struct Slot {
  const Option* option = nullptr;
  CLI::Option* parsed = nullptr;
  bool on = false;
  std::string word;
  Words words;

  Words all() const {
    switch (option->value.count) {
      case Value::Count::kFlag:
      case Value::Count::kOff:
        return {on ? "true" : "false"};
      case Value::Count::kOne:
        return {word};
      case Value::Count::kOneEach:
      case Value::Count::kMany:
        break;
    }
    return words;
  }
};

struct ParsedCommand {
  const Command* command = nullptr;
  CLI::App* app = nullptr;
  std::deque<Slot> slots;  // CLI11 keeps their places
};

CLI::Option* add_to(CLI::App& app, Slot& slot) {
  const std::string names = slot.option->names;
  switch (slot.option->value.count) {
    case Value::Count::kFlag:
      return app.add_flag(names, slot.on);
    case Value::Count::kOff:
      slot.on = true;
      return app.add_flag("!" + names, slot.on);
    case Value::Count::kOne:
      return app.add_option(names, slot.word);
    case Value::Count::kOneEach:
      return app.add_option(names, slot.words)->allow_extra_args(false);
    case Value::Count::kMany:
      break;
  }
  return app.add_option(names, slot.words);
}

void add_option(ParsedCommand& command, const Option& option) {
  Slot& slot = command.slots.emplace_back();
  slot.option = &option;
  slot.parsed = add_to(*command.app, slot);
  if (!option.value.is_flag() && *option.form != '\0') slot.parsed->type_name(option.form);
  if (option.value.complaint)
    slot.parsed->check(CLI::Validator(
        [check = option.value.complaint](const std::string& word) { return check(word); }, ""));
}

// Null for an option that the command does not have. (CLI11's own search is noexcept and allocates:
// without memory it would end the program.)
CLI::Option* find(const ParsedCommand& command, std::string_view name) {
  for (const Slot& slot : command.slots)
    if (slot.option->name() == name) return slot.parsed;
  return nullptr;
}

void add_rules(const ParsedCommand& command) {
  for (const Slot& slot : command.slots) {
    for (const char* other : slot.option->rules.excludes)
      if (CLI::Option* excluded = find(command, other)) slot.parsed->excludes(excluded);
    if (const char* needed = slot.option->rules.needs) slot.parsed->needs(find(command, needed));
  }
}

// Flags take no value but `true` and `false`.
void refuse_values_of_flags(CLI::App& app) {
  const CLI::Validator no_value(
      [](const std::string& text) {
        return text == "true" || text == "false" ? "" : fmt::format("it takes no '{}'", text);
      },
      "");
  for (CLI::Option* option : app.get_options())
    if (!option->get_fnames().empty()) {
      option->disable_flag_override();  // of "no": CLI11 would turn the value round
    } else if (option->get_items_expected_max() == 0) {
      option->check(no_value);
    }
}

class Parser {
 public:
  Parser() : app_("", "smalti") {
    app_.set_help_flag("-h,--help", "");
    app_.set_version_flag("--version", "smalti " SMALTI_VERSION);
    for (const Command* command : all_commands()) add(*command);
    refuse_values_of_flags(app_);
    for (const ParsedCommand& command : commands_) refuse_values_of_flags(*command.app);
  }

  std::variant<Call, Answer> parse(Words words) {
    std::reverse(words.begin(), words.end());  // as CLI11 wants them
    try {
      app_.parse(words);
    } catch (const CLI::CallForVersion& version) {
      return fmt::format("{}\n", version.what());
    } catch (const CLI::CallForAllHelp&) {
      return help(true);
    } catch (const CLI::CallForHelp&) {
      return help(false);
    }
    return call();
  }

 private:
  // "tiles build" belongs to "tiles", which stands before it in the list.
  void add(const Command& command) {
    const std::string name = command.name;
    const std::size_t space = name.find(' ');
    CLI::App* parent = &app_;
    for (const ParsedCommand& before : commands_)
      if (space != std::string::npos && before.command->name == name.substr(0, space))
        parent = before.app;

    ParsedCommand& parsed = commands_.emplace_back();
    parsed.command = &command;
    parsed.app = parent->add_subcommand(space == std::string::npos ? name : name.substr(space + 1));
    parsed.app->set_help_flag("-h,--help", "");
    parsed.app->set_help_all_flag("--help-all", "");
    parsed.app->allow_extras();
    for (const Option* option : options_of(command.id)) add_option(parsed, *option);
    add_rules(parsed);
  }

  const ParsedCommand* find_app(const CLI::App* app) const {
    for (const ParsedCommand& command : commands_)
      if (command.app == app) return &command;
    return nullptr;
  }

  // Of the last command that was named, or of the program.
  std::string help(bool all) const {
    const CLI::App* app = &app_;
    while (!app->get_subcommands().empty()) app = app->get_subcommands().back();
    const ParsedCommand* command = find_app(app);
    return command == nullptr ? program_help() : command_help(*command->command, all);
  }

  Call call() const {
    const CLI::App* app = &app_;
    while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
    const ParsedCommand& command = *find_app(app);
    std::map<const Option*, Words> given;
    for (const Slot& slot : command.slots)
      if (slot.parsed->count() > 0) given.emplace(slot.option, slot.all());
    return {*command.command, std::move(given), app->remaining()};
  }

  CLI::App app_;
  std::deque<ParsedCommand> commands_;
};

}  // namespace

std::variant<Call, Answer> parse(const std::vector<std::string>& words) {
  Parser parser;
  try {
    return parser.parse(words);
  } catch (const CLI::ParseError& error) {
    throw Error(ErrorKind::kUsage, error.what(),
                fmt::format("`smalti {} --help` shows how it is called", words.front()));
  }
}

}  // namespace smalti::cli

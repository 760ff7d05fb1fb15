#include "cli/flags/call.h"

#include <fmt/format.h>

#include <utility>

#include "cli/flags/suggest.h"
#include "smalti/error.h"

namespace smalti::cli {
namespace {

// Of a command that has commands of its own.
void refuse_misspelt_command(const Command& command, const std::string& word) {
  const std::string parent = fmt::format("{} ", command.name);
  Words names;
  for (const Command* other : all_commands())
    if (const std::string name = other->name; name.starts_with(parent))
      names.push_back(name.substr(parent.size()));
  if (const auto meant = did_you_mean(word, names))
    throw Error(ErrorKind::kUsage, fmt::format("there is no command '{}{}'", parent, word),
                fmt::format("did you mean `smalti {}{}`?", parent, *meant));
}

}  // namespace

void refuse_without_effect(const std::string& option, const std::string& beside) {
  throw Error(ErrorKind::kUsage, fmt::format("{} has no effect with {}", option, beside),
              "leave one of them out");
}

Call::Call(const Command& command, std::map<const Option*, Words> given, Words extras)
    : command_(&command), given_(std::move(given)), extras_(std::move(extras)) {
  take_target();
}

// `smalti video -t photos/ clip.mp4`: --tiles takes all that follows it, the target too. It gives
// the last of several back where there is no other.
void Call::take_target() {
  const Option* target = nullptr;
  const Option* tiles = nullptr;
  for (const Option* option : options_of(command_->id)) {
    if (option->name() == "--target") target = option;
    if (option->name() == "--tiles") tiles = option;
  }
  if (target == nullptr || tiles == nullptr || !given_.contains(tiles)) return;
  Words& sources = given_[tiles];
  if (sources.size() < 2 || (given_.contains(target) && !given_[target].back().empty())) return;
  given_[target] = {sources.back()};
  sources.pop_back();
}

const Words* Call::words(std::string_view name) const {
  for (const auto& [option, words] : given_)
    if (option->name() == name) return &words;
  return nullptr;
}

std::string Call::target() const {
  const Words* target = words("--target");
  return target == nullptr ? "" : target->back();
}

void Call::fill(const Structs& structs) const {
  const auto options = options_of(command_->id);
  for (const Option* option : options) {
    if (const auto found = given_.find(option); found != given_.end()) {
      option->value.set(structs, option->name(), found->second);
    } else if (option->rules.otherwise != nullptr) {
      option->value.set(structs, option->name(), {option->rules.otherwise});
    }
  }
  for (const Option* option : options) {
    if (!given_.contains(option)) continue;
    for (const Idle& idle : option->rules.no_effect)
      if (const std::string beside = idle.beside(structs); !beside.empty())
        refuse_without_effect(option->name(), beside);
  }
}

void Call::refuse_settled() const {
  for (const Option* option : options_of(command_->id))
    if (given_.contains(option) && option->rules.placements == Placements::kSettled)
      refuse_without_effect(option->name(), "--from-placements");
}

void Call::fill_anew(const Structs& structs) const {
  for (const auto& [option, words] : given_)
    if (option->rules.placements == Placements::kAnew)
      option->value.set(structs, option->name(), words);
}

void Call::refuse_extras() const {
  if (extras_.empty()) return;
  const std::string extra = extras_.front().substr(0, extras_.front().find('='));
  if (!extra.starts_with("-")) {
    refuse_misspelt_command(*command_, extra);
    throw Error(ErrorKind::kUsage, fmt::format("'{}' is one argument too many", extra),
                command_->one_too_many);
  }
  const std::optional<std::string> meant = did_you_mean(extra, long_names(command_->id));
  throw Error(ErrorKind::kUsage, fmt::format("there is no option '{}'", extra),
              meant ? fmt::format("did you mean {}?", *meant)
                    : fmt::format("`smalti {} --help-all` lists them", command_->name));
}

}  // namespace smalti::cli

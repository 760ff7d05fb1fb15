#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/commands/command.h"
#include "cli/flags/value.h"

namespace smalti::cli {

/// The headings of help, in its order. Help shows the everyday options, --help-all those of the
/// other groups too, and neither the hidden ones.
enum class Group {
  kEveryday,
  kFile,
  kGrid,
  kTiles,
  kLook,
  kTime,
  kEncoding,
  kRunning,
  kPaper,
  kHidden,
  kArgument,  ///< no option, but a word by its place; it has a name that options have, too
};

/// What --from-placements leaves of an option.
enum class Placements {
  kNoMatter,  ///< all of it
  kSettled,   ///< nothing: the file says it
  kAnew,      ///< all of it, where it is given; otherwise the file says it
};

/// Where an option stands in the commands that smalti prints.
enum class Part {
  kNowhere,   ///< it changes nothing of one mosaic that is seen
  kByOthers,  ///< other options say what it set
  kInputs,
  kMoment,
  kTarget,
  kCanvas,
  kBeside,
  kReplay,
  kCells,
  kShape,
  kAnimations,
  kCrops,
  kFeature,
  kBlocks,
  kChoice,
  kNear,
  kSteadiness,
  kColors,
  kTime,
  kEncoder,
  kPaper,
};

/// What takes an option's effect away.
struct Idle {
  /// How a message names it; empty where it is not asked for.
  std::function<std::string(const Structs& structs)> beside;
};

/// `what` is a bool or optional in a struct, or a function of the struct.
template <typename Struct, typename What>
Idle beside(std::string name, What what) {
  return {[=](const Structs& structs) -> std::string {
    const Struct* place = structs.find<Struct>();
    return place != nullptr && static_cast<bool>(std::invoke(what, *place)) ? name : "";
  }};
}

struct Rules {
  /// Options by their first long names: one or the other, and what it cannot do without.
  std::vector<const char*> excludes = {};
  const char* needs = nullptr;
  /// It is refused beside any of these, and left out of printed commands.
  std::vector<Idle> no_effect = {};
  Placements placements = Placements::kNoMatter;
  Part printed = Part::kNowhere;
  /// Printed even where it is what the command would take by itself.
  bool always_printed = false;
  /// What is taken where it is not given, and the struct does not say.
  const char* otherwise = nullptr;
};

/// What help says of an option: one text, or one for each of several commands.
class Help {
 public:
  Help(const char* text) : texts_{{~Commands{}, text}} {}             // NOLINT(*-explicit-*)
  Help(std::string text) : texts_{{~Commands{}, std::move(text)}} {}  // NOLINT(*-explicit-*)
  Help(std::initializer_list<std::pair<Commands, std::string>> texts) : texts_(texts) {}

  /// For one of the command's.
  const std::string& of(Commands command) const {
    for (const auto& [commands, text] : texts_)
      if ((commands & command) != 0) return text;
    return texts_.front().second;
  }

 private:
  std::vector<std::pair<Commands, std::string>> texts_;
};

/// All that there is to say of one option.
struct Option {
  const char* names;  ///< "-t,--tiles,--codebook-dir": short, long, and what it was called before
  const char* form;   ///< what its value looks like, in help; empty for a flag
  Group group;
  Commands commands;  ///< those that have it
  Value value;
  Help help;
  Rules rules = {};

  Words all_names() const;   ///< "-t", "--tiles", "--codebook-dir"
  std::string name() const;  ///< "--tiles", or what stands for it
};

/// The table (table.cpp): every option of every command.
const std::vector<Option>& all_options();

/// Those of one command, in the table's order, and their long names.
std::vector<const Option*> options_of(Commands command);
Words long_names(Commands command);

/// What help shows of a command, group by group.
struct OptionGroup {
  Group group;
  std::vector<const Option*> options;
};
std::vector<OptionGroup> groups_of(const Command& command);
const char* title(Group group);

}  // namespace smalti::cli

#include "cli/flags/printed_command.h"

#include <algorithm>
#include <string>
#include <vector>

#include "cli/flags/option.h"
#include "cli/text/shell_word.h"

namespace smalti::cli {
namespace {

bool has_effect(const Option& option, const Structs& structs) {
  if (option.rules.placements == Placements::kSettled &&
      structs.find<MosaicOptions>()->from_placements)
    return false;
  return std::all_of(option.rules.no_effect.begin(), option.rules.no_effect.end(),
                     [&](const Idle& idle) { return idle.beside(structs).empty(); });
}

std::string text_of(const Option& option, const Words& words) {
  std::string text;
  const std::string name = option.group == Group::kArgument ? "" : " " + option.name();
  for (const std::string& word : words) {
    const bool is_named = text.empty() || option.value.count == Value::Count::kOneEach;
    if (is_named) text += name;
    if (!option.value.is_flag()) text += " " + shell_word(word);
  }
  return text;
}

enum class Saying {
  kAll,     // what is always to be printed, too
  kWanted,  // only what differs
};

// What asks a command for `structs` where it would take `usual` by itself.
TerminalText command_text(Commands id, const Structs& structs, const Structs& usual,
                          Saying saying = Saying::kAll) {
  std::vector<const Option*> options;
  for (const Option* option : options_of(id))
    if (option->rules.printed > Part::kByOthers) options.push_back(option);
  std::stable_sort(options.begin(), options.end(), [](const Option* a, const Option* b) {
    return a->rules.printed < b->rules.printed;
  });
  std::string text;
  for (const Option* option : options) {
    const Words words = option->value.get(structs);
    const bool is_wanted = (saying == Saying::kAll && option->rules.always_printed) ||
                           words != option->value.get(usual);
    if (is_wanted && has_effect(*option, structs)) text += text_of(*option, words);
  }
  return shown("smalti {}{}", command_of(id).name, text);
}

}  // namespace

TerminalText resolved_command(const VideoMosaicOptions& options, const DryRun& run) {
  VideoMosaicOptions resolved = options;
  resolved.output = run.output;
  if (run.sample.adaptive) {
    resolved.layout.cells = static_cast<int>(run.sample.cells);
  } else {
    resolved.layout.cells.reset();
    resolved.layout.layout.reset();
    resolved.layout.columns = run.sample.columns;
  }
  resolved.layout.size = run.sample.canvas;
  resolved.layout.long_edge.reset();
  resolved.layout.enlarge.reset();
  resolved.encode.encoder = run.sample.encoder;
  VideoMosaicOptions usual;
  return command_text(kVideo, Structs(resolved), Structs(usual));
}

TerminalText image_command(const PhotomosaicOptions& options) {
  PhotomosaicOptions still = options;
  still.output.reset();  // whoever takes the command chooses another
  PhotomosaicOptions usual;
  return command_text(kImage, Structs(still), Structs(usual));
}

TerminalText image_command(const PhotomosaicOptions& options, const Look& look) {
  PhotomosaicOptions still = options;
  still.output.reset();
  PhotomosaicOptions usual;
  look.apply(usual);
  return command_text(kImage, Structs(still), Structs(usual), Saying::kWanted) +
         shown(" --look {}", look.name);
}

TerminalText video_command(const PhotomosaicOptions& options) {
  MosaicOptions mosaic = options;
  mosaic.output.reset();
  MosaicOptions usual;
  return command_text(kVideo, Structs(mosaic), Structs(usual));
}

}  // namespace smalti::cli

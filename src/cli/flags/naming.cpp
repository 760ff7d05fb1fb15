#include "cli/flags/naming.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/wording.h"
#include "cli/flags/option.h"

namespace smalti::cli {
namespace {

constexpr std::string_view kCommand = "command ";

std::string name_of(std::string_view what) {
  if (what.starts_with(kCommand)) {
    what.remove_prefix(kCommand.size());
    const auto commands = all_commands();
    if (std::any_of(commands.begin(), commands.end(),
                    [&](const Command* c) { return c->name == what; }))
      return fmt::format("smalti {}", what);
  } else {
    const std::string name = fmt::format("--{}", what);
    const auto& options = all_options();
    if (std::any_of(options.begin(), options.end(),
                    [&](const Option& o) { return o.name() == name; }))
      return name;
  }
  throw std::logic_error(fmt::format("a message names '{}', which there is not", what));
}

}  // namespace

void name_options() { give_names(name_of); }

}  // namespace smalti::cli

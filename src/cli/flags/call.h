#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands/command.h"
#include "cli/flags/option.h"

namespace smalti::cli {

/// A command line taken apart: a command, and the words of each option that was given.
class Call {
 public:
  /// `extras`: words that are neither.
  Call(const Command& command, std::map<const Option*, Words> given, Words extras);

  const Command& command() const { return *command_; }

  /// By an option's first long name, or an argument's; false for those that the command lacks.
  bool given(std::string_view name) const { return words(name) != nullptr; }

  /// What is to be recreated; empty where nothing is named.
  std::string target() const;

  /// Sets the fields of what was given, in the table's order. Throws Error (kUsage) for words out
  /// of form, and for options that have no effect beside others.
  void fill(const Structs& structs) const;

  /// Throws Error (kUsage) for options that --from-placements settles.
  void refuse_settled() const;
  /// Once more those fields that may be said anew, after what was written down was adopted.
  void fill_anew(const Structs& structs) const;

  /// Throws Error (kUsage) for the first word that the command does not know, naming the option
  /// that may have been meant.
  void refuse_extras() const;

 private:
  const Words* words(std::string_view name) const;
  void take_target();

  const Command* command_;
  std::map<const Option*, Words> given_;
  Words extras_;
};

/// Throws Error (kUsage): `option` has no effect with `beside`.
[[noreturn]] void refuse_without_effect(const std::string& option, const std::string& beside);

}  // namespace smalti::cli

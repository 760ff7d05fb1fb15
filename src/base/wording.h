#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Options and commands in messages. What users call them is the business of whoever talks with
/// them; all others name them by what they are about.
namespace smalti {

/// Gives the user's name of an option ("max-uses") or a command ("command tiles build").
using NameGiver = std::string (*)(std::string_view what);

/// To be called before anything else runs. Until then the names are those that are asked for.
void give_names(NameGiver giver);

/// `text` with each {max-uses} and {command tiles build} in it named as users do. It comes from a
/// literal, so that nothing in foreign text is taken for a name. Any thread.
std::string with_names(std::string_view text);

template <std::size_t N>
std::string worded(const char (&literal)[N]) {
  return with_names({literal, N - 1});
}

}  // namespace smalti

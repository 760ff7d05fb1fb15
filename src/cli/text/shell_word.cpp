#include "cli/text/shell_word.h"

#include <fmt/format.h>

#include "base/text.h"

namespace smalti::cli {
namespace {

// For a word that may not stand in a command as it is: $'...' as bash, zsh and POSIX have it.
std::string quoted_bytes(const std::string& word) {
  std::string quoted = "$'";
  for (const char c : word) {
    const bool is_ascii = c >= ' ' && c <= '~';
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += is_ascii ? std::string(1, c) : fmt::format("\\{:03o}", static_cast<unsigned char>(c));
  }
  return quoted + "'";
}

}  // namespace

std::string shell_word(const std::string& word) {
  constexpr const char* kHarmless =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,+@%";
  if (!word.empty() && word.find_first_not_of(kHarmless) == std::string::npos) return word;
  if (printable(word) != word) return quoted_bytes(word);
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace smalti::cli

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Text of unknown origin: names of files are bytes, and what files say of themselves is worse.
namespace smalti {

/// One character of UTF-8 (RFC 3629), or one byte that belongs to none.
struct Character {
  std::optional<char32_t> code;  ///< absent for such a byte
  std::size_t bytes = 1;
};

/// What `text`, which is not empty, begins with. Overlong forms, surrogates and what lies beyond
/// U+10FFFF are no characters.
Character first_character(std::string_view text);

bool is_utf8(std::string_view text);

/// Whether a terminal may be given the character: it neither obeys it (controls) nor does it change
/// how others are read (the direction of writing, line separators, some without width).
bool is_printable(char32_t code);

/// Text for a terminal or a log: what is not printable is written as escapes (\n, \x1b, \u202e),
/// and so are bytes that are no UTF-8. What is printable already stays as it is.
std::string printable(std::string_view text);

}  // namespace smalti

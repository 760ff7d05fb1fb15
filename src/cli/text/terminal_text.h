#pragma once

#include <fmt/format.h>

#include <concepts>
#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/json.h"
#include "base/text.h"

namespace smalti::cli {

class TerminalText;

/// What is formatted in an argument's place: text of any type is made printable first.
template <typename T>
auto shown_argument(const T& value) {
  if constexpr (std::is_same_v<T, TerminalText>) {
    return value.str();
  } else if constexpr (std::is_same_v<T, std::filesystem::path>) {
    return printable(value.native());
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return printable(value);
  } else {
    static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, char>, "give it as a string");
    return value;
  }
}

template <typename T>
using ShownArgument = decltype(shown_argument(std::declval<const T&>()));

/// Text that a terminal may be given: our own words, and what comes from elsewhere (names, what
/// files say of themselves, what the user typed) made printable. Only the functions below make it,
/// and only it can be printed, so nothing foreign reaches a terminal as it is.
class TerminalText {
 public:
  TerminalText() = default;

  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }

  TerminalText& operator+=(const TerminalText& more) {
    text_ += more.text_;
    return *this;
  }
  friend TerminalText operator+(TerminalText text, const TerminalText& more) {
    return std::move(text += more);
  }

  template <typename... Args>
  friend TerminalText shown(fmt::format_string<ShownArgument<Args>...> format, const Args&... args);
  friend TerminalText shown_lines(std::string_view text);

 private:
  explicit TerminalText(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

/// As fmt::format: the format is a literal and may hold newlines and escapes, for they are ours.
template <typename... Args>
TerminalText shown(fmt::format_string<ShownArgument<Args>...> format, const Args&... args) {
  return TerminalText(fmt::format(format, shown_argument(args)...));
}

/// Text whose newlines are ours, but nothing else of it need be.
TerminalText shown_lines(std::string_view text);

/// JSON on one line, or with `indent` on many. What is not UTF-8 is replaced, what is not printable
/// is written as JSON's own escapes, so that it still says the same.
TerminalText shown_json(const Json& json, int indent = -1);

}  // namespace smalti::cli

// Names as others gave them, on their way to a terminal, into JSON and into a shell. What is
// printed is UTF-8 without anything that steers a terminal or turns text around; from JSON the name
// comes back as it was, and as a shell reads the word it is the name. Base64 that was not made of
// bytes is refused or read, and nothing else.

#include <array>
#include <optional>

#include "base/json.h"
#include "base/text.h"
#include "cli/text/shell_word.h"
#include "fuzz/feed.h"

namespace smalti::fuzz {
namespace {

// The code point that text begins with, taken off it; nothing where it is no UTF-8.
std::optional<std::uint32_t> take_code_point(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if ((first >= 0x80 && first < 0xc0) || first > 0xf4 || text.size() < length) return std::nullopt;
  std::uint32_t code = length == 1 ? first : first & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0U) != 0x80) return std::nullopt;
    code = code << 6 | (next & 0x3fU);
  }
  constexpr std::array<std::uint32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  if (code < kLeast[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
    return std::nullopt;
  text.remove_prefix(length);
  return code;
}

bool steers(std::uint32_t c) {
  const bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);
  const bool turns = c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
                     (c >= 0x2066 && c <= 0x2069);
  const bool breaks_lines = c == 0x2028 || c == 0x2029;
  return control || turns || breaks_lines;
}

void check_printable(const std::string& name) {
  const std::string shown = printable(name);
  for (std::string_view rest = shown; !rest.empty();) {
    const auto code = take_code_point(rest);
    must_hold(code.has_value(), "what is printed is UTF-8");
    must_hold(!steers(*code), "what is printed steers nothing");
  }
  must_hold(printable(shown) == shown, "what can be printed stays as it is");
}

void check_json(const std::string& name) {
  Json object;
  put_path(object, "path", name);
  must_hold(path_at(Json::parse(object.dump()), "path") == name, "JSON gives the name back");
  must_hold(from_base64(base64(name)) == name, "base64 gives the bytes back");
  // Padding may stand for other bits than those that are written.
  if (const auto bytes = from_base64(name))
    must_hold(from_base64(base64(*bytes)) == bytes, "base64 gives the bytes back");
}

// What $'...' means, from behind its first quote on; nothing where the last quote is not the end.
std::optional<std::string> read_escapes(std::string_view word) {
  std::string text;
  while (!word.empty() && word.front() != '\'') {
    const bool escaped = word.front() == '\\';
    if (escaped) word.remove_prefix(1);
    if (word.empty()) return std::nullopt;
    const std::size_t digits = std::min<std::size_t>(word.find_first_not_of("01234567"), 3);
    if (escaped && digits > 0) {
      text += static_cast<char>(std::stoi(std::string(word.substr(0, digits)), nullptr, 8));
      word.remove_prefix(digits);
    } else {
      text += word.front();
      word.remove_prefix(1);
    }
  }
  if (word != "'") return std::nullopt;
  return text;
}

// What a shell makes of one word; nothing where it is not one.
std::optional<std::string> read_by_shell(std::string_view word) {
  constexpr std::string_view kSpecial = " \t\n|&;<>()$`\\\"'*?[#~!{}^";
  if (word.starts_with("$'")) return read_escapes(word.substr(2));
  std::string text;
  bool quoted = false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if (c == '\'') {
      quoted = !quoted;
    } else if (!quoted && c == '\\' && i + 1 < word.size()) {
      text += word[++i];
    } else if (!quoted && kSpecial.find(c) != std::string_view::npos) {
      return std::nullopt;
    } else {
      text += c;
    }
  }
  if (quoted || word.empty()) return std::nullopt;
  return text;
}

}  // namespace

int fuzz_names(const std::uint8_t* data, std::size_t size) {
  const std::string name(data, data + size);
  check_printable(name);
  check_json(name);
  const std::string word = cli::shell_word(name);
  must_hold(read_by_shell(word) == name, "a shell reads the name");
  must_hold(printable(word) == word, "a command can be printed");
  return 0;
}

std::vector<Input> names_seeds() {
  return {bytes_of("beach.jpg"), bytes_of("it's 100% \"quoted\" $HOME `ls` \\ *.jpg"),
          bytes_of("new\nline\ttab \x1b[31m \x7f"),
          bytes_of("gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x8c\x8a"), bytes_of("YmVhY2g=")};
}

}  // namespace smalti::fuzz

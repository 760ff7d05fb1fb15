#include "base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace smalti {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// The joiners U+200C and U+200D are not among them: words of some languages, and emoji, need them.
constexpr std::array<Range, 9> kNotPrintable = {{
    {0x00, 0x1f},      // controls
    {0x7f, 0x9f},      // and more of them
    {0x061c, 0x061c},  // direction: Arabic letter mark
    {0x200b, 0x200b},  // zero width space
    {0x200e, 0x200f},  // direction: marks
    {0x2028, 0x202e},  // line and paragraph separators; direction: embeddings and overrides
    {0x2060, 0x206f},  // word joiner and the like; direction: isolates
    {0xfeff, 0xfeff},  // byte order mark
    {0xfff9, 0xfffb},  // annotations
}};

}  // namespace

Character first_character(std::string_view text) {
  constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};  // by length
  constexpr char32_t kMost = 0x10ffff;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc0 || first >= 0xf8 || text.size() < length) return {};
  char32_t code = first & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3fU);
  }
  const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < kLeast[length] || code > kMost || is_surrogate) return {};
  return {code, length};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Character character = first_character(text);
    if (!character.code) return false;
    text.remove_prefix(character.bytes);
  }
  return true;
}

bool is_printable(char32_t code) {
  return std::none_of(kNotPrintable.begin(), kNotPrintable.end(),
                      [&](const Range& r) { return code >= r.first && code <= r.last; });
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const auto [code, bytes] = first_character(rest);
    if (code && is_printable(*code)) {
      out += rest.substr(0, bytes);
    } else if (code == U'\n') {
      out += "\\n";
    } else if (code && *code >= 0x80) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(*code));
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(rest.front()));
    }
    rest.remove_prefix(bytes);
  }
  return out;
}

}  // namespace smalti

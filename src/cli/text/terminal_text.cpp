#include "cli/text/terminal_text.h"

namespace smalti::cli {

TerminalText shown_lines(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out += printable(text.substr(at, end - at));
    if (end < text.size()) out += '\n';
    at = end + 1;
  }
  return TerminalText(std::move(out));
}

TerminalText shown_json(const Json& json, int indent) {
  const std::string text = json.dump(indent, ' ', false, Json::error_handler_t::replace);
  std::string out;
  for (std::string_view rest = text; !rest.empty();) {
    const Character next = first_character(rest);
    if (rest.front() == '\n' || is_printable(*next.code)) {
      out += rest.substr(0, next.bytes);
    } else {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(*next.code));
    }
    rest.remove_prefix(next.bytes);
  }
  return shown_lines(out);
}

}  // namespace smalti::cli

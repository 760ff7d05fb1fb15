#include "products/sheet/sheet_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json.h"

namespace smalti {
namespace {

// A click takes all of a line.
constexpr const char* kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
      content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="generator" content="smalti">
<meta name="color-scheme" content="dark">
<title>{title}</title>
<style>
* {{ box-sizing: border-box; }}
body {{
  margin: 0;
  padding: 24px;
  background: #1c1c1c;
  color: #d6d6d6;
  font: 15px/1.4 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif;
}}
h1 {{ margin: 0 0 20px; font-size: 18px; font-weight: 600; overflow-wrap: anywhere; }}
main {{ display: grid; grid-template-columns: repeat({columns}, minmax(0, 1fr)); gap: 28px 20px; }}
figure {{ margin: 0; min-width: 0; }}
img {{ display: block; width: 100%; height: auto; }}
figcaption {{ margin: 10px 0 6px; }}
code {{
  display: block;
  padding: 8px 10px;
  border-radius: 6px;
  background: #2a2a2a;
  color: #b8b8b8;
  font: 12px/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
  user-select: all;
  -webkit-user-select: all;
}}
code span {{ color: #ececec; white-space: nowrap; }}
@media (max-width: 700px) {{ main {{ grid-template-columns: minmax(0, 1fr); }} }}
</style>
</head>
<body>
<h1>{title}</h1>
<main>
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// A line of words, of which browsers do not break options after a dash.
std::string line_html(std::string_view line) {
  std::string out;
  while (!line.empty()) {
    const std::size_t space = std::min(line.find(' '), line.size());
    const std::string word = escaped(line.substr(0, space));
    out += word.starts_with('-') ? fmt::format("<span>{}</span>", word) : word;
    line.remove_prefix(space);
    const std::size_t next = std::min(line.find_first_not_of(' '), line.size());
    out += line.substr(0, next);
    line.remove_prefix(next);
  }
  return out;
}

}  // namespace

SheetPage::SheetPage(std::string_view title, std::size_t columns)
    : html_(fmt::format(kHead, fmt::arg("title", escaped(title)), fmt::arg("columns", columns))) {}

void SheetPage::add(std::span<const std::uint8_t> jpeg, Size size, std::string_view caption,
                    std::string_view line) {
  html_ += fmt::format(
      "<figure><img width=\"{}\" height=\"{}\" alt=\"{}\" src=\"data:image/jpeg;base64,{}\">\n"
      "<figcaption>{}</figcaption><code>{}</code></figure>\n",
      size.width, size.height, escaped(caption),
      base64({reinterpret_cast<const char*>(jpeg.data()), jpeg.size()}), escaped(caption),
      line_html(line));
}

std::string SheetPage::finish() {
  html_ += "</main>\n</body>\n</html>\n";
  return std::move(html_);
}

}  // namespace smalti

#include "explore/page_writer.h"

#include <fmt/format.h>

#include <cassert>

#include "explore/page_source.h"

namespace smalti::explore {
namespace {

// The template up to a mark, and from behind it.
struct Halves {
  std::string_view before;
  std::string_view after;
};

Halves at_mark(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  assert(at != std::string_view::npos);
  return {text.substr(0, at), text.substr(at + mark.size())};
}

Halves at_data() { return at_mark(kPageHtml, "%DATA%"); }

// Within a script element nothing may look like its end, or like the start of a comment.
std::string harmless(const std::string& json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json) c == '<' ? out += "\\u003c" : out += c;
  return out;
}

}  // namespace

std::string data_uri(std::span<const std::uint8_t> picture) {
  const bool jpeg = picture.size() > 1 && picture[0] == 0xff && picture[1] == 0xd8;
  return fmt::format("data:image/{};base64,", jpeg ? "jpeg" : "webp") +
         base64({reinterpret_cast<const char*>(picture.data()), picture.size()});
}

PageWriter::PageWriter(const std::filesystem::path& path, bool overwrite, const Events& events)
    : file_(path, overwrite), handle_(file_, events.stop) {
  const Halves style = at_mark(at_data().before, "%STYLE%");
  put(style.before);
  put(kPageStyle);
  put(style.after);
}

void PageWriter::write(std::string_view attributes, const Json& data) {
  put(fmt::format("<script type=\"application/json\" {}>", attributes));
  put(harmless(data.dump()));
  put("</script>\n");
}

std::uint64_t PageWriter::finish() {
  const Halves script = at_mark(at_data().after, "%SCRIPT%");
  put(script.before);
  put(kPageScript);
  put(script.after);
  handle_.close();
  file_.commit();
  return handle_.size();
}

}  // namespace smalti::explore

// Text of unknown origin: what is UTF-8, and what of it a terminal may be given.

#include "base/text.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace smalti {
namespace {

TEST_CASE("UTF-8 is what RFC 3629 says, and what JSON takes") {
  const auto judge = [](const std::string& text) {
    CAPTURE(printable(text));
    const bool is_text = is_utf8(text);
    if (is_text) {
      CHECK_NOTHROW(nlohmann::json(text).dump());
      CHECK(nlohmann::json::parse(nlohmann::json(text).dump()) == text);
    } else {
      CHECK_THROWS(nlohmann::json(text).dump());
      CHECK(printable(text).find("\\x") != std::string::npos);
    }
    CHECK(is_utf8(printable(text)));
    return is_text;
  };
  // The first and the last of each length, and the neighbours of the surrogates.
  for (const char* text : {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                           "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
    CHECK(judge(text));
  const std::vector<std::string> none = {
      "\x80",
      "\xbf",
      "\xfe",
      "\xff",  // out of place
      "\xc3",
      "\xe2\x82",
      "\xf0\x9f\x98",
      "\xe2\x82z",
      "\xf0\x9f\x98z",  // cut short
      "\xc0\x80",
      "\xc1\xbf",
      "\xe0\x9f\xbf",
      "\xf0\x8f\xbf\xbf",  // overlong
      "\xed\xa0\x80",
      "\xed\xbf\xbf",  // surrogates
      "\xf4\x90\x80\x80",
      "\xf7\xbf\xbf\xbf",
      "\xf8\x88\x80\x80\x80"  // beyond U+10FFFF
  };
  for (const std::string& text : none) CHECK_FALSE(judge(text));
}

TEST_CASE("what a terminal obeys, or what turns text around, is shown as an escape") {
  const std::string harmless = "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 \xd7\xa9\xd7\x9c";
  CHECK(printable(harmless) == harmless);
  const std::string family = "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7";  // joined to one emoji
  CHECK(printable(family) == family);
  CHECK(printable("\x1b]0;x\x07\t\r\n\x7f\xc2\x9b") == "\\x1b]0;x\\x07\\x09\\x0d\\n\\x7f\\u009b");
  CHECK(printable("photo\xe2\x80\xaegpj.exe") == "photo\\u202egpj.exe");
  CHECK(printable("\xd8\x9c\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\xaa\xe2\x81\xa6\xe2\x81\xa9") ==
        "\\u061c\\u200e\\u200f\\u202a\\u2066\\u2069");
  CHECK(printable("\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\x8b\xef\xbb\xbf") ==
        "\\u2028\\u2029\\u200b\\ufeff");
  CHECK(printable("\xc3") == "\\xc3");
  CHECK(printable("\xe2\x82 \xed\xa0\x80") == "\\xe2\\x82 \\xed\\xa0\\x80");
}

}  // namespace
}  // namespace smalti

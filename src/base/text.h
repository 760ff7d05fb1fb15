#pragma once

#include <string>

namespace smalti {

/// Text for a terminal or a log: control characters, as names of files may hold, are written as
/// escapes (\n, \x1b), and so are bytes that are no UTF-8.
std::string printable(const std::string& text);

}  // namespace smalti

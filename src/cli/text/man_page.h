#pragma once

#include <string>

namespace smalti::cli {

/// smalti(1) in roff: every command with all of its options, as --help-all tells them.
std::string man_page();

}  // namespace smalti::cli

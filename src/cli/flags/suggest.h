#pragma once

#include <optional>
#include <string>
#include <vector>

namespace smalti::cli {

/// The name most like what was typed, when one is like it enough to be meant: few letters wrong,
/// missing, added or swapped, or the beginning of exactly one name.
std::optional<std::string> did_you_mean(const std::string& typed,
                                        const std::vector<std::string>& names);

}  // namespace smalti::cli

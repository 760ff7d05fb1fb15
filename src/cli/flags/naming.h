#pragma once

namespace smalti::cli {

/// From now on all messages call options and commands as the table and the list of commands do
/// (base/wording.h).
void name_options();

}  // namespace smalti::cli

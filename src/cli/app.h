#pragma once

#include <atomic>

namespace smalti::cli {

/// The whole program but for signals and exceptions: reads the arguments, runs what they ask for,
/// returns the exit code. Throws smalti::Error. `stop` turning true ends the work soon and cleanly.
int run(int argc, char** argv, const std::atomic<bool>& stop);

}  // namespace smalti::cli

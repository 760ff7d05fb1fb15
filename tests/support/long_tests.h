#pragma once

#include <cstdlib>
#include <string>

namespace smalti::test {

/// How often to do something: in full with SMALTI_LONG_TESTS=1 in the environment.
inline int times(int in_full, int scaled_down) {
  const char* wanted = std::getenv("SMALTI_LONG_TESTS");
  return wanted != nullptr && std::string(wanted) == "1" ? in_full : scaled_down;
}

}  // namespace smalti::test

#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace smalti::test {

struct Ended {
  int code = -1;       ///< exit code, or 128 + signal
  std::string output;  ///< standard output
  std::string errors;  ///< standard error
};

/// Runs a program to its end, without a shell. Kills it after `timeout_s`: code 124.
Ended run_program(const std::vector<std::string>& words, double timeout_s = 300);

/// Runs the smalti that belongs to these tests.
Ended run_smalti(std::vector<std::string> arguments, double timeout_s = 300);

}  // namespace smalti::test

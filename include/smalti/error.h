#pragma once

#include <stdexcept>
#include <string>

namespace smalti {

/// What went wrong, as the number the program exits with (after BSD's sysexits.h).
enum class ErrorKind : int {
  kFailure = 1,        ///< something failed that no other kind names
  kUsage = 2,          ///< the caller's options cannot be carried out
  kBadInput = 65,      ///< an input is there but cannot be used
  kMissingInput = 66,  ///< an input is not there or may not be read
  kCannotCreate = 73,  ///< the output is in the way or cannot be made
  kInputOutput = 74,   ///< reading or writing failed midway (disk full, pipe closed)
};

/// The one exception smalti throws for what a user can meet. `what()` says what was being done, to
/// which file, and why it failed; `hint()` says what to do about it and may be empty.
/// Bugs are assertions, not Errors.
class Error : public std::runtime_error {
 public:
  explicit Error(ErrorKind kind, const std::string& message, std::string hint = {})
      : std::runtime_error(message), kind_(kind), hint_(std::move(hint)) {}

  ErrorKind kind() const { return kind_; }
  const std::string& hint() const { return hint_; }

 private:
  ErrorKind kind_;
  std::string hint_;
};

}  // namespace smalti

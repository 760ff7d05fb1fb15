#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "smalti/events.h"

namespace smalti::cli {

enum class ProgressStyle { kAuto, kPlain, kJson, kOff };

struct ConsoleOptions {
  bool quiet = false;    ///< errors only
  bool verbose = false;  ///< details too
  ProgressStyle progress = ProgressStyle::kAuto;
};

/// "smalti: error: ..." on standard error, the hint on a line of its own.
void print_error(const std::string& message, const std::string& hint);

/// The user stopped the run: says so, and what is left of it. Returns the exit code.
int say_stopped(const std::string& message = "stopped: nothing was left at the output's name",
                const std::string& hint = "");

/// What was done, as asked for: JSON on standard output, or text on standard error.
void tell(const ConsoleOptions& options, const std::string& json, const std::string& text);

/// Shows what the library reports: warnings, details and progress on standard error, JSON progress
/// on standard output. Any thread.
class Console {
 public:
  Console(const ConsoleOptions& options, const std::atomic<bool>& stop);
  ~Console();

  const Events& events() const { return events_; }

  /// Ends the progress display, so that what is printed next starts on a line of its own.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
  Events events_;
};

}  // namespace smalti::cli

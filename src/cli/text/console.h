#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "cli/text/terminal_text.h"
#include "smalti/error.h"
#include "smalti/events.h"

/// All that smalti says goes through here, and nothing else writes to standard output or standard
/// error. What is asked for goes to the first, messages to the second.
namespace smalti::cli {

enum class ProgressStyle { kAuto, kPlain, kJson, kOff };

struct ConsoleOptions {
  bool quiet = false;    ///< errors only
  bool verbose = false;  ///< details too
  ProgressStyle progress = ProgressStyle::kAuto;
};

/// To be called before anything is opened: standard streams that are closed are kept so, for a file
/// that took their place would be written messages into. C++ streams fall silent, which libraries
/// complain on past their callers.
void take_over_streams();

/// Messages may get lost (the terminal was closed, the reader has gone): that never stops the work.
void print_message(const TerminalText& text);

/// Results may not get lost, but the work goes on: with_results_told() has the last word.
void print_result(const TerminalText& text);

/// "smalti: error: ..." as a message, the hint on a line of its own.
void print_error(const TerminalText& message, const TerminalText& hint = {});
void print_error(const Error& error);
/// Takes no memory.
void print_out_of_memory() noexcept;

/// The exit code of a run that would end with `code`: a failure where all went well but results
/// could not be written.
int with_results_told(int code);

/// Whether results go to a terminal that may be given colours.
bool results_have_color();

/// The user stopped the run: says so, and what is left of it. Returns the exit code.
int say_stopped(
    const TerminalText& message = shown("stopped: nothing was left at the output's name"),
    const TerminalText& hint = {});

/// What was done, as asked for: JSON as a result, or text as a message.
void tell(const ConsoleOptions& options, const TerminalText& json, const TerminalText& text);

/// Shows what the library reports: warnings, details and progress as messages, JSON progress as
/// results. Any thread.
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

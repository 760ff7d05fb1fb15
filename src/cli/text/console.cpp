#include "cli/text/console.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <system_error>

#include "cli/text/progress.h"

namespace smalti::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

int terminal_width() {
  constexpr int kUsual = 80;
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsual;
  return size.ws_col;
}

// After https://no-color.org: any non-empty NO_COLOR turns colours off.
bool has_color(int stream) {
  const char* no_color = std::getenv("NO_COLOR");
  return ::isatty(stream) != 0 && (no_color == nullptr || *no_color == '\0');
}

// Returns the error that kept some of it from being written, or 0.
int write_to(int stream, std::string_view rest) noexcept {
  while (!rest.empty()) {
    const ssize_t count = ::write(stream, rest.data(), rest.size());
    if (count >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {  // whoever shares the stream wants it so
      pollfd ready{stream, POLLOUT, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

// The first error of a result, and what is to be said of it.
struct LostResult {
  std::mutex mutex;
  int error = 0;
  TerminalText hint;
} lost_result;

void print_result(const TerminalText& text, const TerminalText& hint_when_lost) {
  const int error = write_to(STDOUT_FILENO, text.str());
  const std::lock_guard lock(lost_result.mutex);
  if (error == 0 || lost_result.error != 0) return;
  lost_result.error = error;
  lost_result.hint = hint_when_lost;
}

// A line of JSON about a job.
void print_report(const TerminalText& json) {
  print_result(json + shown("\n"), shown("the work itself is done, and what it made is whole"));
}

void print_line(const char* label, int color, const TerminalText& text) {
  print_message(has_color(STDERR_FILENO)
                    ? shown("smalti: \033[1;{}m{}:\033[0m {}\n", color, label, text)
                    : shown("smalti: {}: {}\n", label, text));
}

}  // namespace

void take_over_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest free number is the stream's. Nothing can be written to what is opened for reading,
    // nor to what /dev/stdout then leads to.
    ::open(stream == STDIN_FILENO ? "/dev/null" : "/dev/full", O_RDONLY);
  }
  for (std::ostream* stream : {&std::cout, &std::cerr, &std::clog}) stream->rdbuf(nullptr);
}

void print_message(const TerminalText& text) { write_to(STDERR_FILENO, text.str()); }

void print_result(const TerminalText& text) { print_result(text, {}); }

void print_error(const TerminalText& message, const TerminalText& hint) {
  constexpr int kRed = 31;
  print_line("error", kRed, message);
  if (!hint.empty()) print_message(shown("  {}\n", hint));
}

void print_error(const Error& error) {
  print_error(shown("{}", error.what()), shown("{}", error.hint()));
}

void print_out_of_memory() noexcept {
  write_to(STDERR_FILENO, "smalti: error: out of memory\n  a smaller --size takes less\n");
}

// A reader that goes away (`smalti --help | head -1`) has what it wanted.
int with_results_told(int code) {
  const std::lock_guard lock(lost_result.mutex);
  if (code != 0 || lost_result.error == 0 || lost_result.error == EPIPE) return code;
  print_error(shown("cannot write to standard output: {}",
                    std::generic_category().message(lost_result.error)),
              lost_result.hint);
  return static_cast<int>(ErrorKind::kInputOutput);
}

bool results_have_color() { return has_color(STDOUT_FILENO); }

int say_stopped(const TerminalText& message, const TerminalText& hint) {
  print_error(message, hint);
  return static_cast<int>(ErrorKind::kFailure);
}

void tell(const ConsoleOptions& options, const TerminalText& json, const TerminalText& text) {
  if (options.progress == ProgressStyle::kJson) {
    print_report(json);
  } else if (!options.quiet) {
    print_message(text);
  }
}

struct Console::State {
  explicit State(const ConsoleOptions& o) : options(o) {
    if (options.quiet) {
      options.progress = ProgressStyle::kOff;
    } else if (options.progress == ProgressStyle::kAuto && ::isatty(STDERR_FILENO) == 0) {
      options.progress = ProgressStyle::kPlain;
    }
  }

  void warn(const std::string& line) {
    constexpr int kYellow = 33;
    const std::lock_guard lock(mutex);
    clear_bar();
    print_line("warning", kYellow, shown("{}", line));
  }

  void note(const std::string& line) {
    const std::lock_guard lock(mutex);
    clear_bar();
    print_message(shown("smalti: {}\n", line));
  }

  void progress(const Progress& progress) {
    const std::lock_guard lock(mutex);
    const Clock::time_point now = Clock::now();
    const bool new_phase = meter.update(progress, now);
    const bool last = progress.total && progress.done == *progress.total;
    // Lines begin a second after a phase, when there is a speed to tell.
    if (new_phase && options.progress == ProgressStyle::kPlain)
      last_shown = now - pause() + milliseconds(1000);
    if (!(new_phase && options.progress != ProgressStyle::kPlain) && !last &&
        now - last_shown < pause())
      return;
    last_shown = now;
    show();
  }

  milliseconds pause() const {
    switch (options.progress) {
      case ProgressStyle::kPlain:
        return milliseconds(5000);
      case ProgressStyle::kJson:
        return milliseconds(500);
      default:
        return milliseconds(100);
    }
  }

  void show() {
    switch (options.progress) {
      case ProgressStyle::kAuto:
        print_message(shown("\r\033[K{}", meter.bar(terminal_width() - 1)));
        bar_shown = true;
        return;
      case ProgressStyle::kPlain:
        print_message(shown("{}\n", meter.plain()));
        return;
      case ProgressStyle::kJson:
        print_report(meter.json());
        return;
      case ProgressStyle::kOff:
        return;
    }
  }

  void clear_bar() {
    if (!bar_shown) return;
    print_message(shown("\r\033[K"));
    bar_shown = false;
  }

  std::mutex mutex;
  ConsoleOptions options;
  ProgressMeter meter;
  Clock::time_point last_shown;
  bool bar_shown = false;
};

Console::Console(const ConsoleOptions& options, const std::atomic<bool>& stop)
    : state_(std::make_unique<State>(options)) {
  State* state = state_.get();
  events_.stop = &stop;
  if (!options.quiet) events_.warn = [state](const std::string& line) { state->warn(line); };
  if (options.verbose) events_.note = [state](const std::string& line) { state->note(line); };
  if (state->options.progress != ProgressStyle::kOff)
    events_.progress = [state](const Progress& p) { state->progress(p); };
}

Console::~Console() { finish(); }

void Console::finish() {
  const std::lock_guard lock(state_->mutex);
  state_->clear_bar();
}

}  // namespace smalti::cli

#include "cli/console.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "base/text.h"
#include "cli/progress.h"
#include "smalti/error.h"

namespace smalti::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

bool is_terminal() { return ::isatty(STDERR_FILENO) != 0; }

int terminal_width() {
  constexpr int kUsual = 80;
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return kUsual;
  return size.ws_col;
}

// After https://no-color.org: any non-empty NO_COLOR turns colours off.
bool wants_color() {
  const char* no_color = std::getenv("NO_COLOR");
  return is_terminal() && (no_color == nullptr || *no_color == '\0');
}

void print_line(const char* label, const char* color, const std::string& text) {
  if (wants_color()) {
    fmt::print(stderr, "smalti: \033[{}m{}:\033[0m {}\n", color, label, printable(text));
  } else {
    fmt::print(stderr, "smalti: {}: {}\n", label, printable(text));
  }
}

}  // namespace

void print_error(const std::string& message, const std::string& hint) {
  print_line("error", "1;31", message);
  if (!hint.empty()) fmt::print(stderr, "  {}\n", printable(hint));
}

int say_stopped(const std::string& message, const std::string& hint) {
  print_error(message, hint);
  return static_cast<int>(ErrorKind::kFailure);
}

void tell(const ConsoleOptions& options, const std::string& json, const std::string& text) {
  if (options.progress == ProgressStyle::kJson) {
    fmt::print("{}\n", json);
  } else if (!options.quiet) {
    fmt::print(stderr, "{}", text);
  }
}

struct Console::State {
  explicit State(const ConsoleOptions& o) : options(o) {
    if (options.quiet) {
      options.progress = ProgressStyle::kOff;
    } else if (options.progress == ProgressStyle::kAuto && !is_terminal()) {
      options.progress = ProgressStyle::kPlain;
    }
  }

  void warn(const std::string& line) {
    const std::lock_guard lock(mutex);
    clear_bar();
    print_line("warning", "1;33", line);
  }

  void note(const std::string& line) {
    const std::lock_guard lock(mutex);
    clear_bar();
    fmt::print(stderr, "smalti: {}\n", printable(line));
  }

  void progress(const Progress& progress) {
    const std::lock_guard lock(mutex);
    const Clock::time_point now = Clock::now();
    const bool new_phase = meter.update(progress, now);
    const bool last = progress.total && progress.done == *progress.total;
    // Lines begin a second after a phase, when there is a speed to tell.
    if (new_phase && options.progress == ProgressStyle::kPlain)
      shown = now - pause() + milliseconds(1000);
    if (!(new_phase && options.progress != ProgressStyle::kPlain) && !last && now - shown < pause())
      return;
    shown = now;
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
        fmt::print(stderr, "\r\033[K{}", meter.bar(terminal_width() - 1));
        std::fflush(stderr);
        bar_shown = true;
        return;
      case ProgressStyle::kPlain:
        fmt::print(stderr, "{}\n", meter.plain());
        return;
      case ProgressStyle::kJson:
        fmt::print("{}\n", meter.json());
        std::fflush(stdout);
        return;
      case ProgressStyle::kOff:
        return;
    }
  }

  void clear_bar() {
    if (!bar_shown) return;
    fmt::print(stderr, "\r\033[K");
    std::fflush(stderr);
    bar_shown = false;
  }

  std::mutex mutex;
  ConsoleOptions options;
  ProgressMeter meter;
  Clock::time_point shown;
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

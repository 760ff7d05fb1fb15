#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <exception>

#include "cli/app.h"
#include "cli/console.h"
#include "smalti/error.h"

namespace {

std::atomic<bool> stop_requested{false};
volatile std::sig_atomic_t stop_signal = 0;

// The first signal asks for a clean end, the second ends at once.
void on_signal(int signal) {
  if (stop_signal != 0) _exit(128 + signal);
  stop_signal = signal;
  stop_requested.store(true, std::memory_order_relaxed);
}

void install_signal_handlers() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  // A closed pipe and a limit on file sizes are errors of the write that meets them.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

int run(int argc, char** argv) {
  try {
    return smalti::cli::run(argc, argv, stop_requested);
  } catch (const smalti::Error& error) {
    smalti::cli::print_error(error.what(), error.hint());
    return static_cast<int>(error.kind());
  } catch (const std::bad_alloc&) {
    smalti::cli::print_error("out of memory", "a smaller --size takes less");
  } catch (const std::exception& error) {
    smalti::cli::print_error(error.what(), "");
  }
  return static_cast<int>(smalti::ErrorKind::kFailure);
}

}  // namespace

int main(int argc, char** argv) {
  install_signal_handlers();
  ::setenv("SVT_LOG", "1", 0);  // errors only: this encoder speaks past every other log
  const int code = run(argc, argv);
  // A signal that came too late to stop anything does not make a whole output a failure.
  return code != 0 && stop_signal != 0 ? 128 + stop_signal : code;
}

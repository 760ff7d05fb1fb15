#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <new>

#include "cli/app.h"
#include "cli/text/console.h"
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
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &action, nullptr);
  struct sigaction inherited {};
  sigaction(SIGHUP, nullptr, &inherited);  // nohup has it ignored: to be outlived
  if (inherited.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
  // A closed pipe and a limit on file sizes are errors of the write that meets them.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

int run_and_tell(int argc, char** argv) {
  using smalti::cli::print_error;
  try {
    return smalti::cli::with_results_told(smalti::cli::run(argc, argv, stop_requested));
  } catch (const smalti::Error& error) {
    print_error(error);
    return static_cast<int>(error.kind());
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    print_error(smalti::cli::shown("{}", error.what()));
  }
  return static_cast<int>(smalti::ErrorKind::kFailure);
}

// Memory may run out while another error is told, too.
int run(int argc, char** argv) {
  try {
    return run_and_tell(argc, argv);
  } catch (const std::bad_alloc&) {
    smalti::cli::print_out_of_memory();
    return static_cast<int>(smalti::ErrorKind::kFailure);
  }
}

}  // namespace

int main(int argc, char** argv) {
  smalti::cli::take_over_streams();
  install_signal_handlers();
  ::setenv("SVT_LOG", "0", 0);  // nothing: this encoder speaks past every other log
  const int code = run(argc, argv);
  // A signal that came too late to stop anything does not make a whole output a failure.
  return code != 0 && stop_signal != 0 ? 128 + stop_signal : code;
}

#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace smalti::test {

/// Sanitized programs are slower and larger than their users will ever see them.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

struct Ended {
  int code = -1;                 ///< exit code, or 128 + signal
  std::string output;            ///< standard output
  std::string errors;            ///< standard error
  bool killed = false;           ///< ended by a signal, not by itself
  bool silent = false;           ///< by ours: it had said nothing for too long
  std::uint64_t peak_bytes = 0;  ///< resident memory at its largest
};

struct RunOptions {
  double timeout_s = 300;
  double silence_s = 0;  ///< how long it may say nothing; 0: as long as it likes
  /// What the new process does before it becomes the program: limits, another user. Only calls that
  /// are safe between fork and exec.
  std::function<void()> before = {};
  int errors = -1;  ///< a file to be its standard error, instead of one that is read
};

/// A program under way, without a shell. What it writes is read as it comes, so that it never waits
/// for its reader.
class Program {
 public:
  explicit Program(const std::vector<std::string>& words, RunOptions options = {});
  /// Kills it when it still runs.
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void send(int signal) const;

  /// Whether it has made itself ready to be sent the signal; the copy of the test that it is before
  /// it becomes the program does not count.
  bool catches(int signal) const;

  /// Reads on until `happened` or, after `timeout_s`, false.
  bool wait_until(const std::function<bool()>& happened, double timeout_s = 20);

  /// Its end. Kills it after the time it was given: code 124.
  Ended wait();

 private:
  using Clock = std::chrono::steady_clock;

  bool read_some(std::chrono::milliseconds pause);
  bool is_overdue() const;
  void reap();

  RunOptions options_;
  pid_t child_ = -1;
  int output_ = -1;
  int errors_ = -1;
  Clock::time_point started_;
  Clock::time_point last_said_;
  Ended ended_;
};

/// Whether a process has made itself ready to be sent the signal.
bool catches_signal(pid_t process, int signal);

/// Runs a program to its end.
Ended run_program(const std::vector<std::string>& words, double timeout_s = 300);

/// The smalti that belongs to these tests.
const std::string& smalti_program();

/// Runs it.
Ended run_smalti(std::vector<std::string> arguments, double timeout_s = 300);
Ended run_smalti(std::vector<std::string> arguments, const RunOptions& options);

}  // namespace smalti::test

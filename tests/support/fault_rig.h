#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "faults/fault_board.h"
#include "support/program.h"

namespace smalti::test {

/// What is to fail in a run, as FaultBoard has it.
struct FaultPlan {
  Fault fault = Fault::kWrite;
  FaultManner manner = FaultManner::kOnce;
  std::int64_t at = 0;  ///< 0: nothing fails
  int error = 0;
};

struct FaultRun {
  int code = -1;        ///< exit code, or 128 + signal
  bool killed = false;  ///< ended by a signal, not by itself
  bool hung = false;    ///< it had not ended in time
  double seconds = 0;
  std::string said;  ///< standard output and standard error
  std::int64_t failed = 0;
  std::array<std::int64_t, kFaults> calls{};

  std::int64_t calls_of(Fault fault) const { return calls[static_cast<std::size_t>(fault)]; }
};

/// smalti with one set of arguments, loaded once and run any number of times. Each run is a process
/// of its own that begins at main(), in which calls fail. Not for sanitized programs: they want
/// their own functions in front of the C library's.
class FaultRig {
 public:
  /// Runs take place in `folder`, with `cache` as XDG_CACHE_HOME. `spared` as in FaultBoard.
  FaultRig(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
           const std::filesystem::path& cache, const std::string& spared = {});
  ~FaultRig();
  FaultRig(const FaultRig&) = delete;
  FaultRig& operator=(const FaultRig&) = delete;

  FaultRun run(const FaultPlan& plan = {}, double timeout_s = 60);

  /// The same in two steps.
  void begin(const FaultPlan& plan = {});
  /// Waits until the run catches SIGHUP, the last that main() makes itself ready for.
  void await_handlers() const;
  void send(int signal) const;
  FaultRun end(double timeout_s = 60);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace smalti::test

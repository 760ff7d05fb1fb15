#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace smalti::test {

/// What may be made to fail: all calls of one sort that a program makes, in all of its libraries.
enum class Fault : std::int32_t { kWrite, kRead, kSync, kRename, kMap, kMemory, kOpen };
inline constexpr std::size_t kFaults = 7;

/// How it fails.
enum class FaultManner : std::int32_t {
  kOnce,      ///< the call at that place, and no other
  kFromThen,  ///< that one and all behind it, as on a full disk
  kShort,     ///< all from there on take or give half of what they could
  kBroken,    ///< every second one from there on is interrupted by a signal: EINTR
  kDeath,     ///< the program is killed in its place
};

/// A file that the test and the program under test both map: what is to fail, and what has been
/// called. It outlives any end of the program.
struct FaultBoard {
  Fault fault = Fault::kWrite;
  FaultManner manner = FaultManner::kOnce;
  std::int64_t at = 0;     ///< 1: the first call after the begin of main(); 0: none
  std::int32_t error = 0;  ///< errno
  /// Parts of names of libraries and functions, with spaces between them: what these call, or let
  /// others call, does not fail.
  std::array<char, 256> spared{};
  std::array<std::atomic<std::int64_t>, kFaults> calls{};
  std::atomic<std::int64_t> failed{};
};

/// Names the file in the environment of the program.
inline constexpr const char* kFaultBoardVariable = "SMALTI_FAULT_BOARD";

/// The program's ends of two pipes.
inline constexpr int kAskedForRuns = 198;
inline constexpr int kToldOfRuns = 199;

}  // namespace smalti::test

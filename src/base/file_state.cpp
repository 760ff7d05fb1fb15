#include "base/file_state.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace smalti {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// The coarsest clock in use, FAT's.
constexpr std::int64_t kCoarsestTick = 2 * kSecond;

// Files may claim any time; the nearest that can be told stands for what is beyond 1677 and 2262.
std::int64_t nanoseconds(const timespec& time) {
  using Limits = std::numeric_limits<std::int64_t>;
  if (time.tv_sec <= Limits::min() / kSecond) return Limits::min();
  if (time.tv_sec >= Limits::max() / kSecond) return Limits::max();
  return time.tv_sec * kSecond + time.tv_nsec;
}

}  // namespace

FileState file_state(const struct stat& status) {
  return {status.st_size, nanoseconds(status.st_mtim), nanoseconds(status.st_ctim),
          static_cast<std::int64_t>(status.st_ino)};
}

std::int64_t now_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

bool is_racy(const FileState& state, std::int64_t scanned_ns) {
  const std::int64_t changed_ns = std::max(state.mtime_ns, state.ctime_ns);
  // Unsigned, for a damaged library may say that it was scanned at any time.
  return changed_ns >= scanned_ns ||
         static_cast<std::uint64_t>(scanned_ns) - static_cast<std::uint64_t>(changed_ns) <=
             std::uint64_t{kCoarsestTick};
}

}  // namespace smalti

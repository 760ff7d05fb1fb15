#include "tiles/file_state.h"

#include <algorithm>
#include <chrono>

namespace smalti {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// The coarsest clock in use, FAT's.
constexpr std::int64_t kCoarsestTick = 2 * kSecond;

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * kSecond + time.tv_nsec; }

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
  return std::max(state.mtime_ns, state.ctime_ns) >= scanned_ns - kCoarsestTick;
}

}  // namespace smalti

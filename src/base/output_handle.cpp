#include "base/output_handle.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "smalti/error.h"

namespace smalti {
namespace {

// How long a stop may go unnoticed while the other end of a FIFO keeps still.
constexpr int kPause_ms = 50;

std::string reason_of(int error) {
  return error == ECANCELED ? "stopped while nobody read it"
                            : std::generic_category().message(error);
}

bool is_lack_of_room(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

}  // namespace

OutputHandle::OutputHandle(const OutputFile& output, const std::atomic<bool>* stop)
    : name_(output.final_path()), stop_(stop) {
  std::error_code error;
  // Opened without waiting for a reader: nobody could end that wait.
  const bool fifo = std::filesystem::is_fifo(output.path(), error);
  // A link in the place of what was made just now is somebody else's.
  const int flags =
      (output.in_place() ? O_WRONLY : O_RDWR | O_NOFOLLOW) | (fifo ? O_NONBLOCK : 0) | O_CLOEXEC;
  while (fd_ < 0 && error_ == 0) {
    fd_ = ::open(output.path().c_str(), flags);
    if (fd_ < 0 && errno == ENXIO && fifo) {
      wait();
    } else if (fd_ < 0 && errno != EINTR) {
      error_ = errno;
    }
  }
  check();
}

OutputHandle::~OutputHandle() {
  if (fd_ >= 0) ::close(fd_);
}

bool OutputHandle::write(const void* bytes, std::size_t count) noexcept {
  const auto* at = static_cast<const std::byte*>(bytes);
  while (error_ == 0 && count > 0) {
    const ssize_t written = ::write(fd_, at, count);
    if (written < 0) {
      if (errno == EAGAIN) {
        wait();
      } else if (errno != EINTR) {
        error_ = errno;
      }
      continue;
    }
    at += written;
    count -= static_cast<std::size_t>(written);
    position_ += written;
  }
  end_ = std::max(end_, position_);
  return error_ == 0;
}

// For the reader of a FIFO, a moment at a time.
void OutputHandle::wait() noexcept {
  if (stop_ != nullptr && stop_->load(std::memory_order_relaxed)) {
    error_ = ECANCELED;
    return;
  }
  pollfd end{fd_, POLLOUT, 0};
  ::poll(&end, 1, kPause_ms);
}

ssize_t OutputHandle::read(void* bytes, std::size_t count) noexcept {
  auto* at = static_cast<std::byte*>(bytes);
  std::size_t got = 0;
  while (error_ == 0 && got < count) {
    const ssize_t some = ::read(fd_, at + got, count - got);
    if (some == 0) break;
    if (some > 0) {
      got += static_cast<std::size_t>(some);
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  position_ += static_cast<off_t>(got);
  return error_ == 0 ? static_cast<ssize_t>(got) : -1;
}

off_t OutputHandle::seek(off_t offset, int whence) noexcept {
  if (error_ != 0) return -1;
  const off_t position = ::lseek(fd_, offset, whence);
  if (position < 0) {
    error_ = errno;
  } else {
    position_ = position;
  }
  return position;
}

void OutputHandle::check() const {
  if (error_ == 0) return;
  throw Error(ErrorKind::kInputOutput,
              fmt::format("cannot write '{}': {}", name_.string(), reason_of(error_)),
              is_lack_of_room(error_) ? "make room on the disk, or write elsewhere" : "");
}

void OutputHandle::fail(const std::string& reason) const {
  check();
  throw Error(ErrorKind::kFailure, fmt::format("cannot write '{}': {}", name_.string(), reason));
}

void OutputHandle::close() {
  if (::close(std::exchange(fd_, -1)) != 0 && error_ == 0) error_ = errno;
  check();
}

}  // namespace smalti

#include "base/output_handle.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "smalti/error.h"

namespace smalti {
namespace {

int open_waiting(const OutputFile& output) {
  // A link in the place of what was made just now is somebody else's.
  const int flags = (output.in_place() ? O_WRONLY : O_RDWR | O_NOFOLLOW) | O_CLOEXEC;
  for (;;) {
    const int fd = ::open(output.path().c_str(), flags);
    if (fd >= 0 || errno != EINTR) return fd;
  }
}

bool is_lack_of_room(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

}  // namespace

OutputHandle::OutputHandle(const OutputFile& output)
    : name_(output.final_path()), fd_(open_waiting(output)) {
  if (fd_ < 0) error_ = errno;
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
      if (errno != EINTR) error_ = errno;
      continue;
    }
    at += written;
    count -= static_cast<std::size_t>(written);
    position_ += written;
  }
  end_ = std::max(end_, position_);
  return error_ == 0;
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
  throw Error(
      ErrorKind::kInputOutput,
      fmt::format("cannot write '{}': {}", name_.string(), std::generic_category().message(error_)),
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

#include "images/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "images/codecs.h"

namespace smalti::images {
namespace {

constexpr std::int64_t kLargestFile = std::int64_t{1} << 30;

BadPicture system_complaint(ErrorKind kind) {
  return BadPicture(std::generic_category().message(errno), kind);
}

FileState checked_state(int fd) {
  struct stat status = {};
  if (::fstat(fd, &status) != 0) throw system_complaint(ErrorKind::kInputOutput);
  if (!S_ISREG(status.st_mode)) throw BadPicture("not a regular file");
  return file_state(status);
}

}  // namespace

// Opened without waiting: for a FIFO that would last until somebody writes into it.
InputFile::InputFile(const std::filesystem::path& path)
    : fd_(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {
  if (fd_ < 0) throw system_complaint(ErrorKind::kMissingInput);
  try {
    state_ = checked_state(fd_);
  } catch (...) {
    ::close(fd_);
    throw;
  }
}

InputFile::~InputFile() { ::close(fd_); }

void InputFile::check_fits_memory() const {
  if (state_.size > kLargestFile) throw BadPicture("larger than 1 GiB");
}

void InputFile::rewind() {
  if (::lseek(fd_, 0, SEEK_SET) != 0) throw system_complaint(ErrorKind::kInputOutput);
}

void InputFile::read_on(std::vector<std::uint8_t>& bytes, std::size_t count) {
  std::size_t filled = bytes.size();
  bytes.resize(count);
  while (filled < count) {
    const ssize_t got = ::read(fd_, bytes.data() + filled, count - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw system_complaint(ErrorKind::kInputOutput);
    if (got == 0) break;  // it became shorter meanwhile
    filled += static_cast<std::size_t>(got);
  }
  bytes.resize(filled);
}

}  // namespace smalti::images

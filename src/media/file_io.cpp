#include "media/file_io.h"

extern "C" {
#include <libavutil/mem.h>
}

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <thread>
#include <utility>

namespace smalti::media {
namespace {

using std::chrono::milliseconds;

constexpr int kBufferBytes = 1 << 16;

// How long a stop may go unnoticed while the other end of a FIFO keeps still.
constexpr milliseconds kPause{50};

}  // namespace

struct FileIo::State {
  explicit State(const Events& callbacks) : events(callbacks) {}
  ~State() {
    if (fd >= 0) ::close(fd);
    if (io != nullptr) av_freep(&io->buffer);
    avio_context_free(&io);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  int open(const std::filesystem::path& path, Mode mode);
  void make_context(Mode mode);
  bool wait_for(short what) const;
  int read(std::uint8_t* bytes, int size) const;
  int write(const std::uint8_t* bytes, int size) const;
  std::int64_t seek(std::int64_t offset, int whence) const;

  Events events;
  int fd = -1;
  bool waits = false;  // a FIFO: opened without waiting, because nobody could end that wait
  bool seeks = false;  // a regular file
  AVIOContext* io = nullptr;
};

int FileIo::State::open(const std::filesystem::path& path, Mode mode) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return AVERROR(errno);
  waits = S_ISFIFO(status.st_mode);
  seeks = S_ISREG(status.st_mode);
  int flags = (mode == Mode::kRead ? O_RDONLY : O_WRONLY) | (waits ? O_NONBLOCK : 0);
  // Where an output goes is known: a link in its place is somebody else's.
  if (mode == Mode::kWrite && seeks) flags |= O_NOFOLLOW;
  for (;;) {
    fd = ::open(path.c_str(), flags | O_CLOEXEC);
    if (fd >= 0) return 0;
    // A FIFO that nobody reads yet.
    if (!waits || errno != ENXIO) return AVERROR(errno);
    if (events.stop_requested()) return AVERROR_EXIT;
    std::this_thread::sleep_for(kPause);
  }
}

void FileIo::State::make_context(Mode mode) {
  const auto read_some = [](void* state, std::uint8_t* bytes, int size) {
    return static_cast<const State*>(state)->read(bytes, size);
  };
#if LIBAVFORMAT_VERSION_MAJOR >= 61
  const auto write_all = [](void* state, const std::uint8_t* bytes, int size) {
#else
  const auto write_all = [](void* state, std::uint8_t* bytes, int size) {
#endif
    return static_cast<const State*>(state)->write(bytes, size);
  };
  const auto go_to = [](void* state, std::int64_t offset, int whence) {
    return static_cast<const State*>(state)->seek(offset, whence);
  };
  auto* buffer = static_cast<unsigned char*>(allocated(av_malloc(kBufferBytes)));
  const bool writes = mode == Mode::kWrite;
  io = avio_alloc_context(buffer, kBufferBytes, writes ? 1 : 0, this, +read_some, +write_all,
                          seeks ? +go_to : nullptr);
  if (io == nullptr) av_free(buffer);
  allocated(io);
}

// False when the user does not want to wait any longer.
bool FileIo::State::wait_for(short what) const {
  for (;;) {
    pollfd end{fd, what, 0};
    if (::poll(&end, 1, static_cast<int>(kPause.count())) > 0) return true;
    if (events.stop_requested()) return false;
  }
}

int FileIo::State::read(std::uint8_t* bytes, int size) const {
  for (;;) {
    // Asked first: without a writer yet, reading would find the end.
    if (waits && !wait_for(POLLIN)) return AVERROR_EXIT;
    const ssize_t count = ::read(fd, bytes, static_cast<std::size_t>(size));
    if (count > 0) return static_cast<int>(count);
    if (count == 0) return AVERROR_EOF;
    if (errno != EINTR && errno != EAGAIN) return AVERROR(errno);
  }
}

int FileIo::State::write(const std::uint8_t* bytes, int size) const {
  int written = 0;
  while (written < size) {
    const ssize_t count = ::write(fd, bytes + written, static_cast<std::size_t>(size - written));
    if (count >= 0) {
      written += static_cast<int>(count);
    } else if (waits && errno == EAGAIN) {
      if (!wait_for(POLLOUT)) return AVERROR_EXIT;
    } else if (errno != EINTR) {
      return AVERROR(errno);
    }
  }
  return size;
}

std::int64_t FileIo::State::seek(std::int64_t offset, int whence) const {
  if ((whence & AVSEEK_SIZE) != 0) {
    struct stat status {};
    return fstat(fd, &status) == 0 ? static_cast<std::int64_t>(status.st_size) : AVERROR(errno);
  }
  const off_t position = ::lseek(fd, offset, whence & ~AVSEEK_FORCE);
  return position >= 0 ? position : AVERROR(errno);
}

FileIo::FileIo(const NamedFile& file, Mode mode, const Events& events)
    : state_(std::make_unique<State>(events)) {
  const bool reads = mode == Mode::kRead;
  check(state_->open(file.path, mode), (reads ? "cannot read " : "cannot write ") + file.name,
        reads ? ErrorKind::kMissingInput : ErrorKind::kInputOutput);
  state_->make_context(mode);
}

FileIo::~FileIo() = default;

FileIo::FileIo(FileIo&&) noexcept = default;

AVIOContext* FileIo::get() const { return state_->io; }

int FileIo::close() {
  avio_flush(state_->io);
  const int result = state_->io->error;
  const int fd = std::exchange(state_->fd, -1);
  if (::close(fd) != 0 && result >= 0) return AVERROR(errno);
  return result;
}

}  // namespace smalti::media

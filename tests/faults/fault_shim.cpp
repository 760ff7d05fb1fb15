// Is loaded before all libraries of a program (LD_PRELOAD) and stands between it and the C library:
// counts calls while main() runs, and makes those fail that a FaultBoard names.
//
// What the C library does within itself, as stdio does, is not seen.

#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "faults/fault_board.h"

// The C library's own, which need not be looked up: looking up may allocate.
extern "C" {
void* __libc_malloc(std::size_t bytes);
void* __libc_calloc(std::size_t count, std::size_t bytes);
void* __libc_realloc(void* block, std::size_t bytes);
void* __libc_memalign(std::size_t alignment, std::size_t bytes);
}

namespace {

using smalti::test::Fault;
using smalti::test::FaultBoard;
using smalti::test::FaultManner;

FaultBoard* board = nullptr;
std::atomic<bool> armed{false};

// What called what, the innermost first.
struct Callers {
  Callers() : count(::backtrace(frames.data(), static_cast<int>(frames.size()))) {}
  std::array<void*, 100> frames{};
  int count;
};

bool is_named(const char* name) {
  if (name == nullptr) return false;
  auto names = board->spared;
  char* rest = names.data();
  while (const char* part = strtok_r(rest, " ", &rest))
    if (std::strstr(name, part) != nullptr) return true;
  return false;
}

// The program's own functions are in no table that the loader knows, but in its file.
class OwnFunctions {
 public:
  void read() {
    const int file = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (file < 0 || ::fstat(file, &status) != 0) return;
    const auto bytes = static_cast<std::size_t>(status.st_size);
    void* mapped = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, file, 0);
    ::close(file);
    if (mapped == MAP_FAILED) return;
    start_ = static_cast<const char*>(mapped);
    const auto& head = *at<ElfW(Ehdr)>(0);
    for (int i = 0; i < head.e_shnum; ++i) {
      const auto& section = at<ElfW(Shdr)>(head.e_shoff)[i];
      if (section.sh_type != SHT_SYMTAB) continue;
      functions_ = at<ElfW(Sym)>(section.sh_offset);
      count_ = section.sh_size / sizeof(ElfW(Sym));
      names_ = at<char>(at<ElfW(Shdr)>(head.e_shoff)[section.sh_link].sh_offset);
    }
  }

  // Null: none that is known.
  const char* name_at(std::uintptr_t offset) const {
    for (std::size_t i = 0; i < count_; ++i) {
      const auto& function = functions_[i];
      if (function.st_value <= offset && offset - function.st_value < function.st_size)
        return names_ + function.st_name;
    }
    return nullptr;
  }

 private:
  template <typename Part>
  const Part* at(std::size_t offset) const {
    return reinterpret_cast<const Part*>(start_ + offset);
  }

  const char* start_ = nullptr;
  const ElfW(Sym) * functions_ = nullptr;
  const char* names_ = nullptr;
  std::size_t count_ = 0;
};

OwnFunctions own_functions;
const void* own_start = nullptr;  // where the program lies in memory

bool is_spared() {
  const Callers callers;
  for (int i = 0; i < callers.count; ++i) {
    Dl_info known{};
    if (::dladdr(callers.frames[i], &known) == 0) continue;
    const char* name = known.dli_sname;
    if (known.dli_fbase == own_start)
      name = own_functions.name_at(reinterpret_cast<std::uintptr_t>(callers.frames[i]) -
                                   reinterpret_cast<std::uintptr_t>(own_start));
    if (is_named(name) || (known.dli_fbase != own_start && is_named(known.dli_fname))) return true;
  }
  return false;
}

bool map_board() {
  const char* file_name = std::getenv(smalti::test::kFaultBoardVariable);
  const int file = file_name == nullptr ? -1 : ::open(file_name, O_RDWR | O_CLOEXEC);
  if (file < 0) return false;
  void* mapped = ::mmap(nullptr, sizeof(FaultBoard), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  board = mapped == MAP_FAILED ? nullptr : static_cast<FaultBoard*>(mapped);
  return board != nullptr;
}

bool is_chosen(std::int64_t number) {
  if (board->at == 0 || number < board->at) return false;
  switch (board->manner) {
    case FaultManner::kOnce:
      return number == board->at;
    case FaultManner::kBroken:
      return (number - board->at) % 2 == 0;
    default:
      return true;
  }
}

// Whoever cannot bear that cannot bear a network or a signal.
bool is_harmless(FaultManner manner) {
  return manner == FaultManner::kShort || manner == FaultManner::kBroken;
}

// On standard error, for whoever asks why a run ended as it did.
void show_callers() {
  const Callers callers;
  ::backtrace_symbols_fd(callers.frames.data(), callers.count, STDERR_FILENO);
}

thread_local bool is_looking = false;  // what looking takes is no call of the program's

// Counts a call; whether it is to fail.
bool fails(Fault fault) {
  if (!armed.load(std::memory_order_relaxed) || is_looking) return false;
  const std::int64_t number = ++board->calls[static_cast<std::size_t>(fault)];
  if (fault != board->fault || !is_chosen(number)) return false;
  is_looking = true;
  const bool failing = is_harmless(board->manner) || !is_spared();
  if (failing && ++board->failed == 1 && !is_harmless(board->manner)) show_callers();
  is_looking = false;
  if (failing && board->manner == FaultManner::kDeath) ::kill(::getpid(), SIGKILL);
  return failing;
}

template <class Function>
Function* next(const char* name, Function* /*of this type*/) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

// Bytes to be moved instead of `count`; -1, with errno: none.
ssize_t allowed(Fault fault, std::size_t count) {
  if (!fails(fault)) return static_cast<ssize_t>(count);
  if (board->manner == FaultManner::kShort) return static_cast<ssize_t>(count - count / 2);
  errno = board->manner == FaultManner::kBroken ? EINTR : board->error;
  return -1;
}

void* none() {
  errno = ENOMEM;
  return nullptr;
}

bool is_out_of_memory() { return fails(Fault::kMemory); }

int (*program_main)(int, char**, char**) = nullptr;

// One run, in a process of its own.
int run_once(int count, char** words, char** environment) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const Callers loads_what_looking_needs;
  armed = true;
  const int code = program_main(count, words, environment);
  armed = false;
  return code;
}

// In place of main(): all libraries are loaded and set up, which takes most of a short run's time.
// From here each run is a copy of this process, asked for by a byte and answered by its process
// number and, when it has ended, by its status.
int serve(int count, char** words, char** environment) {
  if (!map_board()) return 125;
  own_functions.read();
  Dl_info own{};
  ::dladdr(reinterpret_cast<void*>(program_main), &own);
  own_start = own.dli_fbase;
  for (char wanted = 0; ::read(smalti::test::kAskedForRuns, &wanted, 1) == 1;) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(smalti::test::kAskedForRuns);
      ::close(smalti::test::kToldOfRuns);
      return run_once(count, words, environment);
    }
    int status = 0;
    if (::write(smalti::test::kToldOfRuns, &child, sizeof(child)) < 0) return 125;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    if (::write(smalti::test::kToldOfRuns, &status, sizeof(status)) < 0) return 125;
  }
  return 0;
}

}  // namespace

#define NEXT(name) static auto* const real = next(#name, static_cast<decltype(::name)*>(nullptr))

extern "C" {

int __libc_start_main(int (*main)(int, char**, char**), int count, char** words, void (*init)(),
                      void (*fini)(), void (*loader_fini)(), void* stack_end) {
  program_main = main;
  using Start =
      int (*)(int (*)(int, char**, char**), int, char**, void (*)(), void (*)(), void (*)(), void*);
  const auto real = reinterpret_cast<Start>(::dlsym(RTLD_NEXT, "__libc_start_main"));
  return real(serve, count, words, init, fini, loader_fini, stack_end);
}

// What is said is left alone: it shows how a run took what failed, and is no part of what is made.
ssize_t write(int file, const void* bytes, std::size_t count) {
  NEXT(write);
  if (file == STDOUT_FILENO || file == STDERR_FILENO) return real(file, bytes, count);
  const ssize_t some = allowed(Fault::kWrite, count);
  return some < 0 ? -1 : real(file, bytes, static_cast<std::size_t>(some));
}

ssize_t pwrite(int file, const void* bytes, std::size_t count, off_t at) {
  NEXT(pwrite);
  const ssize_t some = allowed(Fault::kWrite, count);
  return some < 0 ? -1 : real(file, bytes, static_cast<std::size_t>(some), at);
}

ssize_t pwrite64(int file, const void* bytes, std::size_t count, off64_t at) {
  NEXT(pwrite64);
  const ssize_t some = allowed(Fault::kWrite, count);
  return some < 0 ? -1 : real(file, bytes, static_cast<std::size_t>(some), at);
}

ssize_t writev(int file, const iovec* parts, int count) {
  NEXT(writev);
  const ssize_t some = allowed(Fault::kWrite, 2);
  if (some < 0) return -1;
  return some < 2 && count > 0 ? ::syscall(SYS_write, file, parts->iov_base, parts->iov_len)
                               : real(file, parts, count);
}

ssize_t read(int file, void* bytes, std::size_t count) {
  NEXT(read);
  const ssize_t some = allowed(Fault::kRead, count);
  return some < 0 ? -1 : real(file, bytes, static_cast<std::size_t>(some));
}

ssize_t pread(int file, void* bytes, std::size_t count, off_t at) {
  NEXT(pread);
  const ssize_t some = allowed(Fault::kRead, count);
  return some < 0 ? -1 : real(file, bytes, static_cast<std::size_t>(some), at);
}

ssize_t pread64(int file, void* bytes, std::size_t count, off64_t at) {
  NEXT(pread64);
  const ssize_t some = allowed(Fault::kRead, count);
  return some < 0 ? -1 : real(file, bytes, static_cast<std::size_t>(some), at);
}

ssize_t readv(int file, const iovec* parts, int count) {
  NEXT(readv);
  const ssize_t some = allowed(Fault::kRead, 2);
  if (some < 0) return -1;
  return some < 2 && count > 0 ? ::syscall(SYS_read, file, parts->iov_base, parts->iov_len)
                               : real(file, parts, count);
}

#define FAILING(fault, failure) \
  if (allowed(fault, 2) < 0) return failure

// Nobody turns off the power here, so nobody has to wait for the disk.
int fsync(int) {
  FAILING(Fault::kSync, -1);
  return 0;
}

int fdatasync(int) {
  FAILING(Fault::kSync, -1);
  return 0;
}

int rename(const char* from, const char* to) noexcept {
  NEXT(rename);
  FAILING(Fault::kRename, -1);
  return real(from, to);
}

int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  NEXT(renameat);
  FAILING(Fault::kRename, -1);
  return real(from_folder, from, to_folder, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned flags) noexcept {
  NEXT(renameat2);
  FAILING(Fault::kRename, -1);
  return real(from_folder, from, to_folder, to, flags);
}

int link(const char* from, const char* to) noexcept {
  NEXT(link);
  FAILING(Fault::kRename, -1);
  return real(from, to);
}

void* mmap(void* at, std::size_t bytes, int protection, int flags, int file,
           off_t offset) noexcept {
  NEXT(mmap);
  FAILING(Fault::kMap, MAP_FAILED);
  return real(at, bytes, protection, flags, file, offset);
}

void* mmap64(void* at, std::size_t bytes, int protection, int flags, int file,
             off64_t offset) noexcept {
  NEXT(mmap64);
  FAILING(Fault::kMap, MAP_FAILED);
  return real(at, bytes, protection, flags, file, offset);
}

#define MODE_OF(flags)                                              \
  mode_t mode = 0;                                                  \
  if (((flags)&O_CREAT) != 0 || ((flags)&O_TMPFILE) == O_TMPFILE) { \
    va_list more;                                                   \
    va_start(more, flags);                                          \
    mode = va_arg(more, mode_t);                                    \
    va_end(more);                                                   \
  }

int open(const char* path, int flags, ...) {
  NEXT(open);
  MODE_OF(flags)
  FAILING(Fault::kOpen, -1);
  return real(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  NEXT(open64);
  MODE_OF(flags)
  FAILING(Fault::kOpen, -1);
  return real(path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
  NEXT(openat);
  MODE_OF(flags)
  FAILING(Fault::kOpen, -1);
  return real(folder, path, flags, mode);
}

int openat64(int folder, const char* path, int flags, ...) {
  NEXT(openat64);
  MODE_OF(flags)
  FAILING(Fault::kOpen, -1);
  return real(folder, path, flags, mode);
}

FILE* fopen(const char* path, const char* mode) {
  NEXT(fopen);
  FAILING(Fault::kOpen, nullptr);
  return real(path, mode);
}

FILE* fopen64(const char* path, const char* mode) {
  NEXT(fopen64);
  FAILING(Fault::kOpen, nullptr);
  return real(path, mode);
}

void* malloc(std::size_t bytes) { return is_out_of_memory() ? none() : __libc_malloc(bytes); }

void* calloc(std::size_t count, std::size_t bytes) {
  return is_out_of_memory() ? none() : __libc_calloc(count, bytes);
}

void* realloc(void* block, std::size_t bytes) {
  return is_out_of_memory() ? none() : __libc_realloc(block, bytes);
}

void* memalign(std::size_t alignment, std::size_t bytes) {
  return is_out_of_memory() ? none() : __libc_memalign(alignment, bytes);
}

void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  return is_out_of_memory() ? none() : __libc_memalign(alignment, bytes);
}

int posix_memalign(void** block, std::size_t alignment, std::size_t bytes) {
  if (is_out_of_memory()) return ENOMEM;
  *block = __libc_memalign(alignment, bytes);
  return *block == nullptr ? ENOMEM : 0;
}

}  // extern "C"

#include "base/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>
#include <system_error>

#include "base/output_handle.h"
#include "base/wording.h"
#include "smalti/error.h"

namespace smalti {
namespace fs = std::filesystem;
namespace {

// Leaves room for the marker and a random number in a name of at most 255 bytes.
constexpr std::size_t kLongestKeptName = 200;

std::string text_of(int error) { return std::generic_category().message(error); }

std::optional<struct stat> stat_of(const fs::path& path) {
  struct stat s {};
  if (::stat(path.c_str(), &s) != 0) return std::nullopt;
  return s;
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

// What every temporary file for this final name starts with. The leading dot hides it.
std::string temporary_prefix(const fs::path& final_path) {
  return "." + final_path.filename().string().substr(0, kLongestKeptName) + ".smalti-";
}

[[noreturn]] void fail_to_create(const fs::path& path, const std::string& why,
                                 const std::string& hint = {}) {
  throw Error(ErrorKind::kCannotCreate, fmt::format("cannot create '{}': {}", path.string(), why),
              hint);
}

// Whether the name belongs to a device or the like, after all reasons to refuse it.
bool check_name(const fs::path& final_path, bool overwrite) {
  const auto existing = stat_of(final_path);
  if (!existing && (errno == ENAMETOOLONG || errno == ELOOP))
    fail_to_create(final_path, text_of(errno), "choose another name");
  if (existing && S_ISDIR(existing->st_mode))
    fail_to_create(final_path, "it is a folder", "name a file in it");
  if (existing && !S_ISREG(existing->st_mode)) return true;
  if (existing && !overwrite)
    fail_to_create(final_path, "it exists already",
                   worded("choose another name, or replace it with {overwrite}"));
  const fs::path folder = folder_of(final_path);
  const auto folder_stat = stat_of(folder);
  if (!folder_stat)
    fail_to_create(final_path, fmt::format("the folder '{}' is not there", folder.string()),
                   "make the folder first");
  if (!S_ISDIR(folder_stat->st_mode))
    fail_to_create(final_path, fmt::format("'{}' is no folder", folder.string()));
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    fail_to_create(final_path, fmt::format("the folder '{}' cannot be written to: {}",
                                           folder.string(), text_of(errno)));
  return false;
}

// A temporary file nobody holds the lock of belongs to a run that was killed.
void remove_stale(const fs::path& final_path) {
  const std::string prefix = temporary_prefix(final_path);
  std::error_code error;
  for (fs::directory_iterator it(folder_of(final_path), error), end; !error && it != end;
       it.increment(error)) {
    if (!it->path().filename().string().starts_with(prefix)) continue;
    const int file = ::open(it->path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) continue;
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) ::unlink(it->path().c_str());
    ::close(file);
  }
}

// In a folder that others write to, too, a name that they could guess would let them be there
// first.
std::uint64_t random_number() {
  std::uint64_t number = 0;
  while (::getrandom(&number, sizeof(number), 0) < 0 && errno == EINTR) continue;
  return number;
}

// Opens and locks a new file. Another run may take it for stale between the two and remove it:
// then it has no name left, and another is tried.
int create_locked(const fs::path& final_path, fs::path& path) {
  constexpr int kTries = 100;
  for (int i = 0; i < kTries; ++i) {
    path = folder_of(final_path) /
           fmt::format("{}{:016x}", temporary_prefix(final_path), random_number());
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (file < 0 && errno == EEXIST) continue;
    if (file < 0) fail_to_create(final_path, text_of(errno));
    struct stat s {};
    if (::flock(file, LOCK_EX | LOCK_NB) == 0 && ::fstat(file, &s) == 0 && s.st_nlink > 0)
      return file;
    ::close(file);
  }
  fail_to_create(final_path, "no temporary name is free in its folder");
}

void rename_into_place(const fs::path& from, const fs::path& to, bool overwrite) {
  if (!overwrite) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
    if (errno == EEXIST)
      fail_to_create(to, "another program made it in the meantime", "choose another name");
    if (errno != EINVAL && errno != ENOSYS)
      throw Error(ErrorKind::kInputOutput,
                  fmt::format("cannot give '{}' its name: {}", to.string(), text_of(errno)));
  }
  if (::rename(from.c_str(), to.c_str()) != 0)
    throw Error(ErrorKind::kInputOutput,
                fmt::format("cannot give '{}' its name: {}", to.string(), text_of(errno)));
}

// Makes the rename durable. Some file systems have no fsync for folders; that is no failure.
void sync_folder(const fs::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

}  // namespace

// Devices and FIFOs are written by any name, and /dev/stdout leads to a pipe that has no other.
fs::path through_links(fs::path path) {
  constexpr int kMostLinks = 40;
  std::error_code error;
  for (int i = 0; i < kMostLinks && fs::is_symlink(path, error) && !fs::is_other(path, error); ++i)
    path = folder_of(path) / fs::read_symlink(path, error);
  return path;
}

void write_file(const fs::path& final_path, bool overwrite, std::string_view bytes,
                const std::atomic<bool>* stop) {
  OutputFile output(final_path, overwrite);
  OutputHandle handle(output, stop);
  handle.write(bytes.data(), bytes.size());
  handle.close();
  output.commit();
}

void check_output(const fs::path& final_path, bool overwrite) {
  check_name(through_links(final_path), overwrite);
}

bool same_file(const fs::path& a, const fs::path& b) {
  const auto stat_a = stat_of(a);
  const auto stat_b = stat_of(b);
  return stat_a && stat_b && stat_a->st_dev == stat_b->st_dev && stat_a->st_ino == stat_b->st_ino;
}

OutputFile::OutputFile(fs::path final_path, bool overwrite)
    : final_path_(through_links(final_path)), overwrite_(overwrite) {
  in_place_ = check_name(final_path_, overwrite);
  if (in_place_) {
    path_ = final_path_;
    return;
  }
  remove_stale(final_path_);
  lock_ = create_locked(final_path_, path_);
}

OutputFile::~OutputFile() {
  if (!in_place_ && !committed_) ::unlink(path_.c_str());
  if (lock_ >= 0) ::close(lock_);
}

void OutputFile::commit(const std::optional<fs::path>& other) {
  if (in_place_) return;
  if (::fsync(lock_) != 0)
    throw Error(ErrorKind::kInputOutput,
                fmt::format("cannot write '{}' to disk: {}", final_path_.string(), text_of(errno)));
  rename_into_place(path_, other.value_or(final_path_), overwrite_);
  committed_ = true;
  sync_folder(folder_of(final_path_));
}

}  // namespace smalti

#include "products/run/temporary.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include "smalti/error.h"

namespace smalti {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& folder, const std::string& why) {
  throw Error(ErrorKind::kCannotCreate,
              fmt::format("cannot put temporary files into '{}': {}", folder, why),
              "name another folder for temporary files in TMPDIR");
}

fs::path temporary_folder() {
  std::error_code error;
  const fs::path folder = fs::temp_directory_path(error);
  if (!error) return folder;
  std::string named = "/tmp";
  for (const char* variable : {"TEMPDIR", "TEMP", "TMP", "TMPDIR"})  // the last one counts most
    if (const char* value = std::getenv(variable)) named = value;
  refuse(named, error.message());
}

[[noreturn]] void fail(const char* what, int error) {
  throw Error(ErrorKind::kInputOutput,
              fmt::format("cannot {} a temporary file in '{}': {}", what,
                          temporary_folder().string(), std::generic_category().message(error)),
              "name a folder with more room in TMPDIR");
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  const fs::path parent = temporary_folder();
  std::string name = (parent / "smalti-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    refuse(parent.string(), std::generic_category().message(errno));
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

TemporaryFile::TemporaryFile() {
  std::string name = (temporary_folder() / "smalti-XXXXXX").string();
  file_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (file_ < 0) fail("make", errno);
  ::unlink(name.c_str());
}

TemporaryFile::~TemporaryFile() { ::close(file_); }

void TemporaryFile::write(std::uint64_t at, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail("write", count == 0 ? ENOSPC : errno);
    at += static_cast<std::uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void TemporaryFile::read(std::uint64_t at, std::span<std::uint8_t> bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::pread(file_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) fail("read", count == 0 ? EIO : errno);
    at += static_cast<std::uint64_t>(count);
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

}  // namespace smalti

#include "library/walk.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <system_error>
#include <utility>

#include "smalti/error.h"

namespace smalti::library {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void cannot_read_source(const fs::path& source, const std::error_code& why) {
  const bool absent = why == std::errc::no_such_file_or_directory;
  throw Error(
      ErrorKind::kMissingInput,
      fmt::format("cannot read tiles from '{}': {}", source.native(),
                  absent ? "no such file or folder" : why.message()),
      absent ? "Check the spelling; a path without a leading / starts in the current folder." : "");
}

std::error_code last_error() { return {errno, std::generic_category()}; }

bool by_path(const fs::path& a, const fs::path& b) { return a.native() < b.native(); }

class Walker {
 public:
  explicit Walker(const Events& events) : events_(events) {}

  void visit_source(const fs::path& source) {
    struct stat status = {};
    if (::stat(source.c_str(), &status) != 0 || ::access(source.c_str(), R_OK) != 0) {
      cannot_read_source(source, last_error());
    }
    if (!S_ISDIR(status.st_mode)) {
      found_.files.push_back({source, true, file_state(status), found_.sources.size()});
    } else if (const std::error_code error = enter(source, status)) {
      cannot_read_source(source, error);
    }
    found_.sources.push_back(source);
  }

  FoundFiles take() { return std::move(found_); }

 private:
  /// Only what keeps the folder itself from being read comes back.
  std::error_code enter(const fs::path& folder, const struct stat& status) {
    if (!entered_.emplace(status.st_dev, status.st_ino).second) return {};
    std::error_code error;
    std::vector<fs::path> entries;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      if (it->path().filename().native().front() != '.') entries.push_back(it->path());
    }
    // So that, of several ways into a folder, the same one is taken on every machine.
    std::sort(entries.begin(), entries.end(), by_path);
    for (const fs::path& entry : entries) {
      if (events_.stop_requested()) break;
      visit(entry);
    }
    return error;
  }

  void visit(const fs::path& entry) {
    struct stat status = {};
    if (::stat(entry.c_str(), &status) != 0) {
      found_.unreadable.push_back({entry, last_error().message()});
    } else if (S_ISREG(status.st_mode)) {
      found_.files.push_back({entry, false, file_state(status), found_.sources.size()});
    } else if (S_ISDIR(status.st_mode)) {
      const std::error_code error = enter(entry, status);
      if (error) found_.unreadable.push_back({entry, error.message()});
    }
  }

  const Events& events_;
  FoundFiles found_;
  std::set<std::pair<dev_t, ino_t>> entered_;
};

}  // namespace

FoundFiles find_files(std::vector<fs::path> sources, const Events& events) {
  std::sort(sources.begin(), sources.end(), by_path);
  Walker walker(events);
  for (const fs::path& source : sources) walker.visit_source(source);
  FoundFiles found = walker.take();
  // Of a file both named and found, the named one stays.
  std::sort(found.files.begin(), found.files.end(), [](const FoundFile& a, const FoundFile& b) {
    return std::tie(a.path.native(), b.named) < std::tie(b.path.native(), a.named);
  });
  const auto same_path = [](const FoundFile& a, const FoundFile& b) {
    return a.path.native() == b.path.native();
  };
  found.files.erase(std::unique(found.files.begin(), found.files.end(), same_path),
                    found.files.end());
  return found;
}

}  // namespace smalti::library

#include "library/cached_tiles.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "library/library_rows.h"
#include "smalti/error.h"
#include "smalti/tile_cache.h"

namespace smalti::library {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExtension = ".smalti";

fs::path library_of(const fs::path& cache, const std::string& root) {
  const XXH128_hash_t hash = XXH3_128bits(root.data(), root.size());
  return cache / fmt::format("{:016x}{:016x}{}", hash.high64, hash.low64, kExtension);
}

// For the user's eyes only, in a folder that was there before, too: it tells what pictures there
// are. Where that cannot be had, the cache is as good as its folder.
void make_folder(const fs::path& cache) {
  std::error_code error;
  fs::create_directories(cache.parent_path(), error);
  if (::mkdir(cache.c_str(), 0700) == 0) return;
  const int why = errno;
  if (why == EEXIST && fs::is_directory(cache, error)) {
    fs::permissions(cache, fs::perms::owner_all, error);
    return;
  }
  throw Error(ErrorKind::kCannotCreate,
              fmt::format("cannot make the folder '{}': {}", cache.native(),
                          why == EEXIST ? "something else is there"
                                        : std::generic_category().message(why)));
}

std::uint64_t bytes_on_disk(const fs::path& library) {
  std::uint64_t bytes = 0;
  for (const fs::path& file : files_of_library(library)) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (!error) bytes += size;
  }
  return bytes;
}

void remove_files(const fs::path& library) {
  std::error_code ignored;
  for (const fs::path& file : files_of_library(library)) fs::remove(file, ignored);
}

/// False while others use it: a log that is left behind would be taken for the next library's.
bool remove_library(const fs::path& library) {
  try {
    sqlite::Database database(library, sqlite::Database::Access::kWrite);
    sqlite3_busy_timeout(database.handle(), 0);
    if (database.text("PRAGMA journal_mode = delete") != "delete") return false;
    database.execute("BEGIN EXCLUSIVE");
    remove_files(library);
    return true;
  } catch (const sqlite::Failure& failure) {
    if (!failure.is_damage()) return false;
  }
  remove_files(library);
  return true;
}

/// The same of a library, before SQLite makes it for everyone. What it puts beside it has the same
/// permissions. One that is there is not opened: closing it would undo SQLite's locks on it.
void make_private(const fs::path& library) {
  const int made = ::open(library.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made >= 0) {
    ::close(made);
    return;
  }
  std::error_code error;  // of which SQLite tells
  if (fs::is_regular_file(fs::symlink_status(library, error)))
    fs::permissions(library, fs::perms::owner_read | fs::perms::owner_write, error);
}

void mark_used(const fs::path& library) { ::utimensat(AT_FDCWD, library.c_str(), nullptr, 0); }

/// Whether the library was there and needed nothing.
bool load_as_it_is(const fs::path& path, const RootFiles& root, WantedFiles& wanted,
                   LoadedTiles& tiles, const Events& events) {
  if (!claims_to_be_library(path)) return false;
  LibraryFile library = LibraryFile::read(path);
  if (!is_up_to_date(library, root, tiles.all_frames())) return false;
  load_from(library, &wanted, tiles, events);
  mark_used(path);
  return true;
}

void load_and_build(const fs::path& path, const RootFiles& root, WantedFiles& wanted,
                    const TileOptions& options, LoadedTiles& tiles, const Events& events) {
  if (load_as_it_is(path, root, wanted, tiles, events)) return;
  {
    LibraryFile library = LibraryFile::write(path);
    const BuildOptions how{.aspect = tiles.described().aspect,
                           .match = tiles.described().match,
                           .open_video = options.open_video,
                           .all_frames = tiles.all_frames()};
    build(library, {root}, !events.stop_requested(), how, events);
  }
  mark_used(path);
  trim_cache(path.parent_path(), kCacheBytes, path);
  // Opened anew: who has read from it while it was written to keeps its log from being put away.
  LibraryFile library = LibraryFile::read(path);
  load_from(library, &wanted, tiles, events);
}

}  // namespace

std::optional<std::string> load_cached(const fs::path& cache, const RootFiles& root,
                                       WantedFiles& wanted, const TileOptions& options,
                                       LoadedTiles& tiles, const Events& events) {
  const fs::path path = library_of(cache, root.root);
  constexpr int kTries = 2;  // a damaged one is made anew
  for (int i = 0;; ++i) {
    try {
      make_folder(cache);
      make_private(path);
      WantedFiles left = wanted;
      load_and_build(path, root, left, options, tiles, events);
      wanted = std::move(left);
      return std::nullopt;
    } catch (const Error& error) {
      const bool damaged = error.kind() == ErrorKind::kBadInput;
      if (!damaged || !remove_library(path) || i + 1 == kTries) return error.what();
      events.detail(
          fmt::format("the cache of '{}' is made anew: {}", root.source.native(), error.what()));
    }
  }
}

void trim_cache(const fs::path& folder, std::uint64_t most, const fs::path& keep) {
  std::vector<CachedLibrary> libraries = inspect_cache(folder);
  std::uint64_t bytes = 0;
  for (const CachedLibrary& library : libraries) bytes += library.bytes;
  while (bytes > most && !libraries.empty()) {
    const CachedLibrary oldest = std::move(libraries.back());
    libraries.pop_back();
    if (oldest.library != keep && remove_library(oldest.library)) bytes -= oldest.bytes;
  }
}

}  // namespace smalti::library

namespace smalti {

using namespace library;

std::optional<std::filesystem::path> cache_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return std::filesystem::path(cache) / "smalti";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return std::filesystem::path(home) / ".cache" / "smalti";
  return std::nullopt;
}

std::vector<CachedLibrary> inspect_cache(const std::filesystem::path& folder) {
  std::vector<CachedLibrary> libraries;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() != kExtension) continue;
    struct stat status {};
    if (::stat(it->path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    CachedLibrary cached{it->path(), {}, bytes_on_disk(it->path()), status.st_mtim.tv_sec};
    try {
      library::LibraryFile library = library::LibraryFile::read(it->path());
      const library::Snapshot snapshot(library);
      const std::vector<std::string> roots = library::all_roots(library);
      if (!roots.empty()) cached.source = roots.front();
    } catch (const Error&) {  // it is listed all the same, and can be cleared
    }
    libraries.push_back(std::move(cached));
  }
  std::sort(libraries.begin(), libraries.end(), [](const CachedLibrary& a, const CachedLibrary& b) {
    return a.last_use_s != b.last_use_s ? a.last_use_s > b.last_use_s : a.library < b.library;
  });
  return libraries;
}

CacheClearing clear_cache(const std::filesystem::path& folder) {
  CacheClearing clearing;
  for (const CachedLibrary& cached : inspect_cache(folder)) {
    if (remove_library(cached.library)) {
      ++clearing.removed;
      clearing.bytes += cached.bytes;
    } else {
      ++clearing.in_use;
    }
  }
  return clearing;
}

}  // namespace smalti

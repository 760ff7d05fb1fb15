#include "library/library_build.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/wording.h"
#include "library/library_load.h"
#include "library/library_rows.h"
#include "library/library_writer.h"
#include "library/source_file.h"
#include "smalti/error.h"

namespace smalti::library {
namespace {

namespace fs = std::filesystem;

// How long pictures without a source are kept: somebody may be showing them.
constexpr std::int64_t kOrphanSeconds = 24 * 3600;

struct Task {
  std::string path;  ///< in the library
  const FoundFile* found;
};

struct Counters {
  std::atomic<std::size_t> unchanged = 0;
  std::atomic<std::size_t> decoded = 0;
  std::atomic<std::size_t> known = 0;
};

/// Whether the row still holds for the file. What another process has read since this build began
/// is as good as what this one would read.
bool is_current(const SourceRow& row, const FileState& state, std::int64_t begin_ns,
                bool all_frames) {
  return row.facts.state != SourceState::kFailed && row.file == state &&
         !(all_frames && row.facts.lacks_pictures()) &&
         (!is_racy(row.file, row.scanned_ns) || row.scanned_ns >= begin_ns);
}

bool lies_within(const std::string& path, const std::string& root) {
  return path.starts_with(root) &&
         (path.size() == root.size() || root == "/" || path[root.size()] == '/');
}

bool is_file(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return S_ISREG(status.st_mode);
  return errno != ENOENT && errno != ENOTDIR;  // it may be there
}

/// The library may lie in a folder that it is made of. Reading it as a picture would also let go of
/// SQLite's locks on it.
class OwnFiles {
 public:
  explicit OwnFiles(const fs::path& library) {
    for (const fs::path& file : files_of_library(library)) {
      struct stat status {};
      if (::stat(file.c_str(), &status) != 0) continue;
      names_.insert(file.filename().native());
      inodes_.insert(file_state(status).inode);
    }
  }
  bool contains(const FoundFile& found) const {
    return inodes_.contains(found.state.inode) && names_.contains(found.path.filename().native());
  }

 private:
  std::unordered_set<std::string> names_;
  std::unordered_set<std::int64_t> inodes_;
};

class Build {
 public:
  Build(LibraryFile& library, const BuildOptions& options, const Events& events)
      : library_(library), options_(options), events_(events), known_(library) {}

  BuildSummary run(const std::vector<RootFiles>& roots, bool all_found) {
    add_roots(roots);
    std::vector<Task> tasks = find_tasks(roots);
    make(tasks);
    summary_.unchanged = counters_.unchanged;
    summary_.decoded = counters_.decoded;
    summary_.known = counters_.known;
    summary_.stopped = events_.stop_requested();
    if (summary_.stopped) return std::move(summary_);
    note_unreadable(roots);
    if (all_found) remove_gone(roots);
    if (summary_.removed > 0 || counters_.decoded + counters_.known > 0) clear_orphans();
    list_skipped(roots);
    summary_.tiles = static_cast<std::size_t>(
        library_.database().number("SELECT count(*) FROM picture WHERE orphaned_s = 0"));
    return std::move(summary_);
  }

 private:
  void add_roots(const std::vector<RootFiles>& roots) {
    std::unordered_set<std::string> there;
    {
      const Snapshot snapshot(library_);
      for (std::string& root : all_roots(library_)) there.insert(std::move(root));
    }
    const bool complete = std::all_of(roots.begin(), roots.end(), [&](const RootFiles& root) {
      return there.contains(root.root);
    });
    if (complete) return;
    Change change(library_);
    sqlite::Statement& select = change.prepared("SELECT count(*) FROM root WHERE path = ?");
    for (const RootFiles& root : roots) {
      select.bind_blob(1, root.root);
      std::int64_t count = 0;
      while (select.step()) count = select.integer(0);
      if (count == 0) change.insert(Table::kRoot, {Blob{root.root}});
    }
    change.commit();
  }

  std::vector<Task> find_tasks(const std::vector<RootFiles>& roots) {
    std::vector<Task> tasks;
    const OwnFiles own(library_.path());
    for (const RootFiles& root : roots) {
      for (const FoundFile& found : root.files) {
        if (own.contains(found)) continue;
        std::string path = path_in_library(root, found.path);
        ++summary_.files;
        found_.insert(path);
        const auto row = known_.by_path(path);
        if (row && is_current(*row, found.state, begin_ns_, options_.all_frames)) {
          ++counters_.unchanged;
        } else {
          tasks.push_back({std::move(path), &found});
        }
      }
    }
    return tasks;
  }

  void make(std::vector<Task>& tasks) {
    if (tasks.empty()) return;
    // Processes that build one library at once begin at different places, so that they share the
    // work instead of all doing the same.
    const auto begin = static_cast<std::size_t>(::getpid()) * 7919 % tasks.size();
    std::rotate(tasks.begin(), tasks.begin() + static_cast<std::ptrdiff_t>(begin), tasks.end());

    SourceWishes wishes;
    wishes.describe = {options_.aspect, options_.match};
    wishes.open_video = options_.open_video;
    wishes.all_frames = options_.all_frames;
    wishes.known = [this](const ContentHash& hash) { return known_.by_content(hash); };
    LibraryWriter writer(library_, known_, configuration_of({options_.aspect, options_.match}));
    std::mutex reporting;
    Progress progress{.phase = Progress::Phase::kTiles, .done = 0, .total = tasks.size()};
    events_.report(progress);
    const tbb::blocked_range<std::size_t> all(0, tasks.size(), 1);
    tbb::parallel_for(
        all,
        [&](const tbb::blocked_range<std::size_t>& range) {
          for (std::size_t i = range.begin(); i != range.end(); ++i) {
            if (events_.stop_requested()) return;
            make(tasks[i], wishes, writer);
            const std::lock_guard lock(reporting);
            ++progress.done;
            events_.report(progress);
          }
        },
        tbb::simple_partitioner());
    writer.finish();
  }

  void make(const Task& task, const SourceWishes& wishes, LibraryWriter& writer) {
    const auto row = known_.by_path(task.path);
    if (row && is_current(*row, task.found->state, begin_ns_, options_.all_frames)) {
      ++counters_.unchanged;
      return;
    }
    MadeSource made = make_source(task.found->path, wishes);
    const bool failed = made.facts.state == SourceState::kFailed;
    if (failed && events_.stop_requested()) return;  // perhaps only for that
    if (failed) made.file = task.found->state;
    if (made.decoded) {
      ++counters_.decoded;
    } else if (made.facts.hash != ContentHash{}) {
      ++counters_.known;
    }
    writer.add(task.path, std::move(made));
  }

  /// Links that lead nowhere, folders that are closed to us: told of on every use, tried again in
  /// every build.
  void note_unreadable(const std::vector<RootFiles>& roots) {
    LibraryWriter writer(library_, known_, configuration_of({options_.aspect, options_.match}));
    for (const RootFiles& root : roots) {
      for (const SkippedFile& file : root.unreadable) {
        std::string path = path_in_library(root, file.path);
        found_.insert(path);
        const auto row = known_.by_path(path);
        if (row && row->facts.state == SourceState::kFailed && row->facts.remark == file.reason)
          continue;
        MadeSource made;
        made.facts.state = SourceState::kFailed;
        made.facts.remark = file.reason;
        writer.add(std::move(path), std::move(made));
      }
    }
    writer.finish();
  }

  void remove_gone(const std::vector<RootFiles>& roots) {
    std::vector<std::string> gone;
    for (std::string& path : known_.paths_except(found_)) {
      const bool ours = std::any_of(roots.begin(), roots.end(), [&](const RootFiles& root) {
        return lies_within(path, root.root);
      });
      // Another build may have found it in another way, or after this one had looked.
      if (ours && !is_file(path)) gone.push_back(std::move(path));
    }
    if (gone.empty()) return;
    Change change(library_);
    sqlite::Statement& select = change.prepared("SELECT id FROM source WHERE path = ?");
    for (const std::string& path : gone) {
      select.bind_blob(1, path);
      std::int64_t id = 0;
      while (select.step()) id = select.integer(0);
      if (id == 0 || is_file(path)) continue;
      change.erase(Table::kSource, id);
      ++summary_.removed;
    }
    change.commit();
  }

  void clear_orphans() {
    const std::int64_t now = std::time(nullptr);
    Change change(library_);
    std::vector<PictureRow> orphans;
    sqlite::Statement& select = change.prepared(
        "SELECT * FROM picture WHERE hash NOT IN (SELECT hash FROM source WHERE pictures > 0)");
    while (select.step()) orphans.push_back(picture_row(select));
    for (PictureRow& picture : orphans) {
      const bool fresh = picture.orphaned_s == 0;
      if (!fresh && now - picture.orphaned_s < kOrphanSeconds) continue;
      change.erase(Table::kPicture, picture.id);
      if (fresh) {
        picture.orphaned_s = now;
        insert(change, picture);
      } else {
        change.erase(Table::kThumbnail, picture.id);
      }
    }
    change.commit();
  }

  void list_skipped(const std::vector<RootFiles>& roots) {
    for (const RootFiles& root : roots) {
      summary_.skipped.insert(summary_.skipped.end(), root.unreadable.begin(),
                              root.unreadable.end());
      for (const FoundFile& found : root.files) {
        const auto row = known_.by_path(path_in_library(root, found.path));
        if (!row || row->facts.is_usable()) continue;
        const bool quiet =
            row->facts.state == SourceState::kForeign && !is_meant(found.path, found.named);
        if (!quiet) summary_.skipped.push_back({found.path, row->facts.remark});
      }
    }
  }

  LibraryFile& library_;
  const BuildOptions& options_;
  const Events& events_;
  const std::int64_t begin_ns_ = now_ns();
  KnownSources known_;
  std::unordered_set<std::string> found_;
  Counters counters_;
  BuildSummary summary_;
};

std::string root_of(const fs::path& source) {
  std::error_code error;
  fs::path root = fs::canonical(source, error);
  if (error) root = fs::absolute(source, error).lexically_normal();
  return root.native();
}

}  // namespace

bool is_up_to_date(LibraryFile& library, const RootFiles& root, bool all_frames) {
  const Snapshot snapshot(library);
  std::unordered_map<std::string, SourceRow> known;
  for (SourceRow& row : all_sources(library)) known.emplace(row.path, std::move(row));
  const std::int64_t begin_ns = now_ns();
  for (const FoundFile& file : root.files) {
    const auto row = known.find(path_in_library(root, file.path));
    if (row == known.end() || !is_current(row->second, file.state, begin_ns, all_frames))
      return false;
    known.erase(row);
  }
  for (const SkippedFile& file : root.unreadable) known.erase(path_in_library(root, file.path));
  return std::all_of(known.begin(), known.end(),
                     [](const auto& row) { return is_file(row.first); });
}

std::vector<RootFiles> by_root(FoundFiles found) {
  std::vector<RootFiles> roots(found.sources.size());
  for (std::size_t i = 0; i < roots.size(); ++i) {
    roots[i].source = found.sources[i];
    roots[i].root = root_of(found.sources[i]);
  }
  for (FoundFile& file : found.files) roots[file.source].files.push_back(std::move(file));
  for (SkippedFile& file : found.unreadable) {
    for (RootFiles& root : roots) {
      if (!file.path.native().starts_with(root.source.native())) continue;
      root.unreadable.push_back(std::move(file));
      break;
    }
  }
  return roots;
}

std::string path_in_library(const RootFiles& root, const fs::path& found) {
  std::string_view rest = found.native();
  rest.remove_prefix(std::min(rest.size(), root.source.native().size()));
  while (rest.starts_with('/')) rest.remove_prefix(1);
  if (rest.empty()) return root.root;
  return fmt::format("{}{}{}", root.root, root.root == "/" ? "" : "/", rest);
}

BuildSummary build(LibraryFile& library, const std::vector<RootFiles>& roots, bool all_found,
                   const BuildOptions& options, const Events& events) {
  return Build(library, options, events).run(roots, all_found);
}

BuildSummary build_library(const fs::path& library, const std::vector<fs::path>& sources,
                           const BuildOptions& options, const Events& events) {
  for (const fs::path& source : sources)
    if (claims_to_be_library(source))
      throw Error(ErrorKind::kBadInput,
                  fmt::format("the source '{}' is a tile library itself", source.native()),
                  worded("name what it was built from; {tiles} takes libraries as they are"));
  FoundFiles found = find_files(sources, events);
  LibraryFile file = LibraryFile::write(library);
  const bool all_found = !events.stop_requested();
  return build(file, by_root(std::move(found)), all_found, options, events);
}

bool is_library(const fs::path& path) { return claims_to_be_library(path); }

IngestResult load_library(const fs::path& path, Aspect aspect, const Events& events) {
  LibraryFile library = LibraryFile::read(path);
  LoadedTiles tiles({aspect}, true);
  load_from(library, nullptr, tiles, events);
  return tiles.take();
}

}  // namespace smalti::library

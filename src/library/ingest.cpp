#include "library/ingest.h"

#include <fmt/format.h>
#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <cassert>
#include <limits>
#include <mutex>
#include <utility>

#include "base/wording.h"
#include "images/codecs.h"
#include "images/image_loader.h"
#include "images/input_file.h"
#include "library/cached_tiles.h"
#include "library/library_build.h"
#include "library/library_load.h"
#include "library/loaded_tiles.h"
#include "library/sniff_video.h"
#include "library/source_file.h"
#include "library/walk.h"
#include "smalti/error.h"
#include "smalti/skipped_file.h"

namespace smalti::library {
namespace {

namespace fs = std::filesystem;

/// In the message that there is no usable tile.
constexpr std::size_t kReasonsNamed = 3;

std::vector<MadeSource> make_in_parallel(const std::vector<ShownFile>& files,
                                         const tiles::DescribeOptions& describe,
                                         const TileOptions& options, const Events& events) {
  SourceWishes wishes;
  wishes.describe = describe;
  wishes.open_video = options.open_video;
  wishes.all_frames = options.all_frames;
  std::vector<MadeSource> made(files.size());
  std::mutex reporting;
  Progress progress{.phase = Progress::Phase::kTiles, .done = 0, .total = files.size()};
  events.report(progress);
  // File by file: one may cost a thousand times what another does.
  const tbb::blocked_range<std::size_t> all(0, files.size(), 1);
  tbb::parallel_for(
      all,
      [&](const tbb::blocked_range<std::size_t>& range) {
        for (std::size_t i = range.begin(); i != range.end(); ++i) {
          if (events.stop_requested()) return;
          made[i] = make_source(files[i].path, wishes);
          const std::lock_guard lock(reporting);
          ++progress.done;
          events.report(progress);
        }
      },
      tbb::simple_partitioner());
  return made;
}

/// Without a library.
void load_directly(const std::vector<ShownFile>& files, const TileOptions& options,
                   LoadedTiles& tiles, const Events& events) {
  std::vector<MadeSource> sources = make_in_parallel(files, tiles.described(), options, events);
  for (std::size_t i = 0; i < files.size(); ++i) {
    const SourceFacts& facts = sources[i].facts;
    if (sources[i].scanned_ns == 0) continue;  // stopped before its turn
    if (!tiles.add_file(files[i], facts, events)) continue;
    for (MadePicture& picture : sources[i].pictures) {
      tiles::Tile tile;
      tile.source = files[i].path;
      tile.thumbnail = std::move(picture.thumbnail);
      tile.is_video_frame = facts.kind == SourceKind::kVideo;
      tiles.add(facts.hash, picture.timestamp_us, picture.size, picture.description,
                std::move(tile));
    }
  }
}

/// Folders and videos are worth remembering, a picture or two are not.
bool is_worth_caching(const RootFiles& root) {
  std::error_code error;
  if (fs::is_directory(root.source, error)) return !root.files.empty();
  try {
    constexpr std::size_t kHeadSize = 256;
    images::InputFile file(root.source);
    std::vector<std::uint8_t> head;
    file.read_on(head, kHeadSize);
    return !images::sniff_image(head) && sniff_video(head) != nullptr;
  } catch (const images::BadPicture&) {
    return false;
  }
}

/// The first time that the cache cannot be used, why comes back by `problem`.
void load_root(const RootFiles& root, const TileOptions& options, LoadedTiles& tiles,
               std::vector<ShownFile>& direct, std::optional<std::string>& problem,
               const Events& events) {
  if (!options.cache || !is_worth_caching(root)) {
    for (const FoundFile& file : root.files) direct.push_back({file.path, file.named});
    return;
  }
  WantedFiles wanted;
  for (const FoundFile& file : root.files)
    wanted.emplace(path_in_library(root, file.path), ShownFile{file.path, file.named});
  auto why = load_cached(*options.cache, root, wanted, options, tiles, events);
  if (!problem) problem = std::move(why);
  if (events.stop_requested()) return;
  for (auto& [path, file] : wanted) direct.push_back(std::move(file));
}

std::string join_quoted(const std::vector<fs::path>& paths) {
  std::string joined;
  for (std::size_t i = 0; i < std::min(paths.size(), kReasonsNamed); ++i) {
    joined += fmt::format("{}'{}'", i == 0 ? "" : ", ", paths[i].native());
  }
  if (paths.size() > kReasonsNamed) {
    joined += fmt::format(" and {} more", paths.size() - kReasonsNamed);
  }
  return joined;
}

[[noreturn]] void no_usable_tile(const std::vector<fs::path>& sources, std::size_t looked_at,
                                 LoadedTiles& tiles) {
  const std::vector<SkippedFile> skipped = tiles.take().skipped;
  std::string reasons;
  for (std::size_t i = 0; i < std::min(skipped.size(), kReasonsNamed); ++i) {
    reasons += fmt::format("{}{}: {}", i == 0 ? " (" : "; ", skipped[i].path.filename().native(),
                           skipped[i].reason);
  }
  if (skipped.size() > kReasonsNamed) reasons += "; ...";
  if (!reasons.empty()) reasons += ")";
  throw Error(
      ErrorKind::kBadInput,
      fmt::format("no usable tile in {}: {} file{} looked at, {} skipped{}", join_quoted(sources),
                  looked_at, looked_at == 1 ? "" : "s", skipped.size(), reasons),
      fmt::format("tiles are made of {}, and of videos", images::kImageFormats));
}

}  // namespace

IngestResult load_tiles(const std::vector<fs::path>& sources, Aspect aspect, const Events& events,
                        const TileOptions& options) {
  std::vector<fs::path> libraries;
  std::vector<fs::path> others;
  for (const fs::path& source : sources)
    (claims_to_be_library(source) ? libraries : others).push_back(source);
  FoundFiles found = find_files(others, events);
  const std::size_t looked_at = found.files.size();

  LoadedTiles tiles({aspect, options.match}, options.all_frames);
  for (const SkippedFile& file : found.unreadable) tiles.skip(file.path, file.reason);
  std::vector<ShownFile> direct;
  std::optional<std::string> problem;
  for (const RootFiles& root : by_root(std::move(found)))
    load_root(root, options, tiles, direct, problem, events);
  if (problem)
    events.warning(fmt::format("tiles are not kept for the next time: {}; {} silences this",
                               *problem, worded("{no-cache}")));
  std::sort(direct.begin(), direct.end(), [](const ShownFile& a, const ShownFile& b) {
    return a.path.native() < b.path.native();
  });
  if (!direct.empty()) load_directly(direct, options, tiles, events);
  // Only now: a library that lies in one of the folders has been looked into, and closing it again
  // would have let go of SQLite's locks on it.
  for (const fs::path& path : libraries) {
    LibraryFile library = LibraryFile::read(path);
    load_from(library, nullptr, tiles, events);
  }

  if (tiles.empty() && !events.stop_requested()) no_usable_tile(sources, looked_at, tiles);
  return tiles.take();
}

}  // namespace smalti::library

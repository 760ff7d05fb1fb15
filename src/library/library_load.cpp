#include "library/library_load.h"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <utility>

#include "base/wording.h"
#include "images/codecs.h"
#include "library/library_rows.h"
#include "smalti/tile_library.h"

namespace smalti::library {
namespace {

namespace fs = std::filesystem;

// Of thumbnails that are described at a time.
constexpr std::size_t kBlockTiles = 4096;

class Store : public tiles::ThumbnailStore {
 public:
  explicit Store(const fs::path& library)
      : file_(LibraryFile::read(library)),
        select_(file_.database(), "SELECT * FROM thumbnail WHERE id = ?") {}

  std::vector<std::uint8_t> read(const tiles::Tile& tile) const override {
    const std::lock_guard lock(mutex_);
    select_.reset();
    select_.bind(1, tile.store_key);
    std::vector<std::uint8_t> bytes;
    if (select_.step() && is_whole(Table::kThumbnail, select_)) {
      const std::string_view data = select_.bytes(1);
      bytes.assign(data.begin(), data.end());
    }
    select_.reset();  // a statement that stands on a row keeps writers waiting
    if (bytes.empty() || thumbnail_hash(bytes) != tile.store_hash)
      throw damage(file_.path(), fmt::format("the small copy of '{}' is missing or altered",
                                             tile.source.native()));
    return bytes;
  }

 private:
  mutable std::mutex mutex_;
  mutable LibraryFile file_;
  mutable sqlite::Statement select_;
};

struct Wanted {
  const SourceRow* source;
  ShownFile file;
  std::span<const PictureRow> pictures;  ///< those that become tiles
};

/// A picture that becomes a tile, and its description where there is one.
struct Selected {
  const PictureRow* picture;
  const char* description;
};

struct Contents {
  std::vector<SourceRow> sources;
  std::vector<PictureRow> pictures;
  std::set<std::string> roots;
};

Contents read_contents(LibraryFile& library) {
  Contents contents{all_sources(library), all_pictures(library), {}};
  for (std::string& root : all_roots(library)) contents.roots.insert(std::move(root));
  return contents;
}

std::vector<Wanted> select_wanted(const Contents& contents, WantedFiles* wanted) {
  std::vector<Wanted> selected;
  selected.reserve(wanted == nullptr ? contents.sources.size() : wanted->size());
  for (const SourceRow& source : contents.sources) {
    if (wanted == nullptr) {
      selected.push_back({&source, {source.path, contents.roots.contains(source.path)}, {}});
    } else if (const auto found = wanted->find(source.path); found != wanted->end()) {
      selected.push_back({&source, std::move(found->second), {}});
      wanted->erase(found);
    }
  }
  return selected;
}

/// Of each file those that it gives, or the first of an animation.
void find_pictures(const Contents& contents, bool all_frames, const fs::path& library,
                   std::vector<Wanted>& selected) {
  for (Wanted& file : selected) {
    const SourceFacts& facts = file.source->facts;
    if (!facts.is_usable()) continue;
    file.pictures = pictures_of(contents.pictures, facts.hash);
    if (!is_complete(facts, file.pictures))
      throw damage(library, fmt::format("pictures of '{}' are missing", file.source->path));
    if (facts.kind == SourceKind::kAnimation && !all_frames) file.pictures = file.pictures.first(1);
  }
}

void warn_of_missing_frames(const std::vector<Wanted>& selected, const fs::path& library,
                            const Events& events) {
  const auto missing = std::count_if(selected.begin(), selected.end(), [](const Wanted& file) {
    return file.source->facts.lacks_pictures() && file.pictures.size() == 1;
  });
  if (missing > 0)
    events.warning(
        fmt::format("the tile library '{}' has but the first picture of {} animation{}: `{}` "
                    "adds the others",
                    library.native(), missing, missing == 1 ? "" : "s",
                    worded("{command tiles build} {frames}")));
}

std::vector<std::uint8_t> read_thumbnail(sqlite::Statement& select, const PictureRow& picture,
                                         const fs::path& library) {
  select.bind(1, picture.id);
  std::vector<std::uint8_t> bytes;
  if (select.step() && is_whole(Table::kThumbnail, select)) {
    const std::string_view data = select.bytes(1);
    bytes.assign(data.begin(), data.end());
  }
  select.reset();
  if (bytes.empty() || thumbnail_hash(bytes) != picture.thumbnail_hash)
    throw damage(library, "a thumbnail is missing or altered");
  return bytes;
}

tiles::Description described(images::Bytes thumbnail, const tiles::DescribeOptions& options,
                             const fs::path& library) {
  try {
    return tiles::describe_thumbnail(thumbnail, options);
  } catch (const Error& error) {
    throw damage(library, error.what());
  }
}

using MadeDescriptions = std::unordered_map<std::int64_t, tiles::Description>;

/// Describes the pictures that have no description yet.
MadeDescriptions describe_missing(LibraryFile& library, const std::vector<PictureRow>& missing,
                                  const tiles::DescribeOptions& options, const Events& events) {
  MadeDescriptions made;
  sqlite::Statement select(library.database(), "SELECT * FROM thumbnail WHERE id = ?");
  for (std::size_t from = 0; from < missing.size(); from += kBlockTiles) {
    if (events.stop_requested()) break;
    const std::size_t count = std::min(kBlockTiles, missing.size() - from);
    std::vector<std::vector<std::uint8_t>> thumbnails(count);
    for (std::size_t i = 0; i < count; ++i)
      thumbnails[i] = read_thumbnail(select, missing[from + i], library.path());
    std::vector<tiles::Description> descriptions(count);
    tbb::parallel_for(std::size_t{0}, count, [&](std::size_t i) {
      if (!events.stop_requested())
        descriptions[i] = described(thumbnails[i], options, library.path());
    });
    if (events.stop_requested()) break;
    for (std::size_t i = 0; i < count; ++i)
      made.emplace(missing[from + i].thumbnail_hash, descriptions[i]);
  }
  return made;
}

void write_descriptions(LibraryFile& library, const MadeDescriptions& made,
                        const std::string& configuration) {
  Change change(library);
  DescriptionBlock block;
  std::size_t in_block = 0;
  const auto flush = [&] {
    if (!block.empty())
      change.insert(Table::kDescription, {Text{configuration}, Blob{block.bytes()}});
    block.clear();
    in_block = 0;
  };
  for (const auto& [hash, description] : made) {
    block.add(hash, description);
    if (++in_block == kBlockTiles) flush();
  }
  flush();
  change.commit();
}

/// Who cannot keep them makes them again the next time.
void keep_descriptions(LibraryFile& library, const MadeDescriptions& made,
                       const std::string& configuration, const Events& events) {
  if (made.empty()) return;
  try {
    if (library.is_writable()) return write_descriptions(library, made, configuration);
    LibraryFile writable = LibraryFile::write(library.path());
    write_descriptions(writable, made, configuration);
  } catch (const Error& error) {
    events.detail(fmt::format("descriptions are not kept: {}", error.what()));
  }
}

/// Hands on what is selected, in the order of `pictures`. What has no description was stopped
/// before it got one.
void add_tiles(std::vector<Wanted>& selected, const std::vector<Selected>& pictures,
               const Descriptions& kept, const MadeDescriptions& made,
               const std::shared_ptr<const Store>& store, LoadedTiles& tiles,
               const Events& events) {
  auto next = pictures.begin();
  for (Wanted& file : selected) {
    const SourceFacts& facts = file.source->facts;
    const auto end = next + std::ssize(file.pictures);
    const bool gives_tiles = tiles.add_file(file.file, facts, events);
    for (; next != end; ++next) {
      if (!gives_tiles) continue;
      const PictureRow& picture = *next->picture;
      const auto found = made.find(picture.thumbnail_hash);
      if (next->description == nullptr && found == made.end()) continue;
      const tiles::Description description =
          next->description != nullptr ? kept.read(next->description) : found->second;
      tiles::Tile tile;
      // Paths take long to copy.
      tile.source = next + 1 == end ? std::move(file.file.path) : file.file.path;
      tile.store = store;
      tile.store_key = picture.id;
      tile.store_hash = picture.thumbnail_hash;
      tile.is_video_frame = facts.kind == SourceKind::kVideo;
      tiles.add(facts.hash, picture.timestamp_us, picture.size, description, std::move(tile));
    }
  }
}

}  // namespace

void load_from(LibraryFile& library, WantedFiles* wanted, LoadedTiles& tiles,
               const Events& events) {
  const std::string configuration = configuration_of(tiles.described());
  MadeDescriptions made;
  {
    const Snapshot snapshot(library);
    const Contents contents = read_contents(library);
    const Descriptions kept(library, tiles.described());
    std::vector<Wanted> selected = select_wanted(contents, wanted);
    find_pictures(contents, tiles.all_frames(), library.path(), selected);
    if (tiles.all_frames()) warn_of_missing_frames(selected, library.path(), events);
    std::vector<Selected> pictures;
    pictures.reserve(contents.pictures.size());
    std::vector<PictureRow> missing;
    for (const Wanted& file : selected) {
      for (const PictureRow& picture : file.pictures) {
        pictures.push_back({&picture, kept.find(picture.thumbnail_hash)});
        if (pictures.back().description == nullptr) missing.push_back(picture);
      }
    }
    made = describe_missing(library, missing, tiles.described(), events);
    tiles.reserve(contents.pictures.size());
    add_tiles(selected, pictures, kept, made, std::make_shared<const Store>(library.path()), tiles,
              events);
  }
  keep_descriptions(library, made, configuration, events);
}

}  // namespace smalti::library

#include "library/library_writer.h"

#include <algorithm>
#include <utility>

namespace smalti::library {
namespace {

using Clock = std::chrono::steady_clock;

// So much is lost at most when the process is killed.
constexpr std::size_t kBatchFiles = 256;
constexpr std::chrono::milliseconds kBatchTime(500);
// Beyond this, who has something to add waits for the writer.
constexpr std::size_t kMostQueuedBytes = std::size_t{64} << 20;

std::size_t bytes_of(const MadeSource& made) {
  std::size_t bytes = sizeof(made);
  for (const MadePicture& picture : made.pictures)
    bytes += sizeof(picture) + picture.thumbnail.size();
  return bytes;
}

std::string_view as_text(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void erase_source(Change& change, const std::string& path) {
  sqlite::Statement& select = change.prepared("SELECT id FROM source WHERE path = ?");
  select.bind_blob(1, path);
  std::int64_t id = 0;
  while (select.step()) id = select.integer(0);
  if (id != 0) change.erase(Table::kSource, id);
}

}  // namespace

KnownSources::KnownSources(LibraryFile& library) {
  const Snapshot snapshot(library);
  const std::vector<PictureRow> pictures = all_pictures(library);
  std::vector<SourceRow> sources = all_sources(library);
  by_path_.reserve(sources.size());
  by_content_.reserve(sources.size());
  for (SourceRow& source : sources) {
    const SourceFacts& facts = source.facts;
    if (facts.is_usable() && !is_complete(facts, pictures_of(pictures, facts.hash)))
      throw damage(library.path(), "pictures are missing");
    add(std::move(source));
  }
}

void KnownSources::add(SourceRow source) {
  last_id_ = std::max(last_id_, source.id);
  const SourceFacts& facts = source.facts;
  if (facts.hash != ContentHash{} && facts.state <= SourceState::kRefused)
    by_content_.insert_or_assign(facts.hash, facts);
  by_path_.insert_or_assign(source.path, std::move(source));
}

std::optional<SourceRow> KnownSources::by_path(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<SourceFacts> KnownSources::by_content(const ContentHash& hash) const {
  const std::lock_guard lock(mutex_);
  const auto found = by_content_.find(hash);
  return found == by_content_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> KnownSources::paths_except(
    const std::unordered_set<std::string>& found) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> paths;
  for (const auto& [path, source] : by_path_)
    if (!found.contains(path)) paths.push_back(path);
  return paths;
}

void KnownSources::catch_up(LibraryFile& library) {
  sqlite::Statement rows(library.database(), "SELECT * FROM source WHERE id > ?");
  const std::lock_guard lock(mutex_);
  rows.bind(1, last_id_);
  while (rows.step()) {
    if (!is_whole(Table::kSource, rows))
      throw damage(library.path(), "a row of its table 'source' is altered");
    add(source_row(rows));
  }
}

void LibraryWriter::add(std::string path, MadeSource made) {
  bool full = false;
  bool crowded = false;
  {
    const std::lock_guard lock(queue_mutex_);
    queued_bytes_ += bytes_of(made);
    queue_.push_back({std::move(path), std::move(made)});
    full = queue_.size() >= kBatchFiles || Clock::now() - last_batch_ > kBatchTime;
    crowded = queued_bytes_ > kMostQueuedBytes;
  }
  if (!full && !crowded) return;
  std::unique_lock writing(writing_, std::defer_lock);
  if (crowded) writing.lock();
  if (crowded || writing.try_lock()) write_batch();
}

void LibraryWriter::finish() {
  const std::lock_guard writing(writing_);
  write_batch();
}

void LibraryWriter::write_batch() {
  std::vector<Item> batch;
  {
    const std::lock_guard lock(queue_mutex_);
    batch.swap(queue_);
    queued_bytes_ = 0;
  }
  if (batch.empty()) return;
  Change change(library_);
  DescriptionBlock block;
  for (const Item& item : batch) write(change, item, block);
  if (!block.empty())
    change.insert(Table::kDescription, {Text{configuration_}, Blob{block.bytes()}});
  known_.catch_up(library_);
  change.commit();
  const std::lock_guard lock(queue_mutex_);
  last_batch_ = Clock::now();
}

/// Known content may have been cleared away by another process meanwhile.
bool LibraryWriter::has_pictures(Change& change, const MadeSource& made) {
  if (!made.facts.is_usable() || !made.pictures.empty()) return true;
  sqlite::Statement& select = change.prepared("SELECT count(*) FROM picture WHERE hash = ?");
  const HashBytes hash(made.facts.hash);
  select.bind_blob(1, hash.view());
  std::int64_t count = 0;
  while (select.step()) count = select.integer(0);
  const SourceFacts& facts = made.facts;
  return facts.kind == SourceKind::kAnimation ? count >= facts.pictures : count == facts.pictures;
}

void LibraryWriter::write(Change& change, const Item& item, DescriptionBlock& block) {
  if (!has_pictures(change, item.made)) return;  // for the next build
  const SourceFacts& facts = item.made.facts;
  erase_source(change, item.path);
  insert(change, SourceRow{0, item.path, item.made.file, item.made.scanned_ns, facts});

  const HashBytes hash(facts.hash);
  sqlite::Statement& select =
      change.prepared("SELECT * FROM picture WHERE hash = ? AND timestamp_us = ?");
  for (const MadePicture& made : item.made.pictures) {
    const PictureRow picture{0,         facts.hash,    made.timestamp_us,
                             made.size, made.likeness, thumbnail_hash(made.thumbnail),
                             0};
    select.bind_blob(1, hash.view());
    select.bind(2, picture.timestamp_us);
    PictureRow there;
    while (select.step()) there = picture_row(select);
    // Made by another process, or left without a source: whoever shows it knows it by its number.
    if (there.id != 0) change.erase(Table::kPicture, there.id);
    if (there.id != 0 && there.thumbnail_hash == picture.thumbnail_hash) {
      there.orphaned_s = 0;
      insert(change, there);
      continue;
    }
    if (there.id != 0) change.erase(Table::kThumbnail, there.id);
    const std::int64_t id = insert(change, picture);
    change.insert(Table::kThumbnail, {Blob{as_text(made.thumbnail)}}, id);
    block.add(picture.thumbnail_hash, made.description);
  }
}

}  // namespace smalti::library

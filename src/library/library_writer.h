#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "library/library_file.h"
#include "library/library_rows.h"
#include "library/source_file.h"

namespace smalti::library {

/// What a library knows, kept up to date with what this and other processes add. Any thread.
class KnownSources {
 public:
  explicit KnownSources(LibraryFile& library);

  std::optional<SourceRow> by_path(const std::string& path) const;
  std::optional<SourceFacts> by_content(const ContentHash& hash) const;
  std::vector<std::string> paths_except(const std::unordered_set<std::string>& found) const;

  /// Reads the rows that have come since. Whoever calls it holds the library.
  void catch_up(LibraryFile& library);

 private:
  void add(SourceRow source);

  mutable std::mutex mutex_;
  std::unordered_map<std::string, SourceRow> by_path_;
  std::unordered_map<ContentHash, SourceFacts, HashOfContent> by_content_;
  std::int64_t last_id_ = 0;
};

/// Writes made sources in batches, between which other processes get their turn. add() from any
/// thread: whoever finds a batch full writes it, while the others go on decoding.
class LibraryWriter {
 public:
  LibraryWriter(LibraryFile& library, KnownSources& known, std::string configuration)
      : library_(library), known_(known), configuration_(std::move(configuration)) {}

  void add(std::string path, MadeSource made);
  /// Writes what is left.
  void finish();

 private:
  struct Item {
    std::string path;
    MadeSource made;
  };

  void write_batch();
  void write(Change& change, const Item& item, DescriptionBlock& block);
  bool has_pictures(Change& change, const MadeSource& made);

  LibraryFile& library_;
  KnownSources& known_;
  const std::string configuration_;
  std::mutex writing_;
  std::mutex queue_mutex_;
  std::vector<Item> queue_;
  std::size_t queued_bytes_ = 0;
  std::chrono::steady_clock::time_point last_batch_ = std::chrono::steady_clock::now();
};

}  // namespace smalti::library

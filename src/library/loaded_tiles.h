#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "library/ingest.h"
#include "library/source_file.h"
#include "smalti/skipped_file.h"

namespace smalti::library {

/// What a file is called and whether the user named it: decides what is told of it.
struct ShownFile {
  std::filesystem::path path;
  bool named = false;
};

/// Tiles on their way into a set, and the files that gave none. One thread at a time.
class LoadedTiles {
 public:
  LoadedTiles(const tiles::DescribeOptions& describe, bool all_frames)
      : describe_(describe), all_frames_(all_frames) {}

  const tiles::DescribeOptions& described() const { return describe_; }
  /// Of animations, not the first picture alone.
  bool all_frames() const { return all_frames_; }

  /// Says what there is to say of a file; whether it gives tiles.
  bool add_file(const ShownFile& file, const SourceFacts& facts, const Events& events);

  /// A tile, unless it is transparent. It has its source, and its thumbnail or its store.
  void add(const ContentHash& hash, std::int64_t timestamp_us, Size thumbnail,
           const tiles::Description& description, tiles::Tile tile);

  void skip(const std::filesystem::path& path, const std::string& reason);
  void reserve(std::size_t tiles) { tiles_.reserve(tiles); }
  bool empty() const { return tiles_.empty(); }
  const std::vector<SkippedFile>& skipped() const { return skipped_; }

  /// Sorted by id, each id once: of equal ones the one whose path comes first.
  IngestResult take();

 private:
  tiles::DescribeOptions describe_;
  bool all_frames_;
  std::vector<tiles::DescribedTile> tiles_;
  std::vector<SkippedFile> skipped_;
};

}  // namespace smalti::library

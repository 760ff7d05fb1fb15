#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "library/library_file.h"
#include "library/source_file.h"

/// The rows of a library as values.
namespace smalti::library {

struct SourceRow {
  std::int64_t id = 0;
  std::string path;
  FileState file;
  std::int64_t scanned_ns = 0;
  SourceFacts facts;
};

struct PictureRow {
  std::int64_t id = 0;
  ContentHash hash{};
  std::int64_t timestamp_us = 0;
  Size size;
  std::int64_t likeness = 0;
  std::int64_t thumbnail_hash = 0;
  std::int64_t orphaned_s = 0;
};

SourceRow source_row(const sqlite::Statement& row);
PictureRow picture_row(const sqlite::Statement& row);

void insert(Change& change, const SourceRow& source);
/// Under its id, unless that is 0. Returns the id.
std::int64_t insert(Change& change, const PictureRow& picture);

/// A content hash as the column that holds it.
class HashBytes {
 public:
  explicit HashBytes(const ContentHash& hash);
  std::string_view view() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::array<char, 16> bytes_;
};

struct HashOfContent {
  std::size_t operator()(const ContentHash& hash) const { return hash.low; }
};

std::vector<SourceRow> all_sources(LibraryFile& library);
/// Ordered by hash and time.
std::vector<PictureRow> all_pictures(LibraryFile& library);
std::vector<std::string> all_roots(LibraryFile& library);

/// The part of `pictures`, as all_pictures gives them, that is made of this content.
std::span<const PictureRow> pictures_of(const std::vector<PictureRow>& pictures,
                                        const ContentHash& hash);

/// Whether these are all the pictures of a source. Of an animation there may be more than it knows
/// of: another file with the same content may have been read in full.
bool is_complete(const SourceFacts& facts, std::span<const PictureRow> pictures);

/// Descriptions packed into one column, and back.
class DescriptionBlock {
 public:
  void add(std::int64_t thumbnail_hash, const tiles::Description& description);
  bool empty() const { return bytes_.empty(); }
  std::string_view bytes() const { return bytes_; }
  void clear() { bytes_.clear(); }

 private:
  std::string bytes_;
};

/// Descriptions of one configuration by the thumbnail that they describe.
class Descriptions {
 public:
  /// Reads them all.
  Descriptions(LibraryFile& library, const tiles::DescribeOptions& options);

  /// Null when there is none; otherwise for read().
  const char* find(std::int64_t thumbnail_hash) const;
  tiles::Description read(const char* found) const;
  std::size_t blocks() const { return blocks_.size(); }

 private:
  struct Place {
    std::int64_t thumbnail_hash;
    const char* record;
  };
  std::size_t other_view_size_;
  std::vector<std::string> blocks_;
  std::vector<Place> places_;  ///< by hash
};

/// Names what thumbnails are described for. Other ways to crop or describe get other texts.
std::string configuration_of(const tiles::DescribeOptions& options);

}  // namespace smalti::library

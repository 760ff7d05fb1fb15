#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "library/sqlite.h"

/// A tile library as a file: its schema, and what keeps its rows honest. SQLite has no checksums of
/// its own, so every row carries one over all its columns, and for every table there is a count of
/// its rows and a sum of their checksums. An altered, missing or foreign row does not go unseen.
namespace smalti::library {

/// Every table has the columns `id`, its own, and `checksum`.
enum class Table : int { kRoot, kSource, kPicture, kThumbnail, kDescription };
inline constexpr std::size_t kTables = 5;
inline constexpr std::array<Table, kTables> kAllTables = {
    Table::kRoot, Table::kSource, Table::kPicture, Table::kThumbnail, Table::kDescription};

const char* name_of(Table table);

struct Text {
  std::string_view value;
};
struct Blob {
  std::string_view value;
};
using Value = std::variant<std::int64_t, Text, Blob>;

/// Whether the last column is what the others say, and these hold what they may
/// (library_values.h).
bool is_whole(Table table, const sqlite::Statement& row);

/// What the last column of a row should be.
std::int64_t checksum_of(Table table, const sqlite::Statement& row);

/// "the tile library 'x' is damaged: why", and how it is mended.
Error damage(const std::filesystem::path& library, const std::string& why);

/// How many rows a table has, and the sum of their checksums.
struct Tally {
  std::int64_t rows = 0;
  std::uint64_t digest = 0;
  bool operator==(const Tally&) const = default;
};

/// An open library. One thread at a time.
class LibraryFile {
 public:
  /// Throws Error: kMissingInput when it is not there or may not be read, kBadInput when it is no
  /// library, one of another version, or damaged. Reads from read-only folders too.
  static LibraryFile read(const std::filesystem::path& path);
  /// Also makes it where there is nothing, or an empty file. Throws Error as read does, and
  /// kCannotCreate when it cannot be made, written to, or is something else.
  static LibraryFile write(const std::filesystem::path& path);

  /// Read whatever is in it. Throws Error: kMissingInput, and kBadInput when it is no library, of
  /// another version, or nothing in it can be read.
  static LibraryFile read_unchecked(
      const std::filesystem::path& path,
      sqlite::Database::Access access = sqlite::Database::Access::kRead);

  LibraryFile(LibraryFile&&) = default;
  /// A written library is left as one file, unless others have it open: then the last one does.
  ~LibraryFile();

  const std::filesystem::path& path() const { return database_->path(); }
  sqlite::Database& database() { return *database_; }
  bool is_writable() const { return writable_; }

  /// Hands every row to `take`, in the order of ids. Throws Error (kBadInput) for a row that is not
  /// what was written, and after the last one when any are missing. Within a Snapshot.
  void for_each(Table table, const std::function<void(const sqlite::Statement&)>& take);

  Tally tally(Table table);

  bool has_right_tables();

 private:
  LibraryFile(std::unique_ptr<sqlite::Database> database, bool writable);

  void check_version();

  std::unique_ptr<sqlite::Database> database_;
  bool writable_;
};

/// While it lives, the library is read as it was at one moment.
class Snapshot {
 public:
  explicit Snapshot(LibraryFile& library);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  LibraryFile& library_;
};

/// Changes that happen together or, without commit(), not at all. Waits for its turn among the
/// processes that write.
class Change {
 public:
  explicit Change(LibraryFile& library);
  ~Change();
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;

  /// Adds a row of these columns behind its id; returns the id, the next free one unless it is
  /// given and not 0.
  std::int64_t insert(Table table, std::initializer_list<Value> columns, std::int64_t id = 0);
  void erase(Table table, std::int64_t id);
  void commit();

  sqlite::Statement& prepared(const char* sql);
  LibraryFile& library() { return library_; }

 private:
  std::int64_t next_id(Table table);

  LibraryFile& library_;
  std::map<const char*, sqlite::Statement> prepared_;
  std::array<std::int64_t, kTables> next_ids_{};
  std::array<Tally, kTables> added_{};
  bool open_ = true;
};

/// Writes the tallies anew from the rows that are there; within a transaction of the caller's.
void write_tally(sqlite::Database& database, Table table, const Tally& tally);

/// Makes the tables of an empty library; within a transaction of the caller's.
void create_schema(sqlite::Database& database);

/// Whether the file says that it is a tile library, of any version and however damaged.
bool claims_to_be_library(const std::filesystem::path& path);

/// The files that belong to a library while it is written to, and the library itself.
std::vector<std::filesystem::path> files_of_library(const std::filesystem::path& path);

}  // namespace smalti::library

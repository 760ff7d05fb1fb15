#include "library/library_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

#include "base/wording.h"
#include "library/library_values.h"

// SQLite notices broken structures but not altered contents: a bit that flips in a thumbnail's
// bytes or in a file's size would be believed. So every row ends with a checksum (XXH3) over its
// columns, seeded by its table, and for each table the number of rows and the sum of their
// checksums are kept in the same transactions. Sums do not depend on order, so processes can add to
// them in turn without reading the rest, and a row that was lost or put in by somebody else shows.
//
// Thumbnails are named by the hash of their own bytes wherever they are wanted, and descriptions by
// the thumbnail that they describe, so that neither can be taken for another's. A checksum can be
// forged, so values have ranges too (library_values.cpp): behind them no sum of them overflows, no
// name ends early, and no thumbnail is larger than thumbnails are.

namespace smalti::library {
namespace {

namespace fs = std::filesystem;
using sqlite::Database;
using sqlite::Statement;

constexpr std::int64_t kApplicationId = 0x736d6c74;  // "smlt"
constexpr std::int64_t kVersion = 2;

// More than SQLite could keep in a file, and few enough for sums of them.
constexpr std::int64_t kMostRows = std::int64_t{1} << 48;

constexpr std::array<const char*, kTables> kNames = {"root", "source", "picture", "thumbnail",
                                                     "description"};

// Paths are bytes. Times are nanoseconds since 1970, `interval_us` is the time between the frames
// that a video gives, `pictures` how many a source gives. `picture` names what content becomes, a
// row for each frame of a video; `orphaned_s` is when its last source went away, 0 as long as there
// is one.
constexpr const char* kSchema = R"(
CREATE TABLE tally(id INTEGER PRIMARY KEY, rows INTEGER NOT NULL, digest INTEGER NOT NULL, checksum INTEGER NOT NULL);
CREATE TABLE root(id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, checksum INTEGER NOT NULL);
CREATE TABLE source(id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL, inode INTEGER NOT NULL, scanned_ns INTEGER NOT NULL, hash BLOB NOT NULL, kind INTEGER NOT NULL, format TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, orientation INTEGER NOT NULL, taken TEXT NOT NULL, interval_us INTEGER NOT NULL, pictures INTEGER NOT NULL, state INTEGER NOT NULL, remark TEXT NOT NULL, checksum INTEGER NOT NULL);
CREATE TABLE picture(id INTEGER PRIMARY KEY, hash BLOB NOT NULL, timestamp_us INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, likeness INTEGER NOT NULL, thumbnail_hash INTEGER NOT NULL, orphaned_s INTEGER NOT NULL, checksum INTEGER NOT NULL, UNIQUE(hash, timestamp_us));
CREATE TABLE thumbnail(id INTEGER PRIMARY KEY, data BLOB NOT NULL, checksum INTEGER NOT NULL);
CREATE TABLE description(id INTEGER PRIMARY KEY, configuration TEXT NOT NULL, data BLOB NOT NULL, checksum INTEGER NOT NULL);
)";

std::size_t index_of(Table table) { return static_cast<std::size_t>(table); }

/// A row as bytes: each column's type, length and value.
class RowBytes {
 public:
  void clear() { bytes_.clear(); }
  void add(std::int64_t value) {
    bytes_ += 'i';
    add_number(static_cast<std::uint64_t>(value));
  }
  void add(char type, std::string_view value) {
    bytes_ += type;
    add_number(value.size());
    bytes_ += value;
  }
  void add(const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      add(*number);
    } else if (const auto* text = std::get_if<Text>(&value)) {
      add('t', text->value);
    } else {
      add('b', std::get<Blob>(value).value);
    }
  }
  /// False for a type that no column has.
  bool add_column(const Statement& row, int column) {
    switch (row.type(column)) {
      case SQLITE_INTEGER:
        add(row.integer(column));
        return true;
      case SQLITE_TEXT:
        add('t', row.bytes(column));
        return true;
      case SQLITE_BLOB:
        add('b', row.bytes(column));
        return true;
      default:
        return false;
    }
  }
  std::int64_t checksum(std::uint64_t seed) const {
    return static_cast<std::int64_t>(XXH3_64bits_withSeed(bytes_.data(), bytes_.size(), seed));
  }

 private:
  void add_number(std::uint64_t value) {
    std::array<char, sizeof(value)> bytes;
    std::memcpy(bytes.data(), &value, sizeof(value));  // little-endian (library_rows)
    bytes_.append(bytes.data(), bytes.size());
  }

  std::string bytes_;
};

// Rows of one table shall not pass for rows of another.
std::uint64_t seed_of(Table table) { return index_of(table) + 1; }
constexpr std::uint64_t kTallySeed = 100;

bool checksum_fits(const Statement& row, std::uint64_t seed) {
  thread_local RowBytes bytes;  // for a library has many rows, and memory takes its time
  bytes.clear();
  const int last = row.columns() - 1;
  for (int column = 0; column < last; ++column)
    if (!bytes.add_column(row, column)) return false;
  return row.type(last) == SQLITE_INTEGER && row.integer(last) == bytes.checksum(seed);
}

std::string schema_text(Database& database) {
  std::string text;
  Statement rows(database,
                 "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY name");
  while (rows.step()) {
    for (int column = 0; column < 4; ++column) text += fmt::format("{}|", rows.bytes(column));
    text += '\n';
  }
  return text;
}

const std::string& expected_schema() {
  static const std::string kExpected = [] {
    Database database(":memory:", Database::Access::kCreate);
    database.execute(kSchema);
    return schema_text(database);
  }();
  return kExpected;
}

[[noreturn]] void not_readable(const fs::path& path) {
  const bool absent = errno == ENOENT || errno == ENOTDIR;
  throw Error(
      ErrorKind::kMissingInput,
      fmt::format("cannot open the tile library '{}': {}", path.native(),
                  absent ? "there is no such file" : std::generic_category().message(errno)),
      absent ? worded("check the name; `{command tiles build}` makes one") : "");
}

[[noreturn]] void no_library(const fs::path& path) {
  throw Error(ErrorKind::kBadInput, fmt::format("'{}' is no tile library", path.native()),
              worded("`{command tiles build}` makes one"));
}

[[noreturn]] void in_the_way(const fs::path& path) {
  throw Error(
      ErrorKind::kCannotCreate,
      fmt::format("cannot make the tile library '{}': something else is there", path.native()),
      "choose another name");
}

std::unique_ptr<Database> open_and_look(const fs::path& path, Database::Access access) {
  auto database = std::make_unique<Database>(path, access);
  database->number("SELECT count(*) FROM sqlite_schema");
  return database;
}

std::unique_ptr<Database> open_for_reading(const fs::path& path) {
  try {
    return open_and_look(path, Database::Access::kRead);
  } catch (const sqlite::Failure& failure) {
    if (failure.code() == SQLITE_NOTADB && !claims_to_be_library(path)) no_library(path);
    if (failure.code() == SQLITE_READONLY) {
      // What a killed process had begun is undone by the next one that may write.
      open_and_look(path, Database::Access::kWrite);
      return open_and_look(path, Database::Access::kRead);
    }
    // A library that was not closed can have no helper files made where nobody may write. Without a
    // log there is nothing that it would lack.
    std::error_code error;
    const bool has_log = fs::exists(fs::path(path) += "-wal", error);
    if (failure.code() != SQLITE_CANTOPEN || has_log) throw;
  }
  return std::make_unique<Database>(path, Database::Access::kReadImmutable);
}

// Switching to the log and back needs the file for oneself for a moment, and then SQLite does not
// wait. Everything works in either mode, so that nobody needs to insist.
bool set_journal_mode(Database& database, const char* mode, int tries) {
  const std::string sql = fmt::format("PRAGMA journal_mode = {}", mode);
  for (int i = 0; i < tries; ++i) {
    try {
      return database.text(sql.c_str()) == mode;
    } catch (const sqlite::Failure& failure) {
      if (failure.code() != SQLITE_BUSY && failure.code() != SQLITE_LOCKED) throw;
    }
    if (i + 1 < tries) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

// One process at a time, for those that close libraries in one folder. The folder is what they
// lock: closing another descriptor of the library would undo SQLite's own locks on it.
class FolderTurn {
 public:
  explicit FolderTurn(const fs::path& file)
      : folder_(::open(file.has_parent_path() ? file.parent_path().c_str() : ".",
                       O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (folder_ >= 0) ::flock(folder_, LOCK_EX);
  }
  ~FolderTurn() {
    if (folder_ >= 0) ::close(folder_);
  }
  FolderTurn(const FolderTurn&) = delete;
  FolderTurn& operator=(const FolderTurn&) = delete;

 private:
  int folder_;
};

// Only who is alone can put the log away. So everyone lets go of the file first, and they take
// turns at trying; who is still at work tries when it has ended.
void put_log_away(const fs::path& path) {
  constexpr int kAttempts = 6;
  constexpr auto kPause = std::chrono::milliseconds(20);
  for (int i = 0; i < kAttempts; ++i) {
    const FolderTurn turn(path);
    try {
      Database database(path, Database::Access::kWrite);
      if (database.text("PRAGMA journal_mode") != "wal") return;
      database.execute("PRAGMA synchronous = FULL");
      if (set_journal_mode(database, "delete", 1)) return;
    } catch (const sqlite::Failure&) {  // others are at work
    }
    if (i + 1 < kAttempts) std::this_thread::sleep_for(kPause);
  }
}

}  // namespace

const char* name_of(Table table) { return kNames[index_of(table)]; }

bool is_whole(Table table, const Statement& row) {
  return checksum_fits(row, seed_of(table)) && has_possible_values(table, row);
}

std::int64_t checksum_of(Table table, const Statement& row) {
  RowBytes bytes;
  for (int column = 0; column < row.columns() - 1; ++column) bytes.add_column(row, column);
  return bytes.checksum(seed_of(table));
}

Error damage(const fs::path& library, const std::string& why) {
  return Error(ErrorKind::kBadInput,
               fmt::format("the tile library '{}' is damaged: {}", library.native(), why),
               worded("`{command tiles check} {repair}` keeps what is whole, and `{command tiles "
                      "build}` then makes the rest anew"));
}

void create_schema(Database& database) {
  database.execute(kSchema);
  database.execute(fmt::format("PRAGMA application_id = {}", kApplicationId).c_str());
  database.execute(fmt::format("PRAGMA user_version = {}", kVersion).c_str());
  for (const Table table : kAllTables) write_tally(database, table, {});
}

void write_tally(Database& database, Table table, const Tally& tally) {
  RowBytes bytes;
  const auto id = static_cast<std::int64_t>(index_of(table));
  const auto digest = static_cast<std::int64_t>(tally.digest);
  for (const std::int64_t value : {id, tally.rows, digest}) bytes.add(value);
  Statement statement(database, "INSERT OR REPLACE INTO tally VALUES(?, ?, ?, ?)");
  statement.bind(1, id);
  statement.bind(2, tally.rows);
  statement.bind(3, digest);
  statement.bind(4, bytes.checksum(kTallySeed));
  statement.run();
}

bool claims_to_be_library(const fs::path& path) {
  constexpr std::string_view kStart{"SQLite format 3\0", 16};
  constexpr std::size_t kIdAt = 68;
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return false;
  std::ifstream stream(path, std::ios::binary);
  std::array<char, kIdAt + 4> head{};
  if (!stream.read(head.data(), head.size())) return false;
  const std::string_view id{head.data() + kIdAt, 4};
  return std::string_view(head.data(), kStart.size()) == kStart && id == "smlt";
}

std::vector<fs::path> files_of_library(const fs::path& path) {
  std::vector<fs::path> files = {path};
  for (const char* suffix : {"-wal", "-shm", "-journal"}) files.push_back(fs::path(path) += suffix);
  return files;
}

LibraryFile::LibraryFile(std::unique_ptr<Database> database, bool writable)
    : database_(std::move(database)), writable_(writable) {}

LibraryFile LibraryFile::read_unchecked(const fs::path& path, Database::Access access) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || ::access(path.c_str(), R_OK) != 0) not_readable(path);
  if (!S_ISREG(status.st_mode)) no_library(path);
  const fs::path absolute = fs::absolute(path);
  LibraryFile library(access == Database::Access::kRead
                          ? open_for_reading(absolute)
                          : std::make_unique<Database>(absolute, access),
                      false);
  library.check_version();
  return library;
}

LibraryFile LibraryFile::read(const fs::path& path) {
  LibraryFile library = read_unchecked(path);
  if (!library.has_right_tables()) throw damage(path, "its tables are not those of a tile library");
  return library;
}

LibraryFile LibraryFile::write(const fs::path& path) {
  std::error_code error;
  if (fs::exists(path, error) && !fs::is_regular_file(path, error)) in_the_way(path);
  try {
    auto database = std::make_unique<Database>(fs::absolute(path), Database::Access::kCreate);
    // Before the log is switched on: the file itself shall say what it is.
    database->execute("BEGIN IMMEDIATE");
    if (database->number("SELECT count(*) FROM sqlite_schema") == 0 &&
        database->number("PRAGMA application_id") == 0)
      create_schema(*database);
    database->execute("COMMIT");
    if (database->number("PRAGMA application_id") != kApplicationId) in_the_way(path);
    LibraryFile library(std::move(database), false);
    library.check_version();
    if (!library.has_right_tables()) throw damage(path, "its tables are altered");
    set_journal_mode(library.database(), "wal", 20);
    library.database().execute("PRAGMA synchronous = NORMAL");
    library.writable_ = true;
    return library;
  } catch (const sqlite::Failure& failure) {
    if (failure.code() == SQLITE_NOTADB) in_the_way(path);
    if (failure.code() == SQLITE_CANTOPEN || failure.code() == SQLITE_READONLY)
      throw Error(ErrorKind::kCannotCreate, failure.what(), failure.hint());
    throw;
  }
}

LibraryFile::~LibraryFile() {
  if (!database_ || !writable_) return;
  try {
    const fs::path path = database_->path();
    database_.reset();
    put_log_away(path);
  } catch (const std::exception&) {  // what is in the log is as safe as in the file
  }
}

bool LibraryFile::has_right_tables() { return schema_text(*database_) == expected_schema(); }

void LibraryFile::check_version() {
  const std::int64_t id = database_->number("PRAGMA application_id");
  const std::int64_t version = database_->number("PRAGMA user_version");
  if (id != kApplicationId) no_library(path());
  if (version != kVersion)
    throw Error(ErrorKind::kBadInput,
                fmt::format("the tile library '{}' is of version {}, and this program knows "
                            "version {}",
                            path().native(), version, kVersion),
                worded("build it anew with `{command tiles build}`, under another name"));
}

Tally LibraryFile::tally(Table table) {
  Statement row(*database_, "SELECT * FROM tally WHERE id = ?");
  row.bind(1, static_cast<std::int64_t>(index_of(table)));
  if (!row.step() || !checksum_fits(row, kTallySeed) || row.integer(1) < 0 ||
      row.integer(1) > kMostRows)
    throw damage(path(), "its count of rows is altered");
  return {row.integer(1), static_cast<std::uint64_t>(row.integer(2))};
}

void LibraryFile::for_each(Table table, const std::function<void(const Statement&)>& take) {
  const Tally expected = tally(table);
  Tally found;
  Statement rows(*database_, fmt::format("SELECT * FROM {} NOT INDEXED", name_of(table)));
  while (rows.step()) {
    if (!is_whole(table, rows))
      throw damage(path(), fmt::format("a row of its table '{}' is altered", name_of(table)));
    ++found.rows;
    found.digest += static_cast<std::uint64_t>(rows.integer(rows.columns() - 1));
    take(rows);
  }
  if (found != expected)
    throw damage(path(), fmt::format("rows of its table '{}' are missing", name_of(table)));
}

Snapshot::Snapshot(LibraryFile& library) : library_(library) {
  library.database().execute("BEGIN");
}

Snapshot::~Snapshot() {
  sqlite3_exec(library_.database().handle(), "COMMIT", nullptr, nullptr, nullptr);
}

Change::Change(LibraryFile& library) : library_(library) {
  library.database().execute("BEGIN IMMEDIATE");
}

Change::~Change() {
  prepared_.clear();
  if (open_) sqlite3_exec(library_.database().handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Statement& Change::prepared(const char* sql) {
  auto found = prepared_.find(sql);
  if (found == prepared_.end())
    found = prepared_.emplace(sql, Statement(library_.database(), sql)).first;
  return found->second;
}

std::int64_t Change::next_id(Table table) {
  std::int64_t& next = next_ids_[index_of(table)];
  if (next == 0) {
    const std::string sql = fmt::format("SELECT coalesce(max(id), 0) FROM {}", name_of(table));
    const std::int64_t last = library_.database().number(sql.c_str());
    if (last > kMostRows)
      throw damage(library_.path(),
                   fmt::format("no number is free in its table '{}'", name_of(table)));
    next = std::max<std::int64_t>(last, 0) + 1;
  }
  return next++;
}

std::int64_t Change::insert(Table table, std::initializer_list<Value> columns, std::int64_t id) {
  constexpr std::array<const char*, kTables> kInserts = {
      "INSERT INTO root VALUES(?, ?, ?)",
      "INSERT INTO source VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      "INSERT INTO picture VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
      "INSERT INTO thumbnail VALUES(?, ?, ?)", "INSERT INTO description VALUES(?, ?, ?, ?)"};
  Statement& statement = prepared(kInserts[index_of(table)]);
  const std::int64_t row = id != 0 ? id : next_id(table);
  RowBytes bytes;
  bytes.add(row);
  statement.bind(1, row);
  int parameter = 2;
  for (const Value& value : columns) {
    bytes.add(value);
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      statement.bind(parameter, *number);
    } else if (const auto* text = std::get_if<Text>(&value)) {
      statement.bind_text(parameter, text->value);
    } else {
      statement.bind_blob(parameter, std::get<Blob>(value).value);
    }
    ++parameter;
  }
  const std::int64_t checksum = bytes.checksum(seed_of(table));
  statement.bind(parameter, checksum);
  statement.run();
  Tally& added = added_[index_of(table)];
  ++added.rows;
  added.digest += static_cast<std::uint64_t>(checksum);
  return row;
}

void Change::erase(Table table, std::int64_t id) {
  constexpr std::array<const char*, kTables> kErasures = {
      "DELETE FROM root WHERE id = ? RETURNING checksum",
      "DELETE FROM source WHERE id = ? RETURNING checksum",
      "DELETE FROM picture WHERE id = ? RETURNING checksum",
      "DELETE FROM thumbnail WHERE id = ? RETURNING checksum",
      "DELETE FROM description WHERE id = ? RETURNING checksum"};
  Statement& statement = prepared(kErasures[index_of(table)]);
  statement.bind(1, id);
  Tally& added = added_[index_of(table)];
  while (statement.step()) {
    --added.rows;
    added.digest -= static_cast<std::uint64_t>(statement.integer(0));
  }
}

void Change::commit() {
  prepared_.clear();
  for (const Table table : kAllTables) {
    const Tally& added = added_[index_of(table)];
    if (added == Tally{}) continue;
    Tally tally = library_.tally(table);
    tally.rows += added.rows;
    tally.digest += added.digest;
    write_tally(library_.database(), table, tally);
  }
  library_.database().execute("COMMIT");
  open_ = false;
}

}  // namespace smalti::library

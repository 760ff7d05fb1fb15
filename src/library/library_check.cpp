// Holding a library against what it should be, and saving what is whole of one that is damaged.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <system_error>
#include <unordered_map>
#include <unordered_set>

#include "base/output_file.h"
#include "base/wording.h"
#include "images/codecs.h"
#include "library/library_file.h"
#include "library/library_rows.h"
#include "smalti/error.h"
#include "smalti/tile_library.h"

namespace smalti::library {
namespace {

namespace fs = std::filesystem;
using sqlite::Database;
using sqlite::Statement;

constexpr std::size_t kMostComplaints = 100;  // of SQLite's own
std::string beyond_repair() {
  return worded("remove it and build it anew with `{command tiles build}`");
}

/// What there is of a table, whether or not it is what it should be.
struct Scan {
  Tally whole;
  std::size_t altered = 0;
  std::string broken_off;  ///< SQLite's reason
};

/// The rows of a table from one end on.
class Rows {
 public:
  Rows(LibraryFile& library, Table table, const char* order)
      : library_(library),
        sql_(fmt::format("SELECT * FROM {} NOT INDEXED ORDER BY id {}", name_of(table), order)) {}

  /// False at the end, and where they cannot be read on.
  bool next() {
    try {
      if (!rows_) rows_.emplace(library_.database(), sql_);
      return rows_->step();
    } catch (const sqlite::Failure& failure) {
      if (!failure.is_damage()) throw;
      broken_off_ = failure.what();
      return false;
    }
  }
  const Statement& row() const { return *rows_; }
  const std::string& broken_off() const { return broken_off_; }

 private:
  LibraryFile& library_;
  std::string sql_;
  std::optional<Statement> rows_;
  std::string broken_off_;
};

/// Hands out the rows that are whole, once each, as far as they can be reached from either end. A
/// broken page may give false rows by the id of true ones, which shall not stand in the way of
/// these: SQLite refuses such a page only when it first reads it, and later scans meet them.
Scan scan(LibraryFile& library, Table table, const std::function<void(const Statement&)>& take) {
  Scan result;
  std::unordered_set<std::int64_t> whole;
  std::unordered_set<std::int64_t> altered;
  for (const char* order : {"ASC", "DESC"}) {
    Rows rows(library, table, order);
    while (rows.next()) {
      const Statement& row = rows.row();
      const std::int64_t id = row.integer(0);
      if (!is_whole(table, row)) {
        altered.insert(id);
        continue;
      }
      if (!whole.insert(id).second) continue;
      ++result.whole.rows;
      result.whole.digest += static_cast<std::uint64_t>(row.integer(row.columns() - 1));
      take(row);
    }
    if (rows.broken_off().empty()) break;
    result.broken_off = rows.broken_off();
  }
  std::erase_if(altered, [&](std::int64_t id) { return whole.contains(id); });
  result.altered = altered.size();
  return result;
}

/// All that a library says of pictures, and which of it fits together.
class Inventory {
 public:
  explicit Inventory(LibraryFile& library) {
    scans_[0] = scan(library, Table::kRoot, [](const Statement&) {});
    scans_[2] = scan(library, Table::kPicture, [this](const Statement& row) {
      const PictureRow picture = picture_row(row);
      if (by_content_.emplace(key_of(picture), picture.id).second)
        pictures_.emplace(picture.id, picture);
    });
    scans_[3] = scan(library, Table::kThumbnail, [this](const Statement& row) {
      const auto picture = pictures_.find(row.integer(0));
      const std::string_view data = row.bytes(1);
      const std::span bytes(reinterpret_cast<const std::uint8_t*>(data.data()), data.size());
      if (picture != pictures_.end() && picture->second.thumbnail_hash == thumbnail_hash(bytes) &&
          picture->second.size == images::thumbnail_size(bytes)) {
        good_.insert(row.integer(0));
        ++count_[picture->second.hash];
        if (picture->second.timestamp_us == 0) begun_.insert(picture->second.hash);
      } else {
        ++loose_thumbnails_;
      }
    });
    scans_[1] = scan(library, Table::kSource, [this](const Statement& row) {
      const SourceRow source = source_row(row);
      if (is_complete(source.facts) && paths_.insert(source.path).second) {
        good_sources_.insert(source.id);
      } else {
        ++incomplete_sources_;
      }
    });
    scans_[4] = scan(library, Table::kDescription, [](const Statement&) {});
  }

  /// Whether a whole row fits the others.
  bool fits(Table table, std::int64_t id) const {
    switch (table) {
      case Table::kPicture:
      case Table::kThumbnail:
        return good_.contains(id);
      case Table::kSource:
        return good_sources_.contains(id);
      default:
        return true;
    }
  }

  std::size_t rows() const {
    std::int64_t rows = 0;
    for (const Scan& s : scans_) rows += s.whole.rows;
    return static_cast<std::size_t>(rows);
  }

  std::vector<std::string> complaints(LibraryFile& library) const {
    std::vector<std::string> complaints;
    for (const Table table : kAllTables) {
      const Scan& s = scans_[static_cast<std::size_t>(table)];
      if (!s.broken_off.empty())
        complaints.push_back(
            fmt::format("table '{}' cannot be read to its end: {}", name_of(table), s.broken_off));
      if (s.altered > 0)
        complaints.push_back(
            fmt::format("{} altered in table '{}'", rows_are(s.altered), name_of(table)));
      complain_of_tally(library, table, s, complaints);
    }
    const std::size_t bare = pictures_.size() - good_.size();
    if (bare > 0) complaints.push_back(fmt::format("{} pictures lack their thumbnails", bare));
    if (loose_thumbnails_ > 0)
      complaints.push_back(fmt::format("{} thumbnails belong to no picture", loose_thumbnails_));
    if (incomplete_sources_ > 0)
      complaints.push_back(fmt::format("{} sources lack pictures", incomplete_sources_));
    return complaints;
  }

 private:
  static std::string rows_are(std::size_t count) {
    return fmt::format("{} {}", count, count == 1 ? "row is" : "rows are");
  }

  static std::string key_of(const PictureRow& picture) {
    return fmt::format("{}{}", HashBytes(picture.hash).view(), picture.timestamp_us);
  }

  static void complain_of_tally(LibraryFile& library, Table table, const Scan& s,
                                std::vector<std::string>& complaints) {
    try {
      const Tally expected = library.tally(table);
      const std::int64_t missing =
          expected.rows - s.whole.rows - static_cast<std::int64_t>(s.altered);
      if (missing > 0)
        complaints.push_back(fmt::format("{} missing from table '{}'",
                                         rows_are(static_cast<std::size_t>(missing)),
                                         name_of(table)));
      if (missing < 0 || (missing == 0 && s.altered == 0 && expected != s.whole))
        complaints.push_back(
            fmt::format("table '{}' has rows that were not written to it", name_of(table)));
    } catch (const Error&) {
      complaints.push_back(fmt::format("the count of table '{}' is altered", name_of(table)));
    }
  }

  bool is_complete(const SourceFacts& facts) const {
    if (!facts.is_usable()) return true;
    const auto count = count_.find(facts.hash);
    if (count == count_.end()) return false;
    // As is_complete() of rows has it.
    return facts.kind == SourceKind::kAnimation
               ? count->second >= facts.pictures && begun_.contains(facts.hash)
               : count->second == facts.pictures;
  }

  std::array<Scan, kTables> scans_;
  std::unordered_map<std::int64_t, PictureRow> pictures_;
  std::unordered_map<std::string, std::int64_t> by_content_;
  std::unordered_map<ContentHash, std::int64_t, HashOfContent> count_;
  std::unordered_set<ContentHash, HashOfContent> begun_;  ///< whose first picture is there
  std::unordered_set<std::int64_t> good_;
  std::unordered_set<std::int64_t> good_sources_;
  std::unordered_set<std::string> paths_;
  std::size_t loose_thumbnails_ = 0;
  std::size_t incomplete_sources_ = 0;
};

void check_structures(Database& database, std::vector<std::string>& complaints) {
  try {
    Statement rows(database, fmt::format("PRAGMA integrity_check({})", kMostComplaints));
    while (rows.step())
      if (rows.bytes(0) != "ok") complaints.emplace_back(rows.bytes(0));
  } catch (const sqlite::Failure& failure) {
    if (!failure.is_damage()) throw;
    complaints.emplace_back(failure.what());
  }
}

/// What SQLite cannot even find the tables of is beyond repair.
LibraryFile open_damaged(const fs::path& path, Database::Access access) {
  try {
    return LibraryFile::read_unchecked(path, access);
  } catch (const sqlite::Failure& failure) {
    if (!failure.is_damage()) throw;
    throw Error(ErrorKind::kBadInput, failure.what(), beyond_repair());
  }
}

/// For oneself alone. Where SQLite is too confused to say who else is there, nobody can be.
void claim(Database& database) {
  sqlite3_busy_timeout(database.handle(), 0);
  try {
    database.text("PRAGMA journal_mode = delete");
    database.execute("BEGIN EXCLUSIVE");
  } catch (const sqlite::Failure& failure) {
    if (failure.code() == SQLITE_BUSY || failure.code() == SQLITE_LOCKED ||
        failure.code() == SQLITE_READONLY)
      throw;
  }
}

/// Copies the rows that are whole and fit; returns how many.
std::size_t copy_rows(LibraryFile& from, const Inventory& inventory, Database& to) {
  std::size_t copied = 0;
  for (const Table table : kAllTables) {
    std::optional<Statement> insertion;
    Tally tally;
    scan(from, table, [&](const Statement& row) {
      if (!inventory.fits(table, row.integer(0))) return;
      const int columns = row.columns();
      if (!insertion) {
        std::string places = "?";
        for (int i = 1; i < columns; ++i) places += ", ?";
        insertion.emplace(
            to, fmt::format("INSERT OR IGNORE INTO {} VALUES({})", name_of(table), places));
      }
      for (int i = 0; i < columns; ++i) {
        switch (row.type(i)) {
          case SQLITE_INTEGER:
            insertion->bind(i + 1, row.integer(i));
            break;
          case SQLITE_TEXT:
            insertion->bind_text(i + 1, row.bytes(i));
            break;
          default:
            insertion->bind_blob(i + 1, row.bytes(i));
        }
      }
      insertion->run();
      if (sqlite3_changes(to.handle()) == 0) return;  // its path or content is there already
      ++tally.rows;
      tally.digest += static_cast<std::uint64_t>(row.integer(columns - 1));
    });
    write_tally(to, table, tally);
    copied += static_cast<std::size_t>(tally.rows);
  }
  return copied;
}

std::size_t believed_rows(LibraryFile& library) {
  std::int64_t rows = 0;
  for (const Table table : kAllTables) {
    try {
      rows += library.tally(table).rows;
    } catch (const Error&) {  // nobody knows
    }
  }
  return static_cast<std::size_t>(std::max<std::int64_t>(rows, 0));
}

}  // namespace

}  // namespace smalti::library

namespace smalti {

using namespace library;

LibraryCheck check_library(const std::filesystem::path& path) {
  library::LibraryFile library = open_damaged(path, Database::Access::kRead);
  LibraryCheck check;
  const library::Snapshot snapshot(library);
  if (!library.has_right_tables())
    check.complaints.emplace_back("its tables are not those of a tile library");
  check_structures(library.database(), check.complaints);
  const Inventory inventory(library);
  for (std::string& complaint : inventory.complaints(library))
    check.complaints.push_back(std::move(complaint));
  check.rows = inventory.rows();
  return check;
}

LibraryRepair repair_library(const std::filesystem::path& path) {
  LibraryRepair repair;
  OutputFile output(path, true);
  {
    library::LibraryFile old = open_damaged(path, Database::Access::kWrite);
    claim(old.database());
    const Inventory inventory(old);
    Database made(std::filesystem::absolute(output.path()), Database::Access::kWrite);
    made.execute("BEGIN");
    library::create_schema(made);
    repair.kept = copy_rows(old, inventory, made);
    made.execute("COMMIT");
    const std::size_t believed = believed_rows(old);
    repair.lost = believed > repair.kept ? believed - repair.kept : 0;
    if (repair.kept == 0 && believed != 0)
      throw Error(ErrorKind::kBadInput,
                  fmt::format("the tile library '{}' is too damaged to be repaired: nothing in it "
                              "can be read",
                              path.native()),
                  beyond_repair());
  }
  // A log of the old file would be taken for one of the new.
  std::error_code ignored;
  const std::vector<std::filesystem::path> files = library::files_of_library(path);
  for (std::size_t i = 1; i < files.size(); ++i) std::filesystem::remove(files[i], ignored);
  output.commit();
  return repair;
}

}  // namespace smalti

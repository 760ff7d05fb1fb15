#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "smalti/error.h"

/// SQLite's C interface with owners for its handles and Errors for its codes.
namespace smalti::sqlite {

/// What SQLite complained about: its text, and what the user can do.
class Failure : public Error {
 public:
  Failure(ErrorKind kind, const std::string& message, const std::string& hint, int code)
      : Error(kind, message, hint), code_(code) {}

  /// The primary result code, such as SQLITE_BUSY.
  int code() const { return code_; }
  /// The file itself is wrong, not its surroundings.
  bool is_damage() const { return code_ == SQLITE_CORRUPT || code_ == SQLITE_NOTADB; }

 private:
  int code_;
};

class Statement;

/// One connection. One thread at a time.
class Database {
 public:
  enum class Access {
    kRead,
    kReadImmutable,  ///< nobody may be writing to it: no lock is taken, no file beside it is needed
    kWrite,
    kCreate,  ///< write, and make it when it is missing
  };

  /// The path must be absolute, or ":memory:". Throws Failure.
  Database(const std::filesystem::path& path, Access access);

  const std::filesystem::path& path() const { return path_; }
  sqlite3* handle() const { return handle_.get(); }

  /// Runs statements that give no rows, or whose rows do not matter.
  void execute(const char* sql);
  /// The first column of the first row.
  std::int64_t number(const char* sql);
  std::string text(const char* sql);

  /// Throws what the last call's `code` means, std::bad_alloc where memory ran out; `doing` is what
  /// was being done.
  [[noreturn]] void fail(int code, const std::string& doing) const;

 private:
  struct Closer {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };

  std::filesystem::path path_;
  std::unique_ptr<sqlite3, Closer> handle_;
};

/// A prepared statement. The database must outlive it.
class Statement {
 public:
  Statement(Database& database, std::string_view sql);

  /// Parameters count from 1. What is bound must stay until the statement is reset.
  void bind(int parameter, std::int64_t value);
  void bind_text(int parameter, std::string_view value);
  void bind_blob(int parameter, std::string_view value);

  /// True when there is a row. After the last one the statement is reset.
  bool step();
  /// For statements without rows.
  void run();
  void reset() { sqlite3_reset(handle_.get()); }

  // Columns count from 0; what they give stays until the next step.
  int columns() const { return sqlite3_column_count(handle_.get()); }
  int type(int column) const { return sqlite3_column_type(handle_.get(), column); }
  std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  std::string_view bytes(int column) const;

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };

  Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalizer> handle_;
};

}  // namespace smalti::sqlite

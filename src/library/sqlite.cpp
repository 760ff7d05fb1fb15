#include "library/sqlite.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cctype>
#include <cerrno>
#include <iterator>
#include <new>

#include "base/wording.h"

namespace smalti::sqlite {
namespace {

namespace fs = std::filesystem;

// Another process commits a batch at a time, each a fraction of a second.
constexpr int kPatienceMs = 60'000;

int flags_of(Database::Access access) {
  // A connection is used by one thread at a time: SQLite need not lock it for every column.
  constexpr int kAlways = SQLITE_OPEN_NOMUTEX;
  switch (access) {
    case Database::Access::kRead:
      return kAlways | SQLITE_OPEN_READONLY;
    case Database::Access::kReadImmutable:
      return kAlways | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    case Database::Access::kWrite:
      return kAlways | SQLITE_OPEN_READWRITE;
    case Database::Access::kCreate:
      break;
  }
  return kAlways | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
}

std::string as_uri(const fs::path& path) {
  std::string uri = "file:";
  for (const unsigned char c : path.native()) {
    if (std::isalnum(c) != 0 || c == '/') {
      uri += static_cast<char>(c);
    } else {
      uri += fmt::format("%{:02X}", c);
    }
  }
  return uri + "?immutable=1";
}

struct Meaning {
  ErrorKind kind;
  std::string hint;
};

Meaning meaning_of(int code) {
  switch (code) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_TOOBIG:
    case SQLITE_FORMAT:
      return {ErrorKind::kBadInput,
              worded("`{command tiles check} {repair}` keeps what is whole in it")};
    case SQLITE_FULL:
      return {ErrorKind::kInputOutput, "make room on the disk"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorKind::kInputOutput, "another program is writing to it; try again later"};
    case SQLITE_READONLY:
      return {ErrorKind::kInputOutput, "it can be read, but not written to, where it lies"};
    case SQLITE_CANTOPEN:
      return {ErrorKind::kInputOutput, "check that its folder can be written to"};
    case SQLITE_IOERR:
      return {ErrorKind::kInputOutput, "check the disk, and that there is room on it"};
    default:
      return {ErrorKind::kFailure, ""};
  }
}

// SQLite takes a disk that cannot give what is on it for damage of the file. The file may be whole.
bool disk_refuses(sqlite3* database) {
  constexpr int kFiles[] = {SQLITE_FCNTL_FILE_POINTER, SQLITE_FCNTL_JOURNAL_POINTER};
  return std::any_of(std::begin(kFiles), std::end(kFiles), [database](int which) {
    sqlite3_file* file = nullptr;
    int error = 0;
    sqlite3_file_control(database, "main", which, &file);
    if (file == nullptr || file->pMethods == nullptr) return false;
    file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &error);
    return error == EIO;
  });
}

}  // namespace

Database::Database(const fs::path& path, Access access) : path_(path) {
  const std::string name = access == Access::kReadImmutable ? as_uri(path_) : path_.native();
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &opened, flags_of(access), nullptr);
  handle_.reset(opened);  // there even when opening failed
  if (code != SQLITE_OK) fail(code, "open");
  sqlite3_extended_result_codes(handle(), 1);
  sqlite3_busy_timeout(handle(), kPatienceMs);
  // Files may come from anywhere, damaged or made to harm.
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  execute("PRAGMA cell_size_check = ON");
}

void Database::fail(int code, const std::string& doing) const {
  if (code == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM) throw std::bad_alloc();
  const bool refused = (code & 0xff) == SQLITE_CORRUPT && disk_refuses(handle_.get());
  const int primary = refused ? SQLITE_IOERR : code & 0xff;
  const char* why = handle_ && !refused ? sqlite3_errmsg(handle()) : sqlite3_errstr(primary);
  const Meaning meaning = meaning_of(primary);
  throw Failure(meaning.kind,
                fmt::format("cannot {} the tile library '{}': {}", doing, path_.native(), why),
                meaning.hint, primary);
}

void Database::execute(const char* sql) {
  const int code = sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code, "use");
}

std::int64_t Database::number(const char* sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

std::string Database::text(const char* sql) {
  Statement statement(*this, sql);
  return statement.step() ? std::string(statement.bytes(0)) : std::string();
}

Statement::Statement(Database& database, std::string_view sql) : database_(&database) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                      &prepared, nullptr);
  handle_.reset(prepared);
  if (code != SQLITE_OK) database.fail(code, "use");
}

void Statement::bind(int parameter, std::int64_t value) {
  [[maybe_unused]] const int code = sqlite3_bind_int64(handle_.get(), parameter, value);
  assert(code == SQLITE_OK);
}

void Statement::bind_text(int parameter, std::string_view value) {
  const char* data = value.empty() ? "" : value.data();  // null would be NULL
  const int code =
      sqlite3_bind_text64(handle_.get(), parameter, data, value.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) database_->fail(code, "use");
}

void Statement::bind_blob(int parameter, std::string_view value) {
  const char* data = value.empty() ? "" : value.data();
  const int code = sqlite3_bind_blob64(handle_.get(), parameter, data, value.size(), SQLITE_STATIC);
  if (code != SQLITE_OK) database_->fail(code, "use");
}

bool Statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) {
    try {
      database_->fail(code, "use");
    } catch (...) {
      reset();  // only now: it forgets the message
      throw;
    }
  }
  reset();
  return false;
}

void Statement::run() {
  while (step()) continue;
}

std::string_view Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(handle_.get(), column);
  if (data == nullptr && sqlite3_errcode(database_->handle()) == SQLITE_NOMEM)
    throw std::bad_alloc();
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return {static_cast<const char*>(data), data == nullptr ? 0 : static_cast<std::size_t>(size)};
}

}  // namespace smalti::sqlite

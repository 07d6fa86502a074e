#include "node/store/sqlite.h"

#include <cerrno>

#include "node/store/page_check.h"

namespace yishi::store {

bool Fault::full() const {
  if ((code & 0xff) == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE) return true;
  return code == SQLITE_IOERR_WRITE && (system == ENOSPC || system == EDQUOT);
}

bool Fault::busy() const {
  const int kind = code & 0xff;
  return kind == SQLITE_BUSY || kind == SQLITE_LOCKED;
}

bool Fault::corrupt() const {
  // A broken constraint, too, is a file that says what no statement of ours wrote.
  const int kind = code & 0xff;
  return kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB || kind == SQLITE_CONSTRAINT ||
         code == SQLITE_IOERR_DATA;
}

bool Connection::open(const std::string& path, int flags, const char* vfs) {
  // NOMUTEX: a Connection belongs to one thread at a time.
  const int code =
      sqlite3_open_v2(path.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, checked_vfs(vfs));
  if (handle_ != nullptr) sqlite3_extended_result_codes(handle_, 1);
  if (code == SQLITE_OK) return true;
  note(code);
  return false;
}

void Connection::close() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  statements_.clear();
  if (handle_ == nullptr) return;
  const int code = sqlite3_close(handle_);
  YISHI_ASSERT(code == SQLITE_OK);  // anything else: a statement of ours is still open
  handle_ = nullptr;
}

bool Connection::execute(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return true;
  note(code);
  return false;
}

bool Connection::control(std::string_view sql) {
  sqlite3_stmt* statement = prepared(sql);
  if (statement == nullptr) return false;
  const int code = sqlite3_step(statement);
  if (code != SQLITE_DONE) note(code);
  sqlite3_reset(statement);
  return code == SQLITE_DONE;
}

sqlite3_stmt* Connection::prepared(std::string_view sql) {
  const auto found = statements_.find(sql);
  if (found != statements_.end()) return found->second;
  sqlite3_stmt* statement = prepare(sql, SQLITE_PREPARE_PERSISTENT);
  if (statement != nullptr) statements_.emplace(sql, statement);
  return statement;
}

sqlite3_stmt* Connection::prepare(std::string_view sql, unsigned flags) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), flags,
                                      &statement, nullptr);
  if (code != SQLITE_OK) note(code);
  return statement;
}

void Connection::note(int code) {
  YISHI_ASSERT((code & 0xff) != SQLITE_MISUSE && (code & 0xff) != SQLITE_RANGE);
  if (fault_) return;
  Fault fault;
  fault.code = code;
  fault.system = handle_ == nullptr ? errno : sqlite3_system_errno(handle_);
  fault.message = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
  if (code == SQLITE_IOERR_DATA) {
    fault.message = "page " + std::to_string(refused_page(handle_)) + " does not have its checksum";
  }
  fault_ = std::move(fault);
}

void Connection::note_damage(std::string what) {
  if (!fault_) fault_ = Fault{SQLITE_CORRUPT, 0, std::move(what)};
}

Query::Query(Connection& connection, std::string_view sql, Use use)
    : connection_(connection), statement_(nullptr), use_(use) {
  if (connection.stopped()) return;
  statement_ = use == kKept ? connection.prepared(sql) : connection.prepare(sql, 0);
  if (statement_ == nullptr) return;
  YISHI_ASSERT(sqlite3_stmt_busy(statement_) == 0);
  YISHI_ASSERT(connection.guarded() || sqlite3_stmt_readonly(statement_) != 0);
}

Query::~Query() {
  if (statement_ == nullptr) return;
  if (use_ == kOnce) {
    sqlite3_finalize(statement_);
    return;
  }
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Query& Query::integer(std::int64_t value) {
  ++bound_;
  if (statement_ == nullptr) return *this;
  const int code = sqlite3_bind_int64(statement_, bound_, value);
  if (code != SQLITE_OK) connection_.note(code);
  return *this;
}

Query& Query::text(std::string_view value) {
  ++bound_;
  if (statement_ == nullptr) return *this;
  // A view without data is an empty text here, never NULL.
  const char* data = value.data() == nullptr ? "" : value.data();
  const int code =
      sqlite3_bind_text64(statement_, bound_, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (code != SQLITE_OK) connection_.note(code);
  return *this;
}

Query& Query::blob(View value) {
  ++bound_;
  if (statement_ == nullptr) return *this;
  const void* data = value.data() == nullptr ? static_cast<const void*>("") : value.data();
  const int code = sqlite3_bind_blob64(statement_, bound_, data, value.size(), SQLITE_TRANSIENT);
  if (code != SQLITE_OK) connection_.note(code);
  return *this;
}

bool Query::step() {
  if (statement_ == nullptr || connection_.stopped()) return false;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) connection_.note(code);
  return false;
}

bool Query::run() {
  if (statement_ == nullptr || connection_.stopped()) return false;
  int code = SQLITE_ROW;
  while (code == SQLITE_ROW) code = sqlite3_step(statement_);
  if (code == SQLITE_DONE) return true;
  connection_.note(code);
  return false;
}

std::string_view Query::text_at(int column) const {
  const auto* data = sqlite3_column_text(statement_, column);
  if (data == nullptr) return {};
  return {reinterpret_cast<const char*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

View Query::blob_at(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  if (data == nullptr) return {};
  return {static_cast<const std::uint8_t*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

crypto::Digest Query::digest_at(int column) const {
  const View bytes = blob_at(column);
  return bytes.size() == crypto::kDigestBytes ? crypto::Digest::from(bytes) : crypto::Digest{};
}

}  // namespace yishi::store

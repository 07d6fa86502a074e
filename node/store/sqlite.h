// SQLite as this folder uses it: a connection that throws nothing and remembers its first
// fault, and statements that are prepared once. Private to node/store.
//
// While a writing transaction is open (guard()) and a fault is remembered, every further
// step fails at once: SQLite ends some transactions by itself when a write fails, and what
// came after would be committed alone. A statement that writes asserts an open transaction.
//
// A Connection belongs to one thread at a time.
#pragma once

#include <sqlite3.h>

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/result.h"

namespace yishi::store {

struct Fault {
  int code = SQLITE_OK;  // extended
  int system = 0;        // errno
  std::string message;

  // No room on the disk: nothing was written and nothing is wrong. A failed sync is never
  // that, whatever its errno: what is on the disk then is unknown.
  bool full() const;
  bool busy() const;
  bool corrupt() const;
  bool read_only() const { return (code & 0xff) == SQLITE_READONLY; }
};

class Connection {
 public:
  Connection() = default;
  ~Connection() { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // vfs: SQLite's name for the disk below the page checks; null: its own. False: see fault().
  bool open(const std::string& path, int flags, const char* vfs = nullptr);
  void close();
  sqlite3* handle() const { return handle_; }

  bool execute(const char* sql);                 // any number of statements; false: see fault()
  bool control(std::string_view sql);            // BEGIN, COMMIT, ROLLBACK: prepared once
  sqlite3_stmt* prepared(std::string_view sql);  // kept until close(); nullptr: see fault()
  sqlite3_stmt* prepare(std::string_view sql, unsigned flags);  // the caller's to finalize

  enum class Guard { kNone, kReading, kWriting };  // which transaction is open
  void guard(Guard guard) { guard_ = guard; }
  bool guarded() const { return guard_ != Guard::kNone; }
  bool stopped() const { return guard_ == Guard::kWriting && fault_.has_value(); }

  void note(int code);                 // remembers it when it is the first
  void note_damage(std::string what);  // bytes of ours that do not decode
  const std::optional<Fault>& fault() const { return fault_; }
  void clear_fault() { fault_.reset(); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  sqlite3* handle_ = nullptr;
  Guard guard_ = Guard::kNone;
  std::optional<Fault> fault_;
  std::unordered_map<std::string, sqlite3_stmt*, Hash, std::equal_to<>> statements_;
};

// One use of a prepared statement: bind in order, step, read. The end of the Query resets
// the statement; one text cannot be used by two Queries at once. What is bound is copied.
// Texts and views that come out live until the next step.
class Query {
 public:
  enum Use { kKept, kOnce };  // kOnce: the statement is prepared for this Query alone
  Query(Connection& connection, std::string_view sql, Use use = kKept);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  Query& number(std::uint64_t value) { return integer(static_cast<std::int64_t>(value)); }
  Query& integer(std::int64_t value);
  Query& text(std::string_view value);
  Query& blob(View value);
  Query& blob(const crypto::Digest& value) { return blob(value.view()); }

  bool step();  // true: there is a row
  bool run();   // to the end; false: see the connection's fault

  std::uint64_t number_at(int column) const {
    return static_cast<std::uint64_t>(integer_at(column));
  }
  std::int64_t integer_at(int column) const { return sqlite3_column_int64(statement_, column); }
  std::string_view text_at(int column) const;
  View blob_at(int column) const;
  crypto::Digest digest_at(int column) const;  // zero when it has not 32 bytes
  int columns() const { return sqlite3_column_count(statement_); }
  int type_at(int column) const { return sqlite3_column_type(statement_, column); }

 private:
  Connection& connection_;
  sqlite3_stmt* statement_;
  Use use_;
  int bound_ = 0;
};

}  // namespace yishi::store

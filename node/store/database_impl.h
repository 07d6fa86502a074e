// What a Database holds: the connection, the directory and what is kept in memory of the
// tables. Private to node/store.
//
// The caches hold what the tables say, uncommitted changes of the open transaction
// included; a transaction that does not commit empties them.
#pragma once

#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "node/deliberation/issue.h"
#include "node/store/data_directory.h"
#include "node/store/database.h"
#include "node/store/sqlite.h"

namespace yishi::store {

struct LoadedIssue {  // an issue and what its row says besides
  deliberation::Issue issue;
  Bytes state;                // the issue, encoded: two states are equal when these are
  std::int64_t number = 0;    // of the row
  std::uint64_t order = 0;    // of its last change
  std::uint64_t waiting = 0;  // facts that wait
  bool ended = false;
};

// The issues used last, decoded. Owns them; a pointer lives until the next put() or clear().
class IssueCache {
 public:
  LoadedIssue* find(std::string_view id);
  void put(LoadedIssue issue);  // replaces the one with its id
  void clear();

 private:
  std::list<LoadedIssue> order_;  // used last in front
  std::unordered_map<std::string, std::list<LoadedIssue>::iterator> by_id_;
};

struct Database::Impl {
  Impl(const std::string& path, Access how) : directory(path), access(how) {}

  DataDirectory directory;  // before the connection: the lock goes last
  Connection connection;
  Access access;
  Identity identity;
  bool in_transaction = false;
  bool poisoned = false;
  int wal_pages = 0;  // in the write-ahead log after the last commit

  std::unordered_map<crypto::Digest, std::int64_t, crypto::DigestHash> log_numbers;
  std::optional<std::uint64_t> last_position;
  std::optional<std::uint64_t> last_order;  // the greatest of the issues
  IssueCache issues;

  void forget();  // empties the caches
  // What a fault leads to: poison, or the reserve given back. Clears it.
  Error settle();
  // The Status of a writing function: the transaction's fault, if there is one.
  Status outcome() const;
  Error error_of(const Fault& fault) const;
  void checkpoint();
};

// Gives a Query on a database's connection.
inline Connection& connection_of(Database& database) { return database.impl().connection; }

}  // namespace yishi::store

// What a Database holds: the connection, the directory and what is kept in memory of the
// tables. Private to node/store.
//
// The caches hold what the tables say, uncommitted changes of the open transaction
// included; a transaction that does not commit empties them.
#pragma once

#include <list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "node/deliberation/issue.h"
#include "node/store/data_directory.h"
#include "node/store/database.h"
#include "node/store/limits.h"
#include "node/store/sqlite.h"

namespace yishi::store {

struct LoadedIssue {  // an issue and what its row says besides
  deliberation::Issue issue;
  std::int64_t number = 0;    // of the row
  std::uint64_t order = 0;    // of its last change
  std::uint64_t waiting = 0;  // facts that wait
  bool ended = false;
  std::uint64_t due = 0;  // next_due_ms (deadlines.h) of this node
  // Written back when the transaction ends, or sooner when others need the room: the acts of
  // one issue that come together cost its row once.
  bool stored = false;                         // there is a row
  bool unsaved = false;                        // which says less than this
  std::optional<deliberation::Issue> counted;  // as figures and search have it, when another
};

// The issues used last, decoded. Owns them; a pointer lives until the next put() or clear().
class IssueCache {
 public:
  LoadedIssue* find(std::string_view id);
  LoadedIssue* put(LoadedIssue issue);  // one that is not there
  void drop_oldest(std::size_t keep);
  void clear();
  std::size_t size() const { return order_.size(); }
  std::vector<LoadedIssue*> unsaved();  // by number

 private:
  std::list<LoadedIssue> order_;  // used last in front
  std::unordered_map<std::string, std::list<LoadedIssue>::iterator> by_id_;
};

// What is to be added to the figures. Month 0: all months; an empty unit: the whole store.
struct FigureKey {
  std::int32_t month = 0;
  std::string unit;
  std::int64_t figure = 0;
  auto operator<=>(const FigureKey&) const = default;
};
struct FigureKeyHash {
  std::size_t operator()(const FigureKey& key) const {
    constexpr std::size_t kFigures = 1 << 16;
    const auto place =
        static_cast<std::size_t>(key.month) * kFigures + static_cast<std::size_t>(key.figure);
    return std::hash<std::string>{}(key.unit) ^
           std::hash<std::size_t>{}(place * 0x9E3779B97F4A7C15U);
  }
};
struct SittingKey {  // which session it is
  std::string unit;
  std::uint64_t held_ms = 0;
  std::string place, form;
  std::string alone;  // one that no other issue can speak of: whose it is; else empty
  auto operator<=>(const SittingKey&) const = default;
};
struct SittingMention {
  SittingKey sitting;
  std::uint64_t people = 0;
  std::int64_t issue = 0;  // number of its row
  auto operator<=>(const SittingMention&) const = default;
};

struct Database::Impl {
  Impl(const std::string& path, Access how, Disk& disk) : directory(path, disk), access(how) {}

  DataDirectory directory;  // before the connection: the lock goes last
  Connection connection;
  Access access;
  Identity identity;
  bool in_transaction = false;
  bool poisoned = false;
  int wal_pages = 0;  // in the write-ahead log after the last commit

  std::unordered_map<crypto::Digest, std::int64_t, crypto::DigestHash> log_numbers;
  std::optional<std::uint64_t> last_position;
  std::optional<std::uint64_t> last_news;
  std::uint64_t told_position = 0;          // the row that was touched last …
  std::set<std::string> told_units;         // … and for whom
  std::optional<std::uint64_t> last_order;  // the greatest of the issues
  std::optional<std::int64_t> last_issue;   // the greatest number
  std::size_t max_issues = kMaxCachedIssues;
  IssueCache issues;
  std::map<std::string, std::int64_t, std::less<>> classes;  // their numbers
  std::unordered_map<std::string, std::int64_t> figure_numbers;
  std::unordered_map<FigureKey, std::int64_t, FigureKeyHash> figures;
  std::map<SittingMention, std::int64_t> sittings;

  void forget();  // empties the caches
  // What a fault leads to: poison, or the reserve given back. Clears it.
  Error settle();
  // The Status of a writing function: the transaction's fault, if there is one.
  Status outcome() const;
  Error error_of(const Fault& fault) const;
  void checkpoint();
};

// The number that stands for a log in the rows; made when it is new. Writer.
std::int64_t log_number(Database::Impl& impl, const crypto::Digest& log);

// Gives a Query on a database's connection.
inline Connection& connection_of(Database& database) { return database.impl().connection; }

}  // namespace yishi::store

// A damaged store is made to serve again: what is sound goes into a fresh file
// (store/salvage.h), projections that suffered are derived again from the rows, and rows that
// are damaged are left to be mended from neighbours while the node serves (mender.h).
// Offline: `yishi repair`, and `yishi serve` when it finds damage.
//
// Not an error: finding damage; that is the answer. An error (rule "store.lost", or a disk that
// does not take the fresh file) leaves everything as it was.
#pragma once

#include "node/store/salvage.h"
#include "node/turn/ledger.h"

namespace yishi::turn {

// At start a store of this size is looked at whole, a larger one up to it and the rest while
// the node serves: about a quarter of a second from a slow disk.
inline constexpr std::uint64_t kExamineAtStartBytes = 64ULL * 1024 * 1024;

struct RepairReport {
  bool damaged = false;  // false: nothing was found and nothing was done
  Error found;           // what it was, when damaged
  store::Salvaged salvaged;
  bool rebuilt = false;                         // projections were derived again
  std::vector<std::string> lines_zh, lines_en;  // what was damaged, what became of it
};

// Looks at the whole file (at most max_bytes of it) unless `known` already names a damage.
Result<RepairReport> repair_store(const std::string& directory, std::uint64_t max_bytes,
                                  std::uint64_t now_ms,
                                  const std::optional<Error>& known = std::nullopt);

// A named value of the store.
// A store put back from a backup that has its old key: the log went on without it.
inline constexpr std::string_view kOwnLogRestored = "own_log.restored";
inline constexpr std::string_view kOwnLogUnsure = "own_log.unsure";  // nothing may be written

}  // namespace yishi::turn

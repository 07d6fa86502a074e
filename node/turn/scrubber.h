// Looks for bytes that changed by themselves before anyone needs them: all pages of the store
// against their checksums, and all rows against what their logs' keys signed (row_check.h).
//
// A pass begins at start, and again kScrubEveryMs (an option) after the last one began. At
// start rows of up to kRehashAtStartBytes are hashed at once, which is a small store whole; the
// rest a little at a time in turns that have nothing else to do. A pass that the end of the
// process cut off goes on where it stood when something was last committed. What is found is an
// error that ends the turn: the daemon repairs the store (repair.h) and serves on. One thread;
// reads only, save in save().
#pragma once

#include <memory>
#include <string>

#include "node/turn/clock.h"
#include "node/turn/ledger.h"
#include "node/turn/row_check.h"

namespace yishi::turn {

inline constexpr std::uint64_t kScrubEveryMs = 7ULL * 86'400'000;
inline constexpr std::size_t kRehashAtStartBytes = 4UL * 1024 * 1024;  // of packed runs
inline constexpr std::uint64_t kScrubPages = 64;                       // of a turn
inline constexpr std::size_t kScrubBytes = 1;       // of a turn's packed runs: one row
inline constexpr std::uint64_t kScrubPauseMs = 20;  // between two idle turns of a pass

class Scrubber {
 public:
  // every_ms: from the beginning of a pass to that of the next.
  Scrubber(Ledger& ledger, std::uint64_t every_ms);

  // Rule "store.damaged" of both, with the row or page named.
  Status start(const Now& now);           // after the ledger has loaded
  Status step(const Now& now);            // a little more, if there is more to do
  bool due(std::uint64_t wall_ms) const;  // whether step() has something to do

  std::uint64_t finished_ms() const { return finished_ms_; }  // of the last whole pass; 0: none
  void save();                                                // inside a transaction

 private:
  void begin(const Now& now);
  Status rows(std::size_t max_bytes);
  Status row(const store::StoredRow& row);
  Status heads();
  bool active() const { return page_ > 0 || position_ != UINT64_MAX; }

  Ledger& ledger_;
  std::uint64_t every_ms_;
  RowCheck check_;
  std::shared_ptr<const topology::Directory> directory_;  // that check_ asks
  std::uint64_t page_ = 0;                                // the next; 0: all were looked at
  std::uint64_t position_ = UINT64_MAX;  // the last row; UINT64_MAX: all were looked at
  std::uint64_t began_ms_ = 0, finished_ms_ = 0;
  std::string saved_;  // as written last
};

}  // namespace yishi::turn

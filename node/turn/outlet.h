// What of this store a neighbour is to hear, as rows for its link.
//
// Up: every row that is this node's own or came from below. Down: the topology log, and of
// all else those records that concern a unit in the child's subtree; their entries go out of
// their runs, with the other records' bytes absent. What came from that child is not sent
// back. A stream stops before a damaged row (store/salvage.h) until that is mended. Reads only;
// called inside a turn, so it sees what the turn has written: the rows leave after the commit.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "node/turn/ledger.h"
#include "sync/link.h"

namespace yishi::turn {

inline constexpr std::size_t kTouchesPerPull = 4096;  // index rows looked at for one pull
inline constexpr std::size_t kNewsKept = 16;          // pages of it, about 200 KiB each at most

struct Offer {
  std::vector<sync::Row> rows;
  std::uint64_t upto = 0;  // everything to here was looked at
};

class Outlet {
 public:
  explicit Outlet(Ledger& ledger) : ledger_(ledger) {}

  Offer upward(const sync::Pull& pull);
  Offer downward(const sync::Pull& pull, const topology::Code& child);

  // Answers to a want. `child` is empty when the parent asks. A child is given logs of its own
  // subtree and the topology whole, of others what concerns it.
  std::vector<sync::Row> log_rows(const sync::Want& want, const topology::Code& child);
  std::vector<sync::Row> issue_rows(const sync::Want& want, const topology::Code& child);

 private:
  // A page of the index of touches, and whose children it concerns at all: worked out once for
  // all children that stand at the same position, for most of them it is nothing.
  struct News {
    std::vector<store::Touch> touches;
    std::uint64_t upto = 0;
    std::set<topology::Code> children;
    bool everyone = false;
  };
  const News& news_after(std::uint64_t number);
  bool concerns(const deliberation::Issue& issue, const topology::Code& child) const;
  bool concerns(const deliberation::RegisterFact& fact, const topology::Code& child) const;
  // Whether a touch of this unit is for the child.
  bool reaches(const topology::Code& unit, const topology::Code& child) const;
  // A record in its place: number and header of its entry.
  struct Placed {
    const sync::Record& record;
    const sync::EntryHeader& header;
    std::size_t index = 0;
  };
  // Whether a record concerns the child; what was looked up of issues is kept in `known`. Lives
  // no longer than its arguments.
  std::function<bool(const Placed&)> concerned_by(std::map<std::string, bool>& known,
                                                  const topology::Code& child) const;
  bool below(const crypto::Digest& log, const topology::Code& child) const;
  bool came_from(const store::StoredRow& row, const topology::Code& child) const;
  // The row's entries with only the wanted records' bytes; empty bytes when none is left.
  template <class Wanted>
  Bytes filtered(const store::StoredRow& row, const Wanted& wanted) const;

  Ledger& ledger_;
  std::map<std::uint64_t, News>
      news_;  // by the number they follow; of the store and topology as they were at
  std::uint64_t news_last_ = 0;
  topology::Version news_topology_ = 0;
};

}  // namespace yishi::turn

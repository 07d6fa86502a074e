// Mends damaged rows (store/salvage.h) with what neighbours still hold.
//
// For each damaged row its log is asked for with `want(log, from)`: what came from above from
// the parent; what came from below from the child it came through, what this node wrote from
// the parent, each second time the other way about; and at the root, whose own entries only its
// children have, from all of them. Every run that comes in is looked through for entries of damaged
// rows.
//
// An entry counts when the log's key signed it. A row that continues its log is mended when all
// its entries are there, follow each other, follow what is held before them and are followed by
// what is held after them, or are the log's head: so nothing but what was lost can take its
// place. A row of single entries from above is mended when its first and its last entry are
// there with at least as many records as it had. The row keeps its position: streams and
// projections stand as before. One thread; reads and writes inside the turn's transaction.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "node/turn/clock.h"
#include "node/turn/ledger.h"

namespace yishi::turn {

inline constexpr std::size_t kMendedAtOnce = 1024;  // damaged rows looked after at a time
inline constexpr std::size_t kAsksOfATurn = 16;
inline constexpr std::uint64_t kMendAgainMs = 5'000;  // between two requests for the same row

class Mender {
 public:
  explicit Mender(Ledger& ledger) : ledger_(ledger) {}

  // A run that came in, whoever sent it; begin opens the transaction when it is needed. True:
  // all its entries were missing in damaged rows, and it is dealt with.
  bool take(View packed, const Now& now, const std::function<void()>& begin);

  struct Question {
    bool to_parent = false;  // else to a child
    topology::Code child;    // empty: to every child
    sync::Want want;
  };
  std::vector<Question> questions(const Now& now);

  void rolled_back() { wounds_.reset(); }

 private:
  struct Wound {
    store::StoredRow row;
    std::map<std::uint64_t, sync::SealedEntry> pool;  // by sequence
    std::optional<std::uint64_t> asked_ms;
    std::uint64_t times_asked = 0;
  };
  using Wounds = std::map<std::uint64_t, Wound>;  // by position

  Wounds& wounds();
  std::optional<crypto::PublicKey> key_of(const crypto::Digest& log) const;
  bool continues(const store::StoredRow& row) const;
  static void keep(Wound& wound, std::uint64_t sequence, const sync::Entry& entry);
  bool healed(Wound& wound, const Now& now, const std::function<void()>& begin);
  bool fits_chain(const Wound& wound);
  bool fits_singles(Wound& wound);
  std::optional<crypto::Digest> digest_demanded(const store::StoredRow& row);
  Question question(const Wound& wound) const;

  Ledger& ledger_;
  std::optional<Wounds> wounds_;
};

}  // namespace yishi::turn

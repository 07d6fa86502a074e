// The lives of this node's store (sync/life.h): which have been, and how far each went.
//
// Kept in the store as the named value "lives": a line for each, oldest first, of its name in
// hexadecimal, and, when it has ended, the newest position of the store and number of its news
// then. A store that has no such list, or lost it, begins as if it were another: everyone hears its
// stream from the beginning. A life begins with the first transaction of a
// process, so that nothing that is written can go out under the name of the one before. At most
// kLivesKept that have ended are remembered: a neighbour that heard nothing for so many starts
// hears the stream from its beginning.
//
// One thread; called inside the turn.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "node/turn/ledger.h"
#include "sync/life.h"

namespace yishi::turn {

inline constexpr std::size_t kLivesKept = 64;

class Lives {
 public:
  Lives(Ledger& ledger, crypto::Random& random) : ledger_(ledger), random_(random) {}

  void load();   // those before; the last of them is the present one until begin()
  void begin();  // in an open transaction: writes down that the next one began, once
  void committed() { kept_ = begun_; }
  void rolled_back();

  const sync::Nonce& present() const { return present_; }
  std::span<const sync::Life> upward() const { return upward_; }      // by position
  std::span<const sync::Life> downward() const { return downward_; }  // by news

 private:
  Ledger& ledger_;
  crypto::Random& random_;
  sync::Nonce present_{};
  std::vector<sync::Life> upward_, downward_;
  bool known_ = false;  // whether there was one before
  bool begun_ = false, kept_ = false;
};

}  // namespace yishi::turn

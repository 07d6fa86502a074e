// How a machine with a ticket becomes a node.
//
//   joiner ── join (over the ticket's line, signed by the ticket) ──▶ parent ── join ──▶ … root
//   root: checks the change node.admitted like any other and writes it to the topology log,
//   which flows down; the parent answers each knock with a refuse whose rule says how it
//   stands: join.waiting, join.admitted, or why not. After join.admitted the joiner comes
//   back over its own line and is a child like any other.
//
// A knock may be lost or repeated freely: the change is the same each time, and the ticket
// is used once. A parent that refuses the ticket's line has either seen it used or not heard of
// it yet: the joiner tries in turn as itself and with the ticket until one door opens. One thread;
// called inside the turn.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "node/turn/clerk.h"
#include "node/turn/neighbours.h"
#include "topology/ticket.h"

namespace yishi::turn {

inline constexpr std::uint64_t kKnockEveryMs = 2'000;
inline constexpr std::size_t kMaxSaid = 1'024;
inline constexpr std::uint64_t kTicketAgainMs = 5'000;  // refused with the ticket and without

class Admission {
 public:
  // What a node that has not been admitted needs; made by `yishi join`.
  struct Joining {
    topology::TicketText ticket;
    Bytes change;  // node.admitted, signed by the ticket
  };

  Admission(Ledger& ledger, Clerk& clerk, Neighbours& neighbours, sync::Transport& transport,
            const crypto::PrivateKey& key, std::optional<Joining> joining);

  // Rule "data.other": the key speaks for another unit than the store is of. Once, at start.
  Status own_directory() const;
  // True when the frame was a knock, or an answer to one, and needs no further care.
  bool receive(const sync::Delivery& delivery, const sync::OpenedFrame& frame, const Now& now);
  void passed_on(const Bytes& change, const Now& now);  // a neighbour passes on a knock
  void line(sync::LineEvent event, const Now& now);
  void tick(const Now& now);

  bool admitted() const;  // this node's key speaks for its unit
  bool knocking() const { return joining_ && !told_admitted_ && !admitted(); }
  const std::optional<Joining>& joining() const { return joining_; }
  const std::string& waits_for() const { return waits_for_; }  // for people; empty: nothing

 private:
  bool knock_of_ticket(const sync::Delivery& delivery, const sync::OpenedFrame& frame,
                       const Now& now);
  bool answer_to_knock(const sync::Delivery& delivery, const sync::OpenedFrame& frame);
  // join.admitted, join.waiting, or why the change can't be.
  std::string decide(const Bytes& change, const Now& now);
  // A ticket used again is said once to the operator, wherever he looks: here and, passed on, at
  // the root.
  bool first_time(const Bytes& change);
  void knock();

  Ledger& ledger_;
  Clerk& clerk_;
  Neighbours& neighbours_;
  sync::Transport& transport_;
  const crypto::PrivateKey& key_;
  std::optional<Joining> joining_;
  bool line_up_ = false;
  bool told_admitted_ = false;
  bool refused_as_itself_ = false;
  std::uint64_t turned_ms_ = 0;  // when it last came as itself instead
  std::uint64_t knocked_ms_ = 0;
  std::string waits_for_;
  std::set<crypto::Digest> said_;  // changes whose refusal was noted, at most kMaxSaid
};

}  // namespace yishi::turn

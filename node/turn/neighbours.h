// The neighbours: the parent and the children of this node, their links, and what is
// checked before a frame reaches one of them.
//
// For every frame, whatever the transport's handshake proved earlier: it decodes, it is for
// this network and this node, its sender's key speaks for a neighbour at this moment, comes
// over that neighbour's line, and signed these bytes. What fails has no effect, is named
// and kept (`yishi refusals`), and harms nobody else's link.
//
// The turn calls in this order: line() and receive(), tick() and ask_for_missing(); after the
// commit committed(), after a rollback rolled_back(); then offer() and flush(). One thread.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "node/turn/board.h"
#include "node/turn/clock.h"
#include "node/turn/ledger.h"
#include "node/turn/lives.h"
#include "node/turn/mender.h"
#include "node/turn/outlet.h"
#include "node/turn/wayfinder.h"
#include "sync/curve.h"
#include "sync/link.h"
#include "sync/transport.h"

namespace yishi::turn {

inline constexpr std::uint64_t kWantAgainMs = 5'000;     // between two requests for the same thing
inline constexpr std::uint64_t kGapPatienceMs = 60'000;  // a stream is held for a gap in one log

class Neighbours {
 public:
  // begin: opens the turn's transaction if it is not open; asked before anything is written.
  // False: it cannot be opened (the disk is full), the turn will be rolled back, and nothing
  // may be written.
  // join: a neighbour passes on the knock of a machine with a ticket.
  struct Hooks {
    std::function<bool()> begin;
    std::function<void(const Bytes& change)> join;
  };

  Neighbours(Ledger& ledger, sync::Transport& transport, const crypto::PrivateKey& key,
             crypto::Random& random, std::string software, Hooks hooks);

  void load() { lives_.load(); }                // at start, after the ledger
  void transaction_began() { lives_.begin(); }  // called by whoever opens the turn's transaction

  void line(sync::LineEvent event, const Now& now);
  void receive(const sync::Delivery& delivery, sync::OpenedFrame frame, const Now& now);
  bool begin() { return hooks_.begin(); }
  void refuse(const topology::Code& peer, const Error& error, const Now& now);  // keeps it

  // Whose line a frame came over; empty when it is nobody's.
  topology::Code unit_of(const sync::Delivery& delivery) const;

  // Whether a node's line is let in: a child's; or that of a guest, a node that is or ever was
  // somewhere below. A child that was moved while it was away knocks at the parent it knew; one
  // whose parent was replaced asks further up (wayfinder.h). A guest hears the topology log, which
  // tells it where to go; nothing else here concerns it.
  bool hears(const topology::Node& node) const;

  // To whom the line upward is to lead: the parent, or who is asked the way. Null: to nobody.
  const topology::Node* upstream() const;
  bool take_rerouted() { return std::exchange(rerouted_, false); }  // since it was asked last

  // The topology changed: the parent may be another, children may have ended.
  void topology_changed();
  // The parent of a node that has no topology yet, as its ticket names it.
  void expect_parent(const topology::Code& unit, const sync::PeerKey& curve);

  void ask_for_missing(const Now& now);
  void send_status(const Now& now);
  void offer(const Now& now);  // fills the links' windows from the store
  void tick(const Now& now);

  void committed(const Now& now);
  void rolled_back();
  void flush();  // seals and sends what the links have; keeps what the transport does not take
  void send_join(const Bytes& change);  // upward, outside the session; may be lost

  std::optional<std::uint64_t> next_tick_ms() const;
  bool unsent() const;
  // Acknowledgements are kept in memory and written with the next commit: losing them
  // costs a question at the next greeting, writing each would cost a sync.
  void save_progress();
  bool progress_unsaved() const;
  const sync::Receipted& receipted() const;  // how far the parent holds our stream
  bool parent_open() const { return parent_ && parent_->link.state() == sync::LinkState::kOpen; }
  std::optional<NeighbourView> parent_view() const;
  std::vector<NeighbourView> child_views() const;
  std::size_t child_count() const { return children_.size(); }
  std::uint64_t signatures_checked() const { return signatures_; }  // of envelopes

 private:
  struct Neighbour {
    Neighbour(topology::Code unit_, const crypto::Digest& key_, const sync::PeerKey& curve_,
              sync::Role role_, crypto::Random& random, store::LinkState stored_)
        : unit(std::move(unit_)),
          key(key_),
          curve(curve_),
          role(role_),
          link(role_, random, stored_.inbound),
          stored(std::move(stored_)) {}
    topology::Code unit;
    crypto::Digest key;
    sync::PeerKey curve;
    sync::Role role;  // ours on this link: child towards the parent
    sync::Link link;
    store::LinkState stored;
    bool guest = false;  // not a child of this node
    bool progress_unsaved = false;
    std::optional<sync::Cursor> taken;  // of this turn, to be acknowledged after the commit
    bool lacks_changed = false;         // in this turn
    std::vector<sync::LogHead> heads;
    std::deque<Bytes> unsent;
    std::string line;  // "refused", "unreachable" or empty
    std::uint64_t heard_wall_ms = 0;
    std::int64_t clock_offset_ms = 0;
    std::map<crypto::Digest, std::uint64_t> gaps;  // logs with one: since, steady clock
    std::map<std::string, std::uint64_t> asked;    // wants: when, on the steady clock
  };

  // The first thing wrong with the frame's sender, or the neighbour it is.
  Result<Neighbour*> sender_of(const sync::Delivery& delivery, const sync::OpenedFrame& frame);
  Result<Neighbour*> parent_as_sender(const sync::OpenedFrame& frame);
  bool signed_by(const sync::OpenedFrame& frame, const crypto::PublicKey& key);
  Neighbour& child(const topology::Node& node);
  void heard(Neighbour& from, sync::Heard heard, const Bytes& frame, const Now& now);
  void opened(Neighbour& from, const Now& now);
  void take_batch(Neighbour& from, const sync::Entries& batch, const Now& now);
  bool holds_for(Neighbour& from, const Taken& taken, const Now& now);
  enum class Way { kStream, kSupply };
  bool ingest(Neighbour& from, const std::vector<sync::Row>& rows, Way way, const Now& now);
  bool take_row(Neighbour& from, const sync::Row& row, Way way, const Now& now);
  static bool pass_over(Neighbour& from, const Taken& taken, std::uint64_t position);
  static void filled(Neighbour& from, const sync::LogHead& head);
  void filled(const crypto::Digest& log);
  void keep_receipt(Neighbour& from, const sync::Ack& ack, const Bytes& frame, const Now& now);
  void keep_status(Neighbour& from, const sync::StatusReport& report, const Now& now);

  void miss(const Neighbour& from, const Taken& taken);
  void add_want(const store::WantRow& want);
  bool satisfied(const store::WantRow& row);
  void ask(const store::WantRow& row, const Now& now);
  void ask_for_damaged(const Now& now);
  void answer(Neighbour& to, const sync::Want& want, const Now& now);

  bool is_child(const topology::Node& node) const;
  Neighbour* uplink() const { return guide_ ? guide_.get() : parent_.get(); }
  std::vector<const topology::Node*> above_parent() const;
  void find_way(const Now& now);
  void update_self(Neighbour& neighbour, const Now& now);
  bool transmit(const Neighbour& neighbour, View frame);
  Bytes seal(const Neighbour& to, sync::Outgoing outgoing) const;
  NeighbourView view(const Neighbour& neighbour) const;
  void each(const std::function<void(Neighbour&)>& visit);
  Neighbour* find(std::string_view unit);

  Ledger& ledger_;
  Outlet outlet_;
  Mender mender_;
  Lives lives_;
  sync::Transport& transport_;
  const crypto::PrivateKey& key_;
  crypto::Random& random_;
  std::string software_;
  Hooks hooks_;
  std::unique_ptr<Neighbour> parent_;
  std::unique_ptr<Neighbour> guide_;  // an ancestor, while the line upward is its
  Wayfinder way_;
  bool rerouted_ = false;
  std::map<topology::Code, std::unique_ptr<Neighbour>> children_;
  std::uint64_t signatures_ = 0;
  std::optional<std::vector<store::WantRow>> wants_;  // as stored; empty: read them again
  bool own_log_unsure_ = false;                       // not written down yet
};

}  // namespace yishi::turn

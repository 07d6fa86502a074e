// One turn: gather what is ready (frames, commands, timers), verify, apply everything in one
// transaction, commit with fsync, and only then let anything out: acks, answers, entries.
//
// The daemon's core thread calls run_once() until it is told to stop; nothing else touches
// the writer's database, the transport or the topology. Clock, random source, transport and
// database are handed in, so that a simulator can drive the same turn.
//
// Damage to the store is an error too (rules "store.corrupt", "store.damaged"), and so is
// "store.mended", when the projections are to be derived again from rows that were mended: the
// owner closes the store, calls repair_store (repair.h) and begins anew.
//
// A full disk rolls the turn back: commands are refused with "store.full", batches stay
// unacknowledged and come again. Any other fault of the database ends run_once() with an
// error, and the process with it: a failed sync is never tried again.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/turn/admission.h"
#include "node/turn/board.h"
#include "node/turn/clerk.h"
#include "node/turn/clock.h"
#include "node/turn/command.h"
#include "node/turn/ledger.h"
#include "node/turn/neighbours.h"
#include "node/turn/scrubber.h"
#include "sync/curve.h"
#include "sync/transport.h"

namespace yishi::turn {

inline constexpr std::size_t kMaxTurnBytes = 4 * 1024 * 1024;  // of frames taken in one turn
inline constexpr std::size_t kGreetingsPerTurn = 64;           // of children; the next turn goes on
inline constexpr std::uint64_t kPublishEveryMs = 50;     // snapshots, when many links are busy
inline constexpr std::uint64_t kSaveProgressMs = 1'000;  // acknowledgements, at the latest

struct TurnOptions {
  std::string software;                       // "yishi 0.1.0"
  std::string endpoint;                       // where children connect; for the snapshot
  std::string parent_endpoint;                // instead of the directory's; empty: the directory's
  std::uint64_t status_interval_ms = 15'000;  // how often the frontier is told upward
  std::uint64_t scrub_interval_ms = kScrubEveryMs;  // how often the store is looked through
  sync::PeerKey curve_public{}, curve_secret{};
};

class Turn {
 public:
  // Everything handed in outlives the turn.
  Turn(store::Database& database, sync::Transport& transport, Mailbox& mailbox, Board& board,
       Clock& clock, crypto::Random& random, const Keys& keys,
       std::optional<Admission::Joining> joining, TurnOptions options);

  Status start();                              // loads the topology and connects
  Status run_once(std::uint64_t max_wait_ms);  // an error: end the process
  // Whether a CURVE key may open a line to this node: a child's, or a ticket's.
  bool admits(const sync::PeerKey& key) const;
  bool admitted() const { return admission_.admitted(); }
  const std::string& waits_for() const { return admission_.waits_for(); }
  // How long nothing is due, at most max_wait_ms: what run_once() would wait for frames.
  std::uint64_t wait_ms(std::uint64_t max_wait_ms, const Now& now) const;

 private:
  bool begin();
  Status begin_life(const Now& now);
  void gather(const Now& now);
  void take(sync::Delivery delivery, const Now& now);
  bool put_off(sync::Delivery& delivery);
  void obey(std::vector<PendingCommand> commands, const Now& now);
  void follow_topology();
  void tick(const Now& now);
  Status scrub(const Now& now);
  Status finish(const Now& now);
  void answer();
  Status connect();
  void publish(const Now& now);

  store::Database& database_;
  sync::Transport& transport_;
  Mailbox& mailbox_;
  Board& board_;
  Clock& clock_;
  TurnOptions options_;
  Ledger ledger_;
  Clerk clerk_;
  Neighbours neighbours_;
  Admission admission_;
  Scrubber scrubber_;

  struct Owed {
    std::promise<Answer> promise;
    Answer answer;
  };
  std::vector<Owed> owed_;
  // Children that greeted when enough had been let in; one greeting of each.
  std::vector<sync::Delivery> greetings_;
  std::size_t greeted_ = 0;  // in this turn
  std::shared_ptr<const topology::Directory> followed_;
  bool disk_full_ = false;
  bool idle_ = false;     // nothing came in and nothing was written in this turn
  bool knocked_ = false;  // whether the line to the parent is the ticket's
  std::uint64_t started_ms_ = 0;
  std::uint64_t status_due_ms_ = 0, save_due_ms_ = 0, published_ms_ = 0;
};

}  // namespace yishi::turn

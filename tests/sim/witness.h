// The witness: an account, kept outside the nodes, of what was asked, answered, stored, sent
// and said in one history. The checkers (check_*.h) judge by it and by the nodes' stores at the
// end; the simulator writes it and draws no conclusions.
//
// Events stand in the order in which they happened: what a checker may use at an event is
// what stands before it. One thread. Everything is owned by value; `Node` points into the world,
// which outlives the checking.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "node/store/logs.h"
#include "node/turn/board.h"
#include "node/turn/clerk.h"
#include "node/turn/command.h"

namespace yishi::sim {

using Millis = std::uint64_t;  // simulated, since the history began; no node's clock
inline constexpr Millis kSecond = 1'000;
inline constexpr Millis kMinute = 60 * kSecond;
inline constexpr Millis kHour = 60 * kMinute;

// What happened at a node (Event::node is its index in Witness::nodes).

struct Asked {             // a person's command reached the node's mailbox
  std::size_t number = 0;  // of the command, over all nodes
  turn::Command command;
};
struct Answered {  // the answer left the node: it holds from now on
  std::size_t number = 0;
  turn::Answer answer;
};
struct Unanswered {  // the node died first: the command may have had effect, or not
  std::size_t number = 0;
};
struct Stored {  // a turn ended without an error and this row was new in the node's store
  store::StoredRow row;
};
struct Opened {  // the process started: every row that is on the disk after what happened to it
  std::vector<store::StoredRow> rows;
  std::vector<std::pair<crypto::Digest, store::LogState>> logs;
};
struct Died {
  std::string cause;       // "killed", "power", "disk" (in the middle of a turn) …
  bool power = false;      // what was not synced is lost, torn or reordered
  std::string last_error;  // rule that run_once ended with; empty: none
};
struct AckSent {  // left the node towards `to`
  topology::Code to;
  sync::Ack ack;
};
struct AckHeard {         // the frame reached the node (and may be refused by it)
  crypto::Digest sender;  // key id it claims
  sync::Ack ack;
};
// What the node says of 上级已收 after a turn: what `receipted` covers of its stream is held
// by the parent. Written when it differs from the last.
struct Told {
  topology::Code parent;      // as its directory names it then; empty: none
  crypto::Digest parent_key;  // of the machine that speaks for it there; zeros: none
  sync::Receipted receipted;
  store::Waiting waiting;
};
struct Admitted {};    // the node's key spoke for its unit for the first time, as it knows
struct TopologyHeld {  // the newest version that the node's directory has; written when it rises
  topology::Version version = 0;
};

// What a hostile node did; its node index is the doer.
struct Forked {  // two entries of its own log for one sequence, both signed with its key
  crypto::Digest log;
  std::uint64_t sequence = 0;
  crypto::Digest a, b;  // entry digests
};
struct RolledBack {};  // an older state of its disk was put back and it goes on from there
struct Misdeed {       // a frame or record that must have no effect
  std::string what;  // "replayed", "forged", "wrong_ack", "wrong_status", "junk", "no_authority" …
  std::optional<crypto::Digest> record;  // digest of the record, when it was one
};

using What = std::variant<Asked, Answered, Unanswered, Stored, Opened, Died, AckSent, AckHeard,
                          Told, Admitted, TopologyHeld, Forked, RolledBack, Misdeed>;

struct Event {
  Millis at = 0;
  std::size_t node = 0;
  What what;
};

// A machine: one key, one disk. A unit whose machine was replaced has had several.
struct Node {
  topology::Code unit;
  crypto::PublicKey key;                // signs its log
  bool hostile = false;                 // at any time in this history
  bool gone = false;                    // replaced or never admitted: nothing is promised of it
  store::Database* database = nullptr;  // at the end; null: dead (not after the calm, unless gone)
  const turn::Board* board = nullptr;   // its last snapshot; directory: board->read()->directory
  bool restored = false;  // hostile only in this: its disk was put back; it says what it believes
};

struct Witness {
  std::uint64_t seed = 0;
  crypto::Suite suite = crypto::Suite::kEd25519Sha256;
  crypto::Digest network;
  crypto::Digest topology_log;  // key id
  std::vector<Node> nodes;      // 0 is the root's
  std::vector<Event> events;
  std::vector<std::string> troubles;  // what the simulator could not go on with: failures, too
  std::size_t commands = 0;           // asked so far
  bool quiet = false;                 // after the calm nothing moved any more; else it never ended
  Millis calm_from = 0;               // from here on lines and disks are sound and everyone lives
  Millis last_stored_ms = 0;
  Millis ended = 0;

  void note(Millis at, std::size_t node, What what) {
    if (std::holds_alternative<Stored>(what)) last_stored_ms = at;
    events.push_back({at, node, std::move(what)});
  }
};

// What the checkers return: one sentence for each thing that is wrong; empty: all is well.
using Failures = std::vector<std::string>;

}  // namespace yishi::sim

// One end of a link, as a state machine: no clock, socket, key or database inside.
//
// Both directions are the same thing: a stream of the sender's store, in the order
// in which it was stored, filtered for the receiver, from the receiver's cursor.
//
//   child    kDown ── line_up: hello ─▶ kGreeting ── welcome with my echo ─▶ kOpen
//              ▲                          │  ▲ │ kHelloTimeoutMs: hello       │ │
//              │                          │  └─┘                              │ │
//              ├──── line_down ───────────┘  ▲                                │ │
//              ├─────────────────────────────┼───────────── line_down ────────┘ │
//              │                             └── silence, "session.unknown" ────┘
//   parent   kDown ── hello: welcome ─▶ kOpen ── silence, line_down ─▶ kDown
//                                        └─▶ kOpen: another hello, another session
//
// Rules, and the trouble each of them prevents
//  1. Only the child greets; a parent answers. A hello always makes a new session: a
//     message of any other session is refused ("session.unknown"), so that nothing
//     recorded earlier can be played again. Only the hello of the present session itself
//     is answered by repeating its welcome: both may have been lost or sent twice. A
//     welcome that does not echo the hello now waiting is ignored ("welcome.stale").
//     The parent answers a foreign message with refuse "session.unknown", which carries
//     the session it refuses and counter 0; at most one each kMinHelloMs, and none for a
//     refuse. The child whose session was refused, or that hears its parent in a session
//     it does not know, greets again: after kMinHelloMs, then twice that, up to
//     kHelloTimeoutMs. So a hello played again by a third party costs one such round.
//  2. Counters rise within a session ("session.replayed"). Gaps are no error: ZeroMQ drops.
//  3. entries.after must equal what the receiver has received; else it answers ack(resend),
//     and the sender goes back to what was acknowledged. So a lost, repeated or reordered
//     message costs a resend and never a hole. Entries that are held already are answered
//     with the ack that was missed. Several batches may be received before the first is
//     committed; acks are cumulative.
//  4. An ack is sent only when the owner says that the batch is on disk: committed().
//     Greetings and acks carry the lacks in what is held (receipted.h), all of them each
//     time: the newest word of a session counts.
//  5. At most kWindowBytes are unacknowledged. No ack progress for kAckTimeoutMs: go back,
//     and try with one batch at a time until acks come again. An ack of more than was
//     sent, or of another incarnation, does not count ("ack.beyond", "ack.incarnation").
//  6. An incarnation names one life of the sender's store (life.h). The sender starts at the
//     receiver's cursor when it is of a life that the store has had, and not beyond its end. A
//     cursor beyond it, or of a life that the store should have had and has not, means that our
//     store lost its tail, though it may have grown again since: start at zero and say so
//     ("stream.rollback" in `faults`; the receiver's word is "peer.rollback"). A cursor of
//     another store, the one before that was replaced, starts at zero without a word.
//  7. An end that has said nothing for kKeepaliveMs sends a keepalive (an empty status);
//     a link that heard nothing acceptable for kSilenceMs is down ("link.silence").
//
// The owner (the turn) calls, and after each group of calls takes what is to be sent.
// Every batch is followed by committed() or not_committed() before the next take().
// Nothing here blocks or fails: what the other side did wrong comes back as a refusal.
// The sender's signature and standing are the owner's to check before receive().
// Not thread-safe; times are ms on one clock that does not go back.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/random.h"
#include "sync/inbound_stream.h"
#include "sync/message.h"
#include "sync/outbound_stream.h"

namespace yishi::sync {

enum class Role { kChild, kParent };
enum class LinkState { kDown, kGreeting, kOpen };

inline constexpr std::uint64_t kMinHelloMs = 1'000;  // between two hellos, two refusals
static_assert(kMinHelloMs < kHelloTimeoutMs && kKeepaliveMs < kSilenceMs);

// Greetings have session zero and counter 0.
struct Outgoing {
  Nonce session{};
  std::uint64_t counter = 0;
  Message message;
};

// What receive() made of a message. At most one of the optionals is set.
struct Heard {
  std::optional<Error> refusal;        // it was not acted on; named
  std::optional<Entries> batch;        // ingest, set the cursor to upto, then committed()
  std::optional<Ack> progress;         // how far our stream is held, with its lacks: keep
  std::optional<Want> want;            // answer with supply()
  std::optional<Supply> supply;        // ingest; no cursor moves
  std::optional<Refuse> refuse;        // the other side refused something of ours
  std::optional<StatusReport> status;  // without rows: a keepalive
  bool opened = false;                 // a session has just begun; acknowledged() is new
};

class Link {
 public:
  struct Self {                       // what our greeting says; owner keeps it up to date
    Nonce incarnation{};              // of our store's present life; a change ends the session
    std::uint64_t last_position = 0;  // newest position of our store: pull() rests on it
    std::uint64_t topology = 0;
    std::uint64_t clock_ms = 0;  // wall clock
    std::string software;
    std::vector<Lack> lacks;       // of the other's stream, as committed when take() is called
    std::span<const Life> past{};  // lives of our store before, oldest first; the owner's
  };

  // random must outlive the link. inbound: how far we hold the other's stream, as stored.
  Link(Role role, crypto::Random& random, const Cursor& inbound);

  void set_self(const Self& self);

  void line_up(std::uint64_t now_ms);  // the transport (re)connected; a child greets
  void line_down(std::uint64_t now_ms);
  Heard receive(std::uint64_t now_ms, const Nonce& session, std::uint64_t counter, Message message);
  void tick(std::uint64_t now_ms);

  // Our stream: ask pull(), read the store, hand over rows, with no other call in between.
  // Not more than max_bytes, but always the first row there is. upto ≥ after moves past
  // rows that are not for this receiver; empty rows and upto == after: nothing new. Repeat
  // until pull() has no wish: it has none unless open, with room for a batch, and with
  // positions up to last_position unread.
  std::optional<Pull> pull() const { return outbound_.pull(self_.last_position); }
  void push(std::uint64_t now_ms, std::vector<Row> rows, std::uint64_t upto);

  // The rows of the batches up to the cursor, and the cursor, are on disk. The cursor held
  // already says it again: when lacks have changed.
  void committed(std::uint64_t now_ms, const Cursor& cursor, std::vector<LogHead> heads);
  // The batches since the last committed() could not be kept (disk full, say): say nothing,
  // they will come again.
  void not_committed();

  // want, supply, refuse, status. Dropped unless open: what must arrive is in the store.
  void send(std::uint64_t now_ms, Message message);
  std::vector<Outgoing> take();  // what is to be sent now, in order

  LinkState state() const { return state_; }
  const Cursor& inbound() const { return inbound_.stored(); }
  std::uint64_t acknowledged() const { return outbound_.acknowledged(); }  // of our stream
  std::uint64_t last_heard_ms() const { return heard_ms_; }
  std::optional<std::uint64_t> next_tick_ms() const;  // when tick() has something to do
  std::size_t bytes_in_flight() const { return outbound_.bytes_in_flight(); }
  const std::optional<Greeting>& peer() const { return peer_; }  // what the other said of itself
  std::vector<std::string> take_faults();  // "stream.rollback" …: for the log

 private:
  // Sessions.
  Heard receive_hello(std::uint64_t now_ms, const Hello& hello);
  Heard receive_welcome(std::uint64_t now_ms, const Welcome& welcome);
  void begin_greeting(std::uint64_t now_ms, std::uint64_t wait_ms);
  void greet(std::uint64_t now_ms);
  void open(std::uint64_t now_ms, const Nonce& session, const Greeting& peer);
  void end_session();
  void lose_session(std::uint64_t now_ms);
  Nonce new_nonce();
  void fill_greeting(Greeting& greeting);
  void tick_open(std::uint64_t now_ms);

  // Messages of a session, and those of none.
  Heard receive_foreign(std::uint64_t now_ms, const Nonce& session, const Message& message);
  void refuse_session(std::uint64_t now_ms, const Nonce& session);
  std::optional<Heard> receive_refuse(std::uint64_t now_ms, const Nonce& session,
                                      const Refuse& refuse);
  Heard accept(std::uint64_t now_ms, Message message);
  Heard accept_entries(std::uint64_t now_ms, Entries entries);
  Heard accept_ack(std::uint64_t now_ms, Ack ack);
  void enqueue(std::uint64_t now_ms, Message message);

  Role role_;
  crypto::Random& random_;
  Self self_;
  LinkState state_ = LinkState::kDown;
  std::optional<Greeting> peer_;
  InboundStream inbound_;
  OutboundStream outbound_;

  Nonce session_{};           // when open
  Nonce previous_session_{};  // its late messages do not make a child greet
  Nonce nonce_{};             // of our last greeting
  std::uint64_t sent_counter_ = 0;
  std::uint64_t heard_counter_ = 0;
  std::vector<Outgoing> outbox_;

  bool line_ = false;  // a child's: the transport is connected
  std::uint64_t now_ms_ = 0;
  std::uint64_t heard_ms_ = 0;
  std::uint64_t said_ms_ = 0;
  std::uint64_t opened_ms_ = 0;
  std::uint64_t greet_at_ms_ = 0;               // when greeting
  std::uint64_t greet_again_ms_ = kMinHelloMs;  // the wait after a session was lost
  std::optional<std::uint64_t> greeted_ms_;
  Nonce refused_session_{};
  std::optional<std::uint64_t> refused_ms_;
  std::vector<std::string> faults_;
};

}  // namespace yishi::sync

// The sending half of one direction of a link: what may be read next, what is in
// flight, and what the receiver has acknowledged (rules 3, 5 and 6 of link.h).
//
//      acknowledged ≤ sent ≤ read          ack: acknowledged rises, what it covers leaves
//      ────┬──────────┬──────┬──▶ store    go back: sent and read fall to acknowledged
//          └ in flight ┘ skips┘            push: read rises, and sent with it
//
// Rows that are not for this receiver only move `read`; the next row that is carries the
// skip with it. An entries message without rows tells of kSkipPositions at once, and never
// while anything is in flight: each costs the receiver a commit and both ends a signature,
// and all it saves is looking through so many positions again after a reconnection.
//
// After an ack timeout one batch at a time is in flight until acks come again, and the
// timeout doubles up to kMaxAckTimeoutMs: a line too slow for the window is not filled
// with repetitions of it.
//
// Positions are those of our store; sizes are bytes of packed runs. Not thread-safe.
// Nothing here fails: acknowledge() names the rule that the other side broke.
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "sync/life.h"
#include "sync/message.h"

namespace yishi::sync {

struct Pull {  // a wish: rows of my stream after a position
  std::uint64_t after = 0;
  std::size_t max_bytes = 0;  // not more than this, but always the first row there is
};

inline constexpr std::uint64_t kSkipPositions = 1'024;  // not worth a message before
inline constexpr std::uint64_t kMaxAckTimeoutMs = 8 * kAckTimeoutMs;
static_assert(kBatchBytes <= kWindowBytes && kMaxRunBytes <= kWindowBytes);

class OutboundStream {
 public:
  // A session begins with what the receiver says it holds. False: it holds more of a life of our
  // store than we have, or a life that we have not, so our store lost its tail; the stream starts
  // at zero. Without a word it starts there for a cursor of another store, or of a life before
  // those in `past` (life.h; oldest first).
  bool open(const Nonce& incarnation, std::span<const Life> past, const Cursor& held,
            std::uint64_t last_position);
  void close();  // nothing is in flight any more; what was acknowledged is remembered

  // last_position: the newest of our store. Nothing: closed, no room, or nothing to read.
  std::optional<Pull> pull(std::uint64_t last_position) const;
  // Rows after pull()->after, ascending, ≤ upto. Gives the messages to send. Rows beyond
  // the window are left out, to be pulled again.
  std::vector<Entries> push(std::uint64_t now_ms, std::vector<Row> rows, std::uint64_t upto,
                            std::uint64_t last_position);

  struct Outcome {
    std::string_view broken_rule;  // empty: none; else the ack did not count
  };
  Outcome acknowledge(std::uint64_t now_ms, const Ack& ack);

  // Skips that waited for the flight to be empty, if it is and there are enough of them.
  std::optional<Entries> flush_skips(std::uint64_t now_ms);

  void tick(std::uint64_t now_ms);                    // goes back when the ack is overdue
  std::optional<std::uint64_t> next_tick_ms() const;  // nothing in flight: nothing

  std::uint64_t acknowledged() const { return acked_; }
  std::size_t bytes_in_flight() const { return flight_bytes_; }

 private:
  struct Sent {
    std::uint64_t upto = 0;
    std::size_t bytes = 0;
  };

  Entries next_message(std::vector<Row>& rows, std::size_t& next) const;
  std::size_t rows_within_window(const std::vector<Row>& rows) const;
  void launch(std::uint64_t now_ms, const Entries& entries);
  void advance(std::uint64_t now_ms, std::uint64_t position);
  void go_back(std::uint64_t now_ms);

  bool open_ = false;
  Nonce incarnation_{};
  Cursor greeted_;           // what the receiver said it holds,
  std::uint64_t began_ = 0;  // and where the session began for that
  std::uint64_t acked_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t read_ = 0;
  std::uint64_t highest_sent_ = 0;  // in this session, goings back notwithstanding
  std::uint64_t dry_at_ = 0;        // newest position when a push had nothing to give
  bool full_ = false;               // a push left rows out: wait for an ack
  std::deque<Sent> flight_;
  std::size_t flight_bytes_ = 0;
  std::size_t window_ = kWindowBytes;
  std::uint64_t progress_ms_ = 0;
  std::uint64_t timeout_ms_ = kAckTimeoutMs;
};

}  // namespace yishi::sync

// The receiving half of one direction of a link: which entries follow what we hold, and
// what we owe the sender as an answer (rules 3, 4 and 6 of link.h).
//
//      held ≤ received        held: committed, on disk, what acks and greetings say
//                             received: handed to the owner, who has yet to commit it
//
// A message that does not follow `received` is not taken. If all of it is held, the sender
// missed an ack: it is told again. Else something is missing, and a resend is asked for:
// once for each position and kAckTimeoutMs, because every message in flight behind a lost
// one does not follow either, and each resend brings a window of messages.
//
// Which of its rows our cursor counts only the sender can tell (life.h): it starts a session where
// we greeted it with, or at zero, whatever the names of the lives. Within a session an honest
// sender never starts below the cursor we greeted it with. Entries after zero, when we greeted
// with more, therefore say that its store was replaced or lost its tail; we follow it to the
// start. The rows it sends again are known to the store. Until something of the present life is
// on disk our acks repeat the cursor that we greeted with.
//
// Not thread-safe. Nothing here fails: receive() names the rule that was broken.
#pragma once

#include <optional>
#include <string_view>

#include "sync/life.h"
#include "sync/message.h"

namespace yishi::sync {

class InboundStream {
 public:
  explicit InboundStream(const Cursor& stored) : stored_(stored) {}

  void prepare_greeting() { greeted_.reset(); }  // the next greeting says the cursor anew
  Cursor greeting();                             // the same in each repetition of a greeting

  void open(const Nonce& incarnation);  // of the sender's store
  void close();                         // what was received and not committed is forgotten

  struct Outcome {
    std::string_view broken_rule;  // empty: take the batch
    bool rollback = false;         // the sender's store lost its tail: the same one starts anew
  };
  Outcome receive(std::uint64_t now_ms, const Entries& entries);
  bool committed(const Cursor& cursor);  // whether an ack of it means anything to the sender
  void not_committed(std::uint64_t now_ms);

  std::optional<Ack> take_owed();  // answer to entries that were not taken

  const Cursor& stored() const { return stored_; }

 private:
  bool of_this_stream(const Cursor& cursor) const;
  Cursor held() const;
  std::string_view refuse_entries(std::uint64_t now_ms, const Entries& entries);
  void remember_asking(std::uint64_t now_ms);

  bool open_ = false;
  Nonce incarnation_{};
  Cursor stored_;
  std::uint64_t received_ = 0;  // position, of incarnation_
  std::optional<Cursor> greeted_;
  bool owes_ack_ = false;
  bool owes_resend_ = false;
  std::optional<std::uint64_t> asked_position_;  // of the last resend asked for
  std::uint64_t asked_ms_ = 0;
};

}  // namespace yishi::sync

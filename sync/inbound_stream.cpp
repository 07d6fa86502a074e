#include "sync/inbound_stream.h"

#include <algorithm>
#include <utility>

#include "crypto/planted.h"

namespace yishi::sync {
namespace {

bool well_formed(const Entries& entries) {
  std::uint64_t previous = entries.after;
  for (const Row& row : entries.rows) {
    if (row.position <= previous) return false;
    previous = row.position;
  }
  return entries.upto > entries.after && entries.upto >= previous;
}

}  // namespace

Cursor InboundStream::greeting() {
  if (!greeted_) greeted_ = stored_;
  return *greeted_;
}

void InboundStream::open(const Nonce& incarnation) {
  close();
  open_ = true;
  incarnation_ = incarnation;
  received_ = held().position;
  // The sender starts at what we greeted with, whatever was committed since.
  if (greeted_) received_ = std::min(received_, greeted_->position);
}

void InboundStream::close() {
  open_ = false;
  owes_ack_ = owes_resend_ = false;
  asked_position_.reset();
}

// Of another life it stays written down until something of the present one is on disk.
Cursor InboundStream::held() const {
  return of_this_stream(stored_) ? stored_ : greeted_.value_or(stored_);
}

bool InboundStream::of_this_stream(const Cursor& cursor) const {
  if (planted(Defect::kIncarnationIgnored)) return open_;
  return open_ && cursor.incarnation == incarnation_;
}

InboundStream::Outcome InboundStream::receive(std::uint64_t now_ms, const Entries& entries) {
  if (!open_ || entries.incarnation != incarnation_) return {.broken_rule = "entries.incarnation"};
  if (!well_formed(entries)) return {.broken_rule = "entries.malformed"};
  const bool anew = entries.after == 0 && received_ > 0 && greeted_ && greeted_->position > 0;
  if (entries.after != received_ && !anew) {
    return {.broken_rule = refuse_entries(now_ms, entries)};
  }
  received_ = entries.upto;
  return {.broken_rule = {}, .rollback = anew && of_one_store(greeted_->incarnation, incarnation_)};
}

std::string_view InboundStream::refuse_entries(std::uint64_t now_ms, const Entries& entries) {
  if (entries.upto <= received_) {
    owes_ack_ = true;
    return "entries.repeated";
  }
  const bool asked = asked_position_ == received_ && now_ms < asked_ms_ + kAckTimeoutMs;
  if (!asked) {
    owes_resend_ = true;
    remember_asking(now_ms);
  }
  return "entries.gap";
}

void InboundStream::remember_asking(std::uint64_t now_ms) {
  asked_position_ = received_;
  asked_ms_ = now_ms;
}

bool InboundStream::committed(const Cursor& cursor) {
  stored_ = cursor;
  // Of the session before, and the greeting has yet to leave: it will say this cursor.
  if (!greeted_) received_ = std::max(received_, cursor.position);
  if (!of_this_stream(cursor)) return false;
  if (cursor.position > received_) return false;
  owes_ack_ = false;  // the ack of this commit says the same
  return true;
}

void InboundStream::not_committed(std::uint64_t now_ms) {
  if (planted(Defect::kHoleAfterRollback)) return;
  received_ = held().position;
  owes_ack_ = owes_resend_ = false;
  // Asking at once would bring the batch back as fast as the line can, to a full disk.
  remember_asking(now_ms);
}

std::optional<Ack> InboundStream::take_owed() {
  if (!open_ || !(owes_ack_ || owes_resend_)) return std::nullopt;
  Ack ack{.cursor = held(), .resend = owes_resend_, .heads = {}, .lacks = {}};
  if (of_this_stream(ack.cursor)) ack.cursor.position = std::min(ack.cursor.position, received_);
  owes_ack_ = owes_resend_ = false;
  return ack;
}

}  // namespace yishi::sync

#include "node/turn/neighbours.h"

#include <algorithm>

#include "crypto/planted.h"

namespace yishi::turn {

namespace {

Error bad_signature() {
  return {"envelope.signature", "signature", "消息的签名无效",
          "the message's signature is not valid"};
}

}  // namespace

Neighbours::Neighbours(Ledger& ledger, sync::Transport& transport, const crypto::PrivateKey& key,
                       crypto::Random& random, std::string software, Hooks hooks)
    : ledger_(ledger),
      outlet_(ledger),
      mender_(ledger),
      lives_(ledger, random),
      transport_(transport),
      key_(key),
      random_(random),
      software_(std::move(software)),
      hooks_(std::move(hooks)) {}

void Neighbours::each(const std::function<void(Neighbour&)>& visit) {
  if (parent_) visit(*parent_);
  if (guide_) visit(*guide_);
  for (auto& [unit, neighbour] : children_) visit(*neighbour);
}

void Neighbours::update_self(Neighbour& neighbour, const Now& now) {
  // Upward our stream is the rows, downward what became news.
  const bool up = neighbour.role == sync::Role::kChild;
  const auto last = up ? ledger_.logs().last_position() : ledger_.issues().last_news();
  neighbour.link.set_self({lives_.present(), last, ledger_.directory().latest(), now.wall_ms,
                           software_, neighbour.stored.lacking,
                           up ? lives_.upward() : lives_.downward()});
}

// Frames in.

void Neighbours::line(sync::LineEvent event, const Now& now) {
  Neighbour* const above = uplink();
  if (!above) return;
  update_self(*above, now);
  switch (event) {
    case sync::LineEvent::kUp:
      above->line.clear();
      return above->link.line_up(now.steady_ms);
    case sync::LineEvent::kDown:
      break;
    case sync::LineEvent::kRefused:
      above->line = "refused";
      break;
    case sync::LineEvent::kUnreachable:
      above->line = "unreachable";
      break;
  }
  above->link.line_down(now.steady_ms);
}

void Neighbours::refuse(const topology::Code& peer, const Error& error, const Now& now) {
  if (!hooks_.begin()) return;
  (void)ledger_.logs().note_refusal(
      {now.wall_ms, peer.text(), error.rule, error.field, error.zh, error.en});
}

void Neighbours::receive(const sync::Delivery& delivery, sync::OpenedFrame frame, const Now& now) {
  auto sender = sender_of(delivery, frame);
  if (!sender) return refuse(unit_of(delivery), sender.error(), now);
  Neighbour& from = **sender;
  auto& envelope = frame.envelope;
  if (const auto* join = std::get_if<sync::Join>(&envelope.message))
    return hooks_.join(join->change);
  update_self(from, now);
  from.heard_wall_ms = now.wall_ms;
  auto what = from.link.receive(now.steady_ms, envelope.session, envelope.counter,
                                std::move(envelope.message));
  heard(from, std::move(what), delivery.frame, now);
}

topology::Code Neighbours::unit_of(const sync::Delivery& delivery) const {
  if (delivery.from_parent) return uplink() ? uplink()->unit : topology::Code{};
  const auto* node = ledger_.directory().node_of_curve(delivery.from);
  if (node) return node->unit;
  const auto* ticket = ledger_.directory().ticket_of_curve(delivery.from);
  return ticket ? ticket->unit : topology::Code{};
}

Result<Neighbours::Neighbour*> Neighbours::sender_of(const sync::Delivery& delivery,
                                                     const sync::OpenedFrame& frame) {
  const auto& envelope = frame.envelope;
  const auto& directory = ledger_.directory();
  if (envelope.network != ledger_.database().identity().network) {
    return Error{"envelope.network", "network", "消息属于另一个网络",
                 "the message belongs to another network"};
  }
  if (envelope.receiver != ledger_.here().text()) {
    return Error{"envelope.receiver", "receiver", "消息是给 " + envelope.receiver + " 的",
                 "the message is for " + envelope.receiver};
  }
  if (delivery.from_parent) return parent_as_sender(frame);
  const auto* node = directory.node_of_key(envelope.sender);
  if (!node || (node->ended != 0 && !planted(Defect::kEndedKeyAccepted))) {
    return Error{"envelope.sender", "sender", "发送者的密钥不属于任何在网节点",
                 "the sender's key belongs to no node that speaks"};
  }
  if (sync::peer_key(node->curve) != delivery.from) {
    return Error{"envelope.line", "sender", "发送者不是这条线路的主人",
                 "the sender is not the one whose line this is"};
  }
  if (!hears(*node)) {
    return Error{"envelope.parent", "sender", "发送者的上级不是本节点",
                 "this node is not the sender's parent"};
  }
  if (directory.suspended(node->unit) && !planted(Defect::kSuspendedHeard)) {
    return Error{"envelope.suspended", "sender", "发送者所在单位已被停用",
                 "the sender's unit is suspended"};
  }
  if (!signed_by(frame, node->key)) return bad_signature();
  return &child(*node);
}

Result<Neighbours::Neighbour*> Neighbours::parent_as_sender(const sync::OpenedFrame& frame) {
  Neighbour* const above = uplink();
  if (!above) {
    return Error{"envelope.sender", "sender", "本节点没有上级", "this node has no parent"};
  }
  const auto& directory = ledger_.directory();
  // Before the first piece of topology is here, the line's key (from the ticket) is all
  // there is to know the parent by; what it sends then proves itself (Ledger::take_first).
  if (directory.empty()) return above;
  const auto* node = directory.node_of_key(frame.envelope.sender);
  if (!node || frame.envelope.sender != above->key) {
    return Error{"envelope.sender", "sender", "发送者不是目录中的上级节点",
                 "the sender is not the parent that the directory names"};
  }
  if (!signed_by(frame, node->key)) return bad_signature();
  return above;
}

bool Neighbours::signed_by(const sync::OpenedFrame& frame, const crypto::PublicKey& key) {
  ++signatures_;
  return frame.signed_by(key);
}

void Neighbours::heard(Neighbour& from, sync::Heard heard, const Bytes& frame, const Now& now) {
  if (heard.refusal) refuse(from.unit, *heard.refusal, now);
  if (heard.opened) opened(from, now);
  if (heard.batch) take_batch(from, *heard.batch, now);
  if (heard.supply) (void)ingest(from, heard.supply->rows, Way::kSupply, now);
  if (heard.progress) keep_receipt(from, *heard.progress, frame, now);
  if (heard.want) answer(from, *heard.want, now);
  if (heard.status) keep_status(from, *heard.status, now);
  if (heard.refuse) {
    const auto what = heard.refuse->rule + " " + heard.refuse->detail;
    refuse(
        from.unit,
        {"peer." + heard.refuse->rule, {}, "对方拒绝：" + what, "the other side refused: " + what},
        now);
  }
}

void Neighbours::opened(Neighbour& from, const Now& now) {
  from.clock_offset_ms = static_cast<std::int64_t>(from.link.peer()->clock_ms) -
                         static_cast<std::int64_t>(now.wall_ms);
  from.stored.receipted = {from.link.acknowledged(), from.link.peer()->lacks};
  from.stored.receipted_ms = now.wall_ms;
  from.progress_unsaved = true;
  from.asked.clear();
}

void Neighbours::take_batch(Neighbour& from, const sync::Entries& batch, const Now& now) {
  if (planted(Defect::kCursorBeforeRows) && hooks_.begin()) {
    from.stored.inbound = {batch.incarnation, batch.upto};
    (void)ledger_.logs().save_link(from.unit, from.stored);
    (void)ledger_.database().commit();
  }
  if (batch.after == 0) from.stored.lacking.clear();  // from the beginning: all of it comes anew
  if (!ingest(from, batch.rows, Way::kStream, now)) {
    from.link.not_committed();
    return;
  }
  from.taken = sync::Cursor{batch.incarnation, batch.upto};
}

// Whether to hold the stream for what is missing, so that nothing is acknowledged that is
// not here. A gap that its sender does not fill in time holds the other logs up no longer.
bool Neighbours::holds_for(Neighbour& from, const Taken& taken, const Now& now) {
  if (!taken.error) return true;  // rests on a topology that is on its way
  const auto since = from.gaps.try_emplace(taken.head.log, now.steady_ms).first->second;
  return now.steady_ms < since + kGapPatienceMs;
}

// False when the rows should be sent again.
bool Neighbours::ingest(Neighbour& from, const std::vector<sync::Row>& rows, Way way,
                        const Now& now) {
  if (!hooks_.begin()) return false;
  for (const auto& row : rows) {
    if (!take_row(from, row, way, now)) return false;
  }
  for (const auto& issue : ledger_.take_incomplete()) {
    if (planted(Defect::kHistoryNotAsked)) continue;
    add_want({sync::Want{{}, 0, issue}, from.unit.text(), 0});
  }
  return true;
}

bool Neighbours::take_row(Neighbour& from, const sync::Row& row, Way way, const Now& now) {
  if (mender_.take(row.run, now, hooks_.begin)) return true;
  const auto source =
      from.role == sync::Role::kChild ? store::Source::kAbove : store::Source::kBelow;
  const auto taken = ledger_.take(row.run, source);
  if (ledger_.fault()) return false;
  switch (taken.outcome) {
    case Taken::Outcome::kStored:
    case Taken::Outcome::kKnown:
      from.heads.push_back(taken.head);
      from.gaps.erase(taken.head.log);
      filled(from, taken.head);
      return true;
    case Taken::Outcome::kMissing:
      miss(from, taken);
      if (holds_for(from, taken, now)) return false;
      break;
    case Taken::Outcome::kRefused:
      from.link.send(now.steady_ms,
                     sync::Refuse{taken.error->rule, taken.error->en, taken.head.log, taken.last});
      break;
  }
  refuse(from.unit, *taken.error, now);
  if (way == Way::kSupply) return true;
  // Without the topology a node can do nothing: there is nothing to go on with.
  return !ledger_.directory().empty() && pass_over(from, taken, row.position);
}

// What the stream passes over is written down with the cursor that passes it, and told with
// every receipt. False when there are too many: then the stream has to wait.
bool Neighbours::pass_over(Neighbour& from, const Taken& taken, std::uint64_t position) {
  sync::Lack lack{taken.head.log, taken.held};
  if (lack.log.is_zero()) lack.sequence = position;
  auto& all = from.stored.lacking;
  const auto same = std::find_if(all.begin(), all.end(), [&](const sync::Lack& other) {
    return other.log == lack.log && (!lack.log.is_zero() || other == lack);
  });
  if (same == all.end()) {
    if (all.size() == sync::kMaxLacks) return false;
    all.push_back(lack);
  } else {
    same->sequence = std::min(same->sequence, lack.sequence);
  }
  from.lacks_changed = true;
  return true;
}

// A log that was passed over has got further after all, and now to where it was wanted.
void Neighbours::filled(Neighbour& from, const sync::LogHead& head) {
  for (auto& lack : from.stored.lacking) {
    if (lack.log != head.log || lack.sequence >= head.sequence) continue;
    lack.sequence = head.sequence;
    from.lacks_changed = true;
  }
}

void Neighbours::filled(const crypto::Digest& log) {
  each([&](Neighbour& neighbour) {
    const auto erased =
        std::erase_if(neighbour.stored.lacking, [&](const auto& lack) { return lack.log == log; });
    if (erased > 0) neighbour.lacks_changed = true;
  });
}

void Neighbours::keep_receipt(Neighbour& from, const sync::Ack& ack, const Bytes& frame,
                              const Now& now) {
  from.stored.receipted = {ack.cursor.position, ack.lacks};
  from.stored.receipted_ms = now.wall_ms;
  if (!ack.heads.empty()) from.stored.receipt = frame;
  from.progress_unsaved = true;
}

void Neighbours::keep_status(Neighbour& from, const sync::StatusReport& report, const Now& now) {
  if (report.rows.empty() || from.role == sync::Role::kChild) return;
  if (!hooks_.begin()) return;
  for (auto row : report.rows) {
    auto unit = topology::Code::parse(row.unit);
    if (!unit || !ledger_.directory().inside(*unit, from.unit)) continue;
    if (*unit == from.unit) row.contact_ms = now.wall_ms;
    row.contact_ms = std::min(row.contact_ms, now.wall_ms);  // no word from the future
    (void)ledger_.logs().note_contact(row);
  }
}

}  // namespace yishi::turn

#include "node/turn/admission.h"

namespace yishi::turn {

namespace {

constexpr std::string_view kAdmitted = "join.admitted";
constexpr std::string_view kWaiting = "join.waiting";

// The key that a change wants admitted; nothing when it is not a node.admitted.
const topology::NodeAdmitted* admits(const topology::Change& change) {
  if (change.operations.size() != 1) return nullptr;
  return std::get_if<topology::NodeAdmitted>(&change.operations.front());
}

}  // namespace

Admission::Admission(Ledger& ledger, Clerk& clerk, Neighbours& neighbours,
                     sync::Transport& transport, const crypto::PrivateKey& key,
                     std::optional<Joining> joining)
    : ledger_(ledger),
      clerk_(clerk),
      neighbours_(neighbours),
      transport_(transport),
      key_(key),
      joining_(std::move(joining)) {
  if (joining_ && !admitted()) waits_for_ = "parent";
}

bool Admission::admitted() const {
  const auto* node = ledger_.directory().node_of_unit(ledger_.here());
  return node && node->key.id() == key_.public_key().id();
}

bool Admission::receive(const sync::Delivery& delivery, const sync::OpenedFrame& frame,
                        const Now& now) {
  return delivery.from_parent ? answer_to_knock(delivery, frame)
                              : knock_of_ticket(delivery, frame, now);
}

bool Admission::knock_of_ticket(const sync::Delivery& delivery, const sync::OpenedFrame& frame,
                                const Now& now) {
  const auto* join = std::get_if<sync::Join>(&frame.envelope.message);
  const auto* ticket = ledger_.directory().ticket_of_curve(delivery.from);
  if (!join || !ticket) return false;
  std::string rule = "envelope.signature";
  if (frame.envelope.sender == ticket->key.id() && frame.signed_by(ticket->key)) {
    rule = decide(join->change, now);
  }
  const sync::Envelope answer{
      ledger_.database().identity().network, key_.public_key().id(), ticket->unit.text(), {}, 0,
      sync::Refuse{rule, {}, {}, 0}};
  (void)transport_.send_to_child(delivery.from, sync::seal(key_, answer));
  return true;
}

std::string Admission::decide(const Bytes& bytes, const Now& now) {
  const auto change = topology::decode_change(bytes);
  if (!change) return change.error().rule;
  const auto* wanted = admits(*change);
  if (!wanted) return "join.change";
  const auto* node = ledger_.directory().node_of_unit(wanted->unit);
  if (node && node->key.raw() == wanted->key) return std::string(kAdmitted);
  const auto& directory = ledger_.directory();
  if (auto status = directory.check(*change, directory.latest() + 1); !status.ok()) {
    neighbours_.refuse(wanted->unit, status.error(), now);
    return status.error().rule;
  }
  passed_on(bytes, now);
  return std::string(kWaiting);
}

void Admission::passed_on(const Bytes& change, const Now& now) {
  if (ledger_.here() != ledger_.directory().root()) return neighbours_.send_join(change);
  if (!neighbours_.begin()) return;
  auto version = clerk_.change_topology(change, now);
  if (version || version.error().rule == "change.replayed") return;  // passed on twice
  neighbours_.refuse({}, version.error(), now);
}

bool Admission::answer_to_knock(const sync::Delivery&, const sync::OpenedFrame& frame) {
  if (!knocking()) return false;
  const auto* answer = std::get_if<sync::Refuse>(&frame.envelope.message);
  if (!answer) return false;
  // Over the ticket's line only the parent speaks, and a lie would cost one reconnection.
  told_admitted_ = answer->rule == kAdmitted;
  waits_for_ = told_admitted_ ? "topology" : answer->rule == kWaiting ? "root" : answer->rule;
  return true;
}

void Admission::line(sync::LineEvent event, const Now& now) {
  line_up_ = event == sync::LineEvent::kUp;
  knocked_ms_ = 0;
  if (event != sync::LineEvent::kRefused || !joining_ || admitted()) return;
  if (knocking()) {
    // The ticket opens the door no more: it was used, by us perhaps; or not yet, because the
    // parent has not heard of it.
    told_admitted_ = true;
    waits_for_ = "topology";
    turned_ms_ = now.steady_ms;
  } else {
    refused_as_itself_ = true;
  }
}

void Admission::tick(const Now& now) {
  if (admitted()) {
    waits_for_.clear();
    return;
  }
  if (refused_as_itself_ && now.steady_ms >= turned_ms_ + kTicketAgainMs) {
    refused_as_itself_ = told_admitted_ = false;
    waits_for_ = "parent";
  }
  if (!knocking() || !line_up_) return;
  if (knocked_ms_ != 0 && now.steady_ms < knocked_ms_ + kKnockEveryMs) return;
  knocked_ms_ = now.steady_ms;
  knock();
}

void Admission::knock() {
  const auto key = joining_->ticket.signing_key();
  const sync::Envelope envelope{
      joining_->ticket.network,    key.public_key().id(), joining_->ticket.parent.text(), {}, 0,
      sync::Join{joining_->change}};
  (void)transport_.send_to_parent(sync::seal(key, envelope));
}

}  // namespace yishi::turn

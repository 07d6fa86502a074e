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

// A store of one unit with the key of another: parts of two data directories were mixed.
Status Admission::own_directory() const {
  const auto* node = ledger_.directory().node_of_key(key_.public_key().id());
  if (node == nullptr || node->unit == ledger_.here()) return {};
  const auto& here = ledger_.here().text();
  return Error{"data.other", "data",
               "数据目录里的存储属于 " + here + "，密钥却属于 " + node->unit.text() +
                   "：两个节点的目录混在一起了。请用本单位自己的整个数据目录；什么也没有改动。",
               "the store in this data directory is of " + here + ", and the key is of " +
                   node->unit.text() +
                   ": two nodes' directories were mixed. Use the unit's own directory as a whole; "
                   "nothing was changed."};
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
  // What has expired is the root's to say, whose clock counts; a parent whose clock is off must
  // not keep anybody out. Until the root has written, the joiner hears how it looks from here.
  const auto status = directory.check(*change, {directory.latest() + 1, now.wall_ms});
  const bool expired = !status.ok() && status.error().rule == "ticket.expired";
  if (!status.ok() && !expired) {
    if (first_time(bytes)) {
      neighbours_.refuse(wanted->unit, status.error(), now);
      const bool root = ledger_.here() == directory.root();
      if (!root && status.error().rule == "ticket.used") neighbours_.send_join(bytes);
    }
    return status.error().rule;
  }
  passed_on(bytes, now);
  return expired ? status.error().rule : std::string(kWaiting);
}

void Admission::passed_on(const Bytes& change, const Now& now) {
  if (ledger_.here() != ledger_.directory().root()) return neighbours_.send_join(change);
  if (!neighbours_.begin()) return;
  auto version = clerk_.change_topology(change, now);
  if (version || version.error().rule == "change.replayed") return;  // passed on twice
  if (!first_time(change)) return;
  const auto read = topology::decode_change(change);
  const auto* wanted = read ? admits(*read) : nullptr;
  neighbours_.refuse(wanted ? wanted->unit : topology::Code{}, version.error(), now);
}

bool Admission::first_time(const Bytes& change) {
  if (said_.size() >= kMaxSaid) said_.clear();
  const auto suite = ledger_.database().identity().suite;
  return said_.insert(crypto::digest(suite, "yishi/knock/1", {View(change)})).second;
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

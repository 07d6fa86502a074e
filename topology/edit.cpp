#include "topology/edit.h"

#include <algorithm>

namespace yishi::topology {

namespace {

Index next_index(std::size_t size) { return static_cast<Index>(size); }

void remove_child(DirectoryState& state, Index parent, Index child) {
  std::vector<Index>& children = state.units[parent].children;
  const auto found = std::find(children.begin(), children.end(), child);
  YISHI_ASSERT(found != children.end());
  *found = children.back();  // children stand in no order
  children.pop_back();
}

crypto::Digest curve_key(const Bytes& curve) {
  const std::optional<crypto::Digest> id = curve_id(curve);
  YISHI_ASSERT(id.has_value());
  return *id;
}

}  // namespace

void Edit::perform(const Operation& operation, const Verdict& verdict) {
  std::visit([&](const auto& op) { perform_one(op, verdict); }, operation);
}

void Edit::undo() {
  for (auto step = undo_.rbegin(); step != undo_.rend(); ++step) (*step)(state_);
  undo_.clear();
}

void Edit::finish(const Signer& signer) {
  std::array<std::uint8_t, kNonceBytes> nonce{};
  std::copy_n(change_.nonce.begin(), nonce.size(), nonce.begin());
  state_.nonces.insert(nonce);
  if (signer.part == Signer::Part::kTicket) state_.tickets[signer.index].used = version_;
  if (state_.latest != version_) state_.times.push_back(time_ms_);
  state_.times.back() = time_ms_;
  state_.latest = version_;
}

void Edit::perform_one(const NetworkCreated& op, const Verdict& verdict) {
  state_.network = network_id(op.suite, change_);
  state_.network_name = op.name;
  state_.suite = op.suite;
  state_.log_key = verdict.key;
  state_.root_keys = {verdict.root_keys, op.threshold, version_};
  for (const auto& key : verdict.root_keys) state_.ever_root.insert(key.id());
  undo_.emplace_back([](DirectoryState& state) {  // it was the first: nothing was there before
    DirectoryState fresh;
    fresh.pinned = state.pinned;
    state = std::move(fresh);
  });
}

void Edit::perform_one(const RootChanged& op, const Verdict& verdict) {
  undo_.emplace_back([old = state_.root_keys, ids = state_.ever_root](DirectoryState& state) {
    state.root_keys = old;
    state.ever_root = ids;
  });
  state_.root_keys = {verdict.root_keys, op.threshold, version_};
  for (const auto& key : verdict.root_keys) state_.ever_root.insert(key.id());
}

void Edit::perform_one(const UnitAdded& op, const Verdict& /*verdict*/) {
  const Index index = next_index(state_.units.size());
  const Index parent = state_.find(op.unit.parent);
  UnitHistory unit;
  unit.code = op.unit.code;
  unit.level = find_level(op.unit.level);
  unit.chapters.push_back({version_, op.unit.name, parent});
  state_.units.push_back(std::move(unit));
  state_.unit_index.emplace(op.unit.code, index);
  if (parent == kNone) {
    state_.root = index;
  } else {
    state_.units[parent].children.push_back(index);
  }
  undo_.emplace_back([parent, index](DirectoryState& state) {
    if (parent == kNone) {
      state.root = kNone;
    } else {
      remove_child(state, parent, index);
    }
    state.unit_index.erase(state.units.back().code);
    state.units.pop_back();
  });
}

// Answers for a version hold after all of its changes, so a version has one chapter.
Chapter& Edit::chapter_from_now(Index unit) {
  std::vector<Chapter>& chapters = state_.units[unit].chapters;
  if (chapters.back().since == version_) {
    undo_.emplace_back([unit, old = chapters.back()](DirectoryState& state) {
      state.units[unit].chapters.back() = old;
    });
  } else {
    chapters.push_back(Chapter(chapters.back()));
    chapters.back().since = version_;
    undo_.emplace_back([unit](DirectoryState& state) { state.units[unit].chapters.pop_back(); });
  }
  return chapters.back();
}

void Edit::perform_one(const UnitRenamed& op, const Verdict& /*verdict*/) {
  chapter_from_now(state_.find(op.code)).name = op.name;
}

void Edit::perform_one(const UnitMoved& op, const Verdict& /*verdict*/) {
  move(state_.find(op.code), state_.find(op.parent));
}

void Edit::move(Index index, Index to) {
  Chapter& chapter = chapter_from_now(index);
  const Index from = chapter.parent;
  chapter.parent = to;
  remove_child(state_, from, index);
  state_.units[to].children.push_back(index);
  undo_.emplace_back([index, from, to](DirectoryState& state) {
    remove_child(state, to, index);
    state.units[from].children.push_back(index);
  });
}

// Its successor keeps it as any unit without a node is kept by the nearest above.
void Edit::perform_one(const UnitRetired& op, const Verdict& /*verdict*/) {
  const Index index = state_.find(op.code);
  const Index node = state_.speaking(index, Directory::kNewest);
  if (node != kNone) end_node(node, kAllItWrote);
  const Index to = state_.find(op.successor);
  Chapter& chapter = chapter_from_now(index);
  chapter.retired = true;
  chapter.suspended = false;
  if (chapter.parent != to) move(index, to);
}

void Edit::set_suspended(Index unit, bool suspended) {
  chapter_from_now(unit).suspended = suspended;
}
void Edit::perform_one(const UnitSuspended& op, const Verdict& /*verdict*/) {
  set_suspended(state_.find(op.code), true);
}
void Edit::perform_one(const UnitResumed& op, const Verdict& /*verdict*/) {
  set_suspended(state_.find(op.code), false);
}

void Edit::perform_one(const OperatorAdmitted& op, const Verdict& verdict) {
  const crypto::Digest id = verdict.key->id();
  state_.operator_by_key.emplace(id, next_index(state_.operators.size()));
  state_.operators.push_back({*verdict.key, op.subtree, op.label, op.expires_ms, version_, 0});
  undo_.emplace_back([id](DirectoryState& state) {
    state.operator_by_key.erase(id);
    state.operators.pop_back();
  });
}

void Edit::perform_one(const OperatorEnded& op, const Verdict& /*verdict*/) {
  const Index index = state_.operator_by_key.at(op.key_id);
  state_.operators[index].ended = version_;
  undo_.emplace_back([index](DirectoryState& state) { state.operators[index].ended = 0; });
}

void Edit::perform_one(const TicketIssued& op, const Verdict& verdict) {
  const crypto::Digest id = verdict.key->id();
  const crypto::Digest curve = curve_key(op.curve);
  const Index index = next_index(state_.tickets.size());
  state_.ticket_by_key.emplace(id, index);
  state_.ticket_by_curve.emplace(curve, index);
  state_.tickets.push_back({op.unit, *verdict.key, op.curve, op.expires_ms, version_, 0});
  undo_.emplace_back([id, curve](DirectoryState& state) {
    state.ticket_by_key.erase(id);
    state.ticket_by_curve.erase(curve);
    state.tickets.pop_back();
  });
}

void Edit::end_node(Index index, std::uint64_t last_sequence) {
  Node& node = state_.nodes[index];
  node.ended = version_;
  node.last_sequence = last_sequence;
  state_.node_by_curve.erase(curve_key(node.curve));
  undo_.emplace_back([index](DirectoryState& state) {
    Node& ended = state.nodes[index];
    ended.ended = 0;
    ended.last_sequence = 0;
    state.node_by_curve.emplace(curve_key(ended.curve), index);
  });
}

void Edit::perform_one(const NodeAdmitted& op, const Verdict& verdict) {
  const Index unit = state_.find(op.unit);
  const Index before = state_.speaking(unit, Directory::kNewest);
  if (before != kNone) end_node(before, kAllItWrote);
  const crypto::Digest id = verdict.key->id();
  const crypto::Digest curve = curve_key(op.curve);
  const Index index = next_index(state_.nodes.size());
  std::vector<Index>& own = state_.units[unit].nodes;
  state_.nodes.push_back({op.unit, *verdict.key, op.curve, op.endpoint, version_, 0, 0,
                          static_cast<std::uint32_t>(own.size())});
  own.push_back(index);
  state_.node_by_key.emplace(id, index);
  state_.node_by_curve.emplace(curve, index);
  undo_.emplace_back([unit, id, curve](DirectoryState& state) {
    state.node_by_curve.erase(curve);
    state.node_by_key.erase(id);
    state.units[unit].nodes.pop_back();
    state.nodes.pop_back();
  });
}

void Edit::perform_one(const NodeEnded& op, const Verdict& /*verdict*/) {
  end_node(state_.node_by_key.at(op.key_id), op.last_sequence);
}

void Edit::perform_one(const PolicySet& op, const Verdict& /*verdict*/) {
  state_.policies.push_back({op.id, op.text, version_});
  undo_.emplace_back([](DirectoryState& state) { state.policies.pop_back(); });
}

}  // namespace yishi::topology

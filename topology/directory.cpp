#include "topology/directory.h"

#include <algorithm>

#include "topology/directory_state.h"
#include "topology/edit.h"
#include "topology/rules.h"

namespace yishi::topology {

namespace {

const Code kNoCode;

const Code& code_of(const DirectoryState& state, Index unit) {
  return unit == kNone ? kNoCode : state.units[unit].code;
}

template <class Deque>
auto at_key(const Deque& things, const DirectoryState::KeyMap& map, const crypto::Digest& key)
    -> decltype(&things.front()) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &things[found->second];
}

Status fold(DirectoryState& state, const Change& change, Version version, const Signer& signer) {
  Edit edit(state, change, version, signer.at_ms);
  const Rules rules(state, change, signer);
  for (const Operation& operation : change.operations) {
    Result<Verdict> verdict = rules.judge(operation);
    if (!verdict) {
      edit.undo();
      return verdict.error();
    }
    edit.perform(operation, *verdict);
  }
  edit.finish(signer);
  return {};
}

}  // namespace

Directory::Directory(std::optional<crypto::Digest> pinned)
    : state_(std::make_unique<DirectoryState>()) {
  state_->pinned = pinned;
}
Directory::Directory(const Directory& other)
    : state_(std::make_unique<DirectoryState>(*other.state_)) {}
Directory& Directory::operator=(const Directory& other) {
  if (this != &other) state_ = std::make_unique<DirectoryState>(*other.state_);
  return *this;
}
Directory::Directory(Directory&& other) noexcept = default;
Directory& Directory::operator=(Directory&& other) noexcept = default;
Directory::~Directory() = default;

Status Directory::apply(const Change& change, const Stamp& entry, bool trusted) {
  const Result<Signer> signer = find_signer(*state_, change, entry, trusted);
  if (!signer) return signer.error();
  return fold(*state_, change, entry.version, *signer);
}

Status Directory::check(const Change& change, const Stamp& entry) const {
  const Result<Signer> signer = find_signer(*state_, change, entry, false);
  if (!signer) return signer.error();
  if (change.operations.size() == 1) {  // a node's admission, mostly: no copy for it
    const Result<Verdict> verdict =
        Rules(*state_, change, *signer).judge(change.operations.front());
    return verdict.ok() ? Status() : Status(verdict.error());
  }
  DirectoryState scratch = *state_;  // operations may rest on those before them
  return fold(scratch, change, entry.version, *signer);
}

Version Directory::latest() const { return state_->latest; }
std::uint64_t Directory::time_ms() const { return state_->time_ms(); }
std::uint64_t Directory::time_of(Version version) const {
  return version == 0 || version > state_->times.size() ? 0 : state_->times[version - 1];
}
const crypto::Digest& Directory::network() const { return state_->network; }
const std::string& Directory::network_name() const { return state_->network_name; }
crypto::Suite Directory::suite() const { return state_->suite; }
const Code& Directory::root() const { return code_of(*state_, state_->root); }
std::size_t Directory::unit_count() const { return state_->units.size(); }
const crypto::PublicKey& Directory::topology_key() const {
  YISHI_ASSERT(!empty());
  return *state_->log_key;
}

const Root& Directory::root_keys() const {
  YISHI_ASSERT(!empty());
  return state_->root_keys;
}
const std::deque<Operator>& Directory::operators() const { return state_->operators; }
const Operator* Directory::operator_of_key(const crypto::Digest& key_id) const {
  return at_key(state_->operators, state_->operator_by_key, key_id);
}

std::optional<Unit> Directory::unit(const Code& code, Version at) const {
  const Index index = state_->find(code);
  const Chapter* chapter = state_->chapter(index, at);
  if (chapter == nullptr) return std::nullopt;
  Unit unit;
  unit.code = code;
  unit.name = chapter->name;
  unit.level = state_->units[index].level->id;
  unit.parent = code_of(*state_, chapter->parent);
  unit.kind = kind_of_suffix(code.suffix_letter());
  return unit;
}

Code Directory::parent_of(const Code& code, Version at) const {
  return code_of(*state_, state_->parent(state_->find(code), at));
}

std::vector<Code> Directory::children_of(const Code& code) const {
  std::vector<Code> codes;
  const Index index = state_->find(code);
  if (index == kNone) return codes;
  codes.reserve(state_->units[index].children.size());
  for (const Index child : state_->units[index].children) {
    codes.push_back(state_->units[child].code);
  }
  std::sort(codes.begin(), codes.end());
  return codes;
}

std::vector<Code> Directory::all_units() const {
  std::vector<Code> codes;
  codes.reserve(state_->units.size());
  for (const UnitHistory& unit : state_->units) codes.push_back(unit.code);
  std::sort(codes.begin(), codes.end());
  return codes;
}

std::vector<Code> Directory::units_inside(const Code& code, std::string_view level) const {
  std::vector<Code> found;
  const Level* wanted = find_level(level);
  const Index top = state_->find(code);
  if (wanted == nullptr || top == kNone) return found;
  std::vector<Index> open{top};
  while (!open.empty()) {
    const UnitHistory& unit = state_->units[open.back()];
    open.pop_back();
    if (unit.level == wanted) found.push_back(unit.code);
    open.insert(open.end(), unit.children.begin(), unit.children.end());
  }
  return found;
}

bool Directory::suspended(const Code& code, Version at) const {
  return state_->suspended(state_->find(code), at);
}

bool Directory::retired(const Code& code, Version at) const {
  const Chapter* chapter = state_->chapter(state_->find(code), at);
  return chapter != nullptr && chapter->retired;
}

std::vector<Version> Directory::chapters_of(const Code& code) const {
  std::vector<Version> versions;
  const Index index = state_->find(code);
  if (index == kNone) return versions;
  for (const Chapter& chapter : state_->units[index].chapters) versions.push_back(chapter.since);
  return versions;
}

bool Directory::inside(const Code& code, const Code& ancestor, Version at) const {
  const Index outer = state_->find(ancestor);
  return outer != kNone && state_->inside(state_->find(code), outer, at);
}

std::vector<Code> Directory::path_to_root(const Code& code, Version at) const {
  std::vector<Code> path;
  Index index = state_->find(code);
  if (state_->chapter(index, at) == nullptr) return path;
  for (; index != kNone; index = state_->parent(index, at)) {
    path.push_back(state_->units[index].code);
  }
  return path;
}

Code Directory::common_ancestor(const std::vector<Code>& codes, Version at) const {
  if (codes.empty()) return {};
  Index common = state_->find(codes.front());
  if (state_->chapter(common, at) == nullptr) return {};
  for (const Code& code : codes) {
    const Index index = state_->find(code);
    if (state_->chapter(index, at) == nullptr) return {};
    while (common != kNone && !state_->inside(index, common, at)) {
      common = state_->parent(common, at);
    }
  }
  return code_of(*state_, common);
}

const Node* Directory::node_of_key(const crypto::Digest& key_id) const {
  return at_key(state_->nodes, state_->node_by_key, key_id);
}

const Node* Directory::node_of_curve(View curve) const {
  const std::optional<crypto::Digest> id = curve_id(curve);
  return id ? at_key(state_->nodes, state_->node_by_curve, *id) : nullptr;
}

const Node* Directory::node_of_unit(const Code& unit, Version at) const {
  const Index index = state_->find(unit);
  const Index node = index == kNone ? kNone : state_->speaking(index, at);
  return node == kNone ? nullptr : &state_->nodes[node];
}

std::vector<const Node*> Directory::nodes() const {
  std::vector<const Node*> speaking;
  speaking.reserve(state_->node_by_curve.size());
  for (const Node& node : state_->nodes) {
    if (node.ended == 0) speaking.push_back(&node);
  }
  return speaking;
}

std::uint32_t Directory::incarnations_of(const Code& unit) const {
  const Index index = state_->find(unit);
  return index == kNone ? 0 : static_cast<std::uint32_t>(state_->units[index].nodes.size());
}

Code Directory::keeper_of(const Code& unit, Version at) const {
  return code_of(*state_, state_->keeper(state_->find(unit), at));
}

bool Directory::may_write(const crypto::Digest& key_id, const Code& unit, Version at) const {
  const Node* node = node_of_key(key_id);
  if (node == nullptr || at > state_->latest) return false;
  if (node->admitted > at || (node->ended != 0 && node->ended <= at)) return false;
  const Index index = state_->find(unit);
  const Index keeper = state_->keeper(index, at);
  return keeper != kNone && state_->units[keeper].code == node->unit &&
         !state_->suspended(index, at);
}

Code Directory::parent_node(const Code& unit, Version at) const {
  return code_of(*state_, state_->keeper(state_->parent(state_->find(unit), at), at));
}

Code Directory::next_hop(const Code& here, const Code& unit) const {
  const Index from = state_->find(here);
  if (from == kNone || state_->keeper(from, kNewest) != from) return {};
  Index hop = from;
  for (Index at = state_->find(unit); at != kNone; at = state_->parent(at, kNewest)) {
    if (at == from) return state_->units[hop].code;
    if (state_->speaking(at, kNewest) != kNone) hop = at;
  }
  return {};
}

const Ticket* Directory::ticket_of_key(const crypto::Digest& key_id) const {
  return at_key(state_->tickets, state_->ticket_by_key, key_id);
}

const Ticket* Directory::ticket_of_curve(View curve) const {
  const std::optional<crypto::Digest> id = curve_id(curve);
  return id ? at_key(state_->tickets, state_->ticket_by_curve, *id) : nullptr;
}

std::optional<Policy> Directory::policy_at(Version at) const {
  const auto& policies = state_->policies;
  const auto after =
      std::upper_bound(policies.begin(), policies.end(), at,
                       [](Version version, const Policy& p) { return version < p.version; });
  if (after == policies.begin()) return std::nullopt;
  return *(after - 1);
}

}  // namespace yishi::topology

// Who signed a change, and which operations on units that signer may have.
#include "topology/rules.h"

#include <algorithm>

#include "crypto/planted.h"

namespace yishi::topology {

namespace {

Error not_signed() {
  return {"change.signature", "signature", "变更的签名不对，内容可能被改动。",
          "The signature of the change is wrong; it may have been tampered with."};
}

bool has_expired(const Change& change, std::uint64_t expires_ms) {
  return change.time_ms >= expires_ms;
}

Status check_order(const DirectoryState& state, Version version) {
  const bool same = version == state.latest && version != 0;
  if (same || version == state.latest + 1) return {};
  const std::string latest = std::to_string(state.latest);
  const std::string given = std::to_string(version);
  return Error{
      "change.version.order", "version",
      "组织名录现为第 " + latest + " 版，不能直接接第 " + given + " 版。",
      "The directory is at version " + latest + "; version " + given + " does not follow it."};
}

Result<Signer> find_first_signer(const DirectoryState& state, const Change& change, bool trusted) {
  const auto* created = std::get_if<NetworkCreated>(&change.operations.front());
  if (created == nullptr) {
    return Error{"change.network.first", "operations", "第一次变更必须先建立网络。",
                 "The first change must begin with network.created."};
  }
  if (!change.network.is_zero()) {
    return Error{"change.network", "network", "第一次变更不能属于别的网络。",
                 "The first change must not name a network."};
  }
  if (state.pinned && network_id(created->suite, change) != *state.pinned) {
    return Error{"change.network.pinned", "network", "这不是本节点入网时认定的网络。",
                 "This is not the network that this node was made for."};
  }
  const Result<crypto::PublicKey> root = crypto::PublicKey::load(created->suite, created->root_key);
  if (!root) return root.error();
  if (root->id() != change.signer) {
    return Error{"change.signer.unknown", "signer", "第一次变更必须由它所指定的根密钥签名。",
                 "The first change must be signed by the root key that it names."};
  }
  if (!trusted && !signed_by(change, *root)) return not_signed();
  return Signer{Signer::Part::kRoot, kNone};
}

Result<Signer> find_operator(const DirectoryState& state, const Change& change, Index index,
                             bool trusted) {
  const Operator& found = state.operators[index];
  if (!trusted && !signed_by(change, found.key)) return not_signed();
  if (found.ended) {
    return Error{"operator.ended", "signer", "这个管理员的授权已被撤销。",
                 "This operator's entitlement has been ended."};
  }
  if (found.expires_ms != 0 && has_expired(change, found.expires_ms)) {
    return Error{"operator.expired", "signer", "这个管理员的授权已过期。",
                 "This operator's entitlement has expired."};
  }
  return Signer{Signer::Part::kOperator, index};
}

Result<Signer> find_ticket(const DirectoryState& state, const Change& change, Index index,
                           bool trusted) {
  const Ticket& ticket = state.tickets[index];
  if (!trusted && !signed_by(change, ticket.key)) return not_signed();
  const auto* admitted = std::get_if<NodeAdmitted>(&change.operations.front());
  if (change.operations.size() != 1 || admitted == nullptr || admitted->unit != ticket.unit) {
    return Error{
        "ticket.scope", "operations",
        "入网凭证只能为单位 " + ticket.unit.text() + " 接入一个节点，不能作其他变更。",
        "This ticket may admit one node for unit " + ticket.unit.text() + " and nothing else."};
  }
  if (ticket.used != 0) {
    return Error{"ticket.used", "signer", "入网凭证已经用过，每张只能用一次。",
                 "The ticket has been used; it is good for one time."};
  }
  if (has_expired(change, ticket.expires_ms)) {
    return Error{"ticket.expired", "signer", "入网凭证已过期，请管理员重新签发。",
                 "The ticket has expired; ask the operator for a new one."};
  }
  return Signer{Signer::Part::kTicket, index};
}

Error unknown_unit(const Code& code, std::string_view field) {
  return {"unit.unknown", std::string(field), "没有代码为 " + code.text() + " 的单位。",
          "There is no unit with code " + code.text() + "."};
}

Error root_stays(std::string_view field) {
  return {"unit.root", std::string(field), "最高单位只有一个，不能移动、停用或重设。",
          "There is one top unit; it cannot be moved, suspended or set again."};
}

}  // namespace

Result<Signer> find_signer(const DirectoryState& state, const Change& change, Version version,
                           bool trusted) {
  YISHI_ASSERT(change.nonce.size() == kNonceBytes);
  YISHI_ASSERT(!change.operations.empty() && change.operations.size() <= kMaxOperations);
  if (planted(Defect::kChangeSignatureSkipped)) trusted = true;
  if (Status order = check_order(state, version); !order) return order.error();
  if (state.latest == 0) return find_first_signer(state, change, trusted);
  if (change.network != state.network) {
    return Error{"change.network", "network", "这是另一个网络的变更。",
                 "The change belongs to another network."};
  }
  std::array<std::uint8_t, kNonceBytes> nonce{};
  std::copy_n(change.nonce.begin(), nonce.size(), nonce.begin());
  if (state.nonces.contains(nonce)) {
    return Error{"change.replayed", "nonce", "这次变更已经生效过，不能重复提交。",
                 "This change has already taken effect; it cannot be replayed."};
  }
  if (change.signer == state.root_key->id()) {
    if (!trusted && !signed_by(change, *state.root_key)) return not_signed();
    return Signer{Signer::Part::kRoot, kNone};
  }
  if (const auto found = state.operator_by_key.find(change.signer);
      found != state.operator_by_key.end()) {
    return find_operator(state, change, found->second, trusted);
  }
  if (const auto found = state.ticket_by_key.find(change.signer);
      found != state.ticket_by_key.end()) {
    return find_ticket(state, change, found->second, trusted);
  }
  return Error{"change.signer.unknown", "signer", "签名者既不是管理员，也没有入网凭证。",
               "The signer is neither an operator nor the holder of a ticket."};
}

Result<Verdict> Rules::judge(const Operation& operation) const {
  return std::visit([&](const auto& op) { return judge_one(op); }, operation);
}

Status Rules::only_root() const {
  if (signer_.part == Signer::Part::kRoot) return {};
  return Error{"operator.scope.root", "signer", "这项变更只能由根密钥签名。",
               "Only the root key may sign this change."};
}

Status Rules::entitled(Index unit) const {
  if (signer_.part != Signer::Part::kOperator) return {};  // a ticket was judged as a whole
  const Index subtree = state_.operators[signer_.index].subtree;
  if (state_.inside(unit, subtree, Directory::kNewest)) return {};
  const std::string& own = state_.units[subtree].code.text();
  const std::string& asked = state_.units[unit].code.text();
  return Error{
      "operator.scope", "signer", "这个管理员只管 " + own + " 及其下属，不能变更 " + asked + "。",
      "This operator is entitled to " + own + " and what is below it, not to " + asked + "."};
}

Result<Index> Rules::entitled(const Code& code, std::string_view field) const {
  const Index unit = state_.find(code);
  if (unit == kNone) return unknown_unit(code, field);
  if (Status scope = entitled(unit); !scope) return scope.error();
  return unit;
}

Status Rules::suffix_fits(const Unit& unit, Index parent) const {
  const std::string_view kind = kind_of_suffix(unit.code.suffix_letter());
  if (kind != unit.kind) {
    return Error{"unit.kind", "kind",
                 "代码 " + unit.code.text() + " 的类别应为 " + std::string(kind) + "，这里是“" +
                     excerpt(unit.kind) + "”。",
                 "The kind of code " + unit.code.text() + " is " + std::string(kind) +
                     ", found \"" + excerpt(unit.kind) + "\"."};
  }
  if (unit.code.is_division()) return {};
  const Index front = state_.find(unit.code.division());
  if (front != kNone && state_.inside(parent, front, Directory::kNewest)) return {};
  return Error{"unit.code.suffix", "code",
               "代码 " + unit.code.text() + " 前 12 位应是上级 " +
                   state_.units[parent].code.text() + " 或其上级的代码。",
               "The first 12 digits of " + unit.code.text() + " must be the code of its parent " +
                   state_.units[parent].code.text() + " or of a unit above it."};
}

Status Rules::root_fits(const Unit& unit) const {
  if (Status root = only_root(); !root) return root;
  if (state_.root != kNone) return root_stays("parent");
  if (unit.kind == "division" && unit.code.is_division()) return {};
  return Error{"unit.kind", "kind", "最高单位必须是区划（division）。",
               "The top unit must be a division."};
}

// A division stands below its parent's level; a room may stand at it, for there is no
// level below a village.
Status Rules::place_fits(const Unit& unit, Index parent) const {
  const UnitHistory& above = state_.units[parent];
  const int rank = level_rank(unit.level);
  const int above_rank = level_rank(above.level->id);
  const bool division = unit.code.is_division();
  if (division && !above.code.is_division()) {
    return Error{"unit.parent.kind", "parent", "区划单位的上级必须也是区划单位。",
                 "The parent of a division must be a division."};
  }
  if (rank > above_rank || (!division && rank == above_rank)) return {};
  return Error{"unit.level.order", "level",
               "层级 " + unit.level + " 应低于上级 " + above.code.text() + " 的层级 " +
                   above.level->id + "。",
               "Level " + unit.level + " must be below " + above.level->id +
                   ", the level of its parent " + above.code.text() + "."};
}

namespace {

Error too_deep() {
  return {"unit.depth", "parent", "层级太深，从上到下最多 16 层。",
          "The tree would be too deep; at most 16 units from top to bottom."};
}

}  // namespace

Result<Verdict> Rules::judge_one(const UnitAdded& op) const {
  const Unit& unit = op.unit;
  if (state_.find(unit.code) != kNone) {
    return Error{"unit.code.used", "code", "代码 " + unit.code.text() + " 已经用过。",
                 "Code " + unit.code.text() + " has been used."};
  }
  if (state_.units.size() >= kMaxUnits) {
    return Error{"unit.count", "code", "单位太多，一个网络最多 100000 个。",
                 "Too many units; a network has at most 100000."};
  }
  if (Status name = check_name(unit.name, "unit.name", "name"); !name) return name.error();
  if (find_level(unit.level) == nullptr) {
    return Error{"unit.level.unknown", "level",
                 "不认识的层级“" + excerpt(unit.level) +
                     "”，可用 province、city、district、township、village。",
                 "Unknown level \"" + excerpt(unit.level) +
                     "\"; use province, city, district, township or village."};
  }
  if (unit.parent.empty()) {
    if (Status root = root_fits(unit); !root) return root.error();
    return Verdict{};
  }
  const Result<Index> parent = entitled(unit.parent, "parent");
  if (!parent) return parent.error();
  if (Status suffix = suffix_fits(unit, *parent); !suffix) return suffix.error();
  if (Status place = place_fits(unit, *parent); !place) return place.error();
  if (state_.depth(*parent) + 1 > kMaxDepth) return too_deep();
  return Verdict{};
}

Result<Verdict> Rules::judge_one(const UnitRenamed& op) const {
  const Result<Index> index = entitled(op.code, "code");
  if (!index) return index.error();
  if (Status name = check_name(op.name, "unit.name", "name"); !name) return name.error();
  return Verdict{};
}

Result<Verdict> Rules::judge_one(const UnitMoved& op) const {
  const Result<Index> index = entitled(op.code, "code");
  if (!index) return index.error();
  const Result<Index> parent = entitled(op.parent, "parent");
  if (!parent) return parent.error();
  if (*index == state_.root) return root_stays("code");
  if (state_.inside(*parent, *index, Directory::kNewest)) {
    return Error{"unit.cycle", "parent", "单位不能划归自己或自己的下属。",
                 "A unit cannot be moved under itself or what is below it."};
  }
  if (state_.parent(*index, Directory::kNewest) == *parent) {
    return Error{"unit.parent.same", "parent", "单位已经隶属于它。", "The unit is there already."};
  }
  Unit unit;
  unit.code = op.code;
  unit.level = state_.units[*index].level->id;
  if (Status place = place_fits(unit, *parent); !place) return place.error();
  if (state_.depth(*parent) + state_.height(*index) > kMaxDepth) return too_deep();
  return Verdict{};
}

Result<Verdict> Rules::judge_one(const UnitSuspended& op) const {
  const Result<Index> index = entitled(op.code, "code");
  if (!index) return index.error();
  if (*index == state_.root) return root_stays("code");
  if (state_.units[*index].chapters.back().suspended) {
    return Error{"unit.suspended", "code", "单位 " + op.code.text() + " 已经停用。",
                 "Unit " + op.code.text() + " is suspended already."};
  }
  return Verdict{};
}

Result<Verdict> Rules::judge_one(const UnitResumed& op) const {
  const Result<Index> index = entitled(op.code, "code");
  if (!index) return index.error();
  if (!state_.units[*index].chapters.back().suspended) {
    return Error{"unit.resumed", "code", "单位 " + op.code.text() + " 没有停用。",
                 "Unit " + op.code.text() + " is not suspended."};
  }
  return Verdict{};
}

}  // namespace yishi::topology

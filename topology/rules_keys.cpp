// Rules for operations that bring or end a key, and for the policy.
#include <algorithm>

#include "topology/rules.h"

namespace yishi::topology {

namespace {

Error key_used() {
  return {"key.used", "key", "这把密钥已经用过；每个节点、管理员、凭证都要用新的密钥。",
          "This key has been used; every node, operator and ticket needs a key of its own."};
}

Status check_expiry(std::uint64_t at_ms, std::uint64_t expires_ms, std::string_view rule) {
  if (expires_ms > at_ms) return {};
  return Error{std::string(rule), "expires", "有效期必须晚于签发时间。",
               "It must expire after the time it is issued."};
}

Status check_endpoint(std::string_view endpoint) {
  const bool printable =
      std::all_of(endpoint.begin(), endpoint.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (printable && endpoint.size() <= kMaxEndpointBytes) return {};
  return Error{
      "node.endpoint", "endpoint",
      "地址应形如 tcp://主机:端口，不含空格，最多 256 字节；这里是“" + excerpt(endpoint) + "”。",
      "An endpoint looks like tcp://host:port, without blanks, at most 256 bytes; found "
      "\"" +
          excerpt(endpoint) + "\"."};
}

}  // namespace

Result<crypto::PublicKey> Rules::fresh_key(View raw) const {
  Result<crypto::PublicKey> key = crypto::PublicKey::load(state_.suite, raw);
  if (key.ok() && state_.key_known(key->id())) return key_used();
  return key;
}

Status Rules::fresh_curve(View curve, Index replaced) const {
  const std::optional<crypto::Digest> id = curve_id(curve);
  if (!id || id->is_zero()) {
    return Error{"curve.format", "curve", "CURVE 公钥应为 32 字节，不能全为 0。",
                 "A CURVE key has 32 bytes, not all zero."};
  }
  const auto speaking = state_.node_by_curve.find(*id);
  const bool taken = speaking != state_.node_by_curve.end() && speaking->second != replaced;
  if (!taken && !state_.ticket_by_curve.contains(*id)) return {};
  return Error{"curve.used", "curve", "这把 CURVE 公钥已由别的节点或凭证使用。",
               "This CURVE key is used by another node or ticket."};
}

Result<Verdict> Rules::judge_one(const NetworkCreated& op) const {
  if (state_.latest != 0 || !state_.root_keys.keys.empty()) {
    return Error{"change.network.again", "operations", "网络已经建立，不能再建。",
                 "The network has been created; it cannot be created again."};
  }
  if (Status name = check_name(op.name, "network.name", "name"); !name) return name.error();
  auto root = load_root(op.suite, op.root_keys, op.threshold);
  if (!root) return root.error();
  Result<crypto::PublicKey> log = crypto::PublicKey::load(op.suite, op.log_key);
  if (!log) return log.error();
  if (std::find(root->begin(), root->end(), *log) != root->end()) return key_used();
  return Verdict{*log, std::move(root).value()};
}

// Signatures were counted when the signer was found. A key that was the root's before and is
// not now does not come back, nor does one that plays another part.
Result<Verdict> Rules::judge_one(const RootChanged& op) const {
  if (Status root = only_root(); !root) return root.error();
  if (change_.operations.size() != 1) {
    return Error{"root.alone", "operations", "更换根密钥须单独作为一次变更。",
                 "A change of the root stands alone in its change."};
  }
  auto keys = load_root(state_.suite, op.keys, op.threshold);
  if (!keys) return keys.error();
  const auto& present = state_.root_keys.keys;
  for (const crypto::PublicKey& key : *keys) {
    const bool stays = std::find(present.begin(), present.end(), key) != present.end();
    if (!stays && state_.key_known(key.id())) return key_used();
  }
  return Verdict{std::nullopt, std::move(keys).value()};
}

Result<Verdict> Rules::judge_one(const OperatorAdmitted& op) const {
  if (Status root = only_root(); !root) return root.error();
  const Result<Index> subtree = entitled_living(op.subtree, "subtree");
  if (!subtree) return subtree.error();
  if (Status label = check_name(op.label, "operator.label", "label"); !label) return label.error();
  if (op.expires_ms != 0) {
    Status expiry = check_expiry(signer_.at_ms, op.expires_ms, "operator.expires");
    if (!expiry) return expiry.error();
  }
  Result<crypto::PublicKey> key = fresh_key(op.key);
  if (!key) return key.error();
  return Verdict{*key};
}

Result<Verdict> Rules::judge_one(const OperatorEnded& op) const {
  if (Status root = only_root(); !root) return root.error();
  const auto found = state_.operator_by_key.find(op.key_id);
  if (found == state_.operator_by_key.end()) {
    return Error{"operator.unknown", "key", "没有这个管理员密钥。",
                 "There is no operator with this key."};
  }
  if (state_.operators[found->second].ended != 0) {
    return Error{"operator.ended", "key", "这个管理员的授权已被撤销。",
                 "This operator's entitlement has been ended."};
  }
  return Verdict{};
}

Result<Verdict> Rules::judge_one(const TicketIssued& op) const {
  const Result<Index> unit = entitled_living(op.unit, "unit");
  if (!unit) return unit.error();
  Status expiry = check_expiry(signer_.at_ms, op.expires_ms, "ticket.expires");
  if (!expiry) return expiry.error();
  if (Status curve = fresh_curve(op.curve, kNone); !curve) return curve.error();
  Result<crypto::PublicKey> key = fresh_key(op.key);
  if (!key) return key.error();
  return Verdict{*key};
}

// A ticket may replace the unit's node only when it was issued knowing that node:
// a forgotten older ticket must not be able to put the present node out.
Status Rules::may_replace(Index unit) const {
  const Index before = state_.speaking(unit, Directory::kNewest);
  if (before == kNone || signer_.part != Signer::Part::kTicket) return {};
  if (state_.tickets[signer_.index].issued > state_.nodes[before].admitted) return {};
  return Error{"ticket.stale", "signer",
               "该单位在凭证签发后已有节点入网；要替换它，请管理员签发新凭证。",
               "The unit has had a node admitted since the ticket was issued; to replace it, ask "
               "for a new ticket."};
}

Result<Verdict> Rules::judge_one(const NodeAdmitted& op) const {
  const Result<Index> unit = entitled_living(op.unit, "unit");
  if (!unit) return unit.error();
  if (state_.suspended(*unit, Directory::kNewest)) {
    return Error{"unit.suspended", "unit", "单位 " + op.unit.text() + " 已停用，不能接入节点。",
                 "Unit " + op.unit.text() + " is suspended; no node can be admitted for it."};
  }
  if (Status endpoint = check_endpoint(op.endpoint); !endpoint) return endpoint.error();
  if (Status replace = may_replace(*unit); !replace) return replace.error();
  const Index before = state_.speaking(*unit, Directory::kNewest);
  if (Status curve = fresh_curve(op.curve, before); !curve) return curve.error();
  Result<crypto::PublicKey> key = fresh_key(op.key);
  if (!key) return key.error();
  return Verdict{*key};
}

Result<Verdict> Rules::judge_one(const NodeEnded& op) const {
  const auto found = state_.node_by_key.find(op.key_id);
  if (found == state_.node_by_key.end()) {
    return Error{"node.unknown", "key", "没有这个节点密钥。", "There is no node with this key."};
  }
  const Node& node = state_.nodes[found->second];
  if (Status scope = entitled(state_.find(node.unit)); !scope) return scope.error();
  if (node.ended != 0) {
    return Error{"node.ended", "key", "这个节点密钥已经停用。", "This node's key has ended."};
  }
  return Verdict{};
}

Result<Verdict> Rules::judge_one(const PolicySet& op) const {
  if (Status root = only_root(); !root) return root.error();
  if (Status id = check_name(op.id, "policy.id", "id"); !id) return id.error();
  if (op.text.empty() || op.text.size() > kMaxPolicyBytes || !is_utf8(op.text)) {
    return Error{"policy.text", "text", "议事规则应为 UTF-8 文字，不能为空，最多 256 KiB。",
                 "A policy is UTF-8 text, not empty, at most 256 KiB."};
  }
  return Verdict{};
}

}  // namespace yishi::topology

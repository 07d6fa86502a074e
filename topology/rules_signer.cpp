// Who signed a change, and whether that is enough: the root by its threshold, an operator or
// a ticket alone and in time.
#include <algorithm>

#include "crypto/planted.h"
#include "topology/rules.h"

namespace yishi::topology {

namespace {

Error not_signed() {
  return {"change.signature", "signature", "变更的签名不对，内容可能被改动。",
          "The signature of the change is wrong; it may have been tampered with."};
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

const crypto::PublicKey* find_key(const std::vector<crypto::PublicKey>& keys,
                                  const crypto::Digest& id) {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const auto& key) { return key.id() == id; });
  return found == keys.end() ? nullptr : &*found;
}

std::size_t count_signers(const Change& change, const std::vector<crypto::PublicKey>& keys) {
  return static_cast<std::size_t>(
      std::count_if(change.signatures.begin(), change.signatures.end(),
                    [&](const Signed& one) { return find_key(keys, one.key) != nullptr; }));
}

Status enough(const Change& change, const std::vector<crypto::PublicKey>& keys,
              std::uint64_t threshold, bool new_root) {
  const std::size_t given = count_signers(change, keys);
  if (given >= threshold) return {};
  const std::string of = std::to_string(threshold);
  const std::string has = std::to_string(given);
  return Error{
      new_root ? "root.threshold.new" : "root.threshold", "signatures",
      (new_root ? "须有新根密钥 " : "须有根密钥 ") + of + " 个签名，这里有 " + has + " 个，还差 " +
          std::to_string(threshold - given) + " 个。",
      "Needs the signatures of " + of + (new_root ? " new" : "") + " root keys, has " + has + "."};
}

// Every signature is of a root key, present or to be, and right; there are enough of both.
Status root_signed(const Change& change, const Root& root, const Root* next, bool trusted) {
  for (const Signed& one : change.signatures) {
    const crypto::PublicKey* key = find_key(root.keys, one.key);
    if (key == nullptr && next != nullptr) key = find_key(next->keys, one.key);
    if (key == nullptr) {
      return Error{"change.signer.mixed", "signatures", "签名中有一个不是根密钥的。",
                   "One of the signatures is not of a root key."};
    }
    if (!trusted && !signed_by(change, *key)) return not_signed();
  }
  if (Status status = enough(change, root.keys, root.threshold, false); !status) return status;
  return next == nullptr ? Status() : enough(change, next->keys, next->threshold, true);
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
  const auto keys = load_root(created->suite, created->root_keys, created->threshold);
  if (!keys) return keys.error();
  if (find_key(*keys, change.signer()) == nullptr) {
    return Error{"change.signer.unknown", "signer", "第一次变更必须由它所指定的根密钥签名。",
                 "The first change must be signed by the root keys that it names."};
  }
  const Root root{*keys, created->threshold, 0};
  if (Status status = root_signed(change, root, nullptr, trusted); !status) return status.error();
  return Signer{Signer::Part::kRoot, kNone};
}

Result<Signer> find_root(const DirectoryState& state, const Change& change,
                         const RootChanged* changed, bool trusted) {
  Root next;
  if (changed != nullptr) {
    if (change.operations.size() != 1) {
      return Error{"root.alone", "operations", "更换根密钥须单独作为一次变更。",
                   "A change of the root stands alone in its change."};
    }
    auto keys = load_root(state.suite, changed->keys, changed->threshold);
    if (!keys) return keys.error();
    next = {std::move(keys).value(), changed->threshold, 0};
  }
  const Status status =
      root_signed(change, state.root_keys, changed == nullptr ? nullptr : &next, trusted);
  if (!status) return status.error();
  return Signer{Signer::Part::kRoot, kNone};
}

Result<Signer> find_operator(const DirectoryState& state, const Change& change, Index index,
                             std::uint64_t at_ms, bool trusted) {
  const Operator& found = state.operators[index];
  if (!trusted && !signed_by(change, found.key)) return not_signed();
  if (found.ended != 0) {
    return Error{"operator.ended", "signer", "这个管理员的授权已被撤销。",
                 "This operator's entitlement has been ended."};
  }
  if (found.expires_ms != 0 && at_ms >= found.expires_ms) {
    return Error{"operator.expired", "signer", "这个管理员的授权已过期，请根密钥持有人重新授权。",
                 "This operator's entitlement has expired; the root must admit a new key."};
  }
  return Signer{Signer::Part::kOperator, index};
}

Result<Signer> find_ticket(const DirectoryState& state, const Change& change, Index index,
                           std::uint64_t at_ms, bool trusted) {
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
    return Error{
        "ticket.used", "signer",
        "单位 " + ticket.unit.text() + " 的入网凭证已经用过，每张只能用一次。",
        "The ticket of unit " + ticket.unit.text() + " has been used; it is good for one time."};
  }
  if (at_ms >= ticket.expires_ms) {
    return Error{"ticket.expired", "signer", "入网凭证已过期，请管理员重新签发。",
                 "The ticket has expired; ask the operator for a new one."};
  }
  return Signer{Signer::Part::kTicket, index};
}

Status check_signer_count(const Change& change) {
  if (change.signatures.size() == 1) return {};
  return Error{"change.signer.mixed", "signatures", "管理员和入网凭证各自单独签名。",
               "An operator or a ticket signs alone."};
}

Result<Signer> find_who(const DirectoryState& state, const Change& change, std::uint64_t at_ms,
                        bool trusted) {
  const auto* changed = std::get_if<RootChanged>(&change.operations.front());
  const crypto::Digest& first = change.signer();
  if (changed != nullptr || find_key(state.root_keys.keys, first) != nullptr) {
    return find_root(state, change, changed, trusted);
  }
  const auto by_operator = state.operator_by_key.find(first);
  const auto by_ticket = state.ticket_by_key.find(first);
  if (by_operator == state.operator_by_key.end() && by_ticket == state.ticket_by_key.end()) {
    return Error{"change.signer.unknown", "signer", "签名者既不是管理员，也没有入网凭证。",
                 "The signer is neither an operator nor the holder of a ticket."};
  }
  if (Status count = check_signer_count(change); !count) return count.error();
  if (by_operator != state.operator_by_key.end()) {
    return find_operator(state, change, by_operator->second, at_ms, trusted);
  }
  return find_ticket(state, change, by_ticket->second, at_ms, trusted);
}

}  // namespace

Result<std::vector<crypto::PublicKey>> load_root(crypto::Suite suite,
                                                 const std::vector<Bytes>& keys,
                                                 std::uint64_t threshold) {
  if (keys.empty() || keys.size() > kMaxRootKeys || threshold == 0 || threshold > keys.size()) {
    return Error{"root.count", "threshold", "根密钥应有 1 至 9 把，须签名的数目在 1 和总数之间。",
                 "There are 1 to 9 root keys, and from 1 to all of them must sign."};
  }
  std::vector<crypto::PublicKey> loaded;
  for (const Bytes& raw : keys) {
    Result<crypto::PublicKey> key = crypto::PublicKey::load(suite, raw);
    if (!key) return key.error();
    if (find_key(loaded, key->id()) != nullptr) {
      return Error{"root.key.twice", "root keys", "同一把根密钥列了两次，只能算一次。",
                   "A root key is listed twice; it counts once."};
    }
    loaded.push_back(std::move(key).value());
  }
  return loaded;
}

Result<Signer> find_signer(const DirectoryState& state, const Change& change, const Stamp& entry,
                           bool trusted) {
  YISHI_ASSERT(change.nonce.size() == kNonceBytes);
  YISHI_ASSERT(!change.operations.empty() && change.operations.size() <= kMaxOperations);
  YISHI_ASSERT(!change.signatures.empty());
  if (planted(Defect::kChangeSignatureSkipped)) trusted = true;
  if (Status order = check_order(state, entry.version); !order) return order.error();
  const std::uint64_t at_ms = std::max(state.time_ms(), entry.time_ms);
  if (state.latest != 0 && change.network != state.network) {
    return Error{"change.network", "network", "这是另一个网络的变更。",
                 "The change belongs to another network."};
  }
  std::array<std::uint8_t, kNonceBytes> nonce{};
  std::copy_n(change.nonce.begin(), nonce.size(), nonce.begin());
  if (state.nonces.contains(nonce)) {
    return Error{"change.replayed", "nonce", "这次变更已经生效过，不能重复提交。",
                 "This change has already taken effect; it cannot be replayed."};
  }
  Result<Signer> signer = state.latest == 0 ? find_first_signer(state, change, trusted)
                                            : find_who(state, change, at_ms, trusted);
  if (signer.ok()) signer->at_ms = at_ms;
  return signer;
}

}  // namespace yishi::topology

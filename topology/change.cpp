#include "topology/change.h"

#include <algorithm>

#include "crypto/pack.h"

namespace yishi::topology {

namespace {

constexpr std::string_view kChangeDomain = "yishi/change/2";
constexpr std::string_view kNetworkDomain = "yishi/network/1";

void pack_keys(Packer& packer, const std::vector<Bytes>& keys) {
  packer.array(keys.size());
  for (const Bytes& key : keys) packer.binary(key);
}

void pack(Packer& packer, const NetworkCreated& op) {
  packer.array(6).text("network.created").text(op.name);
  packer.number(static_cast<std::uint64_t>(op.suite));
  pack_keys(packer, op.root_keys);
  packer.binary(op.log_key).number(op.threshold);
}
void pack(Packer& packer, const RootChanged& op) {
  packer.array(3).text("root.changed");
  pack_keys(packer, op.keys);
  packer.number(op.threshold);
}
void pack(Packer& packer, const UnitRetired& op) {
  packer.array(3).text("unit.retired").text(op.code.text()).text(op.successor.text());
}
void pack(Packer& packer, const UnitAdded& op) {
  packer.array(6).text("unit.added").text(op.unit.code.text()).text(op.unit.name);
  packer.text(op.unit.level).text(op.unit.parent.text()).text(op.unit.kind);
}
void pack(Packer& packer, const UnitRenamed& op) {
  packer.array(3).text("unit.renamed").text(op.code.text()).text(op.name);
}
void pack(Packer& packer, const UnitMoved& op) {
  packer.array(3).text("unit.moved").text(op.code.text()).text(op.parent.text());
}
void pack(Packer& packer, const UnitSuspended& op) {
  packer.array(2).text("unit.suspended").text(op.code.text());
}
void pack(Packer& packer, const UnitResumed& op) {
  packer.array(2).text("unit.resumed").text(op.code.text());
}
void pack(Packer& packer, const OperatorAdmitted& op) {
  packer.array(5).text("operator.admitted").binary(op.key).text(op.subtree.text());
  packer.number(op.expires_ms).text(op.label);
}
void pack(Packer& packer, const OperatorEnded& op) {
  packer.array(2).text("operator.ended").binary(op.key_id.view());
}
void pack(Packer& packer, const TicketIssued& op) {
  packer.array(5).text("ticket.issued").text(op.unit.text()).binary(op.key).binary(op.curve);
  packer.number(op.expires_ms);
}
void pack(Packer& packer, const NodeAdmitted& op) {
  packer.array(5).text("node.admitted").text(op.unit.text()).binary(op.key).binary(op.curve);
  packer.text(op.endpoint);
}
void pack(Packer& packer, const NodeEnded& op) {
  packer.array(3).text("node.ended").binary(op.key_id.view()).number(op.last_sequence);
}
void pack(Packer& packer, const PolicySet& op) {
  packer.array(3).text("policy.set").text(op.id).binary(view_of(op.text));
}

Bytes pack_payload(const Change& change) {
  Packer packer;
  packer.array(kPayloadFields).number(kChangeFormat).binary(change.network.view());
  packer.number(change.time_ms).binary(change.nonce);
  packer.array(change.operations.size());
  for (const Operation& operation : change.operations) {
    std::visit([&](const auto& op) { pack(packer, op); }, operation);
  }
  return packer.take();
}

}  // namespace

Bytes Change::encode() const {
  Packer packer;
  packer.array(2).binary(payload).array(signatures.size());
  for (const Signed& one : signatures) {
    packer.array(2).binary(one.key.view()).binary(one.signature.view());
  }
  return packer.take();
}

const crypto::Digest& Change::signer() const {
  YISHI_ASSERT(!signatures.empty());
  return signatures.front().key;
}

Change propose_change(const crypto::Digest& network, std::uint64_t time_ms,
                      std::vector<Operation> operations, crypto::Random& random) {
  YISHI_ASSERT(!operations.empty() && operations.size() <= kMaxOperations);
  Change change;
  change.network = network;
  change.time_ms = time_ms;
  change.nonce = random.bytes(kNonceBytes);
  change.operations = std::move(operations);
  change.payload = pack_payload(change);
  return change;
}

Status add_signature(const crypto::PrivateKey& key, Change& change) {
  const crypto::Digest& id = key.public_key().id();
  for (const Signed& one : change.signatures) {
    if (one.key != id) continue;
    return Error{"change.signature.twice", "signatures", "这把密钥已经在这份变更上签过名。",
                 "This key has signed the change already."};
  }
  if (change.signatures.size() >= kMaxSignatures) {
    return Error{"change.signature.count", "signatures", "这份变更的签名已满 18 个。",
                 "The change has 18 signatures, which is the most."};
  }
  change.signatures.push_back({id, key.sign(kChangeDomain, change.payload)});
  return {};
}

Change sign_change(const crypto::PrivateKey& key, const crypto::Digest& network,
                   std::uint64_t time_ms, std::vector<Operation> operations,
                   crypto::Random& random) {
  Change change = propose_change(network, time_ms, std::move(operations), random);
  const Status status = add_signature(key, change);
  YISHI_ASSERT(status.ok());
  return change;
}

bool signed_by(const Change& change, const crypto::PublicKey& key) {
  const auto made = std::find_if(change.signatures.begin(), change.signatures.end(),
                                 [&](const Signed& one) { return one.key == key.id(); });
  return made != change.signatures.end() &&
         key.verify(kChangeDomain, change.payload, made->signature);
}

crypto::Digest network_id(crypto::Suite suite, const Change& first) {
  return crypto::digest(suite, kNetworkDomain, {View(first.payload)});
}

}  // namespace yishi::topology

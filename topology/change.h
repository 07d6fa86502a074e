// A change: what an operator signs, and the only thing that moves the directory.
//
// A change is the body of a record of kind "topology.changed" in the topology
// log. Its bytes (msgpack):
//   change    = [ payload: bin, signature: bin 64 ]
//   payload   = [ 1, network: bin 32 (zeros in the first), signer: bin 32 (a key id),
//                 time: ms since 1970 UTC, nonce: bin 16, operations: array 1..256 ]
//   operation = [ name: text, arguments … ]      the names and arguments stand beside
//                                                each struct below
// The signature is the signer's over domain "yishi/change/1" and the payload's
// exact bytes. A nonce used twice is refused, so that a change cannot be replayed.
// All operations of a change take effect, or none.
//
// The first change is signed by the root key and begins with network.created; the
// network id is the digest, domain "yishi/network/1", of its payload: who knows the
// network id has pinned the root key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crypto/key.h"
#include "crypto/random.h"
#include "topology/unit.h"

namespace yishi::topology {

inline constexpr std::size_t kMaxOperations = 256;  // of one change
inline constexpr std::size_t kMaxChangeBytes = std::size_t{512} * 1024;
inline constexpr std::size_t kMaxPolicyBytes = std::size_t{256} * 1024;
inline constexpr std::uint64_t kChangeFormat = 1;  // first field of a payload
inline constexpr std::size_t kPayloadFields = 6;
inline constexpr std::size_t kNonceBytes = 16;
inline constexpr std::size_t kCurveKeyBytes = 32;
inline constexpr std::size_t kMaxEndpointBytes = 256;
inline constexpr std::string_view kChangeKind = "topology.changed";  // record kind

// ["network.created", name, suite number, root key, topology log's key]
struct NetworkCreated {
  std::string name;
  crypto::Suite suite = crypto::Suite::kEd25519Sha256;
  Bytes root_key;
  Bytes log_key;
};
// ["unit.added", code, name, level, parent, kind]
struct UnitAdded {
  Unit unit;
};
// ["unit.renamed", code, name]
struct UnitRenamed {
  Code code;
  std::string name;
};
// ["unit.moved", code, parent]: the whole subtree moves; its codes stay
struct UnitMoved {
  Code code;
  Code parent;
};
// ["unit.suspended", code], ["unit.resumed", code]: a suspended unit's node may not speak
struct UnitSuspended {
  Code code;
};
struct UnitResumed {
  Code code;
};
// ["operator.admitted", key, subtree code, expires ms (0: never), label]
struct OperatorAdmitted {
  Bytes key;
  Code subtree;
  std::uint64_t expires_ms = 0;
  std::string label;
};
// ["operator.ended", key id]
struct OperatorEnded {
  crypto::Digest key_id;
};
// ["ticket.issued", unit code, ticket's public key, its CURVE key (32 bytes), expires ms]
struct TicketIssued {
  Code unit;
  Bytes key;
  Bytes curve;
  std::uint64_t expires_ms = 0;
};
// ["node.admitted", unit code, log key, CURVE key (32 bytes), endpoint]: signed by an
// operator or by an unused, unexpired ticket of that unit, which it uses up. The
// endpoint is where children connect ("tcp://host:port"); empty when it takes none.
struct NodeAdmitted {
  Code unit;
  Bytes key;
  Bytes curve;
  std::string endpoint;
};
// ["node.ended", key id, last sequence]: entries of that log after it have no standing
struct NodeEnded {
  crypto::Digest key_id;
  std::uint64_t last_sequence = 0;
};
// ["policy.set", id, text: bin]: the deliberation policy, TOML; here only UTF-8. A bin,
// for it may be longer than kMaxPackText.
struct PolicySet {
  std::string id;
  std::string text;
};

using Operation =
    std::variant<NetworkCreated, UnitAdded, UnitRenamed, UnitMoved, UnitSuspended, UnitResumed,
                 OperatorAdmitted, OperatorEnded, TicketIssued, NodeAdmitted, NodeEnded, PolicySet>;

struct Change {
  crypto::Digest network;  // zero in the first change
  crypto::Digest signer;   // key id
  std::uint64_t time_ms = 0;
  Bytes nonce;  // 16 bytes
  std::vector<Operation> operations;
  Bytes payload;  // the exact bytes that were signed
  crypto::Signature signature;

  Bytes encode() const;  // the record body
};

// Asserts 1 to kMaxOperations operations: a longer list is the caller's to cut.
Change sign_change(const crypto::PrivateKey& key, const crypto::Digest& network,
                   std::uint64_t time_ms, std::vector<Operation> operations,
                   crypto::Random& random);
// Decodes; does not check the signature (the directory knows the keys). Unknown
// operation: rule "change.operation.unknown"; unknown version: "change.version.unknown".
Result<Change> decode_change(View body);
// True when `key` is the signer that the change names and made its signature.
bool signed_by(const Change& change, const crypto::PublicKey& key);
crypto::Digest network_id(crypto::Suite suite, const Change& first);

std::string_view operation_name(const Operation& operation);
std::string describe(const Operation& operation, bool chinese);  // one line for people

}  // namespace yishi::topology

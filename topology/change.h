// A change: what an operator signs, and the only thing that moves the directory.
//
// A change is the body of a record of kind "topology.changed" in the topology
// log. Its bytes (msgpack):
//   change    = [ payload: bin, signatures: array 1..18 of [ key id: bin 32, signature: bin 64 ] ]
//   payload   = [ 2, network: bin 32 (zeros in the first), time: ms since 1970 UTC,
//                 nonce: bin 16, operations: array 1..256 ]
//   operation = [ name: text, arguments … ]      the names and arguments stand beside
//                                                each struct below
// A signature is over domain "yishi/change/2" and the payload's exact bytes. A nonce
// used twice is refused, so that a change cannot be replayed. All operations of a change
// take effect, or none. What the root decides is signed by as many root keys as its
// threshold says, each on a machine of its own if need be: a change without signatures is
// a proposal, a file that goes from signer to signer. Operators and tickets sign alone.
//
// The first change is signed by the root and begins with network.created; the
// network id is the digest, domain "yishi/network/1", of its payload: who knows the
// network id has pinned the root keys.
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
inline constexpr std::uint64_t kChangeFormat = 2;  // first field of a payload
inline constexpr std::size_t kPayloadFields = 5;
inline constexpr std::size_t kMaxRootKeys = 9;
inline constexpr std::size_t kMaxSignatures = 2 * kMaxRootKeys;  // all old and all new root keys
inline constexpr std::size_t kNonceBytes = 16;
inline constexpr std::size_t kCurveKeyBytes = 32;
inline constexpr std::size_t kMaxEndpointBytes = 256;
inline constexpr std::string_view kChangeKind = "topology.changed";  // record kind

// ["network.created", name, suite number, root keys: array 1..9 of bin, topology log's key,
//  how many root keys must sign what the root decides: 1 to their number]
struct NetworkCreated {
  std::string name;
  crypto::Suite suite = crypto::Suite::kEd25519Sha256;
  std::vector<Bytes> root_keys;
  Bytes log_key;
  std::uint64_t threshold = 1;
};
// ["root.changed", keys: array 1..9 of bin, threshold]: from now on these are the root.
// Alone in its change; signed by the old root's threshold and by the new one's.
struct RootChanged {
  std::vector<Bytes> keys;
  std::uint64_t threshold = 1;
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
// ["unit.retired", code, successor]: the unit is no more. It and all that was ever below it
// stand below its successor from now on, whose node keeps what it held; its own node has
// ended. For a merger (撤村并镇), a new code, a split. For good: codes are used once.
struct UnitRetired {
  Code code;
  Code successor;
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

using Operation = std::variant<NetworkCreated, UnitAdded, UnitRenamed, UnitMoved, UnitSuspended,
                               UnitResumed, OperatorAdmitted, OperatorEnded, TicketIssued,
                               NodeAdmitted, NodeEnded, PolicySet, RootChanged, UnitRetired>;

struct Signed {
  crypto::Digest key;  // its id
  crypto::Signature signature;
};

struct Change {
  crypto::Digest network;  // zero in the first change
  std::uint64_t time_ms = 0;
  Bytes nonce;  // 16 bytes
  std::vector<Operation> operations;
  Bytes payload;                   // the exact bytes that were signed
  std::vector<Signed> signatures;  // as they were added, no key twice; none: a proposal

  const crypto::Digest& signer() const;  // who signed first; asserts that somebody did
  Bytes encode() const;                  // the record body
};

// Asserts 1 to kMaxOperations operations: a longer list is the caller's to cut.
Change propose_change(const crypto::Digest& network, std::uint64_t time_ms,
                      std::vector<Operation> operations, crypto::Random& random);
// Rules "change.signature.twice", "change.signature.count".
Status add_signature(const crypto::PrivateKey& key, Change& change);
// Both: a change with one signature.
Change sign_change(const crypto::PrivateKey& key, const crypto::Digest& network,
                   std::uint64_t time_ms, std::vector<Operation> operations,
                   crypto::Random& random);
// Decodes; does not check the signature (the directory knows the keys). Unknown
// operation: rule "change.operation.unknown"; unknown version: "change.version.unknown".
// A change that nobody has signed is refused: rule "change.signature.count".
Result<Change> decode_change(View body);
Result<Change> decode_proposal(View body);  // the same, signed or not
// True when the change carries a signature in the name of `key` and `key` made it.
bool signed_by(const Change& change, const crypto::PublicKey& key);
crypto::Digest network_id(crypto::Suite suite, const Change& first);

std::string_view operation_name(const Operation& operation);
std::string describe(const Operation& operation, bool chinese);  // one line for people

}  // namespace yishi::topology

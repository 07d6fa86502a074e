// A ticket: one line of text that lets one machine become one unit's node, once.
//
// It carries a 32-byte secret. From the secret come a signing key (it signs the
// node.admitted change) and a CURVE secret (so that the parent's door opens before
// the node is admitted); the topology log holds only their public halves.
// Text: "yishi1." and base64url of msgpack
//   [ 1, network: bin 32, suite, unit code, unit name, secret: bin 32,
//     parent's endpoint, parent's CURVE key: bin 32, parent's unit code, expires ms,
//     check: bin 4 ]
// where check is the beginning of the SHA-256 digest, domain "yishi/ticket-check/1", of
// all bytes before it, so that a typing error is found where it was made.
// parse() also takes the text with spaces and line breaks in it (it was typed).
#pragma once

#include <string>

#include "crypto/key.h"
#include "topology/code.h"

namespace yishi::topology {

inline constexpr std::size_t kMaxTicketText = 4096;  // bytes, with the blanks in it

struct TicketText {
  crypto::Digest network;
  crypto::Suite suite = crypto::Suite::kEd25519Sha256;
  Code unit;
  std::string unit_name;
  Bytes secret;  // 32 bytes
  std::string parent_endpoint;
  Bytes parent_curve;  // 32 bytes
  Code parent;
  std::uint64_t expires_ms = 0;

  std::string to_text() const;  // asserts the two lengths
  static Result<TicketText> parse(
      std::string_view text);  // rules "ticket.*"; not whether it expired

  crypto::PrivateKey signing_key() const;  // secret from digest domain "yishi/ticket-sign/1"
  Bytes curve_secret() const;              // 32 bytes, digest domain "yishi/ticket-curve/1"
};

}  // namespace yishi::topology

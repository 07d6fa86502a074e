// The key pair of a line (CURVE, RFC 26/ZeroMQ: Curve25519), apart from the transport that
// uses it. A public key is derived from its secret, so only secrets are ever kept.
#pragma once

#include "sync/transport.h"

namespace yishi::sync {

struct CurvePair {
  PeerKey public_key{};
  PeerKey secret_key{};
};
CurvePair curve_from_secret(const PeerKey& secret);

}  // namespace yishi::sync

// The key pair of a line (CURVE, RFC 26/ZeroMQ: Curve25519), apart from the transport that
// uses it. A public key is derived from its secret, so only secrets are ever kept.
#pragma once

#include <algorithm>

#include "crypto/assert.h"
#include "sync/transport.h"

namespace yishi::sync {

struct CurvePair {
  PeerKey public_key{};
  PeerKey secret_key{};
};
CurvePair curve_from_secret(const PeerKey& secret);

inline PeerKey peer_key(View bytes) {  // asserts 32 bytes
  PeerKey key{};
  YISHI_ASSERT(bytes.size() == key.size());
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

}  // namespace yishi::sync

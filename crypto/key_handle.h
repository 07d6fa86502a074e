// What a PublicKey or PrivateKey holds: internal to crypto/.
#pragma once

#include <utility>

#include "crypto/key.h"
#include "crypto/openssl_handles.h"
#include "crypto/suite_primitives.h"

namespace yishi::crypto {

struct PublicKey::Handle {
  explicit Handle(raw::Pkey parsed) : key(std::move(parsed)) {}
  raw::Pkey key;  // parsed once; OpenSSL lets several threads use it
};

}  // namespace yishi::crypto

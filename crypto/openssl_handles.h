// Owners for OpenSSL's objects: internal to crypto/.
//
// The deleters wipe what may hold a secret. wipe() clears our own copies.
#pragma once

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include <memory>

#include "crypto/bytes.h"

namespace yishi::crypto::raw {

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};

using BigNumber = std::unique_ptr<BIGNUM, Freed<BN_clear_free>>;
using BigNumberContext = std::unique_ptr<BN_CTX, Freed<BN_CTX_free>>;
using CurvePoint = std::unique_ptr<EC_POINT, Freed<EC_POINT_clear_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using HashContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

template <class Container>
void wipe(Container& secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
}

// Wipes a local secret on every way out of its block.
template <class Container>
class Wiper {
 public:
  explicit Wiper(Container& secret) : secret_(secret) {}
  ~Wiper() { wipe(secret_); }
  Wiper(const Wiper&) = delete;
  Wiper& operator=(const Wiper&) = delete;

 private:
  Container& secret_;
};

// OpenSSL's functions take keys without const and only count references in them.
inline EVP_PKEY* shared(const EVP_PKEY& key) { return const_cast<EVP_PKEY*>(&key); }

}  // namespace yishi::crypto::raw

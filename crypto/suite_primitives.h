// What the two suites are made of, without domains: internal to crypto/.
//
// Nobody outside this folder includes this file. It is apart from digest.cpp and
// key.cpp so that the published test vectors, which know no domains, can be held
// against the very functions that the public ones call.
//
// Keys are OpenSSL's own objects, which several threads may use at once.
#pragma once

#include <memory>

#include "crypto/digest.h"
#include "crypto/result.h"

struct evp_pkey_st;    // OpenSSL's EVP_PKEY
struct evp_md_ctx_st;  // OpenSSL's EVP_MD_CTX
struct evp_md_st;      // OpenSSL's EVP_MD

namespace yishi::crypto::raw {

// One hash at a time: begin, add, end, and again. A Hasher belongs to one thread.
class Hasher {
 public:
  explicit Hasher(Suite suite);
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  void begin();
  void add(View bytes);
  Digest end();

 private:
  const evp_md_st* algorithm_;  // lives as long as the program
  evp_md_ctx_st* context_;
};

Hasher& thread_hasher(Suite suite);

struct FreePkey {
  void operator()(evp_pkey_st* key) const;
};
using Pkey = std::unique_ptr<evp_pkey_st, FreePkey>;

// The checks of PublicKey::load and PrivateKey::from_secret are made here.
Result<Pkey> load_public(Suite suite, View raw_public);
Result<Pkey> load_secret(Suite suite, View secret);
Bytes public_of(Suite suite, const evp_pkey_st& key);

Signature sign(Suite suite, const evp_pkey_st& key, View message);
bool verify(Suite suite, const evp_pkey_st& key, View message, const Signature& signature);

// One suite each; the functions above choose between them.
Result<Pkey> ed25519_load_public(View raw_public);
Result<Pkey> ed25519_load_secret(View secret);
Result<Pkey> sm2_load_public(View raw_public);
Result<Pkey> sm2_load_secret(View secret);
Signature ed25519_sign(const evp_pkey_st& key, View message);
Signature sm2_sign(const evp_pkey_st& key, View message);
bool ed25519_verify(const evp_pkey_st& key, View message, const Signature& signature);
bool sm2_verify(const evp_pkey_st& key, View message, const Signature& signature);

}  // namespace yishi::crypto::raw

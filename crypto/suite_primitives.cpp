#include "crypto/suite_primitives.h"

#include "crypto/openssl_handles.h"

namespace yishi::crypto::raw {

void FreePkey::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

Result<Pkey> load_public(Suite suite, View raw_public) {
  return suite == Suite::kEd25519Sha256 ? ed25519_load_public(raw_public)
                                        : sm2_load_public(raw_public);
}

Result<Pkey> load_secret(Suite suite, View secret) {
  return suite == Suite::kEd25519Sha256 ? ed25519_load_secret(secret) : sm2_load_secret(secret);
}

Bytes public_of(Suite suite, const evp_pkey_st& key) {
  Bytes raw_public(suite == Suite::kEd25519Sha256 ? 32 : 65);
  std::size_t size = raw_public.size();
  if (suite == Suite::kEd25519Sha256) {
    YISHI_ASSERT(EVP_PKEY_get_raw_public_key(&key, raw_public.data(), &size) == 1);
  } else {
    YISHI_ASSERT(EVP_PKEY_get_octet_string_param(&key, "pub", raw_public.data(), size, &size) == 1);
  }
  YISHI_ASSERT(size == raw_public.size());
  return raw_public;
}

Signature sign(Suite suite, const evp_pkey_st& key, View message) {
  return suite == Suite::kEd25519Sha256 ? ed25519_sign(key, message) : sm2_sign(key, message);
}

bool verify(Suite suite, const evp_pkey_st& key, View message, const Signature& signature) {
  return suite == Suite::kEd25519Sha256 ? ed25519_verify(key, message, signature)
                                        : sm2_verify(key, message, signature);
}

}  // namespace yishi::crypto::raw

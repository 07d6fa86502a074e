#include <openssl/evp.h>

#include "crypto/assert.h"
#include "crypto/suite_primitives.h"

namespace yishi::crypto::raw {
namespace {

// Fetched once: looking an algorithm up takes longer than hashing a record.
// Kept until the process ends, because threads may still hash while it ends.
const EVP_MD* algorithm_of(Suite suite) {
  static const EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  static const EVP_MD* const kSm3 = EVP_MD_fetch(nullptr, "SM3", nullptr);
  const EVP_MD* const algorithm = suite == Suite::kEd25519Sha256 ? kSha256 : kSm3;
  YISHI_ASSERT(algorithm != nullptr);
  return algorithm;
}

}  // namespace

Hasher::Hasher(Suite suite) : algorithm_(algorithm_of(suite)), context_(EVP_MD_CTX_new()) {
  YISHI_ASSERT(context_ != nullptr);
}

Hasher::~Hasher() { EVP_MD_CTX_free(context_); }

void Hasher::begin() { YISHI_ASSERT(EVP_DigestInit_ex2(context_, algorithm_, nullptr) == 1); }

void Hasher::add(View bytes) {
  YISHI_ASSERT(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1);
}

Digest Hasher::end() {
  Digest digest;
  unsigned int size = 0;
  YISHI_ASSERT(EVP_DigestFinal_ex(context_, digest.bytes.data(), &size) == 1);
  YISHI_ASSERT(size == kDigestBytes);
  return digest;
}

Hasher& thread_hasher(Suite suite) {
  // One a suite, so that a context never changes its algorithm.
  thread_local Hasher sha256(Suite::kEd25519Sha256);
  thread_local Hasher sm3(Suite::kSm2Sm3);
  return suite == Suite::kEd25519Sha256 ? sha256 : sm3;
}

}  // namespace yishi::crypto::raw

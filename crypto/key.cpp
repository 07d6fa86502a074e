#include "crypto/key.h"

#include <openssl/rand.h>

#include <array>

#include "crypto/key_handle.h"

namespace yishi::crypto {
namespace {

constexpr std::string_view kLogIdDomain = "yishi/log/1";

Digest key_id(Suite suite, View raw_public) {
  const auto number = static_cast<std::uint8_t>(suite);
  return digest(suite, kLogIdDomain, {View(&number, 1), raw_public});
}

// The exact bytes that are signed. Both signers want them in one piece.
Bytes with_domain(std::string_view domain, View message) {
  Bytes bytes;
  bytes.reserve(domain.size() + 1 + message.size());
  bytes.insert(bytes.end(), domain.begin(), domain.end());
  bytes.push_back(0);
  bytes.insert(bytes.end(), message.begin(), message.end());
  return bytes;
}

}  // namespace

Result<PublicKey> PublicKey::load(Suite suite, View raw) {
  auto loaded = raw::load_public(suite, raw);
  if (!loaded) return loaded.error();
  PublicKey key;
  key.suite_ = suite;
  key.raw_ = copy(raw);
  key.id_ = key_id(suite, raw);
  key.handle_ = std::make_shared<const Handle>(std::move(*loaded));
  return key;
}

bool PublicKey::verify(std::string_view domain, View message, const Signature& signature) const {
  YISHI_ASSERT(handle_ != nullptr);
  return raw::verify(suite_, *handle_->key, with_domain(domain, message), signature);
}

PrivateKey PrivateKey::generate(Suite suite) {
  std::array<std::uint8_t, kSecretBytes> secret{};
  const raw::Wiper wiper(secret);
  const auto draw = [&] {
    YISHI_ASSERT(RAND_priv_bytes(secret.data(), static_cast<int>(secret.size())) == 1);
    return from_secret(suite, secret);
  };
  auto key = draw();
  while (!key) key = draw();  // an SM2 scalar out of range: about once in 2^32 draws
  return std::move(*key);
}

Result<PrivateKey> PrivateKey::from_secret(Suite suite, View secret) {
  auto loaded = raw::load_secret(suite, secret);
  if (!loaded) return loaded.error();
  auto public_key = PublicKey::load(suite, raw::public_of(suite, **loaded));
  if (!public_key) return public_key.error();
  PrivateKey key;
  key.public_key_ = std::move(*public_key);
  key.handle_ = std::make_shared<const PublicKey::Handle>(std::move(*loaded));
  return key;
}

Signature PrivateKey::sign(std::string_view domain, View message) const {
  YISHI_ASSERT(handle_ != nullptr);
  return raw::sign(suite(), *handle_->key, with_domain(domain, message));
}

}  // namespace yishi::crypto

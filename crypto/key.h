// Signing keys of both suites behind one small pair of classes.
//
// The algorithm belongs to the key: it is chosen when the key is made or read,
// never by a message. What is signed is the domain, a zero byte, and the message.
// Copies share the underlying key and may be used from several threads at once.
#pragma once

#include <memory>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/result.h"

namespace yishi::crypto {

inline constexpr std::size_t kMaxPassphraseBytes = 1024;
inline constexpr std::size_t kSecretBytes = 32;  // both suites: Ed25519 seed, SM2 scalar

class PublicKey {
 public:
  // Refuses: wrong length, non-canonical or small-order Ed25519 points, SM2
  // points that are not on the curve. rule "key.public.length", ".canonical",
  // ".order", ".curve". Ed25519 points of mixed order pass.
  static Result<PublicKey> load(Suite suite, View raw);

  Suite suite() const { return suite_; }
  const Bytes& raw() const { return raw_; }
  // Digest of suite and raw key; the log id of the log that this key signs.
  const Digest& id() const { return id_; }
  // False for a wrong signature; a wrong signature is not an error of the program.
  bool verify(std::string_view domain, View message, const Signature& signature) const;
  bool operator==(const PublicKey& other) const { return id_ == other.id_; }

 private:
  friend class PrivateKey;
  struct Handle;
  PublicKey() = default;
  Suite suite_ = Suite::kEd25519Sha256;
  Bytes raw_;
  Digest id_;
  std::shared_ptr<const Handle> handle_;
};

class PrivateKey {
 public:
  static PrivateKey generate(Suite suite);  // from the system's generator
  // 32 bytes; same secret, same key. Rules: key.secret.length, key.secret.range (SM2 only).
  static Result<PrivateKey> from_secret(Suite suite, View secret);

  const PublicKey& public_key() const { return public_key_; }
  Suite suite() const { return public_key_.suite(); }
  Signature sign(std::string_view domain, View message) const;
  // PKCS#8 (RFC 5958), encrypted with PBES2: PBKDF2-HMAC-SHA256 and AES-256-CBC; PEM.
  // The passphrase has at most kMaxPassphraseBytes (asserted).
  std::string to_encrypted_pem(std::string_view passphrase) const;
  // Rules: key.passphrase (wrong, or the ciphertext is damaged: the two look alike),
  // key.pem.malformed, key.pem.algorithm, key.pem.iterations. There is no seal: compare
  // the public key with the one the key is known by (see README.md).
  static Result<PrivateKey> from_encrypted_pem(std::string_view pem, std::string_view passphrase);

 private:
  PrivateKey() = default;
  PublicKey public_key_;
  std::shared_ptr<const PublicKey::Handle> handle_;
};

}  // namespace yishi::crypto

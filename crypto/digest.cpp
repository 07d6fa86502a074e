#include "crypto/digest.h"

#include <algorithm>
#include <cstring>

#include "crypto/suite_primitives.h"

namespace yishi::crypto {

std::string_view suite_name(Suite suite) {
  return suite == Suite::kEd25519Sha256 ? "ed25519" : "sm2";
}

std::optional<Suite> suite_from_name(std::string_view name) {
  if (name == suite_name(Suite::kEd25519Sha256)) return Suite::kEd25519Sha256;
  if (name == suite_name(Suite::kSm2Sm3)) return Suite::kSm2Sm3;
  return std::nullopt;
}

std::optional<Suite> suite_from_number(std::uint64_t number) {
  if (number == static_cast<std::uint64_t>(Suite::kEd25519Sha256)) return Suite::kEd25519Sha256;
  if (number == static_cast<std::uint64_t>(Suite::kSm2Sm3)) return Suite::kSm2Sm3;
  return std::nullopt;
}

bool Digest::is_zero() const {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

Digest Digest::from(View bytes) {
  YISHI_ASSERT(bytes.size() == kDigestBytes);
  Digest digest;
  std::copy(bytes.begin(), bytes.end(), digest.bytes.begin());
  return digest;
}

Signature Signature::from(View bytes) {
  YISHI_ASSERT(bytes.size() == kSignatureBytes);
  Signature signature;
  std::copy(bytes.begin(), bytes.end(), signature.bytes.begin());
  return signature;
}

std::size_t DigestHash::operator()(const Digest& digest) const {
  // A digest is uniform already: any of its bytes will do.
  std::size_t hash = 0;
  std::memcpy(&hash, digest.bytes.data(), sizeof hash);
  return hash;
}

Digest digest(Suite suite, std::string_view domain, std::initializer_list<View> parts) {
  static constexpr std::uint8_t kZero = 0;
  raw::Hasher& hasher = raw::thread_hasher(suite);
  hasher.begin();
  hasher.add(view_of(domain));
  hasher.add({&kZero, 1});
  for (const View part : parts) hasher.add(part);
  return hasher.end();
}

}  // namespace yishi::crypto

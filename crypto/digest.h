// Digests and the two suites. A network uses one suite, fixed when it is made.
//
//   suite                digest          signature          public key       signature
//   1 ed25519-sha256     SHA-256, 32 B   Ed25519 RFC 8032   32 B             64 B
//   2 sm2-sm3            SM3, 32 B       SM2 GB/T 32918.2   65 B 04||x||y    64 B r||s
//                        GB/T 32905      signer id 1234567812345678
//
// Every digest and every signature is over a domain prefix and then the exact
// bytes, so that no byte string means two things. Domain texts end in /1: the
// version of the format they guard.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "crypto/bytes.h"

namespace yishi::crypto {

enum class Suite : std::uint8_t { kEd25519Sha256 = 1, kSm2Sm3 = 2 };

std::string_view suite_name(Suite suite);  // "ed25519", "sm2"
std::optional<Suite> suite_from_name(std::string_view name);
std::optional<Suite> suite_from_number(std::uint64_t number);

inline constexpr std::size_t kDigestBytes = 32;
inline constexpr std::size_t kSignatureBytes = 64;

struct Digest {
  std::array<std::uint8_t, kDigestBytes> bytes{};
  auto operator<=>(const Digest&) const = default;  // NOLINT: modernize-use-nullptr, falsely
  View view() const { return bytes; }
  bool is_zero() const;
  static Digest from(View bytes);  // asserts 32 bytes
};

struct Signature {
  std::array<std::uint8_t, kSignatureBytes> bytes{};
  bool operator==(const Signature&) const = default;
  View view() const { return bytes; }
  static Signature from(View bytes);  // asserts 64 bytes
};

struct DigestHash {
  std::size_t operator()(const Digest& digest) const;
};

// The digest of a domain, a zero byte, and the parts one after another. The
// parts must be self-delimiting or of fixed length: nothing is put between them.
// Thread-safe; reuses one context a thread.
Digest digest(Suite suite, std::string_view domain, std::initializer_list<View> parts);

}  // namespace yishi::crypto

// Ed25519 (RFC 8032): keys are OpenSSL's, with the checks on public keys that it leaves out;
// libsodium signs and verifies, more than twice as fast.
#include <sodium.h>

#include <algorithm>
#include <array>

#include "crypto/openssl_handles.h"
#include "crypto/suite_primitives.h"

namespace yishi::crypto::raw {
namespace {

constexpr std::size_t kEd25519PublicBytes = 32;
constexpr std::size_t kSeedBytes = 32;
constexpr std::uint8_t kSignBit = 0x80;  // of x, in the last byte of an encoded point

using Encoded = std::array<std::uint8_t, kEd25519PublicBytes>;

constexpr std::uint8_t hex_digit(char c) {
  return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10);
}

constexpr Encoded encoded(std::string_view hex) {
  Encoded bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
  }
  return bytes;
}

// The field's prime, 2^255 - 19, low byte first as in an encoded point.
constexpr Encoded kPrime =
    encoded("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

// The y of every point whose order divides 8, low byte first. With such a key one
// signature fits any message. The sign of x is left out of the comparison, which
// also covers the encodings of x = -0 (RFC 8032, section 5.1.3, step 4).
constexpr std::array<Encoded, 5> kSmallOrder = {
    encoded("0000000000000000000000000000000000000000000000000000000000000000"),  // order 4
    encoded("0100000000000000000000000000000000000000000000000000000000000000"),  // order 1
    encoded("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),  // order 2
    encoded("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),  // order 8
    encoded("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),  // order 8
};

bool below_prime(const Encoded& y) {
  return std::lexicographical_compare(y.rbegin(), y.rend(), kPrime.rbegin(), kPrime.rend());
}

// Whether an x belongs to this y. On the curve x^2 = (y^2 - 1) / (d y^2 + 1) with
// d = -121665 / 121666. Multiplied out, so that nothing is divided: the quotient
// is a square exactly when 121666 (y^2 - 1) (121666 - 121665 y^2) is one.
bool on_curve(const Encoded& y_bytes) {
  const BigNumberContext context(BN_CTX_new());
  const BigNumber p(BN_lebin2bn(kPrime.data(), kEd25519PublicBytes, nullptr));
  const BigNumber y(BN_lebin2bn(y_bytes.data(), kEd25519PublicBytes, nullptr));
  const BigNumber above(BN_new());
  const BigNumber below(BN_new());
  YISHI_ASSERT(context && p && y && above && below);
  bool worked = BN_mod_sqr(above.get(), y.get(), p.get(), context.get()) == 1 &&
                BN_copy(below.get(), above.get()) != nullptr &&
                BN_sub_word(above.get(), 1) == 1 &&  // y = 0 is of small order: not negative
                BN_mul_word(below.get(), 121665) == 1;
  BN_set_negative(below.get(), 1);
  worked = worked && BN_add_word(below.get(), 121666) == 1 &&
           BN_mul_word(above.get(), 121666) == 1 &&
           BN_mod_mul(above.get(), above.get(), below.get(), p.get(), context.get()) == 1;
  YISHI_ASSERT(worked);
  return BN_kronecker(above.get(), p.get(), context.get()) == 1;
}

// Before libsodium's first use; any number of times, from any thread.
void require_sodium() {
  static const bool kReady = sodium_init() >= 0;
  YISHI_ASSERT(kReady);
}

}  // namespace

Result<Pkey> ed25519_load_public(View raw_public) {
  if (raw_public.size() != kEd25519PublicBytes) {
    return Error{"key.public.length", "public key", "Ed25519 公钥应为 32 字节",
                 "an Ed25519 public key has 32 bytes"};
  }
  Encoded y{};
  std::copy(raw_public.begin(), raw_public.end(), y.begin());
  y.back() &= static_cast<std::uint8_t>(~kSignBit);
  if (!below_prime(y)) {
    return Error{"key.public.canonical", "public key", "Ed25519 公钥的编码不规范",
                 "the Ed25519 public key is not in its canonical form"};
  }
  if (std::find(kSmallOrder.begin(), kSmallOrder.end(), y) != kSmallOrder.end()) {
    return Error{"key.public.order", "public key", "Ed25519 公钥是低阶点,不安全",
                 "the Ed25519 public key is a point of small order and protects nothing"};
  }
  if (!on_curve(y)) {
    return Error{"key.public.curve", "public key", "公钥不在 Ed25519 曲线上",
                 "the public key is not on the Ed25519 curve"};
  }
  Pkey key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw_public.data(), raw_public.size()));
  YISHI_ASSERT(key);
  return key;
}

Result<Pkey> ed25519_load_secret(View secret) {
  if (secret.size() != kSeedBytes) {
    return Error{"key.secret.length", "secret key", "Ed25519 私钥应为 32 字节",
                 "an Ed25519 secret key has 32 bytes"};
  }
  Pkey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret.data(), secret.size()));
  YISHI_ASSERT(key);
  return key;
}

Signature ed25519_sign(const evp_pkey_st& key, View message) {
  require_sodium();
  std::array<std::uint8_t, crypto_sign_SECRETKEYBYTES> secret{};  // seed and public key
  static_assert(secret.size() == kSeedBytes + kEd25519PublicBytes);
  const Wiper wiper(secret);
  std::size_t seed_size = kSeedBytes;
  std::size_t public_size = kEd25519PublicBytes;
  YISHI_ASSERT(EVP_PKEY_get_raw_private_key(&key, secret.data(), &seed_size) == 1 &&
               EVP_PKEY_get_raw_public_key(&key, secret.data() + kSeedBytes, &public_size) == 1);
  Signature signature;
  static_assert(kSignatureBytes == crypto_sign_BYTES);
  YISHI_ASSERT(crypto_sign_detached(signature.bytes.data(), nullptr, message.data(), message.size(),
                                    secret.data()) == 0);
  return signature;
}

bool ed25519_verify(const evp_pkey_st& key, View message, const Signature& signature) {
  require_sodium();
  Encoded point{};
  std::size_t size = point.size();
  YISHI_ASSERT(EVP_PKEY_get_raw_public_key(&key, point.data(), &size) == 1);
  return crypto_sign_verify_detached(signature.bytes.data(), message.data(), message.size(),
                                     point.data()) == 0;
}

}  // namespace yishi::crypto::raw

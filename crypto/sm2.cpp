// SM2 (GB/T 32918) on its recommended curve, by OpenSSL, with SM3.
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>

#include "crypto/openssl_handles.h"
#include "crypto/suite_primitives.h"

namespace yishi::crypto::raw {
namespace {

constexpr std::size_t kNumberBytes = 32;  // of a coordinate, the secret, r and s
constexpr std::size_t kSm2PublicBytes = 1 + 2 * kNumberBytes;
constexpr std::uint8_t kUncompressed = 0x04;
// GB/T 35276: the id to use where none is agreed. OpenSSL 3.0 uses none unless told.
constexpr std::string_view kSignerId = "1234567812345678";

using SignatureNumbers = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Freed<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freed<OSSL_PARAM_free>>;
using EncodedPublic = std::array<std::uint8_t, kSm2PublicBytes>;

const EC_GROUP* curve() {  // kept until the process ends, and only read
  static const EC_GROUP* const kCurve = EC_GROUP_new_by_curve_name(NID_sm2);
  YISHI_ASSERT(kCurve != nullptr);
  return kCurve;
}

// A key of checked parts; secret may be null.
Pkey make_key(const EncodedPublic& raw_public, const BIGNUM* secret) {
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  YISHI_ASSERT(builder);
  bool built =
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "SM2", 0) == 1 &&
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, raw_public.data(),
                                       raw_public.size()) == 1;
  if (secret != nullptr) {
    built = built && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret) == 1;
  }
  YISHI_ASSERT(built);
  const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "SM2", nullptr));
  YISHI_ASSERT(params && context);
  EVP_PKEY* key = nullptr;
  YISHI_ASSERT(EVP_PKEY_fromdata_init(context.get()) == 1);
  YISHI_ASSERT(EVP_PKEY_fromdata(context.get(), &key,
                                 secret != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                                 params.get()) == 1);
  return Pkey(key);
}

// 1 <= secret <= n - 2 (GB/T 32918.1, 6.1): with n - 1 no signature can be made.
bool in_range(const BIGNUM* secret) {
  const BigNumber highest(BN_dup(EC_GROUP_get0_order(curve())));
  YISHI_ASSERT(highest);
  YISHI_ASSERT(BN_sub_word(highest.get(), 2) == 1);
  return !BN_is_zero(secret) && BN_cmp(secret, highest.get()) <= 0;
}

EncodedPublic public_of_secret(const BIGNUM* secret) {
  const BigNumberContext context(BN_CTX_secure_new());
  const CurvePoint point(EC_POINT_new(curve()));
  YISHI_ASSERT(context && point);
  YISHI_ASSERT(EC_POINT_mul(curve(), point.get(), secret, nullptr, nullptr, context.get()) == 1);
  EncodedPublic bytes{};
  YISHI_ASSERT(EC_POINT_point2oct(curve(), point.get(), POINT_CONVERSION_UNCOMPRESSED, bytes.data(),
                                  bytes.size(), context.get()) == bytes.size());
  return bytes;
}

// Sets the signer id before the key's digest Z goes into the hash. `Init` is
// EVP_DigestSignInit or EVP_DigestVerifyInit.
template <auto kInit>
HashContext hash_with_signer_id(const evp_pkey_st& key) {
  static const EVP_MD* const kSm3 = EVP_MD_fetch(nullptr, "SM3", nullptr);
  HashContext context(EVP_MD_CTX_new());
  YISHI_ASSERT(context);
  EVP_PKEY_CTX* key_context = nullptr;  // belongs to context
  YISHI_ASSERT(kInit(context.get(), &key_context, kSm3, nullptr, shared(key)) == 1);
  YISHI_ASSERT(EVP_PKEY_CTX_set1_id(key_context, kSignerId.data(), kSignerId.size()) == 1);
  return context;
}

}  // namespace

Result<Pkey> sm2_load_public(View raw_public) {
  if (raw_public.size() != kSm2PublicBytes) {
    return Error{"key.public.length", "public key", "SM2 公钥应为 65 字节",
                 "an SM2 public key has 65 bytes"};
  }
  if (raw_public.front() != kUncompressed) {
    return Error{"key.public.canonical", "public key", "SM2 公钥应以 04 开头",
                 "an SM2 public key begins with 04"};
  }
  // oct2point refuses coordinates beyond the field and points off the curve. The
  // curve's cofactor is 1, so every other point but infinity, which has one byte, will do.
  const CurvePoint point(EC_POINT_new(curve()));
  YISHI_ASSERT(point);
  if (EC_POINT_oct2point(curve(), point.get(), raw_public.data(), raw_public.size(), nullptr) !=
      1) {
    ERR_clear_error();
    return Error{"key.public.curve", "public key", "公钥不在 SM2 曲线上",
                 "the public key is not on the SM2 curve"};
  }
  EncodedPublic bytes{};
  std::copy(raw_public.begin(), raw_public.end(), bytes.begin());
  return make_key(bytes, nullptr);
}

Result<Pkey> sm2_load_secret(View secret) {
  if (secret.size() != kNumberBytes) {
    return Error{"key.secret.length", "secret key", "SM2 私钥应为 32 字节",
                 "an SM2 secret key has 32 bytes"};
  }
  const BigNumber number(BN_secure_new());
  YISHI_ASSERT(number);
  YISHI_ASSERT(BN_bin2bn(secret.data(), static_cast<int>(secret.size()), number.get()) != nullptr);
  BN_set_flags(number.get(), BN_FLG_CONSTTIME);
  if (!in_range(number.get())) {
    return Error{"key.secret.range", "secret key", "SM2 私钥超出范围",
                 "the SM2 secret key is out of range"};
  }
  return make_key(public_of_secret(number.get()), number.get());
}

Signature sm2_sign(const evp_pkey_st& key, View message) {
  const HashContext context = hash_with_signer_id<EVP_DigestSignInit>(key);
  std::array<std::uint8_t, 2 * kNumberBytes + 16> der{};  // two INTEGERs in a SEQUENCE
  std::size_t size = der.size();
  YISHI_ASSERT(EVP_DigestSign(context.get(), der.data(), &size, message.data(), message.size()) ==
               1);
  const std::uint8_t* next = der.data();
  const SignatureNumbers numbers(d2i_ECDSA_SIG(nullptr, &next, static_cast<long>(size)));
  YISHI_ASSERT(numbers);
  Signature signature;
  std::uint8_t* const out = signature.bytes.data();
  const int width = static_cast<int>(kNumberBytes);
  YISHI_ASSERT(BN_bn2binpad(ECDSA_SIG_get0_r(numbers.get()), out, width) == width);
  YISHI_ASSERT(BN_bn2binpad(ECDSA_SIG_get0_s(numbers.get()), out + kNumberBytes, width) == width);
  return signature;
}

bool sm2_verify(const evp_pkey_st& key, View message, const Signature& signature) {
  const std::uint8_t* const in = signature.bytes.data();
  const int width = static_cast<int>(kNumberBytes);
  BigNumber r(BN_bin2bn(in, width, nullptr));
  BigNumber s(BN_bin2bn(in + kNumberBytes, width, nullptr));
  YISHI_ASSERT(r && s);
  const BIGNUM* const order = EC_GROUP_get0_order(curve());
  if (BN_is_zero(r.get()) || BN_is_zero(s.get())) return false;
  if (BN_cmp(r.get(), order) >= 0 || BN_cmp(s.get(), order) >= 0) return false;

  const SignatureNumbers numbers(ECDSA_SIG_new());
  YISHI_ASSERT(numbers);
  YISHI_ASSERT(ECDSA_SIG_set0(numbers.get(), r.get(), s.get()) == 1);
  (void)r.release();  // now the pair's
  (void)s.release();
  std::array<std::uint8_t, 2 * kNumberBytes + 16> der{};
  YISHI_ASSERT(i2d_ECDSA_SIG(numbers.get(), nullptr) <= static_cast<int>(der.size()));
  std::uint8_t* end = der.data();
  const int size = i2d_ECDSA_SIG(numbers.get(), &end);
  YISHI_ASSERT(size > 0);

  const HashContext context = hash_with_signer_id<EVP_DigestVerifyInit>(key);
  const bool good = EVP_DigestVerify(context.get(), der.data(), static_cast<std::size_t>(size),
                                     message.data(), message.size()) == 1;
  if (!good) ERR_clear_error();
  return good;
}

}  // namespace yishi::crypto::raw

// The published examples, held against the functions under the public ones.
#include <gtest/gtest.h>

#include <array>

#include "crypto/key.h"
#include "crypto/suite_primitives.h"

namespace yishi::crypto {
namespace {

Bytes from_hex_text(std::string_view text) {
  const auto bytes = from_hex(text);
  EXPECT_TRUE(bytes) << text;
  return bytes.value_or(Bytes{});
}

struct Rfc8032 {
  std::string_view secret, public_key, message, signature;
};

constexpr std::array<Rfc8032, 4> kRfc8032 = {{
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fe"
     "ebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431"
     "e0303dca179c138ac17ad9bef1177331a704"},
}};

TEST(Ed25519, SignsAndVerifiesTheVectorsOfRfc8032) {
  for (const auto& vector : kRfc8032) {
    const auto secret = raw::ed25519_load_secret(from_hex_text(vector.secret));
    ASSERT_TRUE(secret);
    EXPECT_EQ(to_hex(raw::public_of(Suite::kEd25519Sha256, **secret)), vector.public_key);
    const Signature signature = raw::ed25519_sign(**secret, from_hex_text(vector.message));
    EXPECT_EQ(to_hex(signature.view()), vector.signature);
    const auto key = raw::ed25519_load_public(from_hex_text(vector.public_key));
    ASSERT_TRUE(key);
    EXPECT_TRUE(raw::ed25519_verify(**key, from_hex_text(vector.message), signature));
    EXPECT_FALSE(raw::ed25519_verify(**key, view_of("another"), signature));
  }
}

// S + L, which gives the same point as S: RFC 8032, section 5.1.7 requires S < L.
TEST(Ed25519, SecondSpellingOfASignatureIsRefused) {
  const auto& vector = kRfc8032[0];
  const Bytes order =
      from_hex_text("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  Signature signature = Signature::from(from_hex_text(vector.signature));
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += signature.bytes[32 + i] + order[i];
    signature.bytes[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  ASSERT_EQ(carry, 0U);
  const auto key = raw::ed25519_load_public(from_hex_text(vector.public_key));
  ASSERT_TRUE(key);
  EXPECT_FALSE(raw::ed25519_verify(**key, {}, signature));
}

constexpr std::string_view kSm2Secret =
    "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
constexpr std::string_view kSm2Public =
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";
constexpr std::string_view kSm2Signature =
    "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa";

TEST(Sm2, VerifiesTheSignatureOfGbt32918) {
  const auto key = raw::sm2_load_public(from_hex_text(kSm2Public));
  ASSERT_TRUE(key);
  const Signature signature = Signature::from(from_hex_text(kSm2Signature));
  EXPECT_TRUE(raw::sm2_verify(**key, view_of("message digest"), signature));
  EXPECT_FALSE(raw::sm2_verify(**key, view_of("message digesT"), signature));
}

TEST(Sm2, SecretOfGbt32918GivesItsPublicKeyAndSignsForIt) {
  const auto secret = raw::sm2_load_secret(from_hex_text(kSm2Secret));
  ASSERT_TRUE(secret);
  EXPECT_EQ(to_hex(raw::public_of(Suite::kSm2Sm3, **secret)), kSm2Public);
  const auto key = raw::sm2_load_public(from_hex_text(kSm2Public));
  ASSERT_TRUE(key);
  for (int i = 0; i < 300; ++i) {  // r or s begins with a zero byte about once in 128
    const Signature signature = raw::sm2_sign(**secret, view_of("message digest"));
    ASSERT_TRUE(raw::sm2_verify(**key, view_of("message digest"), signature)) << i;
  }
}

TEST(Sm2, SignatureNumbersOutOfRangeAreRefused) {
  const auto key = raw::sm2_load_public(from_hex_text(kSm2Public));
  ASSERT_TRUE(key);
  const std::string zero(64, '0');
  const std::string order = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";
  const std::string highest(64, 'f');
  const std::string r(kSm2Signature.substr(0, 64));
  const std::string s(kSm2Signature.substr(64));
  for (const auto& text : {zero + s, r + zero, zero + zero, order + s, r + order, highest + s,
                           r + highest, highest + highest, s + r}) {
    EXPECT_FALSE(
        raw::sm2_verify(**key, view_of("message digest"), Signature::from(from_hex_text(text))))
        << text;
  }
}

}  // namespace
}  // namespace yishi::crypto

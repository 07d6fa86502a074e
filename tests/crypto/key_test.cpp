#include "crypto/key.h"

#include <gtest/gtest.h>

#include <array>
#include <thread>

namespace yishi::crypto {
namespace {

constexpr std::string_view kDomain = "yishi/test/1";
constexpr std::string_view kSm2Order =
    "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";

Bytes hex(std::string_view text) {
  const auto bytes = from_hex(text);
  EXPECT_TRUE(bytes) << text;
  return bytes.value_or(Bytes{});
}

PrivateKey key_of(Suite suite, std::uint8_t fill = 1) {
  auto key = PrivateKey::from_secret(suite, Bytes(kSecretBytes, fill));
  EXPECT_TRUE(key);
  return std::move(*key);
}

std::string load_fault(Suite suite, View raw_public) {
  const auto key = PublicKey::load(suite, raw_public);
  return key ? "accepted" : key.error().rule;
}

std::string secret_fault(Suite suite, View secret) {
  const auto key = PrivateKey::from_secret(suite, secret);
  return key ? "accepted" : key.error().rule;
}

void flip(std::span<std::uint8_t> bytes, std::size_t bit) {
  bytes[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
}

class EachSuite : public testing::TestWithParam<Suite> {};
INSTANTIATE_TEST_SUITE_P(Key, EachSuite, testing::Values(Suite::kEd25519Sha256, Suite::kSm2Sm3),
                         [](const auto& each) { return std::string(suite_name(each.param)); });

TEST_P(EachSuite, GeneratedKeySignsAndItsReloadedPublicKeyVerifies) {
  const PrivateKey key = PrivateKey::generate(GetParam());
  const auto loaded = PublicKey::load(GetParam(), key.public_key().raw());
  ASSERT_TRUE(loaded);
  EXPECT_EQ(*loaded, key.public_key());
  EXPECT_EQ(loaded->suite(), GetParam());
  for (const std::size_t size : {0U, 1U, 300U, 100'000U}) {
    const Bytes message(size, 0x5a);
    const Signature signature = key.sign(kDomain, message);
    EXPECT_TRUE(loaded->verify(kDomain, message, signature)) << size;
  }
  EXPECT_FALSE(PrivateKey::generate(GetParam()).public_key() == key.public_key());
}

TEST_P(EachSuite, SameSecretGivesTheSameKey) {
  EXPECT_EQ(key_of(GetParam(), 1).public_key().raw(), key_of(GetParam(), 1).public_key().raw());
  EXPECT_NE(key_of(GetParam(), 1).public_key().raw(), key_of(GetParam(), 2).public_key().raw());
}

TEST_P(EachSuite, EveryBitOfTheSignatureCounts) {
  const PrivateKey key = key_of(GetParam());
  const Signature good = key.sign(kDomain, view_of("message"));
  for (std::size_t bit = 0; bit < kSignatureBytes * 8; ++bit) {
    Signature bad = good;
    flip(bad.bytes, bit);
    EXPECT_FALSE(key.public_key().verify(kDomain, view_of("message"), bad)) << bit;
  }
}

TEST_P(EachSuite, EveryBitOfThePublicKeyCounts) {
  const PrivateKey key = key_of(GetParam());
  const Signature signature = key.sign(kDomain, view_of("message"));
  const Bytes good = key.public_key().raw();
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    flip(bad, bit);
    const auto loaded = PublicKey::load(GetParam(), bad);
    if (!loaded) continue;
    EXPECT_FALSE(loaded->verify(kDomain, view_of("message"), signature)) << bit;
    EXPECT_NE(loaded->id(), key.public_key().id());
  }
}

TEST_P(EachSuite, EveryBitOfTheMessageAndItsLengthCount) {
  const PrivateKey key = key_of(GetParam());
  const Bytes good = copy(view_of("a message of some length"));
  const Signature signature = key.sign(kDomain, good);
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bad = good;
    flip(bad, bit);
    EXPECT_FALSE(key.public_key().verify(kDomain, bad, signature)) << bit;
  }
  EXPECT_FALSE(key.public_key().verify(kDomain, View(good).first(good.size() - 1), signature));
  EXPECT_FALSE(key.public_key().verify(kDomain, {}, signature));
}

TEST_P(EachSuite, SignatureOfOneDomainIsRefusedInAnother) {
  const PrivateKey key = key_of(GetParam());
  const Signature signature = key.sign("d/1", view_of("abc"));
  EXPECT_TRUE(key.public_key().verify("d/1", view_of("abc"), signature));
  EXPECT_FALSE(key.public_key().verify("d/2", view_of("abc"), signature));
  EXPECT_FALSE(key.public_key().verify("d/1a", view_of("bc"), signature));
  EXPECT_FALSE(key.public_key().verify("d/", view_of("1abc"), signature));
}

TEST_P(EachSuite, SignatureOfAnotherKeyIsRefused) {
  const Signature signature = key_of(GetParam(), 1).sign(kDomain, view_of("message"));
  EXPECT_FALSE(key_of(GetParam(), 2).public_key().verify(kDomain, view_of("message"), signature));
}

TEST_P(EachSuite, IdIsTheDigestOfSuiteAndRawKey) {
  const PublicKey key = key_of(GetParam()).public_key();
  const Bytes suite{static_cast<std::uint8_t>(GetParam())};
  EXPECT_EQ(key.id(), digest(GetParam(), "yishi/log/1", {suite, key.raw()}));
}

TEST_P(EachSuite, CopiesOutliveTheOriginalAndSeveralThreadsVerifyAtOnce) {
  auto original = std::make_unique<PrivateKey>(key_of(GetParam()));
  const PublicKey copied = original->public_key();
  const PrivateKey signer = *original;
  original.reset();
  std::array<int, 4> good{};
  std::vector<std::thread> threads;
  for (int& count : good) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        const Bytes message(static_cast<std::size_t>(i));
        count += copied.verify(kDomain, message, signer.sign(kDomain, message)) ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, (std::array<int, 4>{20, 20, 20, 20}));
}

TEST_P(EachSuite, PublicKeyOfAnotherLengthOrSuiteIsRefused) {
  const Suite other = GetParam() == Suite::kSm2Sm3 ? Suite::kEd25519Sha256 : Suite::kSm2Sm3;
  const Bytes good = key_of(GetParam()).public_key().raw();
  Bytes longer = good;
  longer.push_back(0);
  EXPECT_EQ(load_fault(GetParam(), {}), "key.public.length");
  EXPECT_EQ(load_fault(GetParam(), View(good).first(good.size() - 1)), "key.public.length");
  EXPECT_EQ(load_fault(GetParam(), longer), "key.public.length");
  EXPECT_EQ(load_fault(other, good), "key.public.length");
}

TEST_P(EachSuite, SecretOfAnotherLengthIsRefused) {
  EXPECT_EQ(secret_fault(GetParam(), {}), "key.secret.length");
  EXPECT_EQ(secret_fault(GetParam(), Bytes(31, 1)), "key.secret.length");
  EXPECT_EQ(secret_fault(GetParam(), Bytes(33, 1)), "key.secret.length");
}

TEST(Ed25519Key, SmallOrderPointsAreRefusedWithEitherSign) {
  for (const std::string_view y :
       {"0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    Bytes raw_public = hex(y);
    EXPECT_EQ(load_fault(Suite::kEd25519Sha256, raw_public), "key.public.order") << y;
    raw_public.back() |= 0x80;
    EXPECT_EQ(load_fault(Suite::kEd25519Sha256, raw_public), "key.public.order") << y;
  }
}

TEST(Ed25519Key, EncodingsOfThePrimeAndAboveAreRefusedWithEitherSign) {
  for (int low = 0xed; low <= 0xff; ++low) {  // 2^255 - 19 to 2^255 - 1
    Bytes raw_public(32, 0xff);
    raw_public.front() = static_cast<std::uint8_t>(low);
    EXPECT_EQ(load_fault(Suite::kEd25519Sha256, raw_public), "key.public.canonical") << low;
    raw_public.back() = 0x7f;
    EXPECT_EQ(load_fault(Suite::kEd25519Sha256, raw_public), "key.public.canonical") << low;
  }
}

TEST(Ed25519Key, EncodingOfNoPointIsRefusedAndKeysOfSecretsNever) {
  // y = 2 belongs to no point, y = 3 does: x^2 = (y^2 - 1) / (d y^2 + 1) has a root or has none.
  Bytes raw_public(32);
  raw_public.front() = 2;
  EXPECT_EQ(load_fault(Suite::kEd25519Sha256, raw_public), "key.public.curve");
  raw_public.front() = 3;
  EXPECT_EQ(load_fault(Suite::kEd25519Sha256, raw_public), "accepted");
  for (int i = 0; i < 200; ++i) key_of(Suite::kEd25519Sha256, static_cast<std::uint8_t>(i));
}

TEST(Sm2Key, PointOffTheCurveOrBeyondTheFieldIsRefused) {
  const Bytes good = key_of(Suite::kSm2Sm3).public_key().raw();
  Bytes off = good;
  off.back() ^= 1;
  EXPECT_EQ(load_fault(Suite::kSm2Sm3, off), "key.public.curve");
  EXPECT_EQ(load_fault(Suite::kSm2Sm3, hex("04" + std::string(128, '0'))), "key.public.curve");
  EXPECT_EQ(load_fault(Suite::kSm2Sm3, hex("04" + std::string(128, 'f'))), "key.public.curve");
}

TEST(Sm2Key, OtherFormsOfAPointAreRefused) {
  for (const std::uint8_t form : {0x00, 0x02, 0x03, 0x05, 0x06, 0x07}) {
    Bytes raw_public = key_of(Suite::kSm2Sm3).public_key().raw();
    raw_public.front() = form;
    EXPECT_EQ(load_fault(Suite::kSm2Sm3, raw_public), "key.public.canonical") << int{form};
  }
}

TEST(Sm2Key, SecretsAreRefusedOutsideOneToOrderMinusTwo) {
  Bytes secret(32);
  EXPECT_EQ(secret_fault(Suite::kSm2Sm3, secret), "key.secret.range");
  secret.back() = 1;
  EXPECT_EQ(secret_fault(Suite::kSm2Sm3, secret), "accepted");
  secret = hex(kSm2Order);
  EXPECT_EQ(secret_fault(Suite::kSm2Sm3, secret), "key.secret.range");
  secret.back() -= 1;
  EXPECT_EQ(secret_fault(Suite::kSm2Sm3, secret), "key.secret.range");
  secret.back() -= 1;
  EXPECT_EQ(secret_fault(Suite::kSm2Sm3, secret), "accepted");
  EXPECT_EQ(secret_fault(Suite::kSm2Sm3, Bytes(32, 0xff)), "key.secret.range");
}

}  // namespace
}  // namespace yishi::crypto

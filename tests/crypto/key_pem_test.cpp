#include <gtest/gtest.h>

#include "crypto/key.h"

namespace yishi::crypto {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n";
constexpr std::string_view kEnd = "-----END ENCRYPTED PRIVATE KEY-----\n";

// Written by the command `openssl pkcs8 -topk8 -v2prf hmacWithSHA256` with the
// passphrase "correct": the first secret of RFC 8032, 7.1 and that of GB/T 32918.
constexpr std::string_view kEd25519Body =
    "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhRftO1vMKtCAICCAAw\n"
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEENHrM7flod916+zAbGlkhNsEQPzY\n"
    "AGaQi0MOB5DNHul4iWBAq0tgYZrexAFXpWrdu5tIYv5LStThqZAKlYIG3phvTi/V\n"
    "lOSy64tHGzkq9zz6SqU=\n";
constexpr std::string_view kSm2Body =
    "MIGrMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAibfghMgC0qMwICCAAw\n"
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEPaujTD6dMmmSGootfAUzIkEUN1g\n"
    "PBNoBfeTR5v0vaUNyKyD8O/EkuUs9yobgUqQk6J0hId/r6bUz3hx1PMvLovXGwjZ\n"
    "eXOl4LA4Sx69A9xmIrrN3kcdhPGFwB/nVG9b7AZg\n";
constexpr std::string_view kAes128Body =
    "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgM9pghXQcUlAICCAAw\n"
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEELHYmIGmvuuvpH9BzHUdEqsEQKsU\n"
    "q3WDTR5ki9V6Y+w7k6wfYW1ycRBPN0/WuOU2fKAzAm6SQcVJxWM2G0EuO6qEZdI4\n"
    "wUShzD9K0kHKBKHKv1U=\n";
constexpr std::string_view kMillionAndOneIterationsBody =
    "MIGcMFgGCSqGSIb3DQEFDTBLMCoGCSqGSIb3DQEFDDAdBAhpuERZUIyHAgIDD0JB\n"
    "MAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBBBMV5aw9gtcsTIzaWUqeVYBEA3\n"
    "kZf26VtbyJrZWYMTL6Mw/YxaTbVTqwhW1jYfbiFgY2Ctn1X44MOf/INZUwjSCFWm\n"
    "Gv41GKJbehZ0zhH/f3wg\n";
constexpr std::string_view kX25519Body =
    "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAitSYA6bIesygICCAAw\n"
    "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEPRUyq1aBrAPJ0D6QLYoajEEQKqJ\n"
    "TroFhobY5zfyj4e/b+rdfO3Sn+b3XBFHY0/UPYo0B4riBAjBSi3A9JiY3+1eJBJG\n"
    "FdT9CoR0jswR/jl6Pcg=\n";

std::string pem(std::string_view body) {
  return std::string(kBegin) + std::string(body) + std::string(kEnd);
}

std::string fault(std::string_view text, std::string_view passphrase) {
  const auto key = PrivateKey::from_encrypted_pem(text, passphrase);
  return key ? "accepted" : key.error().rule;
}

class EachSuitePem : public testing::TestWithParam<Suite> {};
INSTANTIATE_TEST_SUITE_P(Key, EachSuitePem, testing::Values(Suite::kEd25519Sha256, Suite::kSm2Sm3),
                         [](const auto& each) { return std::string(suite_name(each.param)); });

TEST_P(EachSuitePem, KeyComesBackWithItsPassphraseAndSigns) {
  const PrivateKey key = PrivateKey::generate(GetParam());
  for (const std::string_view passphrase : {"correct horse", "口令", ""}) {
    const std::string text = key.to_encrypted_pem(passphrase);
    EXPECT_EQ(text.substr(0, kBegin.size()), kBegin);
    const auto back = PrivateKey::from_encrypted_pem(text, passphrase);
    ASSERT_TRUE(back) << back.error().en;
    EXPECT_EQ(back->public_key(), key.public_key());
    EXPECT_TRUE(key.public_key().verify("d/1", view_of("m"), back->sign("d/1", view_of("m"))));
  }
}

TEST_P(EachSuitePem, WrongPassphraseIsToldApart) {
  const std::string text = PrivateKey::generate(GetParam()).to_encrypted_pem("correct");
  for (const std::string_view wrong : {"Correct", "correct ", "", "correc"}) {
    EXPECT_EQ(fault(text, wrong), "key.passphrase");
  }
  EXPECT_EQ(fault(text, std::string(2000, 'x')), "key.passphrase");
}

TEST_P(EachSuitePem, WritingTwiceNeverGivesTheSameBytes) {
  const PrivateKey key = PrivateKey::generate(GetParam());
  EXPECT_NE(key.to_encrypted_pem("correct"), key.to_encrypted_pem("correct"));
}

TEST(KeyPem, KeysThatTheOpensslCommandWroteAreRead) {
  const auto ed25519 = PrivateKey::from_encrypted_pem(pem(kEd25519Body), "correct");
  ASSERT_TRUE(ed25519) << ed25519.error().en;
  EXPECT_EQ(to_hex(ed25519->public_key().raw()),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const auto sm2 = PrivateKey::from_encrypted_pem(pem(kSm2Body), "correct");
  ASSERT_TRUE(sm2) << sm2.error().en;
  EXPECT_EQ(sm2->suite(), Suite::kSm2Sm3);
  EXPECT_EQ(to_hex(sm2->public_key().raw()).substr(0, 66),
            "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020");
}

TEST(KeyPem, OtherCipherOtherKeyOrTooManyIterationsAreRefused) {
  EXPECT_EQ(fault(pem(kAes128Body), "correct"), "key.pem.algorithm");
  EXPECT_EQ(fault(pem(kX25519Body), "correct"), "key.pem.algorithm");
  EXPECT_EQ(fault(pem(kMillionAndOneIterationsBody), "correct"), "key.pem.iterations");
}

TEST(KeyPem, TextThatIsNoEncryptedKeyIsRefused) {
  const std::string good = pem(kEd25519Body);
  const std::string unencrypted =
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
      "-----END PRIVATE KEY-----\n";
  for (const std::string& text :
       {std::string(), std::string("not a key"), unencrypted, pem(""), pem("AAAA\n"),
        pem("MIGbMFcGCSqGSIb3DQEFDTBK\n"), good.substr(0, good.size() / 2),
        std::string(20'000, 'A'), good + std::string(20'000, ' ')}) {
    EXPECT_EQ(fault(text, "correct"), "key.pem.malformed") << text.substr(0, 100);
  }
}

// CBC has no seal: a change in the last blocks can pass for another Ed25519 key,
// which is why this asks for no more than a value or an error.
TEST(KeyPem, EveryOneByteChangeGivesAKeyOrAnErrorWithoutHarm) {
  for (const std::string_view good : {kEd25519Body, kSm2Body}) {
    std::size_t refused = 0;
    for (std::size_t at = 0; at < good.size(); ++at) {
      std::string body(good);
      body[at] = body[at] == 'B' ? 'C' : 'B';
      if (fault(pem(body), "correct") != "accepted") ++refused;
    }
    EXPECT_GT(refused, good.size() / 2);
  }
}

}  // namespace
}  // namespace yishi::crypto

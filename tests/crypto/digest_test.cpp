#include "crypto/digest.h"

#include <gtest/gtest.h>

#include <thread>

#include "crypto/suite_primitives.h"

namespace yishi::crypto {
namespace {

constexpr auto kSuites = {Suite::kEd25519Sha256, Suite::kSm2Sm3};

std::string raw_hash(Suite suite, std::string_view text) {
  raw::Hasher& hasher = raw::thread_hasher(suite);
  hasher.begin();
  hasher.add(view_of(text));
  return to_hex(hasher.end().view());
}

TEST(Hasher, Sha256OfTheExamplesOfFips180) {
  EXPECT_EQ(raw_hash(Suite::kEd25519Sha256, "abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(
      raw_hash(Suite::kEd25519Sha256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Hasher, Sm3OfTheExamplesOfGbt32905) {
  EXPECT_EQ(raw_hash(Suite::kSm2Sm3, "abc"),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  std::string repeated;
  for (int i = 0; i < 16; ++i) repeated += "abcd";
  EXPECT_EQ(raw_hash(Suite::kSm2Sm3, repeated),
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

TEST(Digest, IsTheHashOfDomainZeroByteAndParts) {
  for (const Suite suite : kSuites) {
    const Digest whole = digest(suite, "d/1", {view_of("ab"), {}, view_of("c")});
    EXPECT_EQ(to_hex(whole.view()), raw_hash(suite, std::string_view("d/1\0abc", 7)));
    EXPECT_EQ(digest(suite, "d/1", {}), digest(suite, "d/1", {View{}}));
  }
}

TEST(Digest, DiffersByDomainBySuiteAndByWhereTheDomainEnds) {
  const Digest base = digest(Suite::kEd25519Sha256, "d/1", {view_of("abc")});
  EXPECT_NE(base, digest(Suite::kEd25519Sha256, "d/2", {view_of("abc")}));
  EXPECT_NE(base, digest(Suite::kSm2Sm3, "d/1", {view_of("abc")}));
  EXPECT_NE(base, digest(Suite::kEd25519Sha256, "d/1a", {view_of("bc")}));
  EXPECT_NE(base, digest(Suite::kEd25519Sha256, "d/", {view_of("1abc")}));
}

TEST(Digest, SeveralThreadsAtOnceGetTheSame) {
  const Bytes input(300, 7);
  for (const Suite suite : kSuites) {
    const Digest expected = digest(suite, "d/1", {input});
    std::vector<std::thread> threads;
    std::array<int, 4> wrong{};
    for (int& count : wrong) {
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) count += digest(suite, "d/1", {input}) == expected ? 0 : 1;
      });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(wrong, (std::array<int, 4>{}));
  }
}

TEST(Digest, ZeroOrderAndHash) {
  Digest digest;
  EXPECT_TRUE(digest.is_zero());
  digest.bytes.back() = 1;
  EXPECT_FALSE(digest.is_zero());
  EXPECT_LT(Digest{}, digest);
  EXPECT_EQ(Digest::from(digest.view()), digest);
  Digest other;
  other.bytes.front() = 1;
  EXPECT_NE(DigestHash()(other), DigestHash()(Digest{}));
}

TEST(DigestDeathTest, BytesOfAnotherLengthAreOurBug) {
  EXPECT_DEATH((void)Digest::from(Bytes(31)), "assertion failed");
  EXPECT_DEATH((void)Signature::from(Bytes(65)), "assertion failed");
}

TEST(Suite, NamesAndNumbersComeBackAndOthersGiveNothing) {
  for (const Suite suite : kSuites) {
    EXPECT_EQ(suite_from_name(suite_name(suite)), suite);
    EXPECT_EQ(suite_from_number(static_cast<std::uint64_t>(suite)), suite);
  }
  EXPECT_EQ(suite_name(Suite::kEd25519Sha256), "ed25519");
  EXPECT_EQ(suite_name(Suite::kSm2Sm3), "sm2");
  for (const std::string_view name : {"", "SM2", "rsa", "ed25519 "}) {
    EXPECT_EQ(suite_from_name(name), std::nullopt);
  }
  for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{3}, std::uint64_t{257}}) {
    EXPECT_EQ(suite_from_number(number), std::nullopt);
  }
}

}  // namespace
}  // namespace yishi::crypto

#include "crypto/random.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace yishi::crypto {
namespace {

TEST(SystemRandom, GivesTheCountAskedForAndNeverTheSameTwice) {
  SystemRandom random;
  EXPECT_TRUE(random.bytes(0).empty());
  const Bytes first = random.bytes(32);
  const Bytes second = random.bytes(32);
  EXPECT_EQ(first.size(), 32U);
  EXPECT_NE(first, second);  // fails by chance once in 2^256 runs
}

TEST(SystemRandom, FillsALargeBufferToItsEnd) {
  const Bytes bytes = SystemRandom().bytes((2 << 20) + 5);
  const auto tail = View(bytes).last(64);
  EXPECT_TRUE(std::any_of(tail.begin(), tail.end(), [](std::uint8_t b) { return b != 0; }));
}

class CountingRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = next_++;
  }

 private:
  std::uint8_t next_ = 0;
};

TEST(Random, BytesComeFromTheGeneratorThatWasHandedDown) {
  CountingRandom random;
  EXPECT_EQ(random.bytes(3), (Bytes{0, 1, 2}));
  EXPECT_EQ(random.bytes(2), (Bytes{3, 4}));
}

}  // namespace
}  // namespace yishi::crypto

// When a node asks others for the way, and when it turns back.
#include "node/turn/wayfinder.h"

#include <gtest/gtest.h>

namespace yishi::turn {
namespace {

TEST(WayfinderTest, StaysWithAParentThatIsReached) {
  Wayfinder way;
  for (std::uint64_t now = 0; now < 10 * kAskTheWayMs; now += 1'000) {
    ASSERT_FALSE(way.tick(now, true, false, 2));
    ASSERT_FALSE(way.asks().has_value());
  }
}

TEST(WayfinderTest, AsksTheParentsParentFirstThenThoseAboveAndTurnsBackBetween) {
  Wayfinder way;
  EXPECT_FALSE(way.tick(0, false, false, 2));
  EXPECT_FALSE(way.tick(kAskTheWayMs - 1, false, false, 2));
  std::uint64_t now = kAskTheWayMs;
  ASSERT_TRUE(way.tick(now, false, false, 2));
  EXPECT_EQ(way.asks(), 0U);
  EXPECT_FALSE(way.tick(now + kAskAtMostMs - 1, false, false, 2));
  now += kAskAtMostMs;
  ASSERT_TRUE(way.tick(now, false, false, 2));
  EXPECT_FALSE(way.asks().has_value());
  now += 2 * kAskTheWayMs;  // twice as patient
  EXPECT_FALSE(way.tick(now - 1, false, false, 2));
  ASSERT_TRUE(way.tick(now, false, false, 2));
  EXPECT_EQ(way.asks(), 1U);
}

TEST(WayfinderTest, TurnsBackAsSoonAsItWasTold) {
  Wayfinder way;
  (void)way.tick(0, false, false, 1);
  ASSERT_TRUE(way.tick(kAskTheWayMs, false, false, 1));
  ASSERT_TRUE(way.tick(kAskTheWayMs + 1, false, true, 1));
  EXPECT_FALSE(way.asks().has_value());
}

TEST(WayfinderTest, PatienceHasAnEnd) {
  Wayfinder way;
  (void)way.tick(0, false, false, 1);
  std::uint64_t asked = 0;
  std::uint64_t last = 0;
  for (std::uint64_t now = 0; now < 40 * kAskSeldomMs; now += 10'000) {
    if (!way.tick(now, false, true, 1) || !way.asks()) continue;
    EXPECT_LE(now - last, kAskSeldomMs + 20'000);
    last = now;
    ++asked;
  }
  EXPECT_GT(asked, 38U);
}

TEST(WayfinderTest, WhoseParentIsTheRootHasNobodyToAsk) {
  Wayfinder way;
  for (std::uint64_t now = 0; now < 10 * kAskTheWayMs; now += 1'000) {
    ASSERT_FALSE(way.tick(now, false, false, 0));
  }
}

}  // namespace
}  // namespace yishi::turn

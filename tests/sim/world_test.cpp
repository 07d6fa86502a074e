#include "tests/sim/world.h"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include "node/deliberation/policy.h"
#include "tests/sim/history.h"

namespace yishi::sim {
namespace {

std::string history_of(std::uint64_t seed) {
  spdlog::set_level(spdlog::level::off);
  World world(seed);
  world.run();
  return history_digest(world.witness());
}

TEST(World, OneSeedIsOneHistory) {
  for (const std::uint64_t seed : {3, 8, 12, 21}) {
    EXPECT_EQ(history_of(seed), history_of(seed)) << "seed " << seed;
  }
}

TEST(World, AnotherSeedIsAnotherHistory) { EXPECT_NE(history_of(1), history_of(2)); }

TEST(Timeline, HappensInOrderOfTimeAndThenOfAsking) {
  Timeline timeline;
  std::string order;
  timeline.in(20, [&] { order += "c"; });
  timeline.in(10, [&] {
    order += "a";
    timeline.in(0, [&] { order += "b"; });
  });
  timeline.in(20, [&] { order += "d"; });
  timeline.run_until(15);
  EXPECT_EQ(order, "ab");
  timeline.leap(1'000);
  EXPECT_EQ(order, "ab");
  timeline.run_until(timeline.now());
  EXPECT_EQ(order, "abcd");
  EXPECT_EQ(timeline.now(), 1'015U);
}

TEST(Random, SpreadStaysWithinItsBounds) {
  Random random(5);
  for (int i = 0; i < 10'000; ++i) {
    const auto drawn = random.spread(10, 5'000);
    ASSERT_GE(drawn, 10U);
    ASSERT_LE(drawn, 5'000U);
  }
}

TEST(Tree, EveryDrawIsATreeOfTwoToFiveLevels) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    const auto tree = Tree::draw(random);
    ASSERT_GE(tree.places.size(), 3U);
    ASSERT_LE(tree.places.size(), 60U);
    ASSERT_GE(tree.levels.size(), 2U);
    ASSERT_LE(tree.levels.size(), 5U);
    ASSERT_TRUE(deliberation::parse_policy(policy_text(tree.levels, seed)).ok());
  }
}

}  // namespace
}  // namespace yishi::sim

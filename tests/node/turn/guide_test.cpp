// Guiding topics: pushed from above to every unit of a level.
#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

TEST(Guide, ReachesEveryUnitOfTheLevelBelowAndNobodyElse) {
  SimulatedNetwork network;
  for (const auto& unit : {kDistrict, kOtherDistrict, kTown, kOtherTown, kVillage}) {
    network.join(unit);
  }
  const auto topic = network.log(kCity, "老旧小区改造怎么改", "facilities", 0);
  ASSERT_TRUE(topic.ok()) << topic.error().en;
  deliberation::ActBody guide;
  guide.to = kDistrict;
  guide.follow.level = "township";
  const auto pushed = network.act(kCity, topic->issue, deliberation::Act::kGuide, guide);
  ASSERT_TRUE(pushed.ok()) << pushed.error().en;
  EXPECT_TRUE(network.settle([&] {
    return network.same_everywhere(topic->issue, {kCity, kDistrict, kTown, kOtherTown});
  }));
  EXPECT_FALSE(network.issue(kOtherDistrict, topic->issue).has_value());
  EXPECT_FALSE(network.issue(kVillage, topic->issue).has_value());
}

TEST(Order, ReachesAUnitThatTheIssueDidNotConcern) {
  SimulatedNetwork network;
  for (const auto& unit : {kDistrict, kOtherDistrict, kTown}) network.join(unit);
  const auto matter = network.log(kCity, "岸线清理", "environment", 0);
  ASSERT_TRUE(matter.ok()) << matter.error().en;
  deliberation::ActBody order;
  order.to = kTown;
  order.follow.kind = "order";
  const auto given = network.act(kCity, matter->issue, deliberation::Act::kSupervise, order);
  ASSERT_TRUE(given.ok()) << given.error().en;
  EXPECT_TRUE(network.settle([&] {
    return network.same_everywhere(matter->issue, {kCity, kDistrict, kTown});
  }));
  EXPECT_FALSE(network.issue(kOtherDistrict, matter->issue).has_value());
}

}  // namespace
}  // namespace yishi::turn

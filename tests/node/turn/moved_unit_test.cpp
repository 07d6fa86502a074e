// A unit that moved: the nodes on its new way hear what concerns it and had passed them by.
#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

TEST(MovedUnit, DecisionsFromBeforeTheMoveReachItsNewParent) {
  SimulatedNetwork network;
  for (const auto& unit : {kDistrict, kTown, kOtherTown, kVillage}) network.join(unit);
  const auto logged = network.log(kVillage, "搬迁前上报", "environment", 1'000'000);
  ASSERT_TRUE(logged.ok());
  const auto& id = logged->issue;
  ASSERT_TRUE(network.settle([&] { return network.stage(kDistrict, id) == "escalated"; }));
  ASSERT_TRUE(network.act(kDistrict, id, deliberation::Act::kComment).ok());
  ASSERT_TRUE(network.settle([&] { return network.issue(kVillage, id)->comments == 1; }));

  ASSERT_TRUE(network.change({topology::UnitMoved{kVillage, kOtherTown}}).ok());
  EXPECT_TRUE(network.settle([&] {
    return network.same_everywhere(id, {kVillage, kOtherTown, kDistrict});
  }));
}

// What it is told again reaches it in one go with the news of the move: it must know of the move
// first, or it keeps to itself what concerns a unit that it thinks is none of its own.
TEST(MovedUnit, NewParentThatWasAwayPassesOnWhatWasSaidMeanwhile) {
  SimulatedNetwork network;
  for (const auto& unit : {kDistrict, kTown, kOtherTown, kVillage}) network.join(unit);
  const auto logged = network.log(kVillage, "搬迁前上报", "environment", 1'000'000);
  ASSERT_TRUE(logged.ok());
  const auto& id = logged->issue;
  ASSERT_TRUE(network.settle([&] { return network.stage(kDistrict, id) == "escalated"; }));

  for (const auto& unit : {kTown, kOtherTown, kVillage}) network.kill(unit);
  ASSERT_TRUE(network.act(kDistrict, id, deliberation::Act::kComment).ok());
  ASSERT_TRUE(network.change({topology::UnitMoved{kVillage, kOtherTown}}).ok());
  network.settle();
  for (const auto& unit : {kTown, kOtherTown, kVillage}) network.start(unit);
  EXPECT_TRUE(network.settle([&] {
    return network.issue(kVillage, id)->comments == 1 &&
           network.same_everywhere(id, {kVillage, kOtherTown, kDistrict});
  }));
}

}  // namespace
}  // namespace yishi::turn

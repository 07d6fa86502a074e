// A key that was ended at an entry which others had passed already.
#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

TEST(EndedKey, WhatItWroteBeyondItsEndLosesItsEffectWhereItWasFoldedAlready) {
  SimulatedNetwork network;
  for (const auto& unit : {kDistrict, kTown, kVillage}) network.join(unit);
  const auto before = network.log(kVillage, "终止前", "environment", 1'000);
  const auto beyond = network.log(kVillage, "终止后", "environment", 1'000);
  ASSERT_TRUE(before.ok() && beyond.ok());
  ASSERT_TRUE(network.settle([&] { return network.issue(kCity, beyond->issue).has_value(); }));

  const auto key = network.at(kVillage).keys.node.public_key().id();
  ASSERT_TRUE(network.change({topology::NodeEnded{key, before->sequence}}).ok());
  ASSERT_TRUE(network.settle(
      [&] { return network.at(kDistrict).board.read()->directory->node_of_key(key)->ended != 0; }));
  for (const auto& unit : {kCity, kDistrict}) {
    EXPECT_TRUE(network.issue(unit, before->issue).has_value()) << unit.text();
    EXPECT_FALSE(network.issue(unit, beyond->issue).has_value()) << unit.text();
    EXPECT_EQ(store::Issues(*network.at(unit).database).count(), 1U) << unit.text();
  }
}

}  // namespace
}  // namespace yishi::turn

// Units that are no more: merged, split, given another code.
#include "tests/topology/network.h"

namespace yishi::topology {
namespace {

TEST(RetiredUnit, IsKeptByItsSuccessorAndReadableAsItWas) {
  Network network;
  const auto one = network.admit(kVillage1);
  const auto two = network.admit(kVillage2);
  const Version before = network.directory.latest();
  ASSERT_EQ(network.by_root({UnitRetired{kVillage1, kVillage2}, UnitRenamed{kVillage2, "并村"}}),
            "");
  const Directory& directory = network.directory;
  const Version now = directory.latest();
  EXPECT_TRUE(directory.retired(kVillage1));
  EXPECT_FALSE(directory.retired(kVillage1, before));
  EXPECT_FALSE(directory.retired(kVillage2));
  EXPECT_EQ(directory.parent_of(kVillage1), kVillage2);
  EXPECT_EQ(directory.parent_of(kVillage1, before), kTownA);
  EXPECT_EQ(directory.keeper_of(kVillage1), kVillage2);
  EXPECT_EQ(directory.node_of_unit(kVillage1), nullptr);
  EXPECT_TRUE(directory.may_write(two.public_key().id(), kVillage1, now));
  EXPECT_FALSE(directory.may_write(one.public_key().id(), kVillage1, now));
  EXPECT_TRUE(directory.may_write(one.public_key().id(), kVillage1, before));
  EXPECT_EQ(directory.unit(kVillage1, before)->name, "一村");
  EXPECT_EQ(directory.unit(kVillage2, before)->name, "二村");
  EXPECT_EQ(directory.unit(kVillage2)->name, "并村");
  EXPECT_TRUE(directory.inside(kVillage1, kTownA));  // so that sums over the town stay whole
  EXPECT_EQ(directory.chapters_of(kVillage1), (std::vector<Version>{1, now}));
}

TEST(RetiredUnit, TakesNothingMore) {
  Network network;
  const auto forgotten = new_key();
  ASSERT_EQ(network.by_root({network.ticket(kVillage1, forgotten)}), "");
  ASSERT_EQ(network.by_root({UnitRetired{kVillage1, kVillage2}}), "");
  EXPECT_EQ(network.by_root({UnitRetired{kVillage1, kVillage2}}), "unit.retired");
  EXPECT_EQ(network.by_root({UnitRenamed{kVillage1, "x"}}), "unit.retired");
  EXPECT_EQ(network.by_root({UnitMoved{kVillage1, kTownB}}), "unit.retired");
  EXPECT_EQ(network.by_root({UnitSuspended{kVillage1}}), "unit.retired");
  EXPECT_EQ(network.by_root({network.node(kVillage1, new_key())}), "unit.retired");
  EXPECT_EQ(network.by_root({network.ticket(kVillage1, new_key())}), "unit.retired");
  EXPECT_EQ(network.apply(forgotten, {network.node(kVillage1, new_key())}), "unit.retired");
  EXPECT_EQ(network.by_root({UnitRetired{kVillage2, kVillage1}}), "unit.retired");
  EXPECT_EQ(network.by_root({added(kVillage1, "village", kTownA)}), "unit.code.used");
}

TEST(RetiredUnit, LeavesNoLivingUnitBehindAndTheTopUnitStays) {
  Network network;
  EXPECT_EQ(network.by_root({UnitRetired{kTownA, kTownB}}), "unit.retired.children");
  EXPECT_EQ(network.by_root({UnitRetired{kCity, kTownB}}), "unit.root");
  EXPECT_EQ(network.by_root({UnitRetired{kVillage1, kVillage1}}), "unit.retired.successor");
  EXPECT_EQ(network.by_root({UnitMoved{kVillage1, kTownB}, UnitMoved{kVillage2, kTownB},
                             UnitRetired{kTownA, kTownB}}),
            "");
  EXPECT_EQ(network.directory.keeper_of(kTownA), kCity);
  EXPECT_EQ(network.directory.parent_of(kTownA), kTownB);
}

TEST(RetiredUnit, SuccessorMayBeRetiredInItsTurn) {
  Network network;
  ASSERT_EQ(network.by_root({UnitRetired{kVillage1, kVillage2}}), "");
  ASSERT_EQ(network.by_root({UnitRetired{kVillage2, kVillage3}}), "");
  const auto three = network.admit(kVillage3);
  EXPECT_EQ(network.directory.keeper_of(kVillage1), kVillage3);
  EXPECT_TRUE(
      network.directory.may_write(three.public_key().id(), kVillage1, network.directory.latest()));
  EXPECT_EQ(network.by_root({UnitMoved{kVillage3, kTownA}}), "");  // and goes along
  EXPECT_TRUE(network.directory.inside(kVillage1, kTownA));
}

TEST(RetiredUnit, OperatorNeedsBothInHisSubtree) {
  Network network;
  const auto clerk = network.make_operator(kDistrictA);
  EXPECT_EQ(network.apply(clerk, {UnitRetired{kVillage1, kVillage3}}), "operator.scope");
  EXPECT_EQ(network.apply(clerk, {UnitRetired{kVillage3, kVillage1}}), "operator.scope");
  EXPECT_EQ(network.apply(clerk, {UnitRetired{kVillage1, kVillage2}}), "");
}

TEST(RetiredUnit, RefusedChangeTakesTheRetirementBack) {
  Network network;
  const auto one = network.admit(kVillage1);
  EXPECT_EQ(network.by_root({UnitRetired{kVillage1, kVillage2}, UnitSuspended{kCity}}),
            "unit.root");
  EXPECT_FALSE(network.directory.retired(kVillage1));
  EXPECT_EQ(network.directory.parent_of(kVillage1), kTownA);
  EXPECT_EQ(network.directory.node_of_unit(kVillage1)->key.id(), one.public_key().id());
  EXPECT_EQ(network.directory.children_of(kTownA), (std::vector<Code>{kVillage1, kVillage2}));
}

}  // namespace
}  // namespace yishi::topology

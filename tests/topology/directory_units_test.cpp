// Units: what may be added, moved, suspended.
#include "tests/topology/network.h"

namespace yishi::topology {
namespace {

TEST(UnitAddedTest, RefusesWhatDoesNotFitTheTree) {
  Network network;
  const Code fresh = code("320803001003");
  EXPECT_EQ(network.by_root({added(kVillage1, "village", kTownA)}), "unit.code.used");
  EXPECT_EQ(network.by_root({added(fresh, "village", code("320803009000"))}), "unit.unknown");
  EXPECT_EQ(network.by_root({added(fresh, "township", kTownA)}), "unit.level.order");
  EXPECT_EQ(network.by_root({added(fresh, "city", kTownA)}), "unit.level.order");
  EXPECT_EQ(network.by_root({added(fresh, "group", kTownA)}), "unit.level.unknown");
  EXPECT_EQ(network.by_root({added(fresh, "village", kTownA, "")}), "unit.name");
  EXPECT_EQ(network.by_root({added(fresh, "village", kTownA, "a\nb")}), "unit.name");
  EXPECT_EQ(network.by_root({added(fresh, "village", kTownA, "村", "hamlet")}), "unit.kind");
  EXPECT_EQ(network.by_root({added(fresh, "village", kTownA, "村", "sector")}), "unit.kind");
  EXPECT_EQ(network.by_root({added(fresh, "village", {})}), "unit.root");
  EXPECT_FALSE(network.directory.unit(fresh).has_value());
}

TEST(UnitAddedTest, LevelsMayBeSkippedAndChildrenComeWithTheirParent) {
  Network network;
  const Code town = code("320800401000");
  EXPECT_EQ(network.by_root(
                {added(town, "township", kCity), added(code("320800401001"), "village", town)}),
            "");
  EXPECT_EQ(network.directory.path_to_root(code("320800401001")).size(), 3u);
  EXPECT_EQ(network.by_root({added(code("320800402001"), "village", code("320800402000")),
                             added(code("320800402000"), "township", kCity)}),
            "unit.unknown");
}

TEST(UnitAddedTest, ACodeIsNeverUsedAgain) {
  Network network;
  EXPECT_EQ(network.by_root({UnitSuspended{kVillage1}}), "");
  EXPECT_EQ(network.by_root({added(kVillage1, "village", kTownA)}), "unit.code.used");
}

TEST(RoomTest, StandsUnderTheUnitInFrontOfItsCode) {
  Network network;
  const auto room = [](std::string_view text, std::string_view level, const Code& parent,
                       std::string_view kind) {
    return added(code(text), level, parent, "某室", kind);
  };
  EXPECT_EQ(network.by_root({room("320803001001-T01", "village", kVillage1, "studio")}), "");
  EXPECT_EQ(network.by_root({room("320803001000-E01", "village", kVillage1, "enterprise")}), "");
  EXPECT_EQ(network.by_root({room("320803000000-S01", "district", kDistrictA, "sector")}), "");
  EXPECT_EQ(network.by_root(
                {room("320803000000-A01", "township", code("320803000000-S01"), "association")}),
            "");
  EXPECT_EQ(network.by_root({room("320803001000-E02", "city", kTownA, "enterprise")}),
            "unit.level.order");
  EXPECT_EQ(network.by_root({room("320804001000-E01", "village", kTownA, "enterprise")}),
            "unit.code.suffix");
  EXPECT_EQ(network.by_root({room("320803001001-E01", "village", kTownA, "enterprise")}),
            "unit.code.suffix");
  EXPECT_EQ(network.by_root({room("320803001000-E03", "village", kTownA, "studio")}), "unit.kind");
  EXPECT_EQ(network.by_root({room("320803001000-E03", "village", kTownA, "division")}),
            "unit.kind");
  EXPECT_EQ(network.by_root({added(code("320803002000"), "township", code("320803000000-S01"))}),
            "unit.parent.kind");
  EXPECT_EQ(network.directory.unit(code("320803001001-T01"))->kind, "studio");
}

TEST(RoomTest, CannotBeNestedWithoutEnd) {
  Network network;
  Code parent = kVillage1;
  std::string rule;
  std::size_t depth = network.directory.path_to_root(parent).size();
  for (int i = 10; i < 40 && rule.empty(); ++i) {
    const Code next = code("320803001001-T" + std::to_string(i));
    rule = network.by_root({added(next, "village", parent, "室", "studio")});
    if (rule.empty()) {
      parent = next;
      ++depth;
    }
  }
  EXPECT_EQ(rule, "unit.depth");
  EXPECT_EQ(depth, kMaxDepth);
  const Code room = code("320803001002-T10");
  EXPECT_EQ(network.by_root({added(room, "village", kVillage2, "室", "studio")}), "");
  EXPECT_EQ(network.by_root({UnitMoved{room, parent}}), "unit.depth");
}

TEST(UnitMovedTest, TakesItsSubtreeAlongAndRefusesACycle) {
  Network network;
  EXPECT_EQ(network.by_root({UnitMoved{kTownA, kDistrictB}}), "");
  EXPECT_TRUE(network.directory.inside(kVillage1, kDistrictB));
  EXPECT_FALSE(network.directory.inside(kVillage1, kDistrictA));
  EXPECT_EQ(network.directory.children_of(kDistrictB), (std::vector<Code>{kTownA, kTownB}));
  EXPECT_TRUE(network.directory.children_of(kDistrictA).empty());
  EXPECT_EQ(network.by_root({UnitMoved{kTownA, kVillage1}}), "unit.cycle");
  EXPECT_EQ(network.by_root({UnitMoved{kTownA, kTownA}}), "unit.cycle");
  EXPECT_EQ(network.by_root({UnitMoved{kTownA, kVillage3}}), "unit.level.order");
  EXPECT_EQ(network.by_root({UnitMoved{kTownA, kTownB}}), "unit.level.order");
  EXPECT_EQ(network.by_root({UnitMoved{kTownA, kDistrictB}}), "unit.parent.same");
  EXPECT_EQ(network.by_root({UnitMoved{kCity, kDistrictB}}), "unit.root");
  EXPECT_EQ(network.by_root({UnitMoved{code("320803009000"), kDistrictB}}), "unit.unknown");
}

TEST(UnitMovedTest, TwoMovesInOneChangeCannotMakeACycleTogether) {
  Network network;
  const Code one = code("320803001001-T01");
  const Code two = code("320803001001-T02");
  EXPECT_EQ(network.by_root({added(one, "village", kVillage1, "甲", "studio"),
                             added(two, "village", kVillage1, "乙", "studio")}),
            "");
  EXPECT_EQ(network.by_root({UnitMoved{one, two}, UnitMoved{two, one}}), "unit.cycle");
  EXPECT_EQ(network.directory.parent_of(one), kVillage1);
}

TEST(UnitSuspendedTest, HoldsForAllBelowUntilResumed) {
  Network network;
  const crypto::PrivateKey key = network.admit(kVillage1);  // version 2
  const crypto::Digest id = key.public_key().id();
  EXPECT_EQ(network.by_root({UnitSuspended{kDistrictA}}), "");  // 3
  EXPECT_EQ(network.by_root({UnitSuspended{kDistrictA}}), "unit.suspended");
  EXPECT_EQ(network.by_root({UnitResumed{kDistrictA}}), "");  // 4
  EXPECT_EQ(network.by_root({UnitResumed{kDistrictA}}), "unit.resumed");
  EXPECT_EQ(network.by_root({UnitSuspended{kCity}}), "unit.root");
  const Directory& directory = network.directory;
  EXPECT_FALSE(directory.suspended(kVillage1, 2));
  EXPECT_TRUE(directory.suspended(kVillage1, 3));
  EXPECT_FALSE(directory.suspended(kVillage3, 3));
  EXPECT_FALSE(directory.suspended(kVillage1));
  EXPECT_TRUE(directory.may_write(id, kVillage1, 2));
  EXPECT_FALSE(directory.may_write(id, kVillage1, 3));
  EXPECT_TRUE(directory.may_write(id, kVillage1, 4));
}

}  // namespace
}  // namespace yishi::topology

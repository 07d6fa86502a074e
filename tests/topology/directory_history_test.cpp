// Questions at versions: an act is judged by the topology its author knew.
#include "tests/topology/network.h"

namespace yishi::topology {
namespace {

TEST(DirectoryHistoryTest, AMovedUnitHadItsOldParentAndName) {
  Network network;
  ASSERT_EQ(network.by_root({UnitMoved{kVillage1, kTownB}}), "");      // 2
  ASSERT_EQ(network.by_root({UnitRenamed{kVillage1, "并入村"}}), "");  // 3
  ASSERT_EQ(network.by_root({UnitMoved{kVillage1, kTownA}}), "");      // 4
  const Directory& directory = network.directory;
  EXPECT_EQ(directory.parent_of(kVillage1, 1), kTownA);
  EXPECT_EQ(directory.parent_of(kVillage1, 2), kTownB);
  EXPECT_EQ(directory.parent_of(kVillage1, 3), kTownB);
  EXPECT_EQ(directory.parent_of(kVillage1), kTownA);
  EXPECT_EQ(directory.unit(kVillage1, 2)->name, "一村");
  EXPECT_EQ(directory.unit(kVillage1, 3)->name, "并入村");
  EXPECT_TRUE(directory.inside(kVillage1, kDistrictB, 3));
  EXPECT_FALSE(directory.inside(kVillage1, kDistrictB, 1));
  EXPECT_EQ(directory.path_to_root(kVillage1, 2),
            (std::vector<Code>{kVillage1, kTownB, kDistrictB, kCity}));
  EXPECT_EQ(directory.common_ancestor({kVillage1, kVillage2}, 1), kTownA);
  EXPECT_EQ(directory.common_ancestor({kVillage1, kVillage2}, 2), kCity);
}

TEST(DirectoryHistoryTest, AUnitWasNotThereBeforeItWasAdded) {
  Network network;
  const Code fresh = code("320803001003");
  ASSERT_EQ(network.by_root({added(fresh, "village", kTownA)}), "");
  const Directory& directory = network.directory;
  EXPECT_FALSE(directory.unit(fresh, 1).has_value());
  EXPECT_TRUE(directory.unit(fresh, 2).has_value());
  EXPECT_TRUE(directory.keeper_of(fresh, 1).empty());
  EXPECT_EQ(directory.keeper_of(fresh, 2), kCity);
  EXPECT_TRUE(directory.path_to_root(fresh, 1).empty());
  EXPECT_FALSE(directory.inside(fresh, kCity, 1));
  EXPECT_TRUE(directory.common_ancestor({fresh, kVillage1}, 1).empty());
  EXPECT_FALSE(directory.may_write(network.city_key.public_key().id(), fresh, 1));
  EXPECT_TRUE(directory.may_write(network.city_key.public_key().id(), fresh, 2));
}

TEST(DirectoryHistoryTest, TheKeeperChangesWhenAUnitGetsANode) {
  Network network;
  const crypto::Digest city = network.city_key.public_key().id();
  const crypto::Digest town = network.admit(kTownA).public_key().id();        // 2
  const crypto::Digest village = network.admit(kVillage1).public_key().id();  // 3
  ASSERT_EQ(network.by_root({NodeEnded{village, 5}}), "");                    // 4
  const Directory& directory = network.directory;
  const std::vector<Code> keepers{kCity, kTownA, kVillage1, kTownA};
  for (Version at = 1; at <= 4; ++at) {
    EXPECT_EQ(directory.keeper_of(kVillage1, at), keepers[at - 1]) << at;
    EXPECT_EQ(directory.may_write(city, kVillage1, at), at == 1) << at;
    EXPECT_EQ(directory.may_write(town, kVillage1, at), at == 2 || at == 4) << at;
    EXPECT_EQ(directory.may_write(village, kVillage1, at), at == 3) << at;
    EXPECT_FALSE(directory.may_write(village, kVillage2, at)) << at;
  }
  EXPECT_FALSE(directory.may_write(town, kVillage1, 5)) << "a version not yet known";
  EXPECT_FALSE(directory.may_write(town, kVillage1, Directory::kNewest));
  EXPECT_EQ(directory.node_of_unit(kVillage1, 3)->key.id(), village);
  EXPECT_EQ(directory.node_of_unit(kVillage1, 4), nullptr);
  EXPECT_EQ(directory.node_of_unit(kVillage1), nullptr);
}

TEST(DirectoryHistoryTest, AReplacedNodeSpokeUntilItWasReplaced) {
  Network network;
  const crypto::Digest before = network.admit(kVillage1).public_key().id();  // 2
  const crypto::Digest after = network.admit(kVillage1).public_key().id();   // 3
  const Directory& directory = network.directory;
  EXPECT_TRUE(directory.may_write(before, kVillage1, 2));
  EXPECT_FALSE(directory.may_write(before, kVillage1, 3));
  EXPECT_FALSE(directory.may_write(after, kVillage1, 2));
  EXPECT_TRUE(directory.may_write(after, kVillage1, 3));
  EXPECT_EQ(directory.nodes().size(), 2u);
}

TEST(DirectoryHistoryTest, TheRootIsAlwaysKeptByItselfEvenWithoutANode) {
  Network network;
  ASSERT_EQ(network.by_root({NodeEnded{network.city_key.public_key().id(), 1}}), "");
  EXPECT_EQ(network.directory.keeper_of(kCity), kCity);
  EXPECT_EQ(network.directory.keeper_of(kVillage1), kCity);
  EXPECT_EQ(network.directory.node_of_unit(kCity), nullptr);
}

TEST(DirectoryHistoryTest, PolicyIsTheOneInForceAtTheVersion) {
  Network network;
  ASSERT_EQ(network.by_root({PolicySet{"a", "1"}}), "");                       // 2
  ASSERT_EQ(network.by_root({UnitRenamed{kVillage1, "x"}}), "");               // 3
  ASSERT_EQ(network.by_root({PolicySet{"b", "2"}, PolicySet{"c", "3"}}), "");  // 4
  EXPECT_FALSE(network.directory.policy_at(1).has_value());
  EXPECT_EQ(network.directory.policy_at(3)->id, "a");
  EXPECT_EQ(network.directory.policy_at(3)->version, 2u);
  EXPECT_EQ(network.directory.policy_at()->text, "3");
}

TEST(DirectoryRouteTest, FindsTheNextHopThroughUnitsWithoutNodes) {
  Network network;
  network.admit(kTownA);
  network.admit(kVillage1);
  const Directory& directory = network.directory;
  EXPECT_EQ(directory.next_hop(kCity, kVillage1), kTownA);
  EXPECT_EQ(directory.next_hop(kCity, kVillage2), kTownA);
  EXPECT_EQ(directory.next_hop(kCity, kDistrictA), kCity);
  EXPECT_EQ(directory.next_hop(kCity, kVillage3), kCity);
  EXPECT_EQ(directory.next_hop(kCity, kCity), kCity);
  EXPECT_EQ(directory.next_hop(kTownA, kVillage1), kVillage1);
  EXPECT_EQ(directory.next_hop(kTownA, kVillage2), kTownA);
  EXPECT_TRUE(directory.next_hop(kTownA, kVillage3).empty());
  EXPECT_TRUE(directory.next_hop(kTownA, kCity).empty());
  EXPECT_TRUE(directory.next_hop(kDistrictA, kVillage1).empty()) << "no node there";
  EXPECT_TRUE(directory.next_hop(kCity, code("320803001009")).empty());
  EXPECT_EQ(directory.parent_node(kVillage1), kTownA);
  EXPECT_EQ(directory.parent_node(kTownA), kCity);
  EXPECT_TRUE(directory.parent_node(kCity).empty());
}

TEST(DirectoryRouteTest, AnswersUnknownCodesWithNothing) {
  const Network network;
  const Code foreign = code("110000000000");
  EXPECT_FALSE(network.directory.unit(foreign).has_value());
  EXPECT_TRUE(network.directory.parent_of(foreign).empty());
  EXPECT_TRUE(network.directory.children_of(foreign).empty());
  EXPECT_TRUE(network.directory.parent_node(foreign).empty());
  EXPECT_TRUE(network.directory.common_ancestor({}).empty());
  EXPECT_TRUE(network.directory.common_ancestor({kCity, foreign}).empty());
  EXPECT_FALSE(network.directory.inside(kCity, foreign));
  EXPECT_FALSE(network.directory.suspended(foreign));
  EXPECT_EQ(network.directory.incarnations_of(foreign), 0u);
  EXPECT_EQ(network.directory.node_of_curve(Bytes(5, 1)), nullptr);
  EXPECT_EQ(network.directory.ticket_of_curve(Bytes{}), nullptr);
}

TEST(DirectoryCopyTest, ACopyIsASnapshot) {
  Network network;
  const Directory before = network.directory;
  ASSERT_EQ(network.by_root({UnitRenamed{kVillage1, "新村"}}), "");
  network.admit(kVillage1);
  EXPECT_EQ(before.unit(kVillage1)->name, "一村");
  EXPECT_EQ(before.latest(), 1u);
  EXPECT_EQ(before.nodes().size(), 1u);
  Directory moved = Directory(before);
  EXPECT_EQ(moved.unit_count(), 8u);
  moved = network.directory;
  EXPECT_EQ(moved.unit(kVillage1)->name, "新村");
}

// The same questions put to a plain list of parents, after many random moves.
TEST(DirectoryModelTest, AnswersAsANaiveModelDoesAtEveryVersion) {
  Network network;
  std::vector<Code> villages{kVillage1, kVillage2, kVillage3};
  std::vector<std::vector<Code>> parents{{kTownA, kTownA, kTownB}};  // by version - 1
  std::uint32_t seed = 20251121;
  for (int step = 0; step < 200; ++step) {
    seed = seed * 1664525u + 1013904223u;
    const std::size_t which = (seed >> 8) % villages.size();
    const std::vector<Code> homes{kTownA, kTownB, kDistrictA, kDistrictB, kCity};
    const Code& to = homes[(seed >> 16) % homes.size()];
    std::vector<Code> now = parents.back();
    const bool same = now[which] == to;
    EXPECT_EQ(network.by_root({UnitMoved{villages[which], to}}), same ? "unit.parent.same" : "");
    if (same) continue;
    now[which] = to;
    parents.push_back(now);
  }
  for (Version at = 1; at <= parents.size(); ++at) {
    for (std::size_t i = 0; i < villages.size(); ++i) {
      EXPECT_EQ(network.directory.parent_of(villages[i], at), parents[at - 1][i]) << at;
    }
  }
  std::size_t children = 0;
  for (const Code& unit : network.directory.all_units()) {
    children += network.directory.children_of(unit).size();
  }
  EXPECT_EQ(children, network.directory.unit_count() - 1);
}

}  // namespace
}  // namespace yishi::topology

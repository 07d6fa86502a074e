// From the units that are to those of a file; and what a change does, in sentences.
#include "topology/plan.h"

#include "tests/topology/network.h"
#include "topology/effects.h"

namespace yishi::topology {
namespace {

std::vector<PresentUnit> present_of(const Directory& directory) {
  std::vector<PresentUnit> present;
  for (const Code& one : directory.all_units()) {
    present.push_back({*directory.unit(one), directory.retired(one)});
  }
  return present;
}

Divisions wanted_of(const Directory& directory) {
  Divisions wanted;
  for (const Code& one :
       {kCity, kDistrictA, kDistrictB, kTownA, kTownB, kVillage1, kVillage2, kVillage3}) {
    wanted.units.push_back(*directory.unit(one));
  }
  return wanted;
}

Unit& unit_in(Divisions& wanted, const Code& code) {
  for (Unit& unit : wanted.units) {
    if (unit.code == code) return unit;
  }
  YISHI_ASSERT(false);
  return wanted.units.front();
}

void drop(Divisions& wanted, const Code& code) {
  std::erase_if(wanted.units, [&](const Unit& unit) { return unit.code == code; });
}

TEST(PlanTest, NothingToDoWhereNothingDiffers) {
  Network network;
  const Plan plan = make_plan(present_of(network.directory), wanted_of(network.directory));
  EXPECT_TRUE(plan.operations.empty());
  EXPECT_TRUE(plan.undecided.empty());
}

TEST(PlanTest, LeadsToTheFileAndIsDoneThen) {
  Network network;
  Divisions wanted = wanted_of(network.directory);
  unit_in(wanted, kVillage1).name = "新一村";
  unit_in(wanted, kVillage2).parent = kTownB;
  drop(wanted, kVillage3);  // given another code
  const Code fresh = code("320804001202");
  wanted.units.push_back({fresh, "三村", "village", kTownB, "division"});
  const Code town = code("320804002000");
  wanted.units.insert(wanted.units.begin() + 3, {town, "丙镇", "township", kDistrictB, "division"});

  const Plan plan = make_plan(present_of(network.directory), wanted);
  EXPECT_TRUE(plan.undecided.empty());
  const auto read = parse_plan(plan.to_text());
  ASSERT_TRUE(read.ok()) << read.error().en;
  ASSERT_EQ(read->size(), plan.operations.size());
  EXPECT_EQ(still_to_do(*read, present_of(network.directory)).size(), read->size());
  ASSERT_EQ(network.by_root(*read), "");
  const Directory& directory = network.directory;
  EXPECT_EQ(directory.unit(kVillage1)->name, "新一村");
  EXPECT_EQ(directory.parent_of(kVillage2), kTownB);
  EXPECT_TRUE(directory.retired(kVillage3));
  EXPECT_EQ(directory.parent_of(kVillage3), fresh);
  EXPECT_EQ(directory.parent_of(town), kDistrictB);
  EXPECT_TRUE(still_to_do(*read, present_of(directory)).empty());
  EXPECT_TRUE(make_plan(present_of(directory), wanted).operations.empty());
}

TEST(PlanTest, GoesOnWhereItWasInterrupted) {
  Network network;
  const std::vector<Operation> plan{added(code("320803001003"), "village", kTownA, "三村"),
                                    UnitRenamed{kVillage1, "新一村"},
                                    UnitRetired{kVillage2, kVillage1}};
  ASSERT_EQ(network.by_root({plan[0], plan[1]}), "");
  const auto left = still_to_do(plan, present_of(network.directory));
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(operation_name(left.front()), "unit.retired");
  EXPECT_EQ(network.by_root(left), "");
}

TEST(PlanTest, AsksWhereASuccessorIsNotPlain) {
  Network network;
  Divisions wanted = wanted_of(network.directory);
  drop(wanted, kVillage2);
  const Plan plan = make_plan(present_of(network.directory), wanted);
  EXPECT_TRUE(plan.operations.empty());
  ASSERT_EQ(plan.undecided.size(), 1U);
  EXPECT_NE(plan.to_text().find("# retire 320803001002 ?"), std::string::npos);
  EXPECT_TRUE(parse_plan(plan.to_text())->empty());
}

TEST(PlanTest, TownshipStaysWhileAVillageBelowItIsUndecided) {
  Network network;
  Divisions wanted = wanted_of(network.directory);
  drop(wanted, kTownA);
  drop(wanted, kVillage1);
  drop(wanted, kVillage2);
  const Code town = code("320803002000");
  wanted.units.push_back({town, "甲镇", "township", kDistrictA, "division"});
  wanted.units.push_back({code("320803002001"), "一村", "village", town, "division"});
  const Plan plan = make_plan(present_of(network.directory), wanted);
  EXPECT_EQ(plan.undecided.size(), 2U);  // 二村, and so the old township
  EXPECT_EQ(network.by_root(plan.operations), "");
  EXPECT_TRUE(network.directory.retired(kVillage1));
  EXPECT_FALSE(network.directory.retired(kTownA));
}

TEST(PlanTest, NamesTheLineThatIsWrong) {
  for (const std::string_view bad :
       {"destroy 320803001001", "move 320803001001", "move 320803001001 320804001000 x",
        "retire 320803001002 ?", "rename 12 x", "add 320803001003 village"}) {
    const auto read = parse_plan("# one\n\n" + std::string(bad) + "\n");
    ASSERT_FALSE(read.ok()) << bad;
    EXPECT_EQ(read.error().rule, "plan.line");
    EXPECT_NE(read.error().en.find("line 3"), std::string::npos) << read.error().en;
  }
}

bool says(const Effects& found, std::string_view zh) {
  for (const Effect& one : found.list) {
    EXPECT_FALSE(one.en.empty());
    if (one.zh.find(zh) != std::string::npos) return true;
  }
  return false;
}

TEST(EffectsTest, SayWhatChangesForWhom) {
  Network network;
  (void)network.admit(kVillage1);
  (void)network.admit(kTownA);
  const Directory before = network.directory;
  ASSERT_EQ(network.by_root({UnitRetired{kVillage1, kVillage2}, UnitRenamed{kVillage2, "并村"},
                             UnitMoved{kTownA, kDistrictB}, UnitSuspended{kTownB},
                             network.operator_for(kDistrictA, new_key())}),
            "");
  const Effects found = effects(before, network.directory);
  EXPECT_TRUE(says(found, "一村 (320803001001) 撤销，由 并村 (320803001002) 承接"));
  EXPECT_TRUE(says(found, "由“二村”更名为“并村”"));
  EXPECT_TRUE(says(found, "由 淮安区 (320803000000) 划归 淮阴区 (320804000000)"));
  EXPECT_TRUE(says(found, "三村 (320804001201) 停用"));  // with the township above it
  EXPECT_TRUE(says(found, "一村 (320803001001) 现有的节点停用"));
  EXPECT_TRUE(says(found, "一村 (320803001001) 的事项由 甲镇 (320803001000) 的节点经办"));
  EXPECT_TRUE(says(found, "管理员“测试管理员”可以变更"));
  EXPECT_TRUE(effects(network.directory, network.directory).list.empty());
}

TEST(EffectsTest, SayThatARootIsChanged) {
  Network network;
  const auto fresh = new_key();
  const Directory before = network.directory;
  Change change = network.signed_by_key(network.root, {RootChanged{{fresh.public_key().raw()}, 1}});
  ASSERT_TRUE(add_signature(fresh, change).ok());
  ASSERT_TRUE(network.directory.apply(change, 2).ok());
  EXPECT_TRUE(says(effects(before, network.directory), "1/1"));
}

}  // namespace
}  // namespace yishi::topology

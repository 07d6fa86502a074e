// 撤村并镇: units that are merged, moved and retired while their nodes run.
#include "node/store/reports.h"
#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

TEST(RetiredUnit, ItsIssuesGoOnAtItsSuccessorAndReadTheSameEverywhere) {
  SimulatedNetwork network;
  for (const auto& unit : {kDistrict, kTown, kVillage, kSecondVillage}) network.join(unit);
  const auto logged = network.log(kVillage, "并村前登记", "environment", 1'000);
  ASSERT_TRUE(logged.ok());
  const auto& id = logged->issue;
  ASSERT_TRUE(network.settle([&] { return network.received(kVillage); }));

  ASSERT_TRUE(network
                  .change({topology::UnitRetired{kVillage, kSecondVillage},
                           topology::UnitRenamed{kSecondVillage, "并村"}})
                  .ok());
  ASSERT_TRUE(network.settle([&] { return network.issue(kSecondVillage, id).has_value(); }));
  network.kill(kVillage);
  const auto done = network.act(kSecondVillage, id, deliberation::Act::kPropose);
  ASSERT_TRUE(done.ok()) << done.error().en;
  EXPECT_NE(network.stage(kSecondVillage, id), "logged");
  EXPECT_TRUE(network.settle([&] {
    return network.same_everywhere(id, {kSecondVillage, kTown, kDistrict, kCity});
  }));
}

TEST(RetiredUnit, ItsOwnNodeMaySayNoMoreAndLosesNothingItSaidBefore) {
  SimulatedNetwork network;
  for (const auto& unit : {kDistrict, kTown, kVillage, kSecondVillage}) network.join(unit);
  const auto before = network.log(kVillage, "并村前登记", "environment", 1'000);
  ASSERT_TRUE(before.ok());
  ASSERT_TRUE(network.settle([&] { return network.received(kVillage); }));
  ASSERT_TRUE(network.change({topology::UnitRetired{kVillage, kSecondVillage}}).ok());
  const auto retired = [&] { return network.at(kTown).board.read()->directory->retired(kVillage); };
  ASSERT_TRUE(network.settle(retired));
  network.settle();
  (void)network.log(kVillage, "并村后登记", "environment", 1'000);
  network.settle();
  EXPECT_TRUE(network.issue(kCity, before->issue).has_value());
  EXPECT_EQ(store::Issues(*network.at(kCity).database).count(), 1U);
}

TEST(RetiredUnit, FiguresOverTheTownAddUpBeforeAndAfter) {
  SimulatedNetwork network;
  for (const auto& unit : {kDistrict, kTown, kVillage, kSecondVillage}) network.join(unit);
  ASSERT_TRUE(network.log(kVillage, "一村的事", "environment", 1'000).ok());
  ASSERT_TRUE(network.log(kSecondVillage, "二村的事", "environment", 2'000).ok());
  const auto sum = [&](const topology::Code& above) {
    const auto& directory = *network.at(kCity).board.read()->directory;
    std::pair<std::int64_t, std::int64_t> total{};
    store::Figures(*network.at(kCity).database)
        .each({}, store::units_below(directory, above), [&](const store::FigureSum& one) {
          if (*one.figure == "issues") total.first += one.amount;
          if (*one.figure == "budget_fen") total.second += one.amount;
        });
    return total;
  };
  ASSERT_TRUE(network.settle([&] { return sum(kTown).first == 2; }));
  const auto before = sum(kTown);
  ASSERT_TRUE(network.change({topology::UnitRetired{kVillage, kSecondVillage}}).ok());
  network.settle();
  EXPECT_EQ(sum(kTown), before);
  EXPECT_EQ(sum(kSecondVillage), before);  // and the successor's own figures have both
}

TEST(MovedSubtree, GoesOnWorkingAndBringsItsHistoryToItsNewParent) {
  SimulatedNetwork network;
  for (const auto& unit : {kDistrict, kOtherDistrict, kTown, kVillage}) network.join(unit);
  const auto before = network.log(kVillage, "划转前", "environment", 1'000);
  ASSERT_TRUE(before.ok());
  ASSERT_TRUE(network.settle([&] { return network.issue(kCity, before->issue).has_value(); }));
  EXPECT_FALSE(network.issue(kOtherDistrict, before->issue).has_value());

  // The line is cut while the change is made: the town hears of it late and works on.
  network.line_cut = [](const auto& child) { return child == kTown; };
  network.settle();
  ASSERT_TRUE(network.change({topology::UnitMoved{kTown, kOtherDistrict}}).ok());
  const auto during = network.log(kVillage, "划转中", "environment", 2'000);
  ASSERT_TRUE(during.ok());
  network.settle();
  network.line_cut = [](const auto&) { return false; };
  ASSERT_TRUE(network.settle([&] {
    return network.issue(kOtherDistrict, before->issue).has_value() &&
           network.issue(kOtherDistrict, during->issue).has_value();
  }));
  const auto after = network.log(kVillage, "划转后", "environment", 3'000);
  ASSERT_TRUE(after.ok());
  ASSERT_TRUE(network.settle([&] {
    return network.same_everywhere(after->issue, {kVillage, kTown, kOtherDistrict, kCity});
  }));
  EXPECT_FALSE(network.issue(kDistrict, after->issue).has_value());
}

}  // namespace
}  // namespace yishi::turn

// A record's way from a village to the city and back, over real turns and stores.
#include "node/turn/verify.h"
#include "tests/node/turn/simulated_network.h"

namespace yishi::turn {
namespace {

using deliberation::Act;
using deliberation::ActBody;

class Journey : public testing::TestWithParam<crypto::Suite> {
 protected:
  SimulatedNetwork network{GetParam()};

  void join_all() {
    for (const auto& unit : {kDistrict, kTown, kOtherTown, kVillage}) network.join(unit);
  }
  void expect_all_verify() {
    for (auto& [unit, node] : network.nodes) {
      const auto report = verify_store(node->directory, {});
      ASSERT_TRUE(report.ok()) << report.error().en;
      EXPECT_TRUE(report->ok()) << unit.text() << " " << report->faults_en.front();
    }
  }
};

INSTANTIATE_TEST_SUITE_P(BothSuites, Journey,
                         testing::Values(crypto::Suite::kEd25519Sha256, crypto::Suite::kSm2Sm3),
                         [](const auto& suite) { return std::string(suite_name(suite.param)); });

TEST_P(Journey, TicketMakesANodeThroughSeveralLevels) {
  join_all();
  const auto directory = network.at(kVillage).board.read()->directory;
  EXPECT_EQ(directory->latest(), network.at(kCity).board.read()->directory->latest());
  EXPECT_EQ(directory->keeper_of(kSecondVillage), kTown);
}

TEST_P(Journey, MatterWithinAuthorityStaysAndIsSeenAbove) {
  join_all();
  const auto logged = network.log(kVillage, "村口三盏路灯不亮", "environment", 8'000);
  ASSERT_TRUE(logged.ok()) << logged.error().en;
  EXPECT_EQ(logged->kinds, std::vector<std::string>{"issue.logged"});
  EXPECT_EQ(logged->issue, "320803001001-2026-0001");
  ASSERT_TRUE(network.settle([&] {
    return network.same_everywhere(logged->issue, {kVillage, kTown, kDistrict, kCity});
  }));
  EXPECT_TRUE(network.settle([&] { return network.received(kVillage); }));
  EXPECT_EQ(network.issue(kCity, logged->issue)->holder, kVillage);
  expect_all_verify();
}

TEST_P(Journey, MoneyBeyondAuthorityClimbsByItselfToTheDistrictAndComesBack) {
  join_all();
  const auto logged = network.log(kVillage, "镇上设透析室", "healthcare", 2'200'000);
  ASSERT_TRUE(logged.ok()) << logged.error().en;
  EXPECT_EQ(logged->kinds, (std::vector<std::string>{"issue.logged", "issue.escalated"}));
  const auto& id = logged->issue;
  ASSERT_TRUE(network.settle([&] {
    const auto issue = network.issue(kDistrict, id);
    return issue && issue->holder == kDistrict && issue->stage == "escalated";
  }));
  EXPECT_EQ(network.issue(kDistrict, id)->escalations.size(), 2U);
  for (const auto act : {Act::kAccept, Act::kDecide}) {
    const auto done = network.act(kDistrict, id, act);
    ASSERT_TRUE(done.ok()) << done.error().rule << " " << done.error().en;
  }
  ActBody task;
  task.to = kTown;
  task.text = "腾出卫生院二楼";
  task.due_ms = network.clock.wall_ms + 90ULL * 86'400'000;
  ASSERT_TRUE(network.act(kDistrict, id, Act::kAssign, task).ok());
  ASSERT_TRUE(network.settle([&] {
    const auto issue = network.issue(kTown, id);
    return issue && issue->assignments.size() == 1;
  }));
  ActBody progress;
  progress.assignment = 1;
  progress.percent = 100;
  progress.done = true;
  progress.text = "已投用";
  const auto done = network.act(kTown, id, Act::kProgress, progress);
  ASSERT_TRUE(done.ok()) << done.error().en;
  ASSERT_TRUE(network.settle([&] {
    const auto issue = network.issue(kDistrict, id);
    return issue && issue->assignments.front().done;
  }));
  const auto back = network.act(kDistrict, id, Act::kFeedBack);
  ASSERT_TRUE(back.ok()) << back.error().en;
  ASSERT_TRUE(network.settle([&] {
    const auto issue = network.issue(kVillage, id);
    return issue && issue->holder == kVillage;
  }));
  ActBody close;
  close.result = "solved";
  close.figures = {{"患者年均费用", "12000", "3600", "元"}};
  const auto closed = network.act(kVillage, id, Act::kClose, close);
  ASSERT_TRUE(closed.ok()) << closed.error().en;
  EXPECT_TRUE(network.settle([&] {
    return network.same_everywhere(id, {kVillage, kTown, kDistrict, kCity});
  }));
  EXPECT_EQ(network.stage(kCity, id), "closed");
  expect_all_verify();
}

TEST_P(Journey, ReachOverTwoTownshipsClimbsToTheDistrictThatContainsBoth) {
  join_all();
  const auto logged = network.log(kVillage, "镇界路口要划标线", "traffic", 3'000, {kFarVillage});
  ASSERT_TRUE(logged.ok()) << logged.error().en;
  ASSERT_TRUE(network.settle([&] {
    const auto issue = network.issue(kDistrict, logged->issue);
    return issue && issue->holder == kDistrict;
  }));
  network.settle();
  EXPECT_EQ(network.issue(kCity, logged->issue)->holder, kDistrict);
  EXPECT_EQ(network.issue(kDistrict, logged->issue)->escalations,
            (std::vector<std::string>{"reach", "reach"}));
  // The other township is concerned, so it holds the whole of the matter too.
  EXPECT_TRUE(network.settle([&] {
    return network.same_everywhere(logged->issue, {kOtherTown, kDistrict});
  }));
}

TEST_P(Journey, AssignedUnitThatWasNotConcernedGetsTheHistory) {
  join_all();
  const auto logged = network.log(kVillage, "河道清淤", "environment", 600'000);
  ASSERT_TRUE(logged.ok());
  ASSERT_TRUE(network.settle([&] {
    const auto issue = network.issue(kDistrict, logged->issue);
    return issue && issue->holder == kDistrict;
  }));
  ASSERT_FALSE(network.issue(kOtherTown, logged->issue).has_value());
  for (const auto act : {Act::kAccept, Act::kDecide}) {
    ASSERT_TRUE(network.act(kDistrict, logged->issue, act).ok());
  }
  ActBody task;
  task.to = kOtherTown;
  task.text = "出挖机";
  task.due_ms = network.clock.wall_ms + 86'400'000;
  ASSERT_TRUE(network.act(kDistrict, logged->issue, Act::kAssign, task).ok());
  EXPECT_TRUE(network.settle([&] {
    return network.same_everywhere(logged->issue, {kOtherTown, kDistrict});
  }));
  expect_all_verify();
}

TEST_P(Journey, UnitWithoutANodeIsKeptAboveAndItsIssuesGoOverWhenItGetsOne) {
  join_all();
  const auto logged = network.log(kTown, "二村水渠渗漏", "environment", 5'000, {}, kSecondVillage);
  ASSERT_TRUE(logged.ok()) << logged.error().en;
  EXPECT_EQ(network.issue(kTown, logged->issue)->holder, kSecondVillage);
  network.join(kSecondVillage);
  ASSERT_TRUE(network.settle([&] {
    return network.same_everywhere(logged->issue, {kSecondVillage, kTown});
  }));
  const auto by_town = network.act(kTown, logged->issue, Act::kPropose);
  ASSERT_FALSE(by_town.ok()) << "the township keeps the village no more";
  const auto by_village = network.act(kSecondVillage, logged->issue, Act::kPropose);
  EXPECT_TRUE(by_village.ok()) << by_village.error().en;
}

}  // namespace
}  // namespace yishi::turn

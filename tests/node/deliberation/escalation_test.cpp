#include <gtest/gtest.h>

#include <algorithm>

#include "town.h"

namespace yishi::deliberation {
namespace {

std::vector<std::string> reasons_of(const Case& one) { return one.issue.escalations; }

TEST(Escalation, WithinItsAuthorityAVillageKeepsItsMatter) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(with_budget(50'000)), "");  // the limit itself is within
  EXPECT_EQ(one.issue.holder, kVillage1);
  EXPECT_EQ(one.facts.size(), 1U);
}

TEST(Escalation, MoneyClimbsUntilALevelMayDecideItAndSaysWhy) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(with_budget(600'000)), "");
  EXPECT_EQ(one.issue.holder, kDistrictA);
  EXPECT_EQ(one.issue.stage, "escalated");
  EXPECT_EQ(one.issue.custody, (std::vector<topology::Code>{kVillage1, kTown1}));
  EXPECT_EQ(reasons_of(one), (std::vector<std::string>{"budget", "budget"}));
  ASSERT_EQ(one.facts.size(), 3U);
  const ActBody& climb = one.facts[2].body;
  EXPECT_TRUE(climb.automatic);
  EXPECT_EQ(climb.unit, kTown1);
  EXPECT_EQ(climb.to, kDistrictA);
  EXPECT_EQ(climb.reason, "预算 600,000 元，超过乡镇权限 500,000 元");
  // Each step is signed by the node of the unit it leaves.
  EXPECT_EQ(one.facts[1].author, town.keys.at(kVillage1).public_key().id());
  EXPECT_EQ(one.facts[2].author, town.keys.at(kTown1).public_key().id());
}

TEST(Escalation, WhatNoLevelMayDecideStaysWithTheHighest) {
  std::string policy = huaian();
  const std::string city = "[authority.city]\n";
  policy.replace(policy.find(city), city.size(), city + "budget_max_yuan = 6000000\n");
  Town town(crypto::Suite::kEd25519Sha256, policy);
  Case one(town);
  ASSERT_EQ(one.log(with_budget(9'000'000)), "");
  EXPECT_EQ(one.issue.holder, kCity);
  const auto beyond = beyond_authority(one.issue, town.world);
  ASSERT_EQ(beyond.size(), 1U);
  EXPECT_EQ(beyond[0].code, "budget");
  ASSERT_EQ(one.act(Act::kAccept, kCity), "");
  EXPECT_EQ(one.act(Act::kDecide, kCity, with_text("同意")), "");
}

TEST(Escalation, CategoriesThatALevelMayNotDecideClimb) {
  std::string policy = huaian();
  const std::string village = "[authority.village]\n";
  policy.replace(policy.find(village), village.size(), village + "excluded = [\"healthcare\"]\n");
  const std::string township = "[authority.township]\n";
  policy.replace(policy.find(township), township.size(),
                 township + "categories = [\"environment\"]\n");
  Town town(crypto::Suite::kEd25519Sha256, policy);
  Case one(town);
  ActBody body;
  body.category = "healthcare";
  ASSERT_EQ(one.log(body), "");
  EXPECT_EQ(one.issue.holder, kDistrictA);
  EXPECT_EQ(reasons_of(one), (std::vector<std::string>{"category", "category"}));
  EXPECT_EQ(one.facts[1].body.reason, "“医疗保障”类事项不由村社区决定");
}

TEST(Escalation, WhatTouchesTwoTownshipsStopsAtTheirDistrict) {
  Town town;
  Case one(town);
  ActBody body;
  body.reach = {kVillage2, kTown2};
  ASSERT_EQ(one.log(body), "");
  EXPECT_EQ(one.issue.holder, kDistrictA);
  EXPECT_EQ(reasons_of(one), (std::vector<std::string>{"reach", "reach"}));
  EXPECT_EQ(one.facts[1].body.reason, "涉及二村、乙镇，不在一村范围内");
  EXPECT_TRUE(one.issue.concerned.contains(kTown2));
  Case wide(town, kVillage3);
  body.reach = {kVillage4};
  ASSERT_EQ(wide.log(body), "");
  EXPECT_EQ(wide.issue.holder, kCity);
}

TEST(Escalation, SeveralReasonsAreAllGiven) {
  Town town;
  Case one(town);
  ActBody body = with_budget(60'000);
  body.reach = {kVillage2};
  ASSERT_EQ(one.log(body), "");
  EXPECT_EQ(one.facts[1].body.reasons, (std::vector<std::string>{"budget", "reach"}));
  EXPECT_NE(one.facts[1].body.reason.find("；"), std::string::npos);
}

TEST(Escalation, WhatIsReturnedDoesNotBounce) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(with_budget(60'000)), "");
  EXPECT_EQ(one.act(Act::kReturn, kTown1), "act.field");
  ASSERT_EQ(one.act(Act::kReturn, kTown1, with_reason("村里可以决定")), "");
  EXPECT_EQ(one.issue.stage, "returned");
  EXPECT_EQ(one.issue.holder, kVillage1);
  EXPECT_EQ(one.issue.return_reason, "村里可以决定");
  EXPECT_EQ(one.issue.granted, std::set<std::string>{"320803001001:budget"});
  EXPECT_TRUE(beyond_authority(one.issue, town.world).empty());
  EXPECT_EQ(one.issue.accept_by_ms, 0U);
}

TEST(Escalation, AReturnedMatterThatGrowsClimbsAgain) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(with_budget(60'000)), "");
  ASSERT_EQ(one.act(Act::kReturn, kTown1, with_reason("村里可以决定")), "");
  ActBody words;
  words.text = "写清楚一些";
  ASSERT_EQ(one.act(Act::kAmend, kVillage1, words), "");
  EXPECT_EQ(one.issue.holder, kVillage1);  // words do not matter
  ASSERT_EQ(one.act(Act::kAmend, kVillage1, with_budget(60'000)), "");
  EXPECT_EQ(one.issue.holder, kVillage1);  // nor does the same amount
  ASSERT_EQ(one.act(Act::kAmend, kVillage1, with_budget(70'000)), "");
  EXPECT_EQ(one.issue.holder, kTown1);
  EXPECT_TRUE(one.issue.granted.empty());
}

TEST(Escalation, AGrantForMoneyIsNoGrantForReach) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(with_budget(60'000)), "");
  ASSERT_EQ(one.act(Act::kReturn, kTown1, with_reason("村里可以决定")), "");
  ActBody wider;
  wider.reach = {kVillage2};
  ASSERT_EQ(one.act(Act::kAmend, kVillage1, wider), "");
  EXPECT_EQ(one.issue.holder, kTown1);
  EXPECT_EQ(one.facts.back().body.reasons, std::vector<std::string>{"reach"});
}

TEST(Escalation, ReturnGoesDownOneLevelAtATime) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(with_budget(600'000)), "");
  ASSERT_EQ(one.act(Act::kReturn, kDistrictA, with_reason("镇里可以决定")), "");
  EXPECT_EQ(one.issue.holder, kTown1);
  ASSERT_EQ(one.act(Act::kReturn, kTown1, with_reason("村里可以决定")), "");
  EXPECT_EQ(one.issue.holder, kVillage1);
  EXPECT_EQ(one.issue.granted,
            (std::set<std::string>{"320803001000:budget", "320803001001:budget"}));
  EXPECT_EQ(one.act(Act::kReturn, kVillage1, with_reason("再退")), "act.return.nowhere");
}

TEST(Escalation, APersonMayEscalateWithAReason) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(), "");
  EXPECT_EQ(one.act(Act::kEscalate, kVillage1), "act.field");
  ASSERT_EQ(one.act(Act::kEscalate, kVillage1, with_reason("苗头性问题")), "");
  EXPECT_EQ(one.issue.holder, kTown1);
  EXPECT_EQ(reasons_of(one), std::vector<std::string>{"person"});
  EXPECT_FALSE(one.facts.back().body.automatic);
  ASSERT_EQ(one.act(Act::kReturn, kTown1, with_reason("先自己商量")), "");
  EXPECT_TRUE(one.issue.granted.empty());  // nothing to grant: it may be tried again
}

TEST(Escalation, AcceptanceIsDueByTheWorkingDaysOfTheNewLevel) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(with_budget(60'000)), "");
  // Wednesday, three working days of the township: Monday to its end.
  EXPECT_EQ(one.issue.accept_by_ms, 1'793'750'400'000U + 5 * 86'400'000 + 16 * 3'600'000 - 1);
  EXPECT_EQ(one.act(Act::kAccept, kVillage1), "act.holder");
  ASSERT_EQ(one.act(Act::kAccept, kTown1), "");
  EXPECT_EQ(one.issue.stage, "accepted");
  EXPECT_EQ(one.issue.accept_by_ms, 0U);
}

TEST(Escalation, AKeptVillageClimbsThroughItsKeeperInOneGo) {
  Town town;
  Case one(town, kVillage2);
  ASSERT_EQ(one.log(with_budget(600'000)), "");
  EXPECT_EQ(one.issue.holder, kDistrictA);
  ASSERT_EQ(one.facts.size(), 3U);
  for (const Fact& fact : one.facts) {
    EXPECT_EQ(fact.author, town.keys.at(kTown1).public_key().id());
  }
  EXPECT_EQ(one.facts[1].body.unit, kVillage2);
  EXPECT_EQ(one.facts[2].body.unit, kTown1);
}

TEST(Escalation, OnlyTheKeeperOfTheHolderReacts) {
  Town town;
  Case one(town);
  ActBody body = with_budget(60'000);
  body.title = "修桥";
  body.category = "traffic";
  const auto draft = make_log(one.id, body, town.world, kVillage1, town.now);
  ASSERT_TRUE(draft.ok()) << draft.error().en;
  one.take(town.sign(*draft, kVillage1));
  for (const topology::Code& here : {kTown1, kDistrictA, kCity, kVillage2, kVillage3}) {
    EXPECT_FALSE(react(one.issue, town.world, here).has_value());
  }
  EXPECT_TRUE(react(one.issue, town.world, kVillage1).has_value());
  town.change({topology::UnitSuspended{kVillage1}});
  EXPECT_FALSE(react(one.issue, town.world, kVillage1).has_value());
}

TEST(Escalation, WhatIsBeingCarriedOutDoesNotClimbAnyMore) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(), "");
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  ASSERT_EQ(one.act(Act::kApprove, kVillage1), "");
  ActBody hurried = session(town);
  hurried.overrides = "紧急";
  ASSERT_EQ(one.act(Act::kHoldSession, kVillage1, hurried), "");
  ASSERT_EQ(one.act(Act::kOutcome, kVillage1, with_text("成果")), "");
  ASSERT_EQ(one.act(Act::kAssign, kVillage1, assignment(kVillage1)), "");
  EXPECT_EQ(one.act(Act::kEscalate, kVillage1, with_reason("太难")), "act.stage");
}

// The rules of the day an issue was logged go with it to its end.
TEST(Escalation, ANewPolicyDoesNotTouchIssuesLoggedBefore) {
  Town town;
  Case before(town);
  ASSERT_EQ(before.log(with_budget(40'000)), "");
  std::string stricter = huaian();
  const std::string limit = "budget_max_yuan = 50000\n";
  stricter.replace(stricter.find(limit), limit.size(), "budget_max_yuan = 10000\n");
  town.change({topology::PolicySet{"huaian", stricter}});
  EXPECT_FALSE(react(before.issue, town.world, kVillage1).has_value());
  Case after(town, kVillage3);
  ASSERT_EQ(after.log(with_budget(40'000)), "");
  EXPECT_EQ(after.issue.holder, kTown2);
}

}  // namespace
}  // namespace yishi::deliberation

// A policy shown, compared with another, and tried on what has happened.
#include <gtest/gtest.h>

#include <algorithm>

#include "node/deliberation/policy_document.h"
#include "node/deliberation/policy_flow.h"
#include "node/deliberation/policy_trial.h"
#include "town.h"

namespace yishi::deliberation {
namespace {

std::string with(std::string policy, const std::string& old_text, const std::string& new_text) {
  const auto found = policy.find(old_text);
  EXPECT_NE(found, std::string::npos) << old_text;
  return policy.replace(found, old_text.size(), new_text);
}

std::vector<Deviation> tried(const Case& one, const std::string& toml) {
  const auto policy = parse_policy(toml);
  EXPECT_TRUE(policy.ok()) << policy.error().en;
  return try_policy(**policy, one.id, one.facts, one.town.directory);
}

// Through approval, research and one session with 5 of 9 from the public, passed with a reason.
void deliberate(Case& one) {
  ASSERT_EQ(one.log(with_budget(8'000)), "");
  ASSERT_EQ(one.act(Act::kPropose, kVillage1, with_text("清淤")), "");
  ASSERT_EQ(one.act(Act::kApprove, kVillage1), "");
  ASSERT_EQ(one.act(Act::kResearch, kVillage1, with_text("已查看")), "");
  ActBody held = session(one.town, 5, 3);
  held.overrides = "外出务工人员多";
  ASSERT_EQ(one.act(Act::kHoldSession, kVillage1, held), "");
}

TEST(PolicyFlow, NamesEveryStageActAndGuardInBothLanguages) {
  const auto policy = parse_policy(huaian());
  ASSERT_TRUE(policy.ok());
  for (const bool chinese : {true, false}) {
    const std::string flow = policy_flow(**policy, chinese);
    for (const Stage& stage : (*policy)->stages) {
      EXPECT_NE(flow.find(chinese ? stage.label.zh : stage.label.en), std::string::npos);
    }
    for (const auto& [act, rule] : (*policy)->acts) {
      const auto& known = info(act);
      EXPECT_NE(flow.find(chinese ? known.zh : known.en), std::string::npos) << known.name;
      for (const Guard& guard : rule.guards) {
        EXPECT_NE(flow.find(guard.name), std::string::npos) << guard.name;
      }
    }
  }
  EXPECT_NE(policy_flow(**policy, false).find("convenes (A40) (only village)"), std::string::npos);
  EXPECT_NE(policy_flow(**policy, true).find("村社区：≤ 50,000 元"), std::string::npos)
      << policy_flow(**policy, true);
}

TEST(PolicyDifference, OrderCommentsAndLayoutAreNone) {
  const auto found =
      policy_difference("a = 1\n[b]\nc = [1, 2]\n", "# a remark\n[b]\n  c = [ 1,\n 2 ]\n");
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ((*found)[0], (PolicyDifference{"a", "1", ""}));
}

TEST(PolicyDifference, WhatHasAnIdIsComparedByItWhereverItStands) {
  const auto found = policy_difference(
      "[[s]]\nid = \"x\"\nzh = \"甲\"\n[[s]]\nid = \"y\"\nzh = \"乙\"\n",
      "[[s]]\nid = \"y\"\nzh = \"丙\"\n[[s]]\nid = \"x\"\nzh = \"甲\"\n[[s]]\nid = \"z\"\n");
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(*found, (std::vector<PolicyDifference>{{"s.y.zh", "乙", "丙"}, {"s.z.id", "", "z"}}));
}

TEST(PolicyDifference, AGuardsShareIsNamedByItsPath) {
  const auto found =
      policy_difference(huaian(), with(huaian(), "share = \"2/3\"", "share = \"1/3\""));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(
      *found,
      (std::vector<PolicyDifference>{{"acts.session.guards.mass_share.share", "2/3", "1/3"}}));
}

TEST(PolicyDifference, TextThatIsNoTomlIsNamedWithItsLine) {
  const auto found = policy_difference(huaian(), "a = \n");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().rule, "policy.toml");
}

TEST(PolicyTrial, TheSamePolicyChangesNothing) {
  Town town;
  Case one(town);
  deliberate(one);
  EXPECT_TRUE(tried(one, huaian()).empty());
}

TEST(PolicyTrial, AHardGuardWouldHaveStoppedWhatAReasonPassed) {
  Town town;
  Case one(town);
  deliberate(one);
  const auto found = tried(one, with(huaian(), "share = \"2/3\"\nsoft = true", "share = \"2/3\""));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].rule, "guard.mass_share");
  EXPECT_EQ(found[0].act, Act::kHoldSession);
  EXPECT_EQ(found[0].n, 5U);
  EXPECT_NE(found[0].zh.find("5/9"), std::string::npos) << found[0].zh;
}

TEST(PolicyTrial, ALowerLimitWouldHaveSentItUpAtOnce) {
  Town town;
  Case one(town);
  deliberate(one);
  const auto found =
      tried(one, with(huaian(), "budget_max_yuan = 50000\n", "budget_max_yuan = 5000\n"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].rule, "trial.escalates");
  EXPECT_EQ(found[0].n, 1U);
}

TEST(PolicyTrial, AHigherLimitWouldHaveKeptItInTheVillage) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(with_budget(60'000)), "");
  ASSERT_EQ(one.issue.holder, kTown1);
  const auto found =
      tried(one, with(huaian(), "budget_max_yuan = 50000\n", "budget_max_yuan = 70000\n"));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].rule, "act.escalate.reason");
  EXPECT_EQ(found[0].n, 2U);
}

TEST(PolicyTrial, ACategoryThatIsGoneEndsItAtTheLogging) {
  Town town;
  Case one(town);
  deliberate(one);
  std::string policy = huaian();
  for (const char* old_text : {"id = \"environment\""}) {
    policy = with(policy, old_text, "id = \"surroundings\"");
  }
  const auto found = tried(one, policy);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].rule, "act.name");
  EXPECT_EQ(found[0].n, 1U);
}

}  // namespace
}  // namespace yishi::deliberation

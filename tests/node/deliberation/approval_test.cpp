// Approval by the level above, and receipts of filing.
#include <gtest/gtest.h>

#include "town.h"

namespace yishi::deliberation {
namespace {

TEST(Approval, ByItsOwnLevelAndFiledAbove) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(), "");
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  EXPECT_TRUE(one.issue.filed.empty());
  ActBody body;
  body.by = "一村党总支";
  ASSERT_EQ(one.act(Act::kApprove, kVillage1, body), "");
  ASSERT_EQ(one.issue.filed.size(), 1U);
  EXPECT_TRUE(one.issue.filed.contains(kTown1));
  EXPECT_EQ(one.facts.back().kind, "topic.filed");
  EXPECT_TRUE(one.facts.back().body.automatic);
  EXPECT_EQ(one.facts.back().author, town.keys.at(kTown1).public_key().id());
}

TEST(Approval, LandGoesToTheTownshipAndComesBack) {
  Town town;
  Case one(town);
  ActBody land;
  land.category = "land";
  ASSERT_EQ(one.log(land), "");
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  EXPECT_EQ(one.issue.holder, kTown1);
  EXPECT_EQ(one.issue.proposer, kVillage1);
  EXPECT_EQ(one.facts.back().body.to, kTown1);
  EXPECT_EQ(one.act(Act::kApprove, kVillage1), "act.holder");
  ASSERT_EQ(one.act(Act::kApprove, kTown1), "");
  EXPECT_EQ(one.issue.holder, kVillage1);
  EXPECT_EQ(one.issue.stage, "approved");
  EXPECT_EQ(one.issue.approved_by, kTown1);
  EXPECT_TRUE(one.issue.custody.empty());
  EXPECT_TRUE(one.issue.filed.contains(kTown1));
}

TEST(Approval, MoneyAboveTheLineGoesUpReturnsIsAmendedAndProposedAgain) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(with_budget(20'001)), "");
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  ASSERT_EQ(one.issue.holder, kTown1);
  ASSERT_EQ(one.act(Act::kReturn, kTown1, with_reason("预算偏高")), "");
  EXPECT_EQ(one.issue.holder, kVillage1);
  EXPECT_EQ(one.issue.stage, "returned");
  EXPECT_TRUE(one.issue.granted.empty());
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");  // as it was: to the township again
  ASSERT_EQ(one.issue.holder, kTown1);
  ASSERT_EQ(one.act(Act::kReturn, kTown1, with_reason("仍然偏高")), "");
  ASSERT_EQ(one.act(Act::kAmend, kVillage1, with_budget(20'000)), "");
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  EXPECT_EQ(one.issue.holder, kVillage1);  // the village may approve that itself
  ASSERT_EQ(one.act(Act::kApprove, kVillage1), "");
  EXPECT_TRUE(one.issue.custody.empty());
}

TEST(Approval, ATopicItsOwnLevelRefusesStaysThereToBeAmended) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(), "");
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  ASSERT_EQ(one.act(Act::kReturn, kVillage1, with_reason("切口太大")), "");
  EXPECT_EQ(one.issue.holder, kVillage1);
  EXPECT_EQ(one.issue.stage, "returned");
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
}

TEST(Approval, ReturnedAfterGrantItStillNeedsTheApprovalAbove) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(with_budget(60'000)), "");
  ASSERT_EQ(one.act(Act::kReturn, kTown1, with_reason("村里可以决定")), "");
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  EXPECT_EQ(one.issue.holder, kTown1);
  ASSERT_EQ(one.act(Act::kApprove, kTown1), "");
  EXPECT_EQ(one.issue.holder, kVillage1);
}

TEST(Approval, AKeptVillagesTopicIsApprovedAndFiledByTheSameNode) {
  Town town;
  Case one(town, kVillage2);
  ActBody land;
  land.category = "土地流转";
  ASSERT_EQ(one.log(land), "");
  ASSERT_EQ(one.act(Act::kPropose, kTown1), "");
  EXPECT_EQ(one.issue.holder, kTown1);
  ASSERT_EQ(one.act(Act::kApprove, kTown1), "");
  EXPECT_EQ(one.issue.holder, kVillage2);
  EXPECT_TRUE(one.issue.filed.contains(kTown1));
}

TEST(Approval, ANewProposalByAnotherLevelIsFiledOnlyWhenApproved) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(), "");
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  ASSERT_EQ(one.act(Act::kApprove, kVillage1), "");
  ASSERT_EQ(one.act(Act::kEscalate, kVillage1, with_reason("全局性问题")), "");
  ASSERT_EQ(one.act(Act::kAccept, kTown1), "");
  ASSERT_EQ(one.act(Act::kPropose, kTown1), "");
  EXPECT_FALSE(one.issue.filed.contains(kDistrictA));
  ASSERT_EQ(one.act(Act::kApprove, kTown1), "");
  EXPECT_TRUE(one.issue.filed.contains(kDistrictA));
}

TEST(Approval, WithoutAnOrganForTheLevelTheOrganMustBeNamed) {
  std::string policy = huaian();
  const std::string organ = "[organs.village]";
  policy.replace(policy.find(organ), organ.size(), "[organs.province]");
  Town town(crypto::Suite::kEd25519Sha256, policy);
  Case one(town);
  ASSERT_EQ(one.log(), "");
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  EXPECT_EQ(one.act(Act::kApprove, kVillage1), "act.field");
  EXPECT_EQ(one.error.field, "by");
  ActBody body;
  body.by = "一村党总支";
  EXPECT_EQ(one.act(Act::kApprove, kVillage1, body), "");
}

}  // namespace
}  // namespace yishi::deliberation

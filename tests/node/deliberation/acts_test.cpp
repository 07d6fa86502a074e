// The ordinary way of an issue, act by act.
#include <gtest/gtest.h>

#include <algorithm>

#include "town.h"

namespace yishi::deliberation {
namespace {

bool open(const Case& one, Act act, const topology::Code& here) {
  const auto all = open_acts(one.issue, one.town.world, here);
  return std::find(all.begin(), all.end(), act) != all.end();
}

void bring_to_outcome(Case& one, const topology::Code& here = kVillage1) {
  ASSERT_EQ(one.log(), "");
  ASSERT_EQ(one.act(Act::kPropose, here), "");
  ASSERT_EQ(one.act(Act::kApprove, here), "");
  ASSERT_EQ(one.act(Act::kResearch, here, with_text("沟渠堵塞")), "");
  ASSERT_EQ(one.act(Act::kHoldSession, here, session(one.town)), "") << one.error.en;
  ASSERT_EQ(one.act(Act::kOutcome, here, with_text("清淤修路")), "");
}

class EverySuite : public testing::TestWithParam<crypto::Suite> {};

TEST_P(EverySuite, AVillageMatterGoesTheWholeWayInItsVillage) {
  Town town(GetParam());
  Case one(town);
  ActBody body = with_budget(3000);
  body.category = "环境整治";  // a label becomes its id
  body.source = "出题";
  body.reach = {kVillage1, kVillage1};
  ASSERT_EQ(one.log(body), "");
  EXPECT_EQ(one.issue.stage, "logged");
  EXPECT_EQ(one.issue.category, "environment");
  EXPECT_EQ(one.issue.source, "raised");
  EXPECT_EQ(one.issue.holder, kVillage1);
  EXPECT_TRUE(one.issue.reach.empty());  // home is always touched
  EXPECT_EQ(one.issue.n, 1U);

  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  EXPECT_EQ(one.issue.stage, "proposed");
  ASSERT_EQ(one.act(Act::kApprove, kVillage1), "");
  EXPECT_EQ(one.issue.stage, "approved");
  EXPECT_EQ(one.issue.approved_n, 3U);
  EXPECT_EQ(one.facts[2].body.by, "村（社区）党组织");  // the organ of the level
  ASSERT_EQ(one.act(Act::kResearch, kVillage1, with_text("沟渠堵塞")), "");
  EXPECT_TRUE(one.issue.researched);
  ASSERT_EQ(one.act(Act::kHoldSession, kVillage1, session(town)), "");
  EXPECT_TRUE(one.issue.session_held);
  ActBody outcome = with_text("清淤修路");
  outcome.became = "转化为民生项目";
  ASSERT_EQ(one.act(Act::kOutcome, kVillage1, outcome), "");
  EXPECT_EQ(one.issue.outcome, "清淤修路");
  EXPECT_EQ(one.issue.became, "project");
  ASSERT_EQ(one.act(Act::kAssign, kVillage1, assignment(kVillage1)), "");
  EXPECT_EQ(one.issue.stage, "carrying_out");
  ASSERT_EQ(one.act(Act::kProgress, kVillage1, progress(1, 100, true)), "");
  ActBody close = with_result("solved");
  close.figures = {{"积水时间", "48", "2", "小时"}};
  ASSERT_EQ(one.act(Act::kClose, kVillage1, close), "");
  EXPECT_EQ(one.issue.stage, "closed");
  EXPECT_EQ(one.issue.result, "solved");
  EXPECT_EQ(one.issue.figures.size(), 1U);
  EXPECT_EQ(one.issue.closed_ms, town.now);
  ASSERT_EQ(one.act(Act::kReopen, kVillage1, with_reason("又积水了")), "");
  EXPECT_EQ(one.issue.stage, "logged");
  EXPECT_FALSE(one.issue.researched);
  EXPECT_EQ(one.issue.closed_ms, 0U);
  EXPECT_TRUE(one.issue.escalations.empty());
}

INSTANTIATE_TEST_SUITE_P(Suites, EverySuite,
                         testing::Values(crypto::Suite::kEd25519Sha256, crypto::Suite::kSm2Sm3),
                         [](const auto& which) {
                           return std::string(crypto::suite_name(which.param));
                         });

TEST(Acts, AmendChangesOnlyWhatItNames) {
  Town town;
  Case one(town);
  ActBody body = with_budget(100);
  body.text = "原文";
  body.reach = {kVillage2};
  ASSERT_EQ(one.log(body), "");
  const topology::Code holder = one.issue.holder;
  EXPECT_EQ(holder, kTown1);  // village 2 lies outside village 1
  ASSERT_EQ(one.act(Act::kReturn, kTown1, with_reason("两村自己商量")), "");
  ActBody amended;
  amended.title = "新标题";
  ASSERT_EQ(one.act(Act::kAmend, kVillage1, amended), "");
  EXPECT_EQ(one.issue.title, "新标题");
  EXPECT_EQ(one.issue.text, "原文");
  EXPECT_EQ(one.issue.budget_fen, 100 * kYuan);
  EXPECT_EQ(one.issue.reach, std::vector<topology::Code>{kVillage2});
  EXPECT_EQ(one.act(Act::kAmend, kVillage1), "act.amend.nothing");
  ActBody alone;
  alone.reach = {kVillage1};  // home alone takes the reach back
  ASSERT_EQ(one.act(Act::kAmend, kVillage1, alone), "");
  EXPECT_TRUE(one.issue.reach.empty());
}

TEST(Acts, AnAmendmentAfterReturnToLoggedStageKeepsTheStage) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(), "");
  ActBody amended;
  amended.text = "补充说明";
  ASSERT_EQ(one.act(Act::kAmend, kVillage1, amended), "");
  EXPECT_EQ(one.issue.stage, "logged");
}

TEST(Acts, WorkIsAssignedReportedFedBackAndClosed) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(with_budget(60'000)), "");
  ASSERT_EQ(one.issue.holder, kTown1);
  ASSERT_EQ(one.act(Act::kAccept, kTown1), "");
  EXPECT_EQ(one.issue.accept_by_ms, 0U);
  ASSERT_EQ(one.act(Act::kDecide, kTown1, with_text("由镇里出资")), "");
  EXPECT_EQ(one.issue.decision, "由镇里出资");
  ActBody first = assignment(kVillage1);
  first.due_ms = town.now + 1'000'000'000;
  ASSERT_EQ(one.act(Act::kAssign, kTown1, first), "");
  ASSERT_EQ(one.act(Act::kAssign, kTown1, assignment(kVillage2, "接通排水")), "");
  ASSERT_EQ(one.issue.assignments.size(), 2U);
  EXPECT_EQ(one.issue.assignments[0].due_ms, first.due_ms);
  EXPECT_EQ(one.issue.holder, kTown1);
  EXPECT_TRUE(one.issue.concerned.contains(kVillage2));

  EXPECT_EQ(one.act(Act::kFeedBack, kTown1, with_text("已完成")), "guard.assignments_done");
  EXPECT_TRUE(open(one, Act::kProgress, kVillage1));
  EXPECT_FALSE(open(one, Act::kProgress, kVillage3));
  EXPECT_EQ(one.act(Act::kProgress, kVillage3, progress(1, 50)), "act.keeper");
  ASSERT_EQ(one.act(Act::kProgress, kVillage1, progress(1, 40)), "");
  EXPECT_EQ(one.issue.assignments[0].percent, 40U);
  ActBody done;
  done.assignment = 1;
  done.done = true;  // percent follows
  ASSERT_EQ(one.act(Act::kProgress, kVillage1, done), "");
  EXPECT_EQ(one.issue.assignments[0].percent, 100U);
  EXPECT_TRUE(one.issue.assignments[0].done);
  ASSERT_EQ(one.act(Act::kProgress, kTown1, progress(2, 100, true)), "");  // for village 2
  EXPECT_EQ(one.act(Act::kProgress, kTown1, progress(3, 1)), "act.progress.task");

  ASSERT_EQ(one.act(Act::kFeedBack, kTown1, with_text("已完成")), "");
  EXPECT_EQ(one.issue.stage, "fed_back");
  EXPECT_EQ(one.issue.holder, kVillage1);
  EXPECT_TRUE(one.issue.custody.empty());
  EXPECT_EQ(one.act(Act::kClose, kTown1, with_result("solved")), "act.holder");
  ASSERT_EQ(one.act(Act::kClose, kVillage1, with_result("solved")), "");
}

TEST(Acts, WhatCannotBeSolvedNowIsExplainedAndKept) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(), "");
  EXPECT_EQ(one.act(Act::kClose, kVillage1, with_result("solved")), "act.stage");
  EXPECT_EQ(one.act(Act::kClose, kVillage1, with_result("explained")), "act.field");
  EXPECT_EQ(one.error.field, "why");
  EXPECT_TRUE(open(one, Act::kClose, kVillage1));
  ASSERT_EQ(one.act(Act::kClose, kVillage1, with_result("explained", "等规划批复")), "");
  EXPECT_EQ(one.issue.result, "explained");
}

TEST(Acts, RemarksAreCountedFromAnyUnit) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(), "");
  EXPECT_EQ(one.act(Act::kComment, kCity), "act.field");
  ASSERT_EQ(one.act(Act::kComment, kCity, with_text("关注")), "");
  ASSERT_EQ(one.act(Act::kEvaluate, kTown1, evaluation("群众代表", 90)), "");
  ASSERT_EQ(one.act(Act::kEvaluate, kVillage1, evaluation("member", 80)), "");
  EXPECT_EQ(one.act(Act::kEvaluate, kVillage1, evaluation("moon", 80)), "act.name");
  EXPECT_EQ(one.issue.comments, 1U);
  EXPECT_EQ(one.issue.evaluations, 2U);
  EXPECT_EQ(one.issue.score_sum, 170U);
  EXPECT_EQ(one.issue.n, 1U);
  EXPECT_EQ(one.act(Act::kFile, kTown1), "act.file.automatic");
}

TEST(Acts, AHigherLevelMayGoTheOrdinaryWayItself) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(with_budget(60'000)), "");
  ASSERT_EQ(one.act(Act::kAccept, kTown1), "");
  ASSERT_EQ(one.act(Act::kPropose, kTown1), "");
  EXPECT_EQ(one.issue.proposer, kTown1);
  ASSERT_EQ(one.act(Act::kApprove, kTown1), "");
  EXPECT_EQ(one.issue.holder, kTown1);
  EXPECT_EQ(one.issue.filed.size(), 1U);
  EXPECT_TRUE(one.issue.filed.contains(kDistrictA));  // A23
  ASSERT_EQ(one.act(Act::kResearch, kTown1, with_text("查勘")), "");
  ASSERT_EQ(one.act(Act::kHoldSession, kTown1, session(town)), "");
  ActBody outcome = with_text("成果");
  EXPECT_EQ(one.act(Act::kOutcome, kTown1, outcome), "guard.signed_off");  // A27
  outcome.signed_by = "镇党委";
  ASSERT_EQ(one.act(Act::kOutcome, kTown1, outcome), "");
  ASSERT_EQ(one.act(Act::kDecide, kTown1, with_text("决定")), "");
  ASSERT_EQ(one.act(Act::kFeedBack, kTown1, with_text("反馈")), "");
  EXPECT_EQ(one.issue.holder, kVillage1);
}

TEST(Acts, OpenActsFollowStageAndHolder) {
  Town town;
  Case one(town);
  EXPECT_TRUE(open_acts(one.issue, town.world, kVillage1).empty());
  ASSERT_EQ(one.log(), "");
  EXPECT_TRUE(open(one, Act::kPropose, kVillage1));
  EXPECT_TRUE(open(one, Act::kEscalate, kVillage1));
  EXPECT_FALSE(open(one, Act::kReturn, kVillage1));
  EXPECT_FALSE(open(one, Act::kApprove, kVillage1));
  EXPECT_FALSE(open(one, Act::kPropose, kTown1));
  EXPECT_TRUE(open(one, Act::kComment, kTown1));
  Case top(town, kVillage4);
  ASSERT_EQ(top.log(with_budget(9'000'000)), "");
  ASSERT_EQ(top.issue.holder, kCity);
  EXPECT_FALSE(open(top, Act::kEscalate, kCity));  // nobody above
  EXPECT_TRUE(open(top, Act::kReturn, kCity));
}

TEST(Acts, ASessionInTheFutureAndADueDateInThePastAreRefused) {
  Town town;
  Case one(town);
  bring_to_outcome(one);
  ActBody late = assignment(kVillage1);
  late.due_ms = town.now;
  EXPECT_EQ(one.act(Act::kAssign, kVillage1, late), "act.due.past");
  Case two(town, kVillage3);
  ASSERT_EQ(two.log(), "");
  ASSERT_EQ(two.act(Act::kPropose, kVillage3), "");
  ASSERT_EQ(two.act(Act::kApprove, kVillage3), "");
  ASSERT_EQ(two.act(Act::kResearch, kVillage3, with_text("查勘")), "");
  ActBody future = session(town);
  future.held_ms += 3 * 86'400'000ULL;
  EXPECT_EQ(two.act(Act::kHoldSession, kVillage3, future), "act.held.future");
}

TEST(Acts, ReopeningAfterHelpFromAboveLeavesTheIssueWithItsHome) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(with_budget(60'000)), "");
  ASSERT_EQ(one.act(Act::kAccept, kTown1), "");
  ASSERT_EQ(one.act(Act::kDecide, kTown1, with_text("决定")), "");
  ASSERT_EQ(one.act(Act::kFeedBack, kTown1, with_text("反馈")), "");
  ASSERT_EQ(one.act(Act::kClose, kVillage1, with_result("half_solved", "资金分两年")), "");
  ASSERT_EQ(one.act(Act::kReopen, kVillage1, with_reason("第二年")), "");
  // It is as it was: beyond the village's authority, so it climbs again.
  EXPECT_EQ(one.issue.holder, kTown1);
  EXPECT_EQ(one.issue.stage, "escalated");
  EXPECT_EQ(one.issue.escalations, (std::vector<std::string>{"budget", "budget"}));
}

}  // namespace
}  // namespace yishi::deliberation

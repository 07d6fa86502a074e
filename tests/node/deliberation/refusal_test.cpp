// Records that are signed and break a rule: kept, without effect, and saying why.
#include <gtest/gtest.h>

#include "town.h"

namespace yishi::deliberation {
namespace {

struct Refusal : testing::Test {
  Refusal() : one(town) { EXPECT_EQ(one.log(with_budget(1000)), ""); }

  // A record no honest node would write; the rule that voids it, or the effect's name.
  std::string forged(Act act, ActBody body, const topology::Code& signer) {
    if (body.unit.empty()) body.unit = one.issue.holder;
    return taken(town.sign(one.forge(act, std::move(body)), signer));
  }
  std::string taken(const Fact& fact) {
    const Issue before = one.issue;
    const Effect effect = one.take(fact);
    if (effect != Effect::kApplied) {
      EXPECT_EQ(one.issue, before) << "a record without effect changed the state";
    }
    switch (effect) {
      case Effect::kApplied:
        return "applied";
      case Effect::kWaits:
        return "waits";
      case Effect::kRefold:
        return "refold";
      case Effect::kVoid:
        break;
    }
    EXPECT_TRUE(one.last.error.has_value());
    return one.last.error->rule;
  }

  Town town;
  Case one;
};

TEST_F(Refusal, AnotherUnitsKeyMayNotSpeakForTheHolder) {
  EXPECT_EQ(forged(Act::kPropose, {}, kTown1), "act.keeper");  // the village has a node
  EXPECT_EQ(forged(Act::kPropose, {}, kVillage3), "act.keeper");
}

TEST_F(Refusal, AUnitThatDoesNotHoldTheIssueMayNotMoveIt) {
  ActBody body;
  body.unit = kTown1;
  EXPECT_EQ(forged(Act::kPropose, body, kTown1), "act.holder");
}

TEST_F(Refusal, AnActOutOfItsStageIsVoid) {
  ActBody body;
  body.by = "村党组织";
  EXPECT_EQ(forged(Act::kApprove, body, kVillage1), "act.stage");
  EXPECT_EQ(forged(Act::kAccept, {}, kVillage1), "act.stage");
}

TEST_F(Refusal, NumbersAndChainsMustFit) {
  Draft draft = one.forge(Act::kPropose, {});
  draft.body.unit = kVillage1;
  draft.body.n = 0;
  EXPECT_EQ(taken(town.sign(draft, kVillage1)), "act.number");
  draft.body.n = 1;
  EXPECT_EQ(taken(town.sign(draft, kVillage1)), "act.number");
  draft.body.n = kMaxTransitions + 1;
  EXPECT_EQ(taken(town.sign(draft, kVillage1)), "act.limit.transitions");
  draft.body.n = 2;
  draft.body.prev = {};
  EXPECT_EQ(taken(town.sign(draft, kVillage1)), "act.number");
  draft.body.prev.bytes.fill(9);
  EXPECT_EQ(taken(town.sign(draft, kVillage1)), "waits");
  draft.body.prev = one.issue.last;
  draft.body.n = 3;  // after the logging, which is number 1: that can never fit
  EXPECT_EQ(taken(town.sign(draft, kVillage1)), "act.superseded");
}

TEST_F(Refusal, AnUnknownKindIsVoidIfItIsGivenAtAll) {
  Draft draft = one.forge(Act::kPropose, {});
  draft.kind = "issue.future_kind";
  EXPECT_EQ(taken(town.sign(draft, kVillage1)), "act.kind");
}

TEST_F(Refusal, ASuspendedUnitMayNotAct) {
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  town.change({topology::UnitSuspended{kVillage1}});
  ActBody body;
  body.by = "村党组织";
  EXPECT_EQ(forged(Act::kApprove, body, kVillage1), "act.suspended");
  EXPECT_EQ(one.act(Act::kApprove, kVillage1), "act.suspended");
  EXPECT_EQ(one.act(Act::kComment, kVillage1, with_text("好")), "act.suspended");
  EXPECT_TRUE(open_acts(one.issue, town.world, kVillage1).empty());
  town.change({topology::UnitResumed{kVillage1}});
  EXPECT_EQ(one.act(Act::kApprove, kVillage1), "");
}

TEST_F(Refusal, AKeyThatEndedSpeaksOnlyUpToItsLastEntry) {
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  ActBody body;
  body.unit = kVillage1;
  body.by = "村党组织";
  Fact late = town.sign(one.forge(Act::kApprove, body), kVillage1);
  const auto key = town.keys.at(kVillage1).public_key().id();
  town.change({topology::NodeEnded{key, late.sequence - 1}});
  EXPECT_EQ(taken(late), "act.ended");  // though it names a version at which the key spoke
  late.topology = town.directory.latest();
  late.sequence = 1;
  EXPECT_EQ(taken(late), "act.keeper");  // at this version it no longer speaks
}

TEST_F(Refusal, AnActJudgedByATopologyNotSeenYetWaitsForIt) {
  Fact early = town.sign(one.forge(Act::kPropose, {}), kVillage1);
  early.body.unit = kVillage1;
  early.topology = town.directory.latest() + 1;
  EXPECT_EQ(taken(early), "waits");
  town.change({topology::UnitRenamed{kVillage3, "新三村"}});
  const Refolded again = refold(one.id, one.facts, town.world);
  EXPECT_EQ(again.effects.back().effect, Effect::kApplied);
  EXPECT_EQ(again.issue.stage, "proposed");
}

TEST_F(Refusal, WhatIsBeyondItsAuthorityAVillageMayNotSettle) {
  Case big(town, kVillage3);
  ActBody body = with_budget(60'000);
  body.title = "修桥";
  body.category = "traffic";
  const auto log = make_log(big.id, body, town.world, kVillage3, town.now);
  ASSERT_TRUE(log.ok());
  big.take(town.sign(*log, kVillage3));  // and its node keeps silent
  for (const auto& [act, fields] : std::vector<std::pair<Act, ActBody>>{
           {Act::kPropose, {}}, {Act::kClose, with_result("explained", "不办了")}}) {
    ActBody forged_body = fields;
    forged_body.unit = kVillage3;
    big.take(town.sign(big.forge(act, forged_body), kVillage3));
    ASSERT_EQ(big.last.effect, Effect::kVoid);
    EXPECT_EQ(big.last.error->rule, "act.authority");
  }
  EXPECT_EQ(big.issue.stage, "logged");
}

TEST_F(Refusal, AFalseReasonForEscalationIsVoid) {
  ActBody body = with_reason("预算太大");
  body.to = kTown1;
  body.automatic = true;
  body.reasons = {"budget"};
  EXPECT_EQ(forged(Act::kEscalate, body, kVillage1), "act.escalate.reason");
  body.reasons = {"person"};
  EXPECT_EQ(forged(Act::kEscalate, body, kVillage1), "act.escalate.reason");
  body.automatic = false;
  body.reasons = {"person", "person"};
  EXPECT_EQ(forged(Act::kEscalate, body, kVillage1), "act.escalate.reason");
  body.reasons = {"person"};
  body.to = kCity;
  EXPECT_EQ(forged(Act::kEscalate, body, kVillage1), "act.to");
  body.to = kTown1;
  EXPECT_EQ(forged(Act::kEscalate, body, kVillage1), "applied");
}

TEST_F(Refusal, LoggingHasItsOwnRules) {
  const auto log_of = [&](const std::string& id, const topology::Code& home,
                          const topology::Code& unit, const std::string& category) {
    Case fresh(town);
    Draft draft{std::string(info(Act::kLog).kind), id, {}};
    draft.body.n = 1;
    draft.body.home = home;
    draft.body.unit = unit;
    draft.body.title = "题目";
    draft.body.category = category;
    Folded folded = fold(fresh.issue, town.sign(draft, kVillage1), town.world);
    return folded.error ? folded.error->rule + " " + folded.error->field : "applied";
  };
  const std::string id = make_issue_id(kVillage1, 2026, 9);
  EXPECT_EQ(log_of(id, kVillage1, kVillage1, "land"), "applied");
  EXPECT_EQ(log_of(id, kVillage1, kVillage1, "moon"), "act.name cat");
  EXPECT_EQ(log_of(id, kVillage1, kVillage1, ""), "act.field cat");
  EXPECT_EQ(log_of(id, kVillage3, kVillage1, "land"), "act.log.home home");
  EXPECT_EQ(log_of(make_issue_id(kVillage3, 2026, 9), kVillage1, kVillage1, "land"),
            "issue.id issue");
  EXPECT_EQ(log_of("nonsense", kVillage1, kVillage1, "land"), "issue.id issue");
  EXPECT_EQ(log_of(id, kVillage3, kVillage3, "land"), "act.keeper unit");
}

TEST_F(Refusal, UnknownUnitsAreNotTouchedNorGivenWork) {
  ActBody body;
  body.reach = {code("320899000000")};
  EXPECT_EQ(one.act(Act::kAmend, kVillage1, body), "act.reach");
  ASSERT_EQ(one.act(Act::kEscalate, kVillage1, with_reason("请镇里定")), "");
  ASSERT_EQ(one.act(Act::kAccept, kTown1), "");
  EXPECT_EQ(one.act(Act::kAssign, kTown1, assignment(kVillage3)), "act.assign.outside");
  EXPECT_EQ(one.act(Act::kAssign, kTown1, assignment(code("320899000000"))), "act.assign.outside");
  ActBody numbered = assignment(kVillage1);
  numbered.assignment = 2;
  EXPECT_EQ(forged(Act::kAssign, numbered, kTown1), "act.assign.number");
}

TEST_F(Refusal, FeedingBackToOneselfIsNoFeedback) {
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  ASSERT_EQ(one.act(Act::kApprove, kVillage1), "");
  ActBody hurried = session(town);
  hurried.overrides = "紧急";
  ASSERT_EQ(one.act(Act::kHoldSession, kVillage1, hurried), "");
  ASSERT_EQ(one.act(Act::kOutcome, kVillage1, with_text("成果")), "");
  ASSERT_EQ(one.act(Act::kDecide, kVillage1, with_text("决定")), "");
  EXPECT_EQ(one.act(Act::kFeedBack, kVillage1, with_text("反馈")), "act.feedback.home");
}

TEST_F(Refusal, RemarksHaveTheirRules) {
  EXPECT_EQ(forged(Act::kComment, {}, kVillage1), "act.field");
  EXPECT_EQ(forged(Act::kComment, with_text("好"), kTown2), "act.keeper");
  EXPECT_EQ(forged(Act::kEvaluate, evaluation("moon", 3), kVillage1), "act.name");
  ActBody filing;
  filing.unit = kTown2;
  EXPECT_EQ(forged(Act::kFile, filing, kTown2), "act.file.unit");
  filing.unit = kVillage1;
  EXPECT_EQ(forged(Act::kFile, filing, kVillage1), "act.file.unit");
  EXPECT_EQ(forged(Act::kProgress, progress(kMaxAssignments + 1, 3), kVillage1),
            "act.limit.assignments");
  EXPECT_EQ(forged(Act::kProgress, progress(1, 3), kVillage1), "waits");
}

TEST_F(Refusal, WithoutAPolicyNothingIsLogged) {
  Town bare(crypto::Suite::kEd25519Sha256, "this is no policy");
  Case fresh(bare);
  EXPECT_EQ(fresh.log(), "policy.none");
  Fact fact = town.sign(one.forge(Act::kLog, {}), kVillage1);
  fact.author = bare.keys.at(kVillage1).public_key().id();
  fact.body = one.facts.front().body;
  fact.issue = fresh.id;
  EXPECT_EQ(fresh.take(fact), Effect::kVoid);
  EXPECT_EQ(fresh.last.error->rule, "policy.none");
}

TEST_F(Refusal, AtTheWrongNodeTheClerkIsToldSo) {
  EXPECT_EQ(one.act(Act::kPropose, kTown1), "act.holder");
  EXPECT_EQ(one.act(Act::kComment, kTown1,
                    [] {
                      ActBody body = with_text("好");
                      body.unit = kVillage1;
                      return body;
                    }()),
            "act.keeper");
  Issue nothing;
  const auto draft = make_act(Act::kPropose, nothing, {}, town.world, kVillage1, town.now);
  ASSERT_FALSE(draft.ok());
  EXPECT_EQ(draft.error().rule, "act.issue.unknown");
}

TEST_F(Refusal, TextBeyondTheLimitsIsRefusedBeforeItIsSigned) {
  EXPECT_EQ(one.act(Act::kComment, kVillage1, with_text(std::string(kMaxTextBytes + 1, 'x'))),
            "pack.long");
  ActBody body;
  body.budget_fen = -1;
  EXPECT_EQ(one.act(Act::kAmend, kVillage1, body), "act.budget");
}

}  // namespace
}  // namespace yishi::deliberation

// After the table: publication, extensions, joint handling, referral, looking back, supervision,
// evaluation by party, escalation for reasons besides money, deadlines.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "node/deliberation/deadlines.h"
#include "node/deliberation/supervision.h"
#include "town.h"

namespace yishi::deliberation {
namespace {

constexpr std::uint64_t kOneDay = 24ULL * 60 * 60 * 1000;

// Huai'an's rules with more of them switched on.
std::string strict() {
  std::string text = huaian();
  const auto put = [&](const std::string& before, const std::string& what) {
    const auto at = text.find(before);
    EXPECT_NE(at, std::string::npos) << before;
    text.insert(at + before.size(), what);
  };
  for (const char* level : {"village", "township", "district"}) {
    put(std::string("[authority.") + level + "]\n",
        "up_when = [\"not_accepted\", \"deadline\", \"failed_twice\"]\n");
  }
  const std::string from =
      "from = [\"logged\", \"proposed\", \"approved\", \"researched\", \"held\", ";
  put(from, "\"carrying_out\", ");
  put("[acts.close]\nfrom = [\"outcome\", \"carrying_out\", \"fed_back\"]\nto = \"closed\"\n",
      "[[acts.close.guards]]\nname = \"published\"\nneed = [\"outcome\"]\n"
      "zh = \"成果应当公示\"\nen = \"it is published\"\n"
      "[[acts.close.guards]]\nname = \"parties_evaluated\"\nneed = [\"leader\", \"mass\"]\n"
      "[[acts.close.guards]]\nname = \"supervision_settled\"\n");
  return text + "\n[revisit]\ndays = 10\n";
}

ActBody about(std::string what, std::string text = "内容") {
  ActBody body = with_text(std::move(text));
  body.follow.about = std::move(what);
  return body;
}
ActBody supervision(std::string kind, const topology::Code& to = {}, std::uint64_t due_ms = 0) {
  ActBody body = with_text("限期整改");
  body.follow.kind = std::move(kind);
  body.to = to;
  body.due_ms = due_ms;
  return body;
}
ActBody answer(const std::string& ref, bool done, const topology::Code& unit = {}) {
  ActBody body = with_text("回复");
  body.follow.ref = ref;
  body.done = done;
  body.unit = unit;
  return body;
}
std::string ref_of(const Case& one, std::size_t i) {
  return to_hex(one.issue.follow.supervisions.at(i).digest.view());
}

// A village's matter until work is given out.
void until_assigned(Case& one, std::uint64_t due_ms = 0) {
  ASSERT_EQ(one.log(), "");
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  ASSERT_EQ(one.act(Act::kApprove, kVillage1), "");
  ASSERT_EQ(one.act(Act::kResearch, kVillage1, with_text("调研")), "");
  ASSERT_EQ(one.act(Act::kHoldSession, kVillage1, session(one.town)), "");
  ASSERT_EQ(one.act(Act::kOutcome, kVillage1, with_text("成果")), "");
  ActBody work = assignment(kVillage1);
  work.due_ms = due_ms;
  ASSERT_EQ(one.act(Act::kAssign, kVillage1, work), "");
}

struct After : testing::Test {
  After() : town(crypto::Suite::kEd25519Sha256, strict()), one(town) {}
  // Every node looks at the clock.
  std::size_t ring() {
    std::size_t written = 0;
    for (bool more = true; more;) {
      more = false;
      for (const auto& [here, key] : town.keys) {
        const auto draft = react(one.issue, town.world, here, town.now);
        if (!draft) continue;
        EXPECT_EQ(one.take(town.sign(*draft, here)), Effect::kApplied)
            << (one.last.error ? one.last.error->en : "");
        more = true;
        ++written;
      }
    }
    return written;
  }
  std::size_t written(std::string_view kind) const {
    return static_cast<std::size_t>(std::count_if(
        one.facts.begin(), one.facts.end(), [&](const Fact& fact) { return fact.kind == kind; }));
  }
  Town town;
  Case one;
};

TEST_F(After, ClosingWaitsForPublicationAndForEveryPartyThePolicyNames) {
  until_assigned(one);
  ASSERT_EQ(one.act(Act::kProgress, kVillage1, progress(1, 100, true)), "");
  EXPECT_EQ(one.act(Act::kClose, kVillage1, with_result("solved")), "guard.published");
  EXPECT_NE(one.error.zh.find("尚未公示：协商成果"), std::string::npos) << one.error.zh;
  ASSERT_EQ(one.act(Act::kPublish, kVillage1, about("协商成果")), "");
  EXPECT_EQ(one.issue.follow.publications.at(0).about, "outcome");
  EXPECT_EQ(one.act(Act::kClose, kVillage1, with_result("solved")), "guard.parties_evaluated");
  ASSERT_EQ(one.act(Act::kEvaluate, kTown1, evaluation("leader", 80)), "");
  EXPECT_EQ(one.act(Act::kClose, kVillage1, with_result("solved")), "guard.parties_evaluated");
  EXPECT_EQ(one.error.en.find("Party and government leaders"), std::string::npos) << one.error.en;
  ASSERT_EQ(one.act(Act::kEvaluate, kVillage1, evaluation("mass", 91)), "");
  ASSERT_EQ(one.act(Act::kEvaluate, kVillage1, evaluation("mass", 90)), "");
  ASSERT_EQ(one.act(Act::kClose, kVillage1, with_result("solved")), "");
  EXPECT_EQ(one.issue.follow.scores.at("mass"), (PartyScore{2, 181}));
  EXPECT_EQ(one.issue.follow.scores.at("leader"), (PartyScore{1, 80}));
}

TEST_F(After, SatisfactionIsAnExactSumOfSurveys) {
  ASSERT_EQ(one.log(), "");
  const auto rate = [&](std::uint64_t satisfied, std::uint64_t asked) {
    ActBody body;
    body.follow.asked = asked;
    body.follow.satisfied = satisfied;
    return one.act(Act::kRate, kVillage1, body);
  };
  EXPECT_EQ(rate(37, 40), "");
  EXPECT_EQ(rate(2, 3), "");
  EXPECT_EQ(rate(4, 3), "act.rate.count");
  EXPECT_EQ(one.issue.follow.satisfied, 39U);
  EXPECT_EQ(one.issue.follow.asked, 43U);
  EXPECT_EQ(one.issue.follow.surveys, 2U);
}

TEST_F(After, AnExtensionIsAskedBeforeTheLimitAndGrantedOrRefusedByTheHolder) {
  const std::uint64_t due = town.now + 5 * kOneDay;
  until_assigned(one, due);
  ActBody ask = with_reason("雨季");
  ask.assignment = 1;
  ask.due_ms = due + 3 * kOneDay;
  ActBody grant;
  grant.assignment = 1;
  grant.due_ms = due + 2 * kOneDay;
  EXPECT_EQ(one.act(Act::kGrant, kVillage1, grant), "guard.extension_asked");
  EXPECT_EQ(one.act(Act::kExtend, kTown1,
                    [&] {
                      ActBody other = ask;
                      other.unit = kTown1;
                      return other;
                    }()),
            "act.extend.unit");
  ASSERT_EQ(one.act(Act::kExtend, kVillage1, ask), "");
  EXPECT_EQ(one.issue.assignments.at(0).due_ms, due);
  ASSERT_EQ(one.act(Act::kGrant, kVillage1, grant), "");
  EXPECT_EQ(one.issue.assignments.at(0).due_ms, due + 2 * kOneDay);
  ActBody refusal = with_reason("不宜再延");
  refusal.assignment = 1;
  EXPECT_EQ(one.act(Act::kGrant, kVillage1, refusal), "guard.extension_asked") << "it was settled";
  town.now = due + 2 * kOneDay + 1;
  ask.due_ms = due + 9 * kOneDay;
  EXPECT_EQ(one.act(Act::kExtend, kVillage1, ask), "act.extend.late");
}

TEST_F(After, ALookBackHasItsDueDateAndTheNextOne) {
  until_assigned(one);
  ASSERT_EQ(one.act(Act::kProgress, kVillage1, progress(1, 100, true)), "");
  ASSERT_EQ(one.act(Act::kPublish, kVillage1, about("outcome")), "");
  ASSERT_EQ(one.act(Act::kEvaluate, kVillage1, evaluation("mass", 91)), "");
  ASSERT_EQ(one.act(Act::kEvaluate, kVillage1, evaluation("leader", 91)), "");
  ASSERT_EQ(one.act(Act::kClose, kVillage1, with_result("solved")), "");
  const auto policy = town.world.policy_at(town.directory.latest());
  EXPECT_EQ(one.issue.follow.revisit_due_ms, add_working_days(*policy, town.now, 10));
  town.now = one.issue.follow.revisit_due_ms + 1;
  EXPECT_EQ(ring(), 2U) << "the village and the township above it";
  ActBody later = about("slipped");
  later.due_ms = town.now + 30 * kOneDay;
  ASSERT_EQ(one.act(Act::kRevisit, kVillage1, later), "");
  EXPECT_EQ(one.issue.follow.revisit_due_ms, later.due_ms);
  ASSERT_EQ(one.act(Act::kRevisit, kVillage1, about("holds")), "");
  EXPECT_EQ(one.issue.follow.revisit_due_ms, 0U);
  EXPECT_EQ(one.issue.follow.revisits.size(), 2U);
}

TEST_F(After, ADeadlineIsToldOfOnceByEachNodeThatHasToKnow) {
  const std::uint64_t due = town.now + 5 * kOneDay;
  until_assigned(one, due);
  EXPECT_EQ(ring(), 0U);
  EXPECT_EQ(next_due_ms(one.issue, town.directory, kVillage1), due);
  EXPECT_EQ(next_due_ms(one.issue, town.directory, kTown1), due);
  EXPECT_EQ(next_due_ms(one.issue, town.directory, kCity), kOthers);
  town.now = due;
  EXPECT_EQ(ring(), 0U) << "the last millisecond is still in time";
  town.now = due + 400 * kOneDay;  // a long sleep
  ring();
  EXPECT_EQ(written("deadline.passed") % 2, 0U);
  const auto told = written("deadline.passed");
  EXPECT_GE(told, 2U);
  EXPECT_EQ(one.issue.follow.alerts.size(), told);
  EXPECT_EQ(ring(), 0U);
  town.now -= 401 * kOneDay;  // a clock that jumped back tells nothing twice
  EXPECT_EQ(ring(), 0U);
}

TEST_F(After, WorkThatIsLateGoesUpOnceAndDoesNotBounce) {
  const std::uint64_t due = town.now + 5 * kOneDay;
  until_assigned(one, due);
  town.now = due + 1;
  ring();
  EXPECT_EQ(one.issue.holder, kTown1);
  EXPECT_EQ(one.issue.escalations, std::vector<std::string>{"deadline"});
  ring();
  EXPECT_EQ(one.issue.holder, kTown1) << "once for a piece of work";
  ASSERT_EQ(one.act(Act::kReturn, kTown1, with_reason("村里抓紧")), "");
  ring();
  EXPECT_EQ(one.issue.holder, kVillage1);
}

TEST_F(After, WhatIsNotAcceptedInTimeGoesUpFromLevelToLevel) {
  ASSERT_EQ(one.log(with_budget(60'000)), "");
  ASSERT_EQ(one.issue.holder, kTown1);
  for (const auto& holder : {kDistrictA, kCity}) {
    town.now = one.issue.accept_by_ms + 1;
    ring();
    EXPECT_EQ(one.issue.holder, holder);
    EXPECT_EQ(one.issue.escalations.back(), "not_accepted");
  }
  town.now = one.issue.accept_by_ms + 1;
  EXPECT_EQ(ring(), 1U) << "nobody is above the city: it is told and keeps it";
  EXPECT_EQ(one.issue.holder, kCity);
}

TEST_F(After, AForgedReasonOfLatenessIsVoid) {
  ASSERT_EQ(one.log(with_budget(60'000)), "");
  ActBody body = with_reason("超期");
  body.unit = kTown1;
  body.to = kDistrictA;
  body.automatic = true;
  body.reasons = {"not_accepted"};
  EXPECT_EQ(one.take(town.sign(one.forge(Act::kEscalate, body), kTown1)), Effect::kVoid);
  EXPECT_EQ(one.last.error->rule, "act.escalate.reason");
}

TEST_F(After, AFlagGoesUpLevelByLevelAndComesBackWithoutBouncing) {
  ActBody body;
  body.topic.flags = {"emerging"};
  ASSERT_EQ(one.log(body), "");
  EXPECT_EQ(one.issue.holder, kCity);
  EXPECT_EQ(one.issue.escalations,
            (std::vector<std::string>{"flag.emerging", "flag.emerging", "flag.emerging"}));
  const auto climbed = std::find_if(one.facts.begin(), one.facts.end(), [](const Fact& fact) {
    return fact.kind == "issue.escalated";
  });
  EXPECT_NE(climbed->body.reason.find("苗头性"), std::string::npos) << climbed->body.reason;
  ASSERT_EQ(one.act(Act::kReturn, kCity, with_reason("区里定")), "");
  EXPECT_EQ(one.issue.holder, kDistrictA);
}

TEST_F(After, TheThirdRoundGoesUp) {
  ActBody second;
  second.follow.round_of = make_issue_id(kVillage1, 2026, 7);
  second.follow.round = 2;
  ASSERT_EQ(one.log(second), "");
  EXPECT_EQ(one.issue.holder, kVillage1);
  Case another(town);
  second.follow.round = 3;
  ASSERT_EQ(another.log(second), "");
  EXPECT_NE(another.issue.holder, kVillage1);
  EXPECT_EQ(another.issue.escalations.at(0), "failed_twice");
  Case wrong(town);
  second.follow.round = 1;
  EXPECT_EQ(wrong.log(second), "act.log.round");
}

TEST_F(After, ARoundFollowsOnlyWhatIsClosedAndSaysWhy) {
  ASSERT_EQ(one.log(), "");
  ActBody body = with_reason("没有落实");
  EXPECT_EQ(follow_round(one.issue, town.world, body).error().rule, "act.round.open");
  ASSERT_EQ(one.act(Act::kClose, kVillage1, with_result("explained", "没有资金")),
            "guard.published");
  one.issue.stage = "closed";
  ActBody mute;
  EXPECT_EQ(follow_round(one.issue, town.world, mute).error().rule, "act.round.reason");
  ASSERT_TRUE(follow_round(one.issue, town.world, body).ok());
  EXPECT_EQ(body.follow.round, 2U);
  EXPECT_EQ(body.title, one.issue.title);
  EXPECT_EQ(body.follow.round_of, one.issue.id);
}

TEST_F(After, ReferredSidewaysItStaysWhereItWasSent) {
  ASSERT_EQ(one.log(with_budget(600'000)), "");
  ASSERT_EQ(one.issue.holder, kDistrictA);
  ASSERT_EQ(one.act(Act::kAccept, kDistrictA), "");
  ActBody refer = with_reason("属乙镇");
  refer.to = kTown3;
  EXPECT_EQ(one.act(Act::kRefer, kDistrictA, refer), "act.refer.outside");
  refer.to = kTown2;
  ASSERT_EQ(one.act(Act::kRefer, kDistrictA, refer), "");
  EXPECT_EQ(one.issue.holder, kTown2) << "its money is beyond the township, and does not bounce";
  EXPECT_EQ(one.issue.stage, "referred");
  EXPECT_NE(one.issue.accept_by_ms, 0U);
  ASSERT_EQ(one.act(Act::kReturn, kTown2, with_reason("不属本镇")), "");
  EXPECT_EQ(one.issue.holder, kDistrictA);
}

TEST_F(After, SeveralUnitsAndLevelsHandleItEachWithItsOwnProgress) {
  ASSERT_EQ(one.log(with_budget(600'000)), "");
  ASSERT_EQ(one.act(Act::kAccept, kDistrictA), "");
  ActBody join = with_text("三级联动");
  join.follow.units = {kTown1, kVillage1, kTown3};
  ASSERT_EQ(one.act(Act::kJoin, kDistrictA, join), "");
  EXPECT_EQ(one.issue.follow.lead, kDistrictA);
  ASSERT_EQ(one.issue.assignments.size(), 3U);
  EXPECT_TRUE(one.issue.concerned.contains(kTown3));
  ASSERT_EQ(one.act(Act::kProgress, kTown3, progress(3, 40)), "");
  EXPECT_EQ(one.issue.assignments.at(2).percent, 40U);
  join.follow.units = {kTown2, kTown2};
  EXPECT_EQ(one.act(Act::kJoin, kDistrictA, join), "act.join.twice");
}

TEST_F(After, ReportInspectionOrderRectificationAppraisal) {
  ASSERT_EQ(one.log(), "");
  ASSERT_EQ(one.act(Act::kSupervise, kDistrictA, supervision("special_report")), "");
  const auto report = ref_of(one, 0);
  const auto stage = [&](std::size_t i) {
    return stage_name(stage_of(one.issue.follow.supervisions.at(i), one.issue.follow.supervisions));
  };
  EXPECT_EQ(stage(0), "reported");
  ActBody visit = with_text("现场未开工");
  visit.held_ms = town.now + kOneDay;
  visit.follow.ref = report.substr(0, 10);
  visit.follow.methods = {"看", "谈"};
  EXPECT_EQ(one.act(Act::kVisit, kDistrictA, visit), "act.visit.future");
  visit.held_ms = town.now - kOneDay;
  ASSERT_EQ(one.act(Act::kVisit, kDistrictA, visit), "");
  EXPECT_EQ(stage(0), "inspected");
  EXPECT_EQ(one.issue.follow.supervisions.at(0).steps.at(0).methods,
            (std::vector<std::string>{"look", "talk"}));
  ActBody order = supervision("order", kVillage1, town.now + 3 * kOneDay);
  order.follow.ref = report;
  EXPECT_EQ(one.act(Act::kSupervise, kVillage1, order), "act.supervise.above");
  ASSERT_EQ(one.act(Act::kSupervise, kDistrictA, order), "");
  EXPECT_EQ(stage(0), "ordered") << "the report stands where its order stands";
  const auto ref = ref_of(one, 1);
  EXPECT_EQ(one.act(Act::kAppraise, kDistrictA, answer(ref, true)), "act.supervision.stage");
  EXPECT_EQ(one.act(Act::kRectify, kTown1, answer(ref, true, kTown1)), "act.rectify.unit");
  ASSERT_EQ(one.act(Act::kRectify, kVillage1, answer(ref, false)), "");
  EXPECT_EQ(stage(1), "replied");
  ASSERT_EQ(one.act(Act::kRectify, kVillage1, answer(ref, true)), "");
  ASSERT_EQ(one.act(Act::kAppraise, kDistrictA, answer(ref, false)), "");
  EXPECT_EQ(stage(1), "ordered");
  ASSERT_EQ(one.act(Act::kRectify, kVillage1, answer(ref, true)), "");
  ASSERT_EQ(one.act(Act::kAppraise, kDistrictA, answer(ref, true)), "");
  EXPECT_EQ(stage(0), "passed");
}

TEST_F(After, AnUnannouncedVisitIsNotAnnounced) {
  ASSERT_EQ(one.log(), "");
  EXPECT_EQ(one.act(Act::kSupervise, kTown1, supervision("四不两直", kVillage1)),
            "act.supervise.unannounced");
  ActBody visit = with_text("现场整洁");
  visit.held_ms = town.now;
  visit.follow.kind = "四不两直";
  EXPECT_EQ(one.act(Act::kVisit, kTown1, visit), "");
  EXPECT_EQ(one.issue.follow.supervisions.size(), 1U);
}

TEST_F(After, OnlyTheHolderAndUnitsAboveUrge) {
  until_assigned(one);
  EXPECT_EQ(one.act(Act::kUrge, kVillage3, with_text("快")), "act.urge.unit");
  EXPECT_EQ(one.act(Act::kUrge, kCity, with_text("请抓紧")), "");
  EXPECT_EQ(one.issue.follow.urged.count, 1U);
  EXPECT_EQ(one.issue.follow.urged.unit, kCity);
}

TEST_F(After, AGuidingTopicConcernsEveryUnitOfTheLevel) {
  Case guide(town, kCity);
  ASSERT_EQ(guide.log(), "");
  ActBody push = with_text("各村协商");
  push.to = kDistrictA;
  push.follow.level = "village";
  ASSERT_EQ(guide.act(Act::kGuide, kCity, push), "");
  EXPECT_EQ(informed_units(guide.issue, town.directory),
            (std::vector<topology::Code>{kVillage1, kVillage2, kVillage3}));
  push.follow.level = "planet";
  EXPECT_EQ(guide.act(Act::kGuide, kCity, push), "act.guide.level");
}

TEST_F(After, AKindOfALaterVersionIsKeptAndChangesNothing) {
  ASSERT_EQ(one.log(), "");
  const Issue before = one.issue;
  Fact later = town.sign(one.forge(Act::kComment, with_text("？")), kVillage1);
  later.kind = "issue.dreamt";
  EXPECT_EQ(one.take(later), Effect::kVoid);
  EXPECT_EQ(one.last.error->rule, kUnknownKind);
  EXPECT_NE(one.last.error->en.find("issue.dreamt"), std::string::npos);
  EXPECT_EQ(one.issue, before);
  EXPECT_TRUE(speaks_of_issue("issue.dreamt", one.id));
  EXPECT_FALSE(speaks_of_issue("journal.noted", "320803001001"));
  EXPECT_FALSE(speaks_of_issue(kReporterKind, one.id));
}

// One of everything, for the codec and for shuffled orders.
void everything(Case& one) {
  Town& town = one.town;
  const std::uint64_t due = town.now + 5 * kOneDay;
  until_assigned(one, due);
  ActBody ask = with_reason("雨季");
  ask.assignment = 1;
  ask.due_ms = due + 3 * kOneDay;
  ASSERT_EQ(one.act(Act::kExtend, kVillage1, ask), "");
  ActBody grant;
  grant.assignment = 1;
  grant.due_ms = due + 2 * kOneDay;
  ASSERT_EQ(one.act(Act::kGrant, kVillage1, grant), "");
  ActBody join = with_text("联动");
  join.follow.units = {kTown1, kVillage4};
  ASSERT_EQ(one.act(Act::kJoin, kVillage1, join), "");
  ASSERT_EQ(one.act(Act::kUrge, kTown1, with_text("快")), "");
  ASSERT_EQ(one.act(Act::kUrge, kCity, with_text("更快")), "");
  ASSERT_EQ(one.act(Act::kSupervise, kDistrictA, supervision("special_report")), "");
  ActBody order = supervision("order", kVillage1, town.now + 3 * kOneDay);
  order.follow.ref = ref_of(one, 0);
  ASSERT_EQ(one.act(Act::kSupervise, kDistrictA, order), "");
  const auto ref = ref_of(one, 1);
  ASSERT_EQ(one.act(Act::kRectify, kVillage1, answer(ref, true)), "");
  ASSERT_EQ(one.act(Act::kAppraise, kDistrictA, answer(ref, true)), "");
  ActBody visit = with_text("现场");
  visit.held_ms = town.now;
  visit.follow.kind = "unannounced";
  ASSERT_EQ(one.act(Act::kVisit, kTown1, visit), "");
  ActBody account = with_text("约谈");
  account.to = kVillage1;
  ASSERT_EQ(one.act(Act::kAccount, kTown1, account), "");
  ActBody rate;
  rate.follow.asked = 10;
  rate.follow.satisfied = 9;
  ASSERT_EQ(one.act(Act::kRate, kVillage1, rate), "");
  for (std::uint64_t task = 1; task <= 3; ++task) {
    const topology::Code who = task == 1 ? kVillage1 : task == 2 ? kTown1 : kVillage4;
    ASSERT_EQ(one.act(Act::kProgress, who, progress(task, 100, true)), "");
  }
  ASSERT_EQ(one.act(Act::kPublish, kVillage1, about("outcome")), "");
  ASSERT_EQ(one.act(Act::kEvaluate, kVillage1, evaluation("mass", 91)), "");
  ASSERT_EQ(one.act(Act::kEvaluate, kTown1, evaluation("leader", 70)), "");
  ASSERT_EQ(one.act(Act::kClose, kVillage1, with_result("solved")), "");
  town.now = one.issue.follow.revisit_due_ms + 1;
  for (const auto& here : {kVillage1, kTown1}) {
    const auto draft = react(one.issue, town.world, here, town.now);
    ASSERT_TRUE(draft);
    ASSERT_EQ(one.take(town.sign(*draft, here)), Effect::kApplied);
  }
  ASSERT_EQ(one.act(Act::kRevisit, kVillage1, about("holds")), "");
}

TEST_F(After, AnyOrderGivesTheSameState) {
  everything(one);
  ASSERT_FALSE(HasFatalFailure());
  const Refolded wanted = refold(one.id, one.facts, town.world);
  EXPECT_EQ(wanted.issue, one.issue);
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::vector<Fact> facts = one.facts;
    std::shuffle(facts.begin(), facts.end(), std::mt19937_64(seed));
    Case shuffled(town);
    for (const Fact& fact : facts) shuffled.take(fact);
    ASSERT_EQ(shuffled.issue, wanted.issue) << "seed " << seed;
    ASSERT_FALSE(shuffled.waiting) << "seed " << seed;
  }
}

TEST_F(After, TheStateComesBackFromItsBytes) {
  everything(one);
  const auto read = decode_issue(encode_issue(one.issue));
  ASSERT_TRUE(read.ok()) << read.error().en;
  EXPECT_EQ(*read, one.issue);
}

}  // namespace
}  // namespace yishi::deliberation

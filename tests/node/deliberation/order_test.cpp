// The same facts in any order give the same state.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "town.h"

namespace yishi::deliberation {
namespace {

// A body that its act requires, for forged records.
ActBody organ(const topology::Code& unit) {
  ActBody body;
  body.unit = unit;
  body.by = "党组织";
  return body;
}

void village_way(Case& one) {
  Town& town = one.town;
  ActBody land = with_budget(30'000);
  land.category = "land";
  ASSERT_EQ(one.log(land), "");
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  ASSERT_EQ(one.act(Act::kComment, kCity, with_text("关注")), "");
  ASSERT_EQ(one.act(Act::kReturn, kTown1, with_reason("补充材料")), "");
  ActBody words;
  words.text = "材料";
  ASSERT_EQ(one.act(Act::kAmend, kVillage1, words), "");
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  ASSERT_EQ(one.act(Act::kApprove, kTown1), "");
  ASSERT_EQ(one.act(Act::kResearch, kVillage1, with_text("调研")), "");
  ASSERT_EQ(one.act(Act::kHoldSession, kVillage1, session(town)), "");
  ASSERT_EQ(one.act(Act::kOutcome, kVillage1, with_text("成果")), "");
  ASSERT_EQ(one.act(Act::kAssign, kVillage1, assignment(kVillage1)), "");
  ASSERT_EQ(one.act(Act::kProgress, kVillage1, progress(1, 30)), "");
  ASSERT_EQ(one.act(Act::kProgress, kVillage1, progress(1, 60)), "");
  town.now -= 2 * Case::kMinute;  // a clock that went back: the earlier time does not count
  ASSERT_EQ(one.act(Act::kProgress, kVillage1, progress(1, 45)), "");
  town.now += 5 * Case::kMinute;
  ASSERT_EQ(one.act(Act::kProgress, kVillage1, progress(1, 100, true)), "");
  ASSERT_EQ(one.act(Act::kClose, kVillage1, with_result("solved")), "");
  ASSERT_EQ(one.act(Act::kEvaluate, kVillage1, evaluation("mass", 95)), "");
  ASSERT_EQ(one.act(Act::kReopen, kVillage1, with_reason("反弹")), "");
  ASSERT_EQ(one.act(Act::kEvaluate, kTown1, evaluation("member", 60)), "");
}

void long_climb(Case& one) {
  Town& town = one.town;
  ASSERT_EQ(one.log(with_budget(600'000)), "");
  ASSERT_EQ(one.act(Act::kReturn, kDistrictA, with_reason("镇里定")), "");
  ASSERT_EQ(one.act(Act::kReturn, kTown1, with_reason("村里定")), "");
  town.change({topology::UnitRenamed{kVillage3, "新三村"}});
  ActBody wider;
  wider.reach = {kTown2, kVillage4};
  wider.budget_fen = 700'000 * kYuan;
  ASSERT_EQ(one.act(Act::kAmend, kVillage1, wider), "");
  ASSERT_EQ(one.issue.holder, kCity);
  ASSERT_EQ(one.act(Act::kAccept, kCity), "");
  ASSERT_EQ(one.act(Act::kDecide, kCity, with_text("市里统筹")), "");
  ASSERT_EQ(one.act(Act::kAssign, kCity, assignment(kTown2)), "");
  ASSERT_EQ(one.act(Act::kAssign, kCity, assignment(kVillage2)), "");
  ASSERT_EQ(one.act(Act::kProgress, kTown2, progress(1, 100, true)), "");
  ASSERT_EQ(one.act(Act::kProgress, kTown1,
                    [] {
                      ActBody body = progress(2, 100, true);
                      body.unit = kVillage2;
                      return body;
                    }()),
            "");
  ASSERT_EQ(one.act(Act::kFeedBack, kCity, with_text("完成")), "");
  ASSERT_EQ(one.act(Act::kClose, kVillage1, with_result("half_solved", "资金分期")), "");
  ASSERT_EQ(one.act(Act::kComment, kDistrictB, with_text("已知")), "");
}

// Two nodes of one village, both honest, move the issue without knowing of each other; and
// records that break rules are strewn in.
void quarrel(Case& one) {
  Town& town = one.town;
  ASSERT_EQ(one.log(with_budget(1000)), "");
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  const auto sign = [&](Act act, ActBody body, const topology::Code& signer) {
    town.now += Case::kMinute;
    return town.sign(one.forge(act, std::move(body)), signer);
  };
  ActBody person = with_reason("请上级定");
  person.unit = kVillage1;
  person.to = kTown1;
  person.reasons = {"person"};
  ActBody back = with_reason("不同意");
  back.unit = kVillage1;
  const std::vector<Fact> rivals{sign(Act::kApprove, organ(kVillage1), kVillage1),
                                 sign(Act::kEscalate, person, kVillage1),
                                 sign(Act::kReturn, back, kVillage1),
                                 sign(Act::kApprove, organ(kTown1), kTown1),      // not the holder
                                 sign(Act::kApprove, organ(kVillage1), kTown1)};  // not the keeper
  // Each rival goes on in its own world.
  std::vector<Fact> more;
  for (std::size_t i = 0; i < 3; ++i) {
    Case branch = one;
    branch.take(rivals[i]);
    branch.settle();
    const topology::Code holder = branch.issue.holder;
    if (i == 0) {
      EXPECT_EQ(branch.act(Act::kResearch, holder, with_text("调研")), "");
    } else if (i == 1) {
      EXPECT_EQ(branch.act(Act::kAccept, holder), "");
      EXPECT_EQ(branch.act(Act::kAssign, holder, assignment(kVillage1)), "");
      EXPECT_EQ(branch.act(Act::kProgress, kVillage1, progress(1, 50)), "");
    } else {
      EXPECT_EQ(branch.act(Act::kPropose, holder), "");
    }
    more.insert(more.end(),
                branch.facts.begin() + static_cast<std::ptrdiff_t>(one.facts.size()) + 1,
                branch.facts.end());
  }
  for (const Fact& fact : rivals) one.take(fact);
  for (const Fact& fact : more) one.take(fact);
  ASSERT_EQ(one.act(Act::kComment, kCity, with_text("看看")), "");
}

// Nothing below is ever whole: the logging is missing from one, a link from another.
void with_gaps(Case& one) {
  long_climb(one);
  one.facts.erase(one.facts.begin() + 5);
  const Refolded rest = refold(one.id, one.facts, one.town.world);
  one.issue = rest.issue;
}

struct History {
  const char* name;
  void (*write)(Case&);
  int orders;
};

class EveryOrder : public testing::TestWithParam<History> {};

TEST_P(EveryOrder, GivesTheSameStateAndTheSameEffects) {
  Town town;
  Case original(town);
  GetParam().write(original);
  ASSERT_FALSE(HasFatalFailure());
  const Refolded wanted = refold(original.id, original.facts, town.world);
  EXPECT_EQ(wanted.issue, original.issue);
  std::vector<std::size_t> order(original.facts.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  for (int seed = 0; seed < GetParam().orders; ++seed) {
    std::shuffle(order.begin(), order.end(), std::mt19937_64(static_cast<unsigned>(seed)));
    Case shuffled(town);
    for (const std::size_t i : order) shuffled.take(original.facts[i]);
    ASSERT_EQ(shuffled.issue, wanted.issue) << "seed " << seed;
    const Refolded again = refold(shuffled.id, shuffled.facts, town.world);
    ASSERT_EQ(again.issue, wanted.issue) << "seed " << seed;
    for (std::size_t k = 0; k < order.size(); ++k) {
      ASSERT_EQ(again.effects[k].effect, wanted.effects[order[k]].effect) << "seed " << seed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Histories, EveryOrder,
                         testing::Values(History{"VillageWay", village_way, 400},
                                         History{"LongClimb", long_climb, 300},
                                         History{"Quarrel", quarrel, 300},
                                         History{"WithGaps", with_gaps, 100}),
                         [](const auto& which) { return which.param.name; });

// Not only at the end: whatever has arrived so far, the store shows what a refold would.
TEST(Order, AfterEveryFactTheStateIsThatOfARefold) {
  Town town;
  Case original(town);
  quarrel(original);
  for (int seed = 0; seed < 50; ++seed) {
    std::vector<Fact> facts = original.facts;
    std::shuffle(facts.begin(), facts.end(), std::mt19937_64(static_cast<unsigned>(seed)));
    Case shuffled(town);
    for (const Fact& fact : facts) {
      shuffled.take(fact);
      ASSERT_EQ(shuffled.issue, refold(shuffled.id, shuffled.facts, town.world).issue);
    }
  }
}

struct Conflict : testing::Test {
  Conflict() : one(town) {
    EXPECT_EQ(one.log(), "");
    EXPECT_EQ(one.act(Act::kPropose, kVillage1), "");
    first = town.sign(one.forge(Act::kApprove, organ(kVillage1)), kVillage1);
    ActBody body = with_reason("不同意");
    body.unit = kVillage1;
    second = town.sign(one.forge(Act::kReturn, body), kVillage1);
    first.digest.bytes.fill(1);
    second.digest.bytes.fill(2);
  }
  Town town;
  Case one;
  Fact first, second;
};

TEST_F(Conflict, TheSmallerDigestCountsAndTheOtherIsShown) {
  EXPECT_EQ(one.take(second), Effect::kApplied);
  EXPECT_EQ(one.issue.stage, "returned");
  EXPECT_EQ(one.take(first), Effect::kApplied);  // by a refold
  EXPECT_EQ(one.issue.stage, "approved");
  const Refolded all = refold(one.id, one.facts, town.world);
  EXPECT_EQ(all.effects[2].effect, Effect::kVoid);
  EXPECT_EQ(all.effects[2].error->rule, "act.conflict");
}

TEST_F(Conflict, FoldAloneAsksForTheRefold) {
  ASSERT_EQ(one.take(second), Effect::kApplied);
  Issue issue = one.issue;
  EXPECT_EQ(fold(issue, first, town.world).effect, Effect::kRefold);
  EXPECT_EQ(issue, one.issue);
}

TEST_F(Conflict, AnInvalidRivalNeverCountsHoweverSmallItsDigest) {
  first.body.by.clear();
  EXPECT_EQ(one.take(second), Effect::kApplied);
  EXPECT_EQ(one.take(first), Effect::kVoid);
  EXPECT_EQ(one.last.error->rule, "act.field");
  EXPECT_EQ(one.issue.stage, "returned");
}

TEST_F(Conflict, WhatFollowsTheLoserIsSuperseded) {
  ASSERT_EQ(one.take(second), Effect::kApplied);
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  one.take(first);
  const Refolded all = refold(one.id, one.facts, town.world);
  EXPECT_EQ(all.effects[3].effect, Effect::kVoid);
  EXPECT_EQ(all.effects[3].error->rule, "act.superseded");
  EXPECT_EQ(all.issue.stage, "approved");
}

TEST_F(Conflict, ACopyOfARecordInAnotherLogHasNoEffect) {
  ASSERT_EQ(one.take(first), Effect::kApplied);
  Fact copy = first;
  copy.author = town.keys.at(kTown1).public_key().id();
  EXPECT_EQ(one.take(copy), Effect::kVoid);
  EXPECT_EQ(one.last.error->rule, "act.keeper");
  copy = first;
  copy.sequence += 1;
  EXPECT_EQ(one.take(copy), Effect::kVoid);
  EXPECT_EQ(one.last.error->rule, "act.conflict");
  EXPECT_EQ(one.issue.stage, "approved");
}

TEST(Order, ARemarkWaitsForWhatItSpeaksOf) {
  Town town;
  Case original(town);
  village_way(original);
  const auto at = [&](std::string_view kind) {
    return *std::find_if(original.facts.begin(), original.facts.end(),
                         [&](const Fact& fact) { return fact.kind == kind; });
  };
  Case fresh(town);
  EXPECT_EQ(fresh.take(at("issue.commented")), Effect::kWaits);
  EXPECT_EQ(fresh.take(at("topic.filed")), Effect::kWaits);
  EXPECT_EQ(fresh.take(at("issue.logged")), Effect::kApplied);
  EXPECT_EQ(fresh.issue.comments, 1U);
  EXPECT_TRUE(fresh.waiting);  // the receipt, for the approval
  EXPECT_TRUE(fresh.issue.filed.empty());
}

}  // namespace
}  // namespace yishi::deliberation

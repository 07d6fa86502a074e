// The model and the engine on one history up to the table and at it: whole, and with records that
// are missing or forged, they come to the same.
#include <gtest/gtest.h>

#include "../node/deliberation/town.h"
#include "tests/sim/model.h"

namespace yishi::sim {
namespace {

using deliberation::Act;
using deliberation::ActBody;
using deliberation::Effect;
using deliberation::Fact;
using deliberation::kTown1;
using deliberation::kTown2;
using deliberation::kVillage1;
using deliberation::with_text;

ActBody numbered(std::uint64_t number, std::uint64_t item, std::string text) {
  ActBody body = with_text(std::move(text));
  body.number = number;
  body.item = item;
  return body;
}

void deliberate(deliberation::Case& one) {
  auto& town = one.town;
  const auto act = [&](Act what, const topology::Code& here, ActBody body = {}) {
    ASSERT_EQ(one.act(what, here, std::move(body)), "") << one.error.en;
  };
  ASSERT_EQ(one.log(), "");
  ActBody screen;
  screen.topic.flags = {"ad_hoc", "beyond_self"};
  screen.topic.answers = {{"public", true, ""}, {"small", false, "太大"}};
  screen.topic.plans = {{"deliberation", "第 3 项"}};
  act(Act::kScreen, kVillage1, screen);
  screen.topic = {};
  screen.topic.flags = {"none"};
  screen.topic.answers = {{"small", true, ""}};
  screen.topic.plans = {{"deliberation", "第 4 项"}};
  act(Act::kScreen, kVillage1, screen);
  ActBody ask = with_text("可否");
  ask.to = kTown2;
  ask.organs = {"镇政府", "镇党委"};
  act(Act::kConsult, kVillage1, ask);
  act(Act::kOpine, kTown2, numbered(1, 0, "待定"));
  act(Act::kOpine, kTown2, numbered(1, 0, "同意"));
  act(Act::kOpine, kTown2, numbered(2, 0, "同意"));
  act(Act::kPropose, kVillage1);
  act(Act::kApprove, kVillage1);
  ActBody invitation;
  invitation.held_ms = town.now + 86'400'000;
  invitation.session.materials = {{"报告", ""}};
  act(Act::kConvene, kVillage1, invitation);
  ActBody body = deliberation::session(town);
  body.overrides = "来不及调研";
  body.heard = "提出人到会";
  body.form = "online";
  body.session.votes = {{"", "paper", 5, 1, 0}, {"", "hand", 3, 0, 1}};
  body.session.problems = {{"积水", "solved"}, {"照明", ""}};
  body.session.dissents = {{"张", "mass", "太贵"}};
  act(Act::kHoldSession, kVillage1, body);
  act(Act::kHoldSession, kVillage1, body);
  ActBody correction = numbered(1, 0, "");
  correction.reason = "补记";
  correction.session.dissents = {{"张", "mass", "太贵"}, {"李", "", "太慢"}};
  act(Act::kCorrect, kVillage1, correction);
  act(Act::kExplain, kTown1, numbered(1, 2, "雨季前完成"));
  act(Act::kExplain, kVillage1, numbered(2, 1, "镇里出资"));
  act(Act::kOutcome, kVillage1, with_text("成果"));
  ActBody submit;
  submit.organs = {"村党组织", "村委会"};
  act(Act::kSubmit, kVillage1, submit);
  act(Act::kReceive, kVillage1, numbered(2, 0, "已收"));
}

Fate fate_of(Effect effect) {
  return effect == Effect::kApplied ? Fate::kCounts
         : effect == Effect::kVoid  ? Fate::kVoid
                                    : Fate::kWaits;
}

class ModelOfTheTable : public testing::Test {
 protected:
  ModelOfTheTable() : one_(town_) { deliberate(one_); }

  void compare(const std::vector<Fact>& facts, std::size_t which) {
    const auto folded = deliberation::refold(one_.id, facts, town_.world);
    const auto modelled = model_issue(one_.id, facts, town_.directory);
    EXPECT_EQ(difference(modelled.issue, folded.issue), "") << which;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      EXPECT_EQ(modelled.fates[i], fate_of(folded.effects[i].effect)) << which << facts[i].kind;
    }
  }

  deliberation::Town town_;
  deliberation::Case one_;
};

TEST_F(ModelOfTheTable, AgreesOnAWholeHistory) {
  ASSERT_EQ(one_.issue.table.sessions.size(), 2U);
  ASSERT_EQ(one_.issue.table.sessions[0].explained.size(), 1U);
  compare(one_.facts, 0);
}

TEST_F(ModelOfTheTable, AgreesWhenAnyOneRecordIsMissing) {
  for (std::size_t i = 0; i < one_.facts.size(); ++i) {
    auto facts = one_.facts;
    facts.erase(facts.begin() + static_cast<std::ptrdiff_t>(i));
    compare(facts, i);
  }
}

// Each transition made at the end once more, with something in it that no honest node writes.
TEST_F(ModelOfTheTable, AgreesOnRecordsThatBreakARule) {
  const std::vector<void (*)(ActBody&)> spoil{
      [](ActBody& body) { body.number = 9; },
      [](ActBody& body) { body.topic.flags = {"moon"}; },
      [](ActBody& body) {
        body.session.dissents = {{"张", "", "少了一条"}};
      },
      [](ActBody& body) { body.organs.assign(deliberation::kMaxSubmissions, "镇党委"); },
      [](ActBody& body) { body.to = deliberation::code("320899000000"); },
      [](ActBody& body) { body.view = "moon"; },
      [](ActBody& body) { body.item = deliberation::kMaxDissents + 1; },
      [](ActBody& body) {
        body.session.votes = {{"", "telepathy", 1, 0, 0}};
      },
      [](ActBody&) {}};
  std::size_t which = 0;
  for (const Fact& fact : one_.facts) {
    for (const auto change : spoil) {
      auto facts = one_.facts;
      Fact forged = fact;
      if (deliberation::find_kind(fact.kind)->transition) {
        forged.body.n = one_.issue.n + 1;
        forged.body.prev = one_.issue.last;
      }
      change(forged.body);
      forged.digest.bytes[0] ^= 0x5A;
      forged.sequence += 1000;
      facts.push_back(std::move(forged));
      compare(facts, ++which);
    }
  }
}

}  // namespace
}  // namespace yishi::sim

#include <gtest/gtest.h>

#include "town.h"

namespace yishi::deliberation {
namespace {

struct Approved : testing::Test {
  Approved() : one(town) {
    EXPECT_EQ(one.log(), "");
    EXPECT_EQ(one.act(Act::kPropose, kVillage1), "");
    EXPECT_EQ(one.act(Act::kApprove, kVillage1), "");
  }
  void research() { ASSERT_EQ(one.act(Act::kResearch, kVillage1, with_text("查勘")), ""); }
  std::string hold(ActBody body) { return one.act(Act::kHoldSession, kVillage1, std::move(body)); }
  bool says(const std::string& words) const {
    return one.error.zh.find(words) != std::string::npos;
  }

  Town town;
  Case one;
};

TEST_F(Approved, ASessionBeforeResearchNeedsAReason) {
  EXPECT_EQ(hold(session(town)), "guard.research_done");
  EXPECT_TRUE(says("A10"));
  ActBody body = session(town);
  body.overrides = "事情紧急";
  ASSERT_EQ(hold(body), "");
  EXPECT_EQ(one.facts.back().body.overrides, "事情紧急");  // the reason stays on record
}

TEST_F(Approved, TooFewMassRepresentativesAreCountedExactly) {
  research();
  ActBody body = session(town);
  body.parties = {{"mass", 5}, {"stakeholder", 1}, {"leader", 1}, {"department", 1}, {"member", 1}};
  EXPECT_EQ(hold(body), "guard.mass_share");
  EXPECT_TRUE(says("群众代表 5/9，需要 ≥ 2/3：还差 1 人")) << one.error.zh;
  EXPECT_TRUE(says("A30"));
  EXPECT_EQ(one.error.field, "who");
  body.parties[0].count = 8;  // 8 of 12: two thirds to the man
  ASSERT_EQ(hold(body), "");
}

TEST_F(Approved, SoftGuardsPassWithAReason) {
  research();
  ActBody body = session(town);
  body.parties = {{"mass", 1}, {"leader", 3}};
  body.overrides = "代表外出务工";
  EXPECT_EQ(hold(body), "");
}

TEST_F(Approved, WithoutAStakeholderAReasonIsNeeded) {
  research();
  ActBody body = session(town);
  body.parties = {{"mass", 9}};
  EXPECT_EQ(hold(body), "guard.stakeholder_present");
}

TEST_F(Approved, AHardGuardIsNotPassedByAReason) {
  research();
  ActBody body = session(town);
  body.place.clear();
  body.held_ms = 0;
  body.overrides = "忘记了";
  EXPECT_EQ(hold(body), "guard.session_complete");
  EXPECT_TRUE(says("缺少时间、地点")) << one.error.zh;
  EXPECT_EQ(one.error.field, "held");
}

TEST_F(Approved, UnknownNamesAreRefused) {
  research();
  ActBody body = session(town);
  body.form = "telepathy";
  EXPECT_EQ(hold(body), "act.name");
  EXPECT_EQ(one.error.field, "form");
  body = session(town);
  body.parties = {{"martian", 3}};
  EXPECT_EQ(hold(body), "act.name");
  EXPECT_EQ(one.error.field, "who");
}

// The guards Huai'an does not use, under a policy that does.
TEST(Guards, FiguresTextAndSessionAreAskedForWhereThePolicyWantsThem) {
  std::string policy = huaian();
  const auto guard = [](const std::string& act, const std::string& name) {
    return "\n[[acts." + act + ".guards]]\nname = \"" + name + "\"\n";
  };
  policy += guard("close", "figures_given") + guard("accept", "has_text") +
            guard("research", "session_recorded");
  // TOML wants the list of an act in one piece: accept and research have none above.
  Town town(crypto::Suite::kEd25519Sha256, policy);
  Case one(town);
  ASSERT_EQ(one.log(with_budget(60'000)), "");
  EXPECT_EQ(one.act(Act::kAccept, kTown1), "guard.has_text");
  ASSERT_EQ(one.act(Act::kAccept, kTown1, with_text("收到")), "");
  ASSERT_EQ(one.act(Act::kPropose, kTown1), "");
  ASSERT_EQ(one.act(Act::kApprove, kTown1), "");
  EXPECT_EQ(one.act(Act::kResearch, kTown1, with_text("查勘")), "guard.session_recorded");
  ActBody close = with_result("explained", "暂缓");
  EXPECT_EQ(one.act(Act::kClose, kTown1, close), "guard.figures_given");
  close.figures = {{"户数", "0", "0", "户"}};
  EXPECT_EQ(one.act(Act::kClose, kTown1, close), "");
}

}  // namespace
}  // namespace yishi::deliberation

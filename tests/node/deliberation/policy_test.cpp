#include <gtest/gtest.h>

#include "node/deliberation/policy.h"
#include "town.h"

namespace yishi::deliberation {
namespace {

// A small whole policy; a test breaks one thing in it.
const std::string kSmall = R"(id = "small"
zh = "小"
en = "Small"
[[categories]]
id = "road"
zh = "道路"
en = "Road"
[[results]]
id = "solved"
zh = "解决"
en = "Solved"
[[parties]]
id = "mass"
zh = "群众"
en = "Mass"
[[stages]]
id = "logged"
zh = "登记"
en = "Logged"
[[stages]]
id = "closed"
zh = "办结"
en = "Closed"
end = true
[acts.log]
to = "logged"
[acts.close]
from = ["logged"]
to = "closed"
[authority.village]
budget_max_yuan = 5
[authority.city]
[filing]
village = "township"
[calendar]
holidays = [2026-10-01]
workdays = [2026-10-10]
)";

std::string replaced(std::string from, const std::string& to) {
  std::string text = kSmall;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::uint32_t line_of(const std::string& text, const std::string& what) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return 1 + static_cast<std::uint32_t>(
                 std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

void expect_fault(const std::string& text, const std::string& rule, const std::string& at) {
  const auto policy = parse_policy(text);
  ASSERT_FALSE(policy.ok()) << rule;
  const std::string line = std::to_string(line_of(text, at));
  EXPECT_NE(policy.error().en.find("line " + line + ": "), std::string::npos)
      << policy.error().en << "\nwanted line " << line;
  EXPECT_NE(policy.error().zh.find("第 " + line + " 行："), std::string::npos);
  EXPECT_NE(policy.error().en.find("(" + rule + ")"), std::string::npos) << policy.error().en;
}

TEST(Policy, HuaianParsesAndSaysWhatItsSourcesSay) {
  const auto policy = parse_policy(huaian());
  ASSERT_TRUE(policy.ok()) << policy.error().en;
  const Policy& rules = **policy;
  EXPECT_EQ(rules.label.id, "huaian");
  EXPECT_EQ(rules.category("土地流转")->id, "land");
  EXPECT_EQ(rules.category("Health care")->id, "healthcare");
  EXPECT_EQ(rules.category("nothing"), nullptr);
  EXPECT_EQ(*rules.authority.at("village").budget_max_fen, 50'000 * kYuan);
  EXPECT_EQ(*rules.authority.at("district").budget_max_fen, 5'000'000 * kYuan);
  EXPECT_FALSE(rules.authority.at("city").budget_max_fen.has_value());
  EXPECT_EQ(rules.filing.at("village"), "township");
  EXPECT_EQ(rules.filing.at("township"), "district");
  EXPECT_TRUE(rules.stage("escalated")->waiting);
  EXPECT_TRUE(rules.stage("closed")->end);
  EXPECT_TRUE(rules.closings.at("explained").reason);
  EXPECT_EQ(rules.closing_stages("solved"), rules.rule(Act::kClose)->from);
  EXPECT_EQ(rules.closing_stages("explained").front(), "logged");
  for (const ActInfo& one : acts()) {
    if (one.transition) {
      EXPECT_NE(rules.rule(one.act), nullptr) << one.name;
    }
  }
}

TEST(Policy, TheSmallOneIsWhole) {
  const auto policy = parse_policy(kSmall);
  ASSERT_TRUE(policy.ok()) << policy.error().en;
  EXPECT_EQ((*policy)->holidays, std::vector<std::string>{"2026-10-01"});
  EXPECT_EQ((*policy)->workdays, std::vector<std::string>{"2026-10-10"});
}

TEST(PolicyFaults, TextThatIsNotTomlNamesItsLine) {
  expect_fault(kSmall + "what is this\n", "policy.toml", "what is this");
}

TEST(PolicyFaults, ADocumentLargerThanTheTopologyCarriesIsRefused) {
  const auto policy = parse_policy(kSmall + std::string(topology::kMaxPolicyBytes, '#'));
  ASSERT_FALSE(policy.ok());
  EXPECT_EQ(policy.error().rule, "policy.size");
}

TEST(PolicyFaults, UnknownKeysAtEveryDepthAreRefused) {
  expect_fault("colour = 1\n" + kSmall, "policy.key.unknown", "colour");
  expect_fault(replaced("end = true", "ending = true"), "policy.key.unknown", "ending");
  expect_fault(replaced("budget_max_yuan", "budget_max"), "policy.key.unknown", "budget_max");
  expect_fault(kSmall + "[[acts.close.guards]]\nname = \"has_text\"\nhard = true\n",
               "policy.key.unknown", "hard");
}

TEST(PolicyFaults, MissingKeysAndWrongTypesAreNamed) {
  expect_fault(replaced("zh = \"道路\"\n", ""), "policy.key.missing", "[[categories]]");
  expect_fault(replaced("end = true", "end = 1"), "policy.type", "end = 1");
  expect_fault(replaced("budget_max_yuan = 5", "budget_max_yuan = \"5\""), "policy.type",
               "budget_max_yuan");
  expect_fault(replaced("budget_max_yuan = 5", "budget_max_yuan = -5"), "policy.range",
               "budget_max_yuan");
  expect_fault(replaced("[2026-10-01]", "[\"2026-10-01\"]"), "policy.type", "holidays");
  expect_fault(replaced("from = [\"logged\"]", "from = \"logged\""), "policy.type", "from =");
}

TEST(PolicyFaults, IdsAreLowerCaseAndUnique) {
  expect_fault(replaced("id = \"road\"", "id = \"Road\""), "policy.id", "id = \"Road\"");
  expect_fault(kSmall + "[[categories]]\nid = \"road\"\nzh = \"另\"\nen = \"Other\"\n",
               "policy.duplicate", "[[categories]]\nid = \"road\"\nzh = \"另");
}

TEST(PolicyFaults, UnknownStagesActsGuardsLevelsAndCategoriesAreNamed) {
  expect_fault(replaced("to = \"closed\"", "to = \"gone\""), "policy.stage.unknown",
               "[acts.close]");
  expect_fault(kSmall + "[acts.dance]\nfrom = [\"logged\"]\n", "policy.act.unknown",
               "[acts.dance]");
  expect_fault(kSmall + "[[acts.close.guards]]\nname = \"moon_full\"\n", "policy.guard.unknown",
               "[[acts.close.guards]]");
  expect_fault(replaced("[authority.village]", "[authority.hamlet]"), "policy.level.unknown",
               "[authority.hamlet]");
  expect_fault(replaced("budget_max_yuan = 5", "excluded = [\"air\"]"), "policy.category.unknown",
               "[authority.village]");
  expect_fault(replaced("village = \"township\"", "village = \"hamlet\""), "policy.level.unknown",
               "village = \"hamlet\"");
  expect_fault(replaced("village = \"township\"", "township = \"village\""), "policy.route.up",
               "township = \"village\"");
  expect_fault(kSmall + "[[upper_approvals]]\nlevel = \"village\"\nby = \"county\"\n",
               "policy.level.unknown", "[[upper_approvals]]");
  expect_fault(kSmall + "[organs.hamlet]\nzh = \"组\"\nen = \"Group\"\n", "policy.level.unknown",
               "[organs.hamlet]");
  expect_fault(kSmall + "[accept_days]\nhamlet = 3\n", "policy.level.unknown", "hamlet = 3");
}

TEST(PolicyFaults, SharesAreFractionsOfAtMostOne) {
  const auto share = [](const std::string& value) {
    return kSmall + "[[acts.close.guards]]\nname = \"mass_share\"\nshare = \"" + value + "\"\n";
  };
  EXPECT_TRUE(parse_policy(share("2/3")).ok());
  EXPECT_TRUE(parse_policy(share("1/1")).ok());
  expect_fault(share("4/3"), "policy.share.above_one", "[[acts.close.guards]]");
  for (const char* value : {"0.66", "2/0", "-1/3", "2/3/4", "two thirds", "1/1001"}) {
    expect_fault(share(value), "policy.share", "[[acts.close.guards]]");
  }
  expect_fault(kSmall + "[[acts.close.guards]]\nname = \"mass_share\"\n", "policy.key.missing",
               "[[acts.close.guards]]");
}

TEST(PolicyFaults, AGuardThatCountsAPartyNeedsThatParty) {
  expect_fault(kSmall + "[[acts.close.guards]]\nname = \"stakeholder_present\"\n",
               "policy.party.missing", "[acts.close]");
}

TEST(PolicyFaults, AStageThatNothingReachesIsNamed) {
  expect_fault(kSmall + "[[stages]]\nid = \"dream\"\nzh = \"梦\"\nen = \"Dream\"\n",
               "policy.stage.unreached", "[[stages]]\nid = \"dream\"");
  // Two stages that reach only each other are not reached either.
  const std::string island = kSmall +
                             "[[stages]]\nid = \"a\"\nzh = \"甲\"\nen = \"A\"\n"
                             "[[stages]]\nid = \"b\"\nzh = \"乙\"\nen = \"B\"\n"
                             "[acts.accept]\nfrom = [\"a\"]\nto = \"b\"\n"
                             "[acts.reopen]\nfrom = [\"b\"]\nto = \"a\"\n";
  expect_fault(island, "policy.stage.unreached", "[[stages]]\nid = \"a\"");
}

TEST(PolicyFaults, ACategoryThatNobodyMayDecideIsNamed) {
  expect_fault(replaced("[authority.city]\n", "[authority.city]\nexcluded = [\"road\"]\n"),
               "policy.authority.nobody", "[authority.city]");
  expect_fault(replaced("[authority.city]\n", "[authority.city]\ncategories = []\n"),
               "policy.authority.nobody", "[authority.city]");
}

TEST(PolicyFaults, ActsHaveTheStagesTheirKindNeeds) {
  expect_fault(replaced("[acts.log]\nto = \"logged\"\n", ""), "policy.act.missing", "[acts.close]");
  expect_fault(replaced("[acts.log]\n", "[acts.log]\nfrom = [\"closed\"]\n"), "policy.act.log",
               "[acts.log]");
  expect_fault(replaced("from = [\"logged\"]\n", ""), "policy.act.from", "[acts.close]");
  expect_fault(kSmall + "[acts.comment]\nto = \"closed\"\n", "policy.act.remark", "[acts.comment]");
}

TEST(PolicyFaults, AllAreListedAndTheFirstGivesRuleAndLine) {
  std::string text = replaced("to = \"closed\"", "to = \"gone\"");
  text += "[acts.dance]\n";
  const auto policy = parse_policy("colour = 1\n" + text);
  ASSERT_FALSE(policy.ok());
  EXPECT_EQ(policy.error().rule, "policy.key.unknown");
  EXPECT_EQ(policy.error().field, "line 1");
  for (const char* rule : {"policy.key.unknown", "policy.stage.unknown", "policy.act.unknown",
                           "policy.stage.unreached"}) {
    EXPECT_NE(policy.error().en.find(rule), std::string::npos) << rule;
    EXPECT_NE(policy.error().zh.find(rule), std::string::npos) << rule;
  }
}

}  // namespace
}  // namespace yishi::deliberation

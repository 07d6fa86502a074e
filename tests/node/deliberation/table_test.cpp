// Up to the table and at it, under a policy that asks for everything.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "town.h"

namespace yishi::deliberation {
namespace {

// Huai'an's lists and acts with other guards: the text after `act`'s header in the document.
std::string with_guards(const std::string& act, const std::string& guards) {
  std::string policy = huaian();
  const std::string head = "[acts." + act + "]\n";
  const std::size_t at = policy.find(head);
  EXPECT_NE(at, std::string::npos) << act;
  // The guards of an act must follow its keys: insert before the next table of another act.
  std::size_t end = policy.find("\n[", at + head.size());
  while (policy.compare(end + 1, 7 + act.size() + 2, "[[acts." + act + ".") == 0) {
    end = policy.find("\n[", end + 1);
  }
  policy.insert(end + 1, guards);
  return policy;
}

std::string guard(const std::string& act, const std::string& keys) {
  return "[[acts." + act + ".guards]]\n" + keys + "\n";
}

struct Table {
  explicit Table(const std::string& policy = huaian())
      : town(crypto::Suite::kEd25519Sha256, policy), one(town) {}

  void approve() {
    ASSERT_EQ(one.log(), "");
    ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
    ASSERT_EQ(one.act(Act::kApprove, kVillage1), "");
  }
  void research() {
    approve();
    ASSERT_EQ(one.act(Act::kResearch, kVillage1, with_text("查勘")), "");
  }
  std::string hold(ActBody body) { return one.act(Act::kHoldSession, kVillage1, std::move(body)); }
  bool says(const std::string& words) const {
    EXPECT_NE(one.error.zh.find(words), std::string::npos) << one.error.zh;
    return one.error.zh.find(words) != std::string::npos;
  }

  Town town;
  Case one;
};

ActBody answers(std::vector<CheckAnswer> all) {
  ActBody body;
  body.topic.answers = std::move(all);
  return body;
}

ActBody numbered(std::uint64_t number, std::string text = "说明", std::uint64_t item = 0) {
  ActBody body;
  body.number = number;
  body.item = item;
  body.text = std::move(text);
  return body;
}

TEST(Screening, EveryItemThatMustBeYesIsNamedUntilItIs) {
  Table table(with_guards("propose", guard("propose", "name = \"screened\"")));
  Case& one = table.one;
  ASSERT_EQ(one.log(), "");
  EXPECT_EQ(one.act(Act::kPropose, kVillage1), "guard.screened");
  EXPECT_TRUE(table.says("公共事务、公益事业、公共利益、切口小"));
  EXPECT_EQ(one.act(Act::kScreen, kVillage1), "act.screen.nothing");
  ActBody body = answers({{"公共事务", true, ""}, {"benefit", true, ""}, {"small", false, ""}});
  body.topic.flags = {"自治能力所限", "ad_hoc"};
  ASSERT_EQ(one.act(Act::kScreen, kVillage1, body), "");
  EXPECT_EQ(one.issue.table.topic.flags, (std::vector<std::string>{"beyond_self", "ad_hoc"}));
  EXPECT_EQ(one.act(Act::kPropose, kVillage1), "guard.screened");
  EXPECT_TRUE(table.says("筛选未通过：切口小（答为否）"));
  ASSERT_EQ(one.act(Act::kScreen, kVillage1, answers({{"small", true, ""}})), "");
  EXPECT_EQ(one.issue.table.topic.answers.size(), 3U);
  EXPECT_EQ(one.act(Act::kPropose, kVillage1), "");
}

TEST(Screening, FlagsAreReplacedAndNoneAloneTakesThemBack) {
  Table table;
  ActBody body;
  body.topic.flags = {"planned"};
  body.topic.plans = {{"deliberation", "第 3 项"}};
  body.topic.via = "扫码";
  ASSERT_EQ(table.one.log(body), "");
  EXPECT_EQ(table.one.issue.table.topic.via, "scan");
  EXPECT_EQ(table.one.issue.table.topic.plans.front().ref, "第 3 项");
  body = {};
  body.topic.flags = {kNoFlag};
  ASSERT_EQ(table.one.act(Act::kAmend, kVillage1, body), "");
  EXPECT_TRUE(table.one.issue.table.topic.flags.empty());
  body.topic.flags = {"moon"};
  EXPECT_EQ(table.one.act(Act::kAmend, kVillage1, body), "act.name");
  EXPECT_EQ(table.one.error.field, "flags");
}

TEST(Opinions, AreAskedForGivenByThoseAskedAndAwaitedBeforeApproval) {
  Table table(with_guards("approve", guard("approve", "name = \"opinion_given\"")));
  Case& one = table.one;
  ASSERT_EQ(one.log(), "");
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  EXPECT_EQ(one.act(Act::kApprove, kVillage1), "guard.opinion_given");
  EXPECT_TRUE(table.says("已征求意见 0/1"));
  EXPECT_EQ(one.act(Act::kConsult, kVillage1, with_text("可否")), "act.field");
  ActBody ask = with_text("是否列入年度协商计划");
  ask.to = kTown2;  // of another branch of the tree
  ASSERT_EQ(one.act(Act::kConsult, kVillage1, ask), "");
  EXPECT_TRUE(one.issue.concerned.contains(kTown2));
  EXPECT_EQ(one.issue.holder, kVillage1);
  ask.to = {};
  ask.organs = {"村务监督委员会"};
  ASSERT_EQ(one.act(Act::kConsult, kVillage1, ask), "");
  EXPECT_EQ(one.act(Act::kApprove, kVillage1), "guard.opinion_given");
  EXPECT_TRUE(table.says("尚未答复的意见：1, 2"));
  EXPECT_EQ(one.act(Act::kOpine, kTown1, numbered(3)), "act.number.unknown");
  ActBody wrong = numbered(1);
  wrong.unit = kTown1;
  EXPECT_EQ(one.act(Act::kOpine, kTown1, wrong), "act.opine.unit");
  ActBody view = numbered(1, "同意列入");
  view.view = "同意";
  ASSERT_EQ(one.act(Act::kOpine, kTown2, view), "");
  EXPECT_EQ(one.issue.table.consultations[0].reply.view, "agree");
  ASSERT_EQ(one.act(Act::kOpine, kVillage1, numbered(2, "无异议")), "");
  EXPECT_EQ(one.act(Act::kApprove, kVillage1), "");
}

TEST(Shares, AreExactAtTheBorderAndNameTheWholeTheyAreOf) {
  Table table(
      with_guards("session", guard("session",
                                   "name = \"mass_share\"\nshare = \"1/3\"\nneed = [\"mass\", "
                                   "\"worthy\"]\nwithout = [\"leader\", \"department\"]")));
  table.research();
  ActBody body = session(table.town);
  body.overrides = "两个条件中的软条件放行";
  body.parties = {{"mass", 1}, {"worthy", 1}, {"stakeholder", 1}, {"member", 4}, {"leader", 9}};
  EXPECT_EQ(table.hold(body), "guard.mass_share");
  EXPECT_TRUE(table.says("群众代表、乡贤 2/7（不计党政领导、部门单位），需要 ≥ 1/3：还差 1 人"));
  body.parties[3].count = 3;  // 2 of 6: a third to the man; the nine leaders do not count
  EXPECT_EQ(table.hold(body), "");
  EXPECT_EQ(table.one.issue.table.passed.size(), 1U);  // of the soft 2/3
}

TEST(Shares, LookOnlyWhereTheyAreMeantFor) {
  Table table(with_guards("session", guard("session",
                                           "name = \"category_present\"\nneed = [\"expert\"]\n"
                                           "types = [\"heart\"]\nlevels = [\"village\"]") +
                                         guard("session",
                                               "name = \"has_fields\"\nneed = [\"link\"]\n"
                                               "forms = [\"online\"]") +
                                         guard("session",
                                               "name = \"has_fields\"\nneed = [\"measures\"]\n"
                                               "flags = [\"overall\"]")));
  table.research();
  ActBody body = session(table.town);
  body.session.type = "民主恳谈会";
  EXPECT_EQ(table.hold(body), "guard.category_present");
  EXPECT_TRUE(table.says("应到而未到：专家 0/1"));
  body.session.type = "topic";
  body.form = "网络";
  EXPECT_EQ(table.hold(body), "guard.has_fields");
  EXPECT_TRUE(table.says("缺少网络链接"));
  EXPECT_EQ(table.one.error.field, "link");
  body.form = "会议";
  body.topic.flags = {"overall"};
  EXPECT_EQ(table.hold(body), "guard.has_fields");
  EXPECT_TRUE(table.says("缺少措施"));
  body.topic.flags.clear();
  EXPECT_EQ(table.hold(body), "");
  EXPECT_FALSE(table.one.issue.table.sessions[0].remote);
}

TEST(Conveners, TwoStandInTheOrderOfTheirRoles) {
  Table table(
      with_guards("session", guard("session",
                                   "name = \"conveners\"\nneed = [\"party_head|deputy_secretary\", "
                                   "\"member\"]")));
  table.research();
  ActBody body = session(table.town);
  body.overrides = "本村的软条件放行";
  body.session.conveners = {{"甲", "member", "", "", ""}, {"乙", "党组织负责人", "", "", ""}};
  EXPECT_EQ(table.hold(body), "guard.conveners");
  EXPECT_TRUE(table.says("第1召集人应为党组织负责人、党（工）委副书记"));
  std::swap(body.session.conveners[0], body.session.conveners[1]);
  EXPECT_EQ(table.hold(body), "");
}

TEST(Hosts, AreNeutralAndEntitledOrHaveItDelegated) {
  Table table(with_guards(
      "session", guard("session", "name = \"host_neutral\"") +
                     guard("session",
                           "name = \"host_entitled\"\nneed = [\"deputy_secretary|"
                           "united_front\"]") +
                     guard("session", "name = \"roles_filled\"\nneed = [\"liaison\"]") +
                     guard("session", "name = \"member_level_present\"\nneed = [\"city\"]")));
  table.research();
  ActBody body = session(table.town);
  body.session.host = {};
  body.session.staff.clear();
  EXPECT_EQ(table.hold(body), "guard.host_neutral");
  body.session.host = {"甲", "", "利益相关方", "", ""};
  EXPECT_EQ(table.hold(body), "guard.host_neutral");
  EXPECT_TRUE(table.says("主持人“甲”是利益相关方"));
  body.session.host = {"甲", "", "", "", ""};
  body.session.attendance = {{"甲", "", "stakeholder", "", ""}};  // signed in as one
  EXPECT_EQ(table.hold(body), "guard.host_neutral");
  body.session.host.name = "乙";
  EXPECT_EQ(table.hold(body), "guard.host_entitled");
  body.session.delegated_by = {"丙", "统战委员", "", "", ""};
  EXPECT_EQ(table.hold(body), "guard.roles_filled");
  EXPECT_TRUE(table.says("无人担任：政协工作联络员"));
  body.session.staff = {{"丁", "liaison", "", "", ""}};
  EXPECT_EQ(table.hold(body), "guard.member_level_present");
  body.session.attendance.push_back({"戊", "", "member", "市政协委员", ""});
  EXPECT_EQ(table.hold(body), "");
}

TEST(Research, HasAGroupAndPapersGoOutInTime) {
  Table table(with_guards("session", guard("session", "name = \"session_convened\"") +
                                         guard("session", "name = \"materials_sent\"\ndays = 3")));
  Case& one = table.one;
  table.research();
  EXPECT_EQ(table.hold(session(table.town)), "guard.session_convened");
  ActBody invitation;
  invitation.held_ms = table.town.now;
  invitation.session.materials = {{"调研报告", ""}};
  EXPECT_EQ(one.act(Act::kConvene, kVillage1, invitation), "act.held.past");
  invitation.held_ms = table.town.now + 3 * 86'400'000ULL;
  ASSERT_EQ(one.act(Act::kConvene, kVillage1, invitation), "");
  const std::uint64_t sent = one.issue.table.convened.sent_ms;
  table.town.now += 4 * 86'400'000ULL;
  ActBody body = session(table.town);
  body.held_ms = sent + 3 * 86'400'000ULL - 1;
  EXPECT_EQ(table.hold(body), "guard.materials_sent");
  EXPECT_TRUE(table.says("材料送达提前 2/3 天"));
  body.held_ms += 1;
  ASSERT_EQ(table.hold(body), "");
  EXPECT_EQ(one.issue.table.convened.n, 0U);  // the next session is convened anew
}

TEST(Votes, OnPaperAndByHandAreOneVoteWithAQuorum) {
  Table table(with_guards("session", guard("session", "name = \"quorum\"\nshare = \"2/3\"") +
                                         guard("session", "name = \"majority\"\nshare = \"1/2\"")));
  table.research();
  ActBody body = session(table.town);  // fifteen people
  EXPECT_EQ(table.hold(body), "guard.quorum");
  body.session.entitled = 23;
  EXPECT_EQ(table.hold(body), "guard.quorum");
  EXPECT_TRUE(table.says("实到 15/23，需要 ≥ 2/3：还差 1 人"));
  body.session.entitled = 22;  // two thirds of 22 are fifteen people
  EXPECT_EQ(table.hold(body), "guard.majority");
  body.session.votes = {{"", "纸票", 3, 2, 1}, {"", "hand", 1, 1, 0}};  // 4 of 8: just the half
  EXPECT_EQ(table.hold(body), "guard.majority");
  EXPECT_TRUE(table.says("赞成 4/8，需要 > 1/2：还差 1 票"));
  body.session.votes = {{"", "paper", 3, 2, 1}, {"", "hand", 10, 0, 0}};
  EXPECT_EQ(table.hold(body), "session.votes");  // sixteen votes of fifteen people
  body.session.votes = {{"", "paper", 3, 2, 1}, {"", "hand", 2, 0, 0}, {"照明", "hand", 1, 0, 0}};
  ASSERT_EQ(table.hold(body), "");
  EXPECT_EQ(table.one.issue.table.sessions[0].votes.size(), 3U);
}

TEST(Dissent, IsKeptNumberedAndExplainedBeforeTheEnd) {
  Table table;
  Case& one = table.one;
  table.research();
  ActBody body = session(table.town);
  body.session.dissents = {{"张", "mass", "太贵"}, {"李", "", "太慢"}};
  ASSERT_EQ(table.hold(body), "");
  ASSERT_EQ(one.act(Act::kOutcome, kVillage1, with_text("清淤")), "");
  EXPECT_EQ(one.act(Act::kClose, kVillage1, with_result("solved")), "guard.dissent_explained");
  EXPECT_TRUE(table.says("尚未说明的不同意见：1.1, 1.2"));
  EXPECT_EQ(one.act(Act::kExplain, kVillage1, numbered(1, "说明", 3)), "act.number.unknown");
  EXPECT_EQ(one.act(Act::kExplain, kVillage3, numbered(1, "说明", 1)), "act.explain.unit");
  ASSERT_EQ(one.act(Act::kExplain, kVillage1, numbered(1, "由镇出资", 1)), "");
  ASSERT_EQ(one.act(Act::kExplain, kTown1, numbered(1, "雨季前完成", 2)), "");
  ActBody fewer = numbered(1);
  fewer.reason = "更正";
  fewer.session.dissents = {{"张", "mass", "太贵"}};
  EXPECT_EQ(one.act(Act::kCorrect, kVillage1, fewer), "act.correct.dissent");
  EXPECT_EQ(one.act(Act::kClose, kVillage1, with_result("solved")), "");
}

TEST(Correction, ReplacesWhatItSaysAndKeepsTheFirst) {
  Table table;
  Case& one = table.one;
  table.research();
  ActBody body = session(table.town);
  body.session.problems = {{"积水", "已解决"}, {"照明", ""}};
  ASSERT_EQ(table.hold(body), "");
  ASSERT_EQ(table.hold(session(table.town)), "");  // a second session of the same issue
  ASSERT_EQ(one.issue.table.sessions.size(), 2U);
  EXPECT_EQ(one.issue.table.sessions[0].results, (std::vector<std::string>{"solved", ""}));
  ActBody correction;
  correction.number = 1;
  correction.parties = {{"mass", 8}, {"stakeholder", 1}};
  EXPECT_EQ(one.act(Act::kCorrect, kVillage1, correction), "act.field");
  correction.reason = "漏记一人";
  ASSERT_EQ(one.act(Act::kCorrect, kVillage1, correction), "") << one.error.en;
  const SessionMark& mark = one.issue.table.sessions[0];
  EXPECT_EQ(mark.parties, correction.parties);
  EXPECT_EQ(mark.results.size(), 2U);  // it is silent about the problems
  EXPECT_EQ(mark.n, 5U);
  EXPECT_EQ(mark.corrections, std::vector<std::uint64_t>{7});
  correction.number = 3;
  EXPECT_EQ(one.act(Act::kCorrect, kVillage1, correction), "act.correct.session");
}

TEST(Submission, GoesToEachOrganAndHasItsReceipt) {
  Table table;
  Case& one = table.one;
  table.research();
  ASSERT_EQ(table.hold(session(table.town)), "");
  ASSERT_EQ(one.act(Act::kOutcome, kVillage1, with_text("清淤")), "");
  EXPECT_EQ(one.act(Act::kSubmit, kVillage1), "act.field");
  ActBody body;
  body.organs = {"村党组织", "村委会"};
  ASSERT_EQ(one.act(Act::kSubmit, kVillage1, body), "");
  EXPECT_EQ(one.act(Act::kClose, kVillage1, with_result("solved")), "guard.receipts_given");
  EXPECT_TRUE(table.says("尚无回执：1 村党组织、2 村委会"));
  ASSERT_EQ(one.act(Act::kReceive, kVillage1, numbered(1)), "");
  EXPECT_EQ(one.facts.back().body.by, "村党组织");
  EXPECT_EQ(one.act(Act::kReceive, kVillage3, numbered(2)), "act.keeper");
  ASSERT_EQ(one.act(Act::kReceive, kVillage1, numbered(2)), "");
  EXPECT_EQ(one.act(Act::kClose, kVillage1, with_result("solved")), "");
}

TEST(Overrides, AreRecordedWithWhoAndWhyAndCounted) {
  Table table;
  table.approve();
  ActBody body = session(table.town);
  body.parties = {{"mass", 1}, {"leader", 3}};
  body.overrides = "防汛在即";
  body.by = "村党总支";
  ASSERT_EQ(table.hold(body), "");
  ASSERT_EQ(table.one.issue.table.passed.size(), 1U);
  const Passed& passed = table.one.issue.table.passed[0];
  EXPECT_EQ(passed.guards, (std::vector<std::string>{"research_done", "mass_share",
                                                     "stakeholder_present", "category_present"}));
  EXPECT_EQ(passed.by, "村党总支");
  EXPECT_EQ(passed.why, "防汛在即");
  EXPECT_EQ(passed.unit, kVillage1);
  ASSERT_EQ(table.one.act(Act::kResearch, kVillage1, with_text("查勘")), "act.stage");
}

TEST(Overrides, AReasonForWhatIsMetIsNotCounted) {
  Table table;
  table.research();
  ActBody body = session(table.town);
  body.overrides = "以防万一";
  ASSERT_EQ(table.hold(body), "");
  EXPECT_TRUE(table.one.issue.table.passed.empty());
  EXPECT_EQ(table.one.facts.back().body.overrides, "以防万一");  // what was typed is kept
}

TEST(SignOff, IsAskedForByNameAndKept) {
  Table table(with_guards("research", guard("research", "name = \"signed_off\"") +
                                          guard("research",
                                                "name = \"research_group\"\ncount = 2\n"
                                                "need = [\"group_leader\"]")));
  table.approve();
  ActBody body = with_text("查勘");
  EXPECT_EQ(table.one.act(Act::kResearch, kVillage1, body), "guard.signed_off");
  body.signed_by = "镇党委";
  body.group = {{"甲", "group_member", "", "", ""}};
  EXPECT_EQ(table.one.act(Act::kResearch, kVillage1, body), "guard.research_group");
  EXPECT_TRUE(table.says("专题调研组 1/2 人"));
  body.group.push_back({"乙", "group_member", "", "", ""});
  EXPECT_EQ(table.one.act(Act::kResearch, kVillage1, body), "guard.research_group");
  EXPECT_TRUE(table.says("专题调研组缺少专题调研组组长"));
  body.group[1].role = "group_leader";
  ASSERT_EQ(table.one.act(Act::kResearch, kVillage1, body), "");
  EXPECT_EQ(table.one.issue.table.sign_offs, (std::vector<SignOff>{{4, "镇党委"}}));
}

// The sign-offs that Huai'an asks for in a township (A27), and its host and liaison (A41, A42).
TEST(Township, HasItsHostItsLiaisonAndItsSignOff) {
  Town town;
  Case one(town);
  ASSERT_EQ(one.log(with_budget(60'000)), "");
  ASSERT_EQ(one.act(Act::kAccept, kTown1), "");
  ASSERT_EQ(one.act(Act::kPropose, kTown1), "");
  ASSERT_EQ(one.act(Act::kApprove, kTown1), "");
  ASSERT_EQ(one.act(Act::kResearch, kTown1, with_text("查勘")), "");
  ActBody body = session(town);
  body.session.conveners.clear();  // only a village asks for the Party head
  body.session.host = {"乙", "member", "", "", ""};
  body.session.staff.clear();
  body.signed_by.clear();
  const auto hold = [&] { return one.act(Act::kHoldSession, kTown1, body); };
  EXPECT_EQ(hold(), "guard.host_entitled");
  body.session.delegated_by = {"丁", "deputy_secretary", "", "", ""};
  EXPECT_EQ(hold(), "guard.roles_filled");
  body.session.staff = {{"丙", "liaison", "", "", ""}};
  EXPECT_EQ(hold(), "guard.signed_off");
  body.signed_by = "镇党委";
  EXPECT_EQ(hold(), "");
}

TEST(Heads, AreCountedFromThoseWhoSignedInAndNeverFewer) {
  Table table;
  table.research();
  ActBody body = session(table.town);
  body.parties.clear();
  body.overrides = "只有群众到场";
  for (const char* name : {"甲", "乙", "丙", "丁"}) {
    body.session.attendance.push_back({name, "", "群众代表", "", ""});
  }
  body.session.attendance.push_back({"戊", "", "stakeholder", "", ""});
  ASSERT_EQ(table.hold(body), "");
  EXPECT_EQ(table.one.issue.table.sessions[0].parties,
            (std::vector<Party>{{"mass", 4}, {"stakeholder", 1}}));
  body.parties = {{"mass", 3}, {"stakeholder", 1}};
  EXPECT_EQ(table.hold(body), "session.signed_in");
}

TEST(TheTable, AnyOrderGivesTheSameState) {
  Table table;
  Case& one = table.one;
  Town& town = table.town;
  ASSERT_EQ(one.log(), "");
  ActBody screen = answers({{"public", true, ""}});
  screen.topic.flags = {"ad_hoc"};
  ASSERT_EQ(one.act(Act::kScreen, kVillage1, screen), "");
  ActBody ask = with_text("可否");
  ask.to = kTown2;
  ASSERT_EQ(one.act(Act::kConsult, kVillage1, ask), "");
  ASSERT_EQ(one.act(Act::kOpine, kTown2, numbered(1, "待定")), "");
  ASSERT_EQ(one.act(Act::kOpine, kTown2, numbered(1, "同意")), "");
  ASSERT_EQ(one.act(Act::kPropose, kVillage1), "");
  ASSERT_EQ(one.act(Act::kApprove, kVillage1), "");
  ActBody body = session(town);
  body.session.dissents = {{"张", "mass", "太贵"}};
  body.overrides = "来不及调研";
  ASSERT_EQ(one.act(Act::kHoldSession, kVillage1, body), "");
  ASSERT_EQ(one.act(Act::kExplain, kTown1, numbered(1, "一", 1)), "");
  ActBody correction = numbered(1);
  correction.reason = "补记";
  correction.session.dissents = {{"张", "mass", "太贵"}, {"李", "", "太慢"}};
  ASSERT_EQ(one.act(Act::kCorrect, kVillage1, correction), "");
  ASSERT_EQ(one.act(Act::kExplain, kVillage1, numbered(1, "二", 2)), "");
  ASSERT_EQ(one.act(Act::kOutcome, kVillage1, with_text("成果")), "");
  ActBody submit;
  submit.organs = {"村党组织"};
  ASSERT_EQ(one.act(Act::kSubmit, kVillage1, submit), "");
  ASSERT_EQ(one.act(Act::kReceive, kVillage1, numbered(1)), "");
  const Issue wanted = refold(one.id, one.facts, town.world).issue;
  EXPECT_EQ(wanted, one.issue);
  EXPECT_EQ(wanted.table.sessions[0].explained.size(), 2U);
  auto read = decode_issue(encode_issue(wanted));
  ASSERT_TRUE(read.ok()) << read.error().en;
  EXPECT_EQ(*read, wanted);
  for (unsigned seed = 0; seed < 200; ++seed) {
    auto facts = one.facts;
    std::shuffle(facts.begin(), facts.end(), std::mt19937_64(seed));
    Case shuffled(town);
    for (const Fact& fact : facts) shuffled.take(fact);
    ASSERT_EQ(shuffled.issue, wanted) << "seed " << seed;
  }
}

TEST(GuardFaults, NamesThatNothingDefinesAreRefusedByLine) {
  const auto fault = [](const std::string& keys) {
    const auto policy = parse_policy(with_guards("session", guard("session", keys)));
    return policy.ok() ? std::string() : policy.error().rule;
  };
  EXPECT_EQ(fault("name = \"category_present\"\nneed = [\"martian\"]"), "policy.guard.name");
  EXPECT_EQ(fault("name = \"has_fields\"\nneed = [\"weather\"]"), "policy.guard.name");
  EXPECT_EQ(fault("name = \"has_text\"\nneed = [\"mass\"]"), "policy.guard.need");
  EXPECT_EQ(fault("name = \"conveners\"\nneed = [\"party_head|moon\"]"), "policy.guard.name");
  EXPECT_EQ(fault("name = \"has_text\"\nforms = [\"telepathy\"]"), "policy.guard.name");
  EXPECT_EQ(fault("name = \"has_text\"\nlevels = [\"moon\"]"), "policy.guard.name");
  EXPECT_EQ(fault("name = \"majority\"\nshare = \"1/2\"\nof = \"moon\""), "policy.guard.of");
  EXPECT_EQ(fault("name = \"quorum\""), "policy.key.missing");
  EXPECT_EQ(fault("name = \"conveners\"\nneed = [\"party_head|member\"]"), "");
}

}  // namespace
}  // namespace yishi::deliberation

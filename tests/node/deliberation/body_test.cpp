#include <gtest/gtest.h>

#include <set>

#include "crypto/pack.h"
#include "town.h"

namespace yishi::deliberation {
namespace {

ActBody full_body() {
  ActBody body;
  body.n = 7;
  body.prev.bytes.fill(0xAB);
  body.unit = kVillage1;
  body.by = "村党组织";
  body.title = "村口道路积水";
  body.text = "雨后积水";
  body.category = "environment";
  body.budget_fen = 0;
  body.reach = {kVillage2, code("320803001000-E01")};
  body.source = "raised";
  body.home = kVillage1;
  body.to = kTown1;
  body.reason = "超出权限";
  body.reasons = {"budget", "reach"};
  body.automatic = true;
  body.place = "议事室";
  body.form = "meeting";
  body.held_ms = 1'793'750'400'000;
  body.parties = {{"mass", 6}, {"member", 0}};
  body.became = "project";
  body.due_ms = 1'793'750'400'001;
  body.assignment = 2;
  body.percent = 0;
  body.done = true;
  body.result = "solved";
  body.figures = {{"患者年均费用", "12000", "3600", "元"}};
  body.score = 0;
  body.party = "mass";
  body.overrides = "代表外出务工";
  body.topic.flags = {"planned", "beyond_self"};
  body.follow = {"outcome",
                 "order",
                 {"look", "talk"},
                 std::string(64, 'a'),
                 40,
                 37,
                 {kTown1, kTown2},
                 "village",
                 "320803001001-2026-0001",
                 2,
                 "320800000000-2026-0003"};
  body.topic.plans = {{"deliberation", "2026 年第 3 项"}};
  body.topic.via = "scan";
  body.topic.answers = {{"public", true, ""}, {"why", false, "道路积水"}};
  body.group = {{"甲", "group_leader", "member", "city", "市政协"}};
  body.heard = "提出人意见";
  body.signed_by = "镇党委";
  body.organs = {"镇党委", "镇政府"};
  body.view = "agree";
  body.number = 2;
  body.item = 1;
  body.passed = {"mass_share"};
  SessionRecord& session = body.session;
  session.until_ms = 1'793'754'000'000;
  session.type = "topic";
  session.venue = "room";
  session.link = "https://example.org/live";
  session.subject = "积水";
  session.measures = "清淤";
  session.minutes = "记录全文";
  session.conveners = {{"乙", "party_head", "", "", ""}, {"丙", "member", "", "city", ""}};
  session.host = {"丁", "deputy_secretary", "", "", ""};
  session.delegated_by = {"戊", "united_front", "", "", ""};
  session.staff = {{"己", "recorder", "", "", ""}};
  session.attendance = {{"庚", "", "mass", "", "一组"}};
  session.entitled = 12;
  session.votes = {{"", "paper", 5, 1, 0}, {"", "hand", 1, 0, 1}};
  session.opinions = {{"庚", "mass", "先清淤"}};
  session.dissents = {{"辛", "stakeholder", "影响出行"}};
  session.suggestions = {"夜间施工"};
  session.responsibilities = {{"清淤", kTown1, "", 1'793'760'000'000}, {"修路", {}, "施工队", 0}};
  session.feedback = {"每周公布进度"};
  session.problems = {{"积水", "solved"}, {"照明", ""}};
  session.materials = {{"调研报告", std::string(64, 'b')}};
  body.reporter_digest = std::string(64, 'a');
  return body;
}

std::string fault_of(View bytes) {
  const auto body = decode_body(bytes);
  return body.ok() ? "" : body.error().rule + " " + body.error().field;
}
std::string fault_of(const ActBody& body) { return fault_of(encode_body(body)); }

TEST(Body, EveryFieldComesBackAsItWasWritten) {
  const Bytes bytes = encode_body(full_body());
  const auto read = decode_body(bytes);
  ASSERT_TRUE(read.ok()) << read.error().en;
  EXPECT_EQ(encode_body(*read), bytes);
  EXPECT_EQ(read->figures, full_body().figures);
  EXPECT_EQ(read->parties, full_body().parties);
  EXPECT_EQ(read->reach, full_body().reach);
  EXPECT_EQ(read->budget_fen, 0);
  EXPECT_EQ(read->percent, 0U);
  EXPECT_EQ(read->score, 0U);
  EXPECT_TRUE(read->automatic);
  EXPECT_EQ(read->topic, full_body().topic);
  EXPECT_EQ(read->session, full_body().session);
  EXPECT_EQ(read->group, full_body().group);
}

TEST(Body, AnEmptyBodyIsAnEmptyMapAndAbsentIsNotZero) {
  EXPECT_EQ(encode_body({}), Bytes{0x80});
  const auto read = decode_body(Bytes{0x80});
  ASSERT_TRUE(read.ok());
  EXPECT_FALSE(read->budget_fen.has_value());
  EXPECT_FALSE(read->percent.has_value());
}

TEST(Body, AKeyOfALaterVersionIsPassedOver) {
  Packer later;
  later.map(2).text("text").text("好").text("new").number(1);
  const auto read = decode_body(later.bytes());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->text, "好");
}

TEST(Body, EveryRequiredKeyOfEveryActIsAFieldOfTheBody) {
  const ActBody body = full_body();
  for (const ActInfo& one : acts()) {
    std::istringstream keys{std::string(one.required)};
    for (std::string key; keys >> key;) EXPECT_TRUE(has_field(body, key)) << one.name << key;
  }
}

TEST(Body, WhatIsLongerThanItsLimitIsRefusedByName) {
  ActBody body;
  body.title = std::string(kMaxTitleBytes + 1, 'x');
  EXPECT_EQ(fault_of(body), "pack.long act, title");
  body.title.pop_back();
  EXPECT_EQ(fault_of(body), "");
  body = {};
  body.text = std::string(kMaxTextBytes + 1, 'x');
  EXPECT_EQ(fault_of(body), "pack.long act, text");
  body = {};
  body.reach.assign(kMaxReach + 1, kVillage1);
  EXPECT_EQ(fault_of(body), "pack.count act, reach");
  body = {};
  body.figures.assign(kMaxFigures + 1, {});
  EXPECT_EQ(fault_of(body), "pack.count act, figs");
  body = {};
  body.parties.assign(kMaxParties + 1, {});
  EXPECT_EQ(fault_of(body), "pack.count act, who");
  body = {};
  body.parties = {{"mass", kMaxPeople + 1}};
  EXPECT_EQ(fault_of(body), "pack.range act, who");
  body = {};
  body.budget_fen = kMaxBudgetFen + 1;
  EXPECT_EQ(fault_of(body), "pack.range act, fen");
  body = {};
  body.percent = 101;
  EXPECT_EQ(fault_of(body), "pack.range act, pct");
  body = {};
  body.score = 101;
  EXPECT_EQ(fault_of(body), "pack.range act, score");
  body = {};
  body.held_ms = kMaxTimeMs + 1;
  EXPECT_EQ(fault_of(body), "pack.range act, held");
}

TEST(Body, WrongTypesBrokenTextAndBrokenCodesAreRefused) {
  Packer number;
  number.map(1).text("title").number(3);
  EXPECT_EQ(fault_of(number.bytes()), "pack.type act, title");
  Packer broken;
  broken.map(1).text("text").text("\xff");
  EXPECT_EQ(fault_of(broken.bytes()), "pack.utf8 act, text");
  Packer unit;
  unit.map(1).text("unit").text("12");
  EXPECT_EQ(fault_of(unit.bytes()), "code.digits act, unit");
  Packer reach;
  reach.map(1).text("reach").array(1).text("320803001001-X01");
  EXPECT_EQ(fault_of(reach.bytes()), "code.suffix act, reach");
  Packer prev;
  prev.map(1).text("prev").binary(Bytes(31, 1));
  EXPECT_EQ(fault_of(prev.bytes()), "pack.length act, prev");
  Packer negative;
  negative.map(1).text("fen").integer(-1);
  EXPECT_EQ(fault_of(negative.bytes()), "pack.type act, fen");
  Packer list;
  list.array(1).number(1);
  EXPECT_EQ(fault_of(list.bytes()), "pack.type act");
  Packer reporter;
  reporter.map(1).text("rep").text("zz");
  EXPECT_EQ(fault_of(reporter.bytes()), "act.reporter act, rep");
}

TEST(Body, CutShortAtEveryByteIsAnErrorAndNeverACrash) {
  const Bytes bytes = encode_body(full_body());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_body(View(bytes).first(size)).ok()) << size;
  }
}

TEST(Acts, NamesAndKindsAreFoundAndAreUnique) {
  std::set<std::string_view> names;
  for (const ActInfo& one : acts()) {
    EXPECT_EQ(&info(one.act), &one);
    EXPECT_EQ(find_act(one.name), &one);
    EXPECT_EQ(find_kind(one.kind), &one);
    EXPECT_TRUE(names.insert(one.name).second);
    EXPECT_TRUE(names.insert(one.kind).second);
  }
  EXPECT_EQ(find_kind("issue.future_kind"), nullptr);
  EXPECT_EQ(find_act("dance"), nullptr);
}

}  // namespace
}  // namespace yishi::deliberation

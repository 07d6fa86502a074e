// What is done up to the table and at it, through the API: every field goes in, and the issue's
// answer holds all that its printed sheet shows.
#include <gtest/gtest.h>

#include "room.h"

namespace yishi::http {
namespace {

class TableApi : public testing::Test {
 protected:
  TableApi() {
    const auto logged = room_.post("/api/v1/issues", {{"title", "村口积水"},
                                                      {"category", "公共设施"},
                                                      {"home", kVillage},
                                                      {"unit", kVillage},
                                                      {"flags", {"计划之外"}},
                                                      {"via", "扫码"},
                                                      {"plans", {{{"plan", "deliberation"}}}}});
    id_ = logged.value("id", std::string("none"));
  }
  Input act(const std::string& name, const Input& body) {
    return room_.post("/api/v1/issues/" + id_ + "/" + name, body);
  }
  void expect_done(const std::string& name, const Input& body) {
    const auto answer = act(name, body);
    ASSERT_EQ(answer.at("status"), 200) << name << ": " << answer.dump();
  }
  void approve() {
    expect_done("screen", {{"checks", {{{"item", "公共事务"}, {"yes", true}}}}});
    expect_done("consult", {{"organs", {"村务监督委员会"}}, {"text", "可否"}});
    expect_done("opine", {{"number", 1}, {"view", "同意"}, {"text", "可以"}});
    expect_done("propose", {{"text", "排水"}});
    expect_done("approve", Input::object());
    expect_done("research", {{"text", "管道堵塞"},
                             {"signed", "镇党委"},
                             {"heard", "提出人到会说明"},
                             {"group", {{{"name", "甲"}, {"role", "专题调研组组长"}}}}});
  }
  static Input session() {
    return {
        {"held", "2026-03-05 14:30"},
        {"place", "村议事室"},
        {"form", "网络"},
        {"text", "商定清淤"},
        {"parties",
         {{{"category", "群众代表"}, {"count", 8}},
          {{"category", "stakeholder"}, {"count", 1}},
          {{"category", "leader"}, {"count", 1}},
          {{"category", "department"}, {"count", 1}},
          {{"category", "member"}, {"count", 1}}}},
        {"session",
         {{"until", "2026-03-05 16:00"},
          {"type", "民主恳谈会"},
          {"venue", "庭院"},
          {"link", "https://example.org/live"},
          {"subject", "积水"},
          {"measures", "清淤"},
          {"minutes", "记录"},
          {"conveners", {{{"name", "乙"}, {"role", "party_head"}}}},
          {"host", {{"name", "丙"}, {"role", "deputy_secretary"}}},
          {"delegated_by", {{"name", "丁"}, {"role", "united_front"}}},
          {"staff", {{{"name", "戊"}, {"role", "recorder"}}}},
          {"signed_in", {{{"name", "己"}, {"party", "mass"}}}},
          {"entitled", 9},
          {"votes",
           {{{"channel", "纸票"}, {"yes", 3}, {"no", 1}},
            {{"channel", "hand"}, {"yes", 2}, {"abstain", 1}}}},
          {"opinions", {{{"who", "己"}, {"party", "mass"}, {"text", "先清淤"}}}},
          {"dissents", {{{"who", "庚"}, {"text", "太慢"}}}},
          {"suggestions", {"夜间施工"}},
          {"responsibilities", {{{"text", "清淤"}, {"unit", kTownship}, {"due", "2026-12-31"}}}},
          {"feedback", {"每周公布"}},
          {"problems", {{{"text", "积水"}, {"result", "已解决"}}, {{"text", "照明"}}}},
          {"materials", {{{"name", "调研报告"}}}}}}};
  }

  Room room_;
  std::string id_;
};

TEST_F(TableApi, the_issue_s_answer_holds_all_that_its_sheet_shows) {
  approve();
  expect_done("session", session());
  expect_done("correct", {{"number", 1}, {"reason", "地点有误"}, {"place", "村部"}});
  expect_done("explain", {{"number", 1}, {"item", 1}, {"text", "雨季前完成"}});
  expect_done("outcome", {{"text", "清淤"}, {"became", "project"}});
  expect_done("submit", {{"organs", {"村党组织"}}});
  expect_done("receive", {{"number", 1}, {"text", "已收"}});
  const auto issue = room_.get("/api/v1/issues/" + id_);
  ASSERT_EQ(issue.at("status"), 200) << issue.dump();
  EXPECT_EQ(issue.at("policy").at("id"), "huaian");
  EXPECT_EQ(issue.at("flags").at(0).at("id"), "ad_hoc");
  EXPECT_EQ(issue.at("via").at("id"), "scan");
  EXPECT_EQ(issue.at("checks").at(0).at("item").at("zh"), "公共事务");
  EXPECT_EQ(issue.at("consultations").at(0).at("opinion").at("view").at("id"), "agree");
  EXPECT_EQ(issue.at("sign_offs").at(0).at("organ"), "镇党委");
  EXPECT_TRUE(issue.at("proposer_heard"));
  EXPECT_EQ(issue.at("research").at(0).at("findings"), "管道堵塞");
  EXPECT_EQ(issue.at("research").at(0).at("group").at(0).at("role").at("id"), "group_leader");
  EXPECT_EQ(issue.at("submissions").at(0).at("receipt").at("text"), "已收");
  ASSERT_EQ(issue.at("sessions").size(), 1U);
  const auto& one = issue.at("sessions").at(0);
  EXPECT_TRUE(one.at("remote"));
  EXPECT_EQ(one.at("problems"), 2);
  EXPECT_EQ(one.at("solved"), 1);
  EXPECT_EQ(one.at("tally").at(0).at("yes"), 5);
  EXPECT_EQ(one.at("shares").at(0).at("have"), 8);
  EXPECT_EQ(one.at("shares").at(0).at("whole"), 12);
  EXPECT_TRUE(one.at("shares").at(0).at("met"));
  EXPECT_EQ(one.at("explained").at(0).at("text"), "雨季前完成");
  const auto& record = one.at("record");
  EXPECT_EQ(record.at("place"), "村部");  // as corrected
  for (const char* key : {"held",        "until",
                          "form",        "type",
                          "venue",       "link",
                          "subject",     "measures",
                          "minutes",     "text",
                          "parties",     "conveners",
                          "host",        "delegated_by",
                          "staff",       "signed_in",
                          "entitled",    "votes",
                          "opinions",    "dissents",
                          "suggestions", "responsibilities",
                          "feedback",    "problems",
                          "materials"}) {
    EXPECT_TRUE(record.contains(key)) << key;
  }
  EXPECT_EQ(record.at("responsibilities").at(0).at("unit").at("code"), kTownship);
  EXPECT_TRUE(one.at("five_haves").at("measures"));
  EXPECT_FALSE(one.at("five_haves").at("effect"));  // that is known at the end
  EXPECT_EQ(one.at("corrections").size(), 1U);
  bool first = false;
  for (const auto& fact : issue.at("timeline")) {
    first = first || (fact.at("kind") == "session.held" && fact.at("place") == "村议事室");
  }
  EXPECT_TRUE(first);  // the first record stays in the history
}

TEST_F(TableApi, a_refusal_says_the_requirement_and_what_is_missing_and_an_override_is_counted) {
  approve();
  Input body = session();
  body["parties"] = {{{"category", "mass"}, {"count", 5}},
                     {{"category", "stakeholder"}, {"count", 4}}};
  const auto refused = act("session", body);
  EXPECT_EQ(refused.at("status"), 422);
  EXPECT_EQ(refused.at("rule"), "guard.mass_share");
  EXPECT_NE(refused.at("zh").get<std::string>().find("群众代表 5/9，需要 ≥ 2/3：还差 1 人"),
            std::string::npos);
  body["override"] = "多数代表外出";
  body["by"] = "村党总支";
  const auto done = act("session", body);
  ASSERT_EQ(done.at("status"), 200) << done.dump();
  const auto& passed = done.at("issue").at("overrides").at(0);
  EXPECT_EQ(passed.at("guards").at(0), "mass_share");
  EXPECT_EQ(passed.at("why"), "多数代表外出");
  EXPECT_EQ(passed.at("by"), "村党总支");
}

TEST_F(TableApi, a_field_that_is_not_known_is_named_however_deep_it_stands) {
  Input body = session();
  body["session"]["conveners"][0]["nmae"] = "乙";
  const auto refused = act("session", body);
  EXPECT_EQ(refused.at("rule"), "json.field.unknown");
  EXPECT_EQ(refused.at("field"), "conveners[0].nmae");
  body = session();
  body["session"]["votes"][0]["yes"] = -1;
  EXPECT_EQ(act("session", body).at("rule"), "json.number");
}

}  // namespace
}  // namespace yishi::http

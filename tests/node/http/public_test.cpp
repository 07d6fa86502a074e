// The public: nothing until it is switched on; notices without names, matters held for the clerk.
#include "people.h"

namespace yishi::http {
namespace {

const Input kWell{{"title", "井盖破损"},
                  {"text", "小区门口井盖破了，请联系13812345678"},
                  {"place", "一村东口"},
                  {"name", "报告人"},
                  {"telephone", "13812345678"}};
const Input kTaken{{"category", "公共设施"}, {"home", kVillage}};

class Public : public People {
 protected:
  void SetUp() override { clerk_ = browser_of(op_, "clerk", "clerk"); }
  Input hand_in(const Input& matter = kWell) {
    const auto answer = browser().post("/api/v1/public/matters", matter);
    EXPECT_EQ(answer.status, 201U) << answer.body;
    return answer.json();
  }
  Heard follow(const Input& handed, const std::string& code) {
    return browser().get("/api/v1/public/matters/" + handed.at("number").dump() + "?code=" + code);
  }
  std::string held(const Input& handed) { return "/api/v1/held/" + handed.at("number").dump(); }

  Browser switched_on() {
    server_.reset();
    serve_public_ = true;
    start();
    return operator_browser();
  }

  Browser op_ = switched_on();
  Browser clerk_ = browser();
};

TEST_F(People, public_is_not_served_until_it_is_switched_on) {
  auto anyone = browser();
  EXPECT_EQ(anyone.get("/api/v1/public/notices").rule(), "public.off");
  EXPECT_EQ(anyone.post("/api/v1/public/matters", kWell).rule(), "public.off");
  EXPECT_EQ(anyone.get("/api/v1/public/matters/1?code=x").status, 404U);
}

TEST_F(Public, matter_waits_outside_the_log_and_is_followed_by_number_and_code) {
  const auto handed = hand_in();
  EXPECT_EQ(handed.at("code").get<std::string>().size(), 8U);
  EXPECT_TRUE(clerk_.get("/api/v1/issues").json().at("issues").empty());
  const auto seen = follow(handed, handed.at("code"));
  EXPECT_EQ(seen.status, 200U);
  EXPECT_EQ(seen.json().at("state"), "held");
  EXPECT_EQ(seen.body.find("13812345678"), std::string::npos);
  EXPECT_EQ(follow(handed, "AAAAAAAA").rule(), "matter.unknown");
  EXPECT_EQ(follow({{"number", 999}}, handed.at("code")).rule(), "matter.unknown");
}

TEST_F(Public, strangers_see_nothing_of_what_is_held) {
  const auto handed = hand_in();
  EXPECT_EQ(browser().get("/api/v1/held").status, 401U);
  EXPECT_EQ(browser().post(held(handed) + "/take", kTaken).status, 401U);
  EXPECT_EQ(browser_of(op_, "auditor", "auditor").get("/api/v1/held").status, 403U);
}

TEST_F(Public, clerk_takes_it_in_and_who_handed_it_in_sees_how_far_it_is) {
  const auto handed = hand_in();
  const auto list = clerk_.get("/api/v1/held?state=held").json();
  ASSERT_EQ(list.at("matters").size(), 1U);
  EXPECT_EQ(list.at("matters")[0].at("telephone"), "13812345678");
  const auto taken = clerk_.post(held(handed) + "/take", kTaken);
  ASSERT_EQ(taken.status, 200U) << taken.body;
  const std::string id = taken.json().at("id");
  const auto issue = clerk_.get("/api/v1/issues/" + id).json();
  EXPECT_EQ(issue.at("title"), kWell.at("title"));
  EXPECT_EQ(issue.dump().find("报告人"), std::string::npos);  // kept apart from the log
  const auto seen = follow(handed, handed.at("code")).json();
  EXPECT_EQ(seen.at("state"), "taken");
  EXPECT_EQ(seen.at("issue").at("id"), id);
  // Taken again it is the same issue; what was told of a person is no longer in the list.
  EXPECT_EQ(clerk_.post(held(handed) + "/take", kTaken).json().at("id"), id);
  EXPECT_EQ(clerk_.get("/api/v1/issues").json().at("issues").size(), 1U);
  EXPECT_EQ(clerk_.get("/api/v1/held").body.find("13812345678"), std::string::npos);
}

TEST_F(Public, what_the_clerk_left_out_is_said_and_the_matter_still_waits) {
  const auto handed = hand_in();
  const auto refused = clerk_.post(held(handed) + "/take", Input::object());
  EXPECT_EQ(refused.status, 422U) << refused.body;
  EXPECT_EQ(clerk_.get("/api/v1/held?state=held").json().at("held"), 1);
}

TEST_F(Public, clerk_discards_it_and_says_why) {
  const auto handed = hand_in();
  EXPECT_EQ(clerk_.post(held(handed) + "/discard", Input::object()).status, 400U);
  ASSERT_EQ(clerk_.post(held(handed) + "/discard", {{"reason", "重复"}}).status, 200U);
  const auto seen = follow(handed, handed.at("code")).json();
  EXPECT_EQ(seen.at("state"), "discarded");
  EXPECT_EQ(seen.at("reason"), "重复");
  EXPECT_EQ(clerk_.post(held(handed) + "/take", kTaken).rule(), "matter.settled");
  EXPECT_EQ(clerk_.post(held(handed) + "/discard", {{"reason", "x"}}).rule(), "matter.settled");
}

TEST_F(Public, same_request_again_gives_the_same_number_and_code) {
  const std::string key = "Idempotency-Key: a\r\n";
  const auto first = browser().post("/api/v1/public/matters", kWell, key);
  EXPECT_EQ(browser().post("/api/v1/public/matters", kWell, key).body, first.body);
  Input other = kWell;
  other["title"] = "路灯";
  EXPECT_EQ(browser().post("/api/v1/public/matters", other, key).rule(), "once.other");
  EXPECT_EQ(clerk_.get("/api/v1/held").json().at("held"), 1);
}

TEST_F(Public, codes_survive_a_restart) {
  const auto handed = hand_in();
  server_.reset();
  start();
  EXPECT_EQ(follow(handed, handed.at("code")).status, 200U);
}

TEST_F(Public, strangers_do_not_fill_the_audit_log) {
  hand_in();
  browser().post("/api/v1/public/matters", Input::object());
  const auto answer = op_.get("/api/v1/audit").json();
  for (const auto& row : answer.at("audit")) {
    EXPECT_NE(row.at("act"), "POST public matters");
  }
}

TEST_F(Public, address_that_hands_in_too_many_is_told_to_wait) {
  for (int i = 0; i < 10; ++i) hand_in();
  EXPECT_EQ(browser().post("/api/v1/public/matters", kWell).rule(), "http.rate");
  pass(std::uint64_t{3600} * 1000 / 10 + 1);
  hand_in();
}

TEST_F(Public, unknown_field_and_too_long_a_text_are_refused_by_name) {
  Input matter = kWell;
  matter["titel"] = "x";
  EXPECT_EQ(browser().post("/api/v1/public/matters", matter).json().at("field"), "titel");
  matter = kWell;
  matter["text"] = std::string(kMaxMatterBytes + 1, 'x');
  EXPECT_EQ(browser().post("/api/v1/public/matters", matter).json().at("field"), "text");
  EXPECT_EQ(browser().post("/api/v1/public/matters", {{"title", "x"}}).json().at("field"), "text");
}

TEST_F(Public, notices_are_what_was_published_and_no_more) {
  const auto empty = browser().get("/api/v1/public/notices");
  ASSERT_EQ(empty.status, 200U) << empty.body;
  EXPECT_TRUE(empty.json().at("notices").empty());
  const auto logged = room_.post("/api/v1/issues", {{"title", "路灯"},
                                                    {"text", "三盏，联系13812345678"},
                                                    {"category", "公共设施"},
                                                    {"home", kVillage},
                                                    {"by", "村干部"}});
  ASSERT_EQ(logged.at("status"), 201) << logged.dump();
  EXPECT_TRUE(browser().get("/api/v1/public/notices").json().at("notices").empty());
  const auto act = [&](const char* name, Input body) {
    body["override"] = "试验";
    const auto id = logged.at("id").get<std::string>();
    const auto done = room_.post("/api/v1/issues/" + id + "/" + name, body);
    ASSERT_EQ(done.at("status"), 200) << name << ": " << done.dump();
  };
  act("propose", {{"text", "照明"}});
  act("approve", Input::object());
  act("research", {{"text", "线路老化"}});
  act("session", {{"held", "2026-03-05 14:30"},
                  {"place", "村议事室"},
                  {"form", "网络"},
                  {"text", "商定更换"},
                  {"parties", {{{"category", "群众代表"}, {"count", 8}}}}});
  act("outcome", {{"text", "更换线路"}, {"became", "project"}});
  EXPECT_TRUE(browser().get("/api/v1/public/notices").json().at("notices").empty());
  act("publish", {{"about", "progress"}, {"text", "已开工，问询13812345678"}, {"by", "村干部"}});
  const auto notices = browser().get("/api/v1/public/notices").json().at("notices");
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(notices[0].at("published")[0].at("text"), "已开工，问询138****5678");
  EXPECT_EQ(notices[0].dump().find("村干部"), std::string::npos);
}

}  // namespace
}  // namespace yishi::http

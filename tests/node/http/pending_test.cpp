// Undo: what is put off is judged at once, written when its time has come and not before, and can
// be taken back until then; nothing is written twice, whatever breaks.
#include "people.h"

namespace yishi::http {
namespace {

const Input kDitch{
    {"title", "水渠"}, {"text", "渗漏"}, {"category", "公共设施"}, {"home", kVillage}};

class Undo : public People {
 protected:
  void SetUp() override { clerk_ = browser_of(op_, "clerk", "clerk"); }
  Heard put_off(const Input& body, const std::string& more = {}) {
    return clerk_.post("/api/v1/issues", body, "X-Undo: 30\r\n" + more);
  }
  std::string put_off_id() {
    const auto kept = put_off(kDitch);
    EXPECT_EQ(kept.status, 202U) << kept.body;
    return kept.json().at("pending").at("id").dump();
  }
  // By the socket, whose requests are not counted.
  std::size_t issues() { return room_.get("/api/v1/issues").at("issues").size(); }
  Input waiting() { return room_.get("/api/v1/pending").at("pending"); }
  // Until nothing waits any more that was not refused.
  void let_pass() {
    pass(31'000);
    for (bool any = true; any;) {
      any = false;
      for (const auto& one : waiting()) any = any || one.at("problem").is_null();
    }
  }

  Browser op_ = operator_browser();
  Browser clerk_ = browser();
};

TEST_F(Undo, is_written_when_its_time_has_come) {
  put_off_id();
  EXPECT_EQ(issues(), 0U);
  ASSERT_EQ(waiting().size(), 1U);
  EXPECT_EQ(waiting()[0].at("title"), "水渠");
  let_pass();
  EXPECT_EQ(issues(), 1U);
  const auto audit = op_.get("/api/v1/audit?account=clerk&act=POST%20issues").json().at("audit");
  ASSERT_EQ(audit.size(), 2U);
  EXPECT_EQ(audit[0].at("via"), "pending");
  EXPECT_EQ(audit[0].at("status"), 201);
  EXPECT_EQ(audit[1].at("status"), 202);
}

TEST_F(Undo, what_is_undone_is_never_written_and_is_given_back) {
  const auto id = put_off_id();
  const auto undone = clerk_.send("DELETE", "/api/v1/pending/" + id);
  ASSERT_EQ(undone.status, 200U) << undone.body;
  EXPECT_EQ(undone.json().at("body").at("title"), "水渠");
  let_pass();
  EXPECT_EQ(issues(), 0U);
  EXPECT_EQ(clerk_.send("DELETE", "/api/v1/pending/" + id).rule(), "pending.unknown");
}

TEST_F(Undo, can_be_hurried) {
  const auto id = put_off_id();
  ASSERT_EQ(clerk_.post("/api/v1/pending/" + id + "/now", Input::object()).status, 202U);
  while (issues() == 0) {
  }
  EXPECT_TRUE(waiting().empty());
}

TEST_F(Undo, fault_is_said_at_once) {
  Input body = kDitch;
  body["category"] = "没有这一类";
  EXPECT_EQ(put_off(body).status, 422U);
  body = kDitch;
  body["titel"] = "x";
  EXPECT_EQ(put_off(body).json().at("field"), "titel");
  EXPECT_EQ(clerk_.post("/api/v1/issues", kDitch, "X-Undo: 301\r\n").rule(), "http.undo");
  EXPECT_EQ(clerk_.post("/api/v1/issues", kDitch, "X-Undo: x\r\n").rule(), "http.undo");
  EXPECT_TRUE(waiting().empty());
}

TEST_F(Undo, what_is_refused_at_its_time_stays_in_sight_until_it_is_dismissed) {
  const auto id = clerk_.post("/api/v1/issues", kDitch).json().value("id", "");
  const auto tag = clerk_.get("/api/v1/issues/" + id).field("ETag");
  const auto act = "/api/v1/issues/" + id + "/comment";
  ASSERT_EQ(clerk_.post(act, {{"text", "一"}}, "X-Undo: 30\r\nIf-Match: " + tag + "\r\n").status,
            202U);
  ASSERT_EQ(clerk_.post(act, {{"text", "二"}}).status, 200U);  // meanwhile
  EXPECT_EQ(clerk_.post(act, {{"text", "三"}}, "X-Undo: 30\r\nIf-Match: " + tag + "\r\n").status,
            412U);
  let_pass();
  const auto left = waiting();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].at("problem").at("rule"), "issue.moved");
  EXPECT_EQ(clerk_.send("DELETE", "/api/v1/pending/" + left[0].at("id").dump()).status, 200U);
  EXPECT_TRUE(waiting().empty());
}

TEST_F(Undo, request_sent_again_is_put_off_once_and_after_its_time_answered) {
  const std::string key = "Idempotency-Key: u\r\n";
  const auto first = put_off(kDitch, key);
  EXPECT_EQ(put_off(kDitch, key).json().at("pending").at("id"),
            first.json().at("pending").at("id"));
  EXPECT_EQ(waiting().size(), 1U);
  Input other = kDitch;
  other["title"] = "路灯";
  EXPECT_EQ(put_off(other, key).rule(), "once.other");
  let_pass();
  const auto late = put_off(kDitch, key);
  EXPECT_EQ(late.status, 201U) << late.body;
  EXPECT_EQ(late.field("Idempotency-Replayed"), "true");
  EXPECT_EQ(issues(), 1U);
}

TEST_F(Undo, waits_through_a_restart_and_is_not_written_after_a_day_off) {
  put_off_id();
  server_.reset();
  pass(31'000);
  start();
  clerk_ = browser();
  ASSERT_EQ(clerk_.sign_in("clerk").status, 200U);
  let_pass();
  EXPECT_EQ(issues(), 1U);
  put_off_id();
  server_.reset();
  pass(kPendingStaleMs + 31'000);
  start();
  clerk_ = browser();
  ASSERT_EQ(clerk_.sign_in("clerk").status, 200U);
  let_pass();
  EXPECT_EQ(waiting()[0].at("problem").at("rule"), "pending.stale");
  EXPECT_EQ(issues(), 1U);
}

TEST_F(Undo, is_its_askers_alone) {
  const auto id = put_off_id();
  auto other = browser_of(op_, "other", "clerk");
  EXPECT_EQ(other.send("DELETE", "/api/v1/pending/" + id).status, 403U);
  EXPECT_EQ(other.post("/api/v1/pending/" + id + "/now", Input::object()).status, 403U);
  EXPECT_EQ(browser().get("/api/v1/pending").status, 401U);
  EXPECT_EQ(waiting().size(), 1U);
}

}  // namespace
}  // namespace yishi::http

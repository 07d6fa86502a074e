// Idempotency-Key and If-Match: nothing is done twice, or to what has moved on.
#include <boost/asio/local/stream_protocol.hpp>

#include "people.h"

namespace yishi::http {
namespace {

const Input kLamp{
    {"title", "路灯"}, {"text", "三盏不亮"}, {"category", "公共设施"}, {"home", kVillage}};

class Once : public People {
 protected:
  void SetUp() override { clerk_ = browser_of(op_, "clerk", "clerk"); }
  Heard keyed(const std::string& target, const Input& body, const std::string& key) {
    return clerk_.post(target, body, "Idempotency-Key: " + key + "\r\n");
  }
  std::size_t issues() { return clerk_.get("/api/v1/issues").json().at("issues").size(); }

  Browser op_ = operator_browser();
  Browser clerk_ = browser();
};

TEST_F(Once, same_request_again_is_answered_as_before_and_does_nothing) {
  const auto first = keyed("/api/v1/issues", kLamp, "k1");
  ASSERT_EQ(first.status, 201U) << first.body;
  EXPECT_EQ(first.field("Idempotency-Replayed"), "");
  const auto second = keyed("/api/v1/issues", kLamp, "k1");
  EXPECT_EQ(second.status, 201U);
  EXPECT_EQ(second.body, first.body);
  EXPECT_EQ(second.field("Idempotency-Replayed"), "true");
  EXPECT_EQ(issues(), 1U);
}

TEST_F(Once, key_of_one_request_is_refused_for_another) {
  ASSERT_EQ(keyed("/api/v1/issues", kLamp, "k1").status, 201U);
  Input other = kLamp;
  other["title"] = "水管";
  const auto refused = keyed("/api/v1/issues", other, "k1");
  EXPECT_EQ(refused.status, 422U);
  EXPECT_EQ(refused.rule(), "once.other");
  EXPECT_EQ(keyed("/api/v1/journal", {{"lines", {"x"}}}, "k1").rule(), "once.other");
  EXPECT_EQ(issues(), 1U);
}

TEST_F(Once, keys_are_each_callers_own) {
  auto other = browser_of(op_, "other", "clerk");
  ASSERT_EQ(keyed("/api/v1/issues", kLamp, "k1").status, 201U);
  EXPECT_EQ(other.post("/api/v1/issues", kLamp, "Idempotency-Key: k1\r\n").status, 201U);
  EXPECT_EQ(issues(), 2U);
}

TEST_F(Once, what_was_refused_is_judged_anew) {
  Input without = kLamp;
  without.erase("category");
  const auto refused = keyed("/api/v1/issues", without, "k1");
  ASSERT_EQ(refused.status, 422U) << refused.body;
  EXPECT_EQ(keyed("/api/v1/issues", kLamp, "k1").status, 201U);
  EXPECT_EQ(issues(), 1U);
}

TEST_F(Once, holds_after_a_restart_for_imports_registers_and_the_journal_too) {
  const Input many{{"issues", {kLamp, kLamp}}};
  const Input lines{{"lines", {"上午九点", "来访 4 人"}}};
  const auto first = keyed("/api/v1/import", many, "i");
  ASSERT_EQ(first.status, 200U) << first.body;
  const auto noted = keyed("/api/v1/journal", lines, "j");
  ASSERT_EQ(noted.status, 201U) << noted.body;
  server_.reset();
  start();
  clerk_ = browser();
  ASSERT_EQ(clerk_.sign_in("clerk").status, 200U);
  EXPECT_EQ(keyed("/api/v1/import", many, "i").body, first.body);
  EXPECT_EQ(keyed("/api/v1/journal", lines, "j").body, noted.body);
  EXPECT_EQ(issues(), 2U);
}

TEST_F(Once, key_that_is_none_is_refused) {
  EXPECT_EQ(keyed("/api/v1/issues", kLamp, std::string(256, 'k')).rule(), "once.key");
  EXPECT_EQ(keyed("/api/v1/issues", kLamp, "灯").rule(), "once.key");
  EXPECT_EQ(issues(), 0U);
}

TEST(OnceUnderWay, second_request_is_told_that_the_first_is_being_carried_out) {
  Room::Settings settings;
  settings.core = false;  // so the first one waits
  Room room(settings);
  const std::string request =
      "POST /api/v1/journal HTTP/1.1\r\nHost: x\r\nConnection: close\r\nIdempotency-Key: k\r\n"
      "Content-Length: 15\r\n\r\n{\"lines\":[\"x\"]}";
  asio::io_context context;
  asio::local::stream_protocol::socket first(context);
  first.connect(asio::local::stream_protocol::endpoint(room.socket()));
  asio::write(first, asio::buffer(request));
  // Whichever of the two comes first waits: the other is told so at once.
  asio::local::stream_protocol::socket second(context);
  second.connect(asio::local::stream_protocol::endpoint(room.socket()));
  asio::write(second, asio::buffer(request));
  std::array<char, 4096> piece{};
  std::array<char, 4096> other{};
  std::string told;
  const auto hear = [&](std::array<char, 4096>& into) {
    return [&](const boost::system::error_code& error, std::size_t count) {
      if (!error && told.empty()) told.assign(into.data(), count);
      context.stop();
    };
  };
  first.async_read_some(asio::buffer(piece), hear(piece));
  second.async_read_some(asio::buffer(other), hear(other));
  context.run();
  EXPECT_TRUE(told.starts_with("HTTP/1.1 409")) << told;
  EXPECT_NE(told.find("once.busy"), std::string::npos);
  room.stop_server();
}

class IfMatch : public Once {
 protected:
  void SetUp() override {
    Once::SetUp();
    id_ = clerk_.post("/api/v1/issues", kLamp).json().value("id", "");
  }
  std::string tag() { return clerk_.get("/api/v1/issues/" + id_).field("ETag"); }
  Heard comment(const std::string& if_match) {
    return clerk_.post("/api/v1/issues/" + id_ + "/comment", {{"text", "看过了"}},
                       "If-Match: " + if_match + "\r\n");
  }
  std::string id_;
};

TEST_F(IfMatch, act_on_what_was_seen_is_done_and_on_what_has_moved_on_is_not) {
  const auto seen = tag();
  EXPECT_EQ(comment(seen).status, 200U);
  const auto late = comment(seen);
  EXPECT_EQ(late.status, 412U);
  EXPECT_EQ(late.rule(), "issue.moved");
  EXPECT_EQ(comment(tag()).status, 200U);
}

TEST_F(IfMatch, takes_the_revision_alone_a_list_and_a_star) {
  const auto revision = clerk_.get("/api/v1/issues/" + id_).json().value("revision", "");
  EXPECT_TRUE(tag().starts_with('"' + revision + '-'));
  EXPECT_EQ(comment("\"none\", \"" + revision + "\"").status, 200U);
  EXPECT_EQ(comment("*").status, 200U);
  for (const char* nothing : {"\"none\"", "W/\"x\"", "x", "\"\"", "\"", ","}) {
    EXPECT_EQ(comment(nothing).status, 412U) << nothing;
  }
}

TEST_F(IfMatch, repeated_request_is_answered_though_the_issue_has_moved_on_by_it) {
  const auto more = "If-Match: " + tag() + "\r\nIdempotency-Key: c\r\n";
  const auto target = "/api/v1/issues/" + id_ + "/comment";
  const Input body{{"text", "看过了"}};
  ASSERT_EQ(clerk_.post(target, body, more).status, 200U);
  EXPECT_EQ(clerk_.post(target, body, more).status, 200U);
}

TEST_F(IfMatch, where_it_is_not_heeded_it_is_refused) {
  const auto refused = clerk_.post("/api/v1/issues", kLamp, "If-Match: \"x\"\r\n");
  EXPECT_EQ(refused.status, 400U);
  EXPECT_EQ(refused.rule(), "http.if_match");
}

}  // namespace
}  // namespace yishi::http
